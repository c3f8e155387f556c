"""The materials of vehicles, cold or warm from driving, and the light of their headlamps."""

from __future__ import annotations

import math
from dataclasses import dataclass

import bpy

from training.scenes import materials
from training.scenes.shading import Shader, Warmth


@dataclass(frozen=True)
class Skins:
    """The materials of one vehicle."""

    paint: bpy.types.Material
    glass: bpy.types.Material
    trim: bpy.types.Material
    dark: bpy.types.Material
    rubber: bpy.types.Material
    metal: bpy.types.Material
    grille: bpy.types.Material
    plate: bpy.types.Material
    pipe: bpy.types.Material
    head: bpy.types.Material
    tail: bpy.types.Material


def skins(
    shader: Shader,
    length: float,
    seams: tuple[float, ...],
    colour: tuple[float, float, float],
    driving: bool,
    lit: bool,
) -> Skins:
    """The materials of a vehicle.

    Args:
        shader: Makes them.
        length: Of the painted body, in metres; the front end is warm when driving.
        seams: Shares of the door gaps from rear (0) to front (1).
        colour: Of the paint, linear RGB.
        driving: Engine, tyres and exhaust are warm.
        lit: Lamps glow.
    """
    celsius = shader.climate.celsius
    front = celsius["engine"] if driving else 0.0

    def warm(kind: str, extra: float, variation: float = 1.0, scale: float = 1.5, emissivity: float = 0.93) -> Warmth:
        return Warmth(celsius[kind] + (extra if driving else 0.0), variation, scale, emissivity)

    body = Warmth(celsius["paint"] + 2.0 * driving, 0.7, 0.8, 0.86, front=0.42 * front, reach=length / 2)
    pane = Warmth(celsius["glass"] + 1.0, 0.4, 0.6, 0.8, mirror=True)
    tyre = Warmth(celsius["tyre"] if driving else celsius["road"] - 0.5, 1.0, 4.0)
    pipe = Warmth(celsius["exhaust"] if driving else celsius["metal"], 0.5)
    lens = celsius["plastic"] + (9.0 if lit else 0.0)
    gaps = tuple((share - 0.5) * length for share in seams)
    white, red = ((0.9, 0.93, 1.0), (0.6, 0.012, 0.01)) if lit else ((0.55, 0.57, 0.6), (0.22, 0.008, 0.008))
    return Skins(
        paint=materials.car_paint(shader, colour, gaps, body),
        glass=shader.plain("car glass", (0.012, 0.014, 0.016), 0.03, pane, {"Specular IOR Level": 0.8}),
        trim=shader.plain("trim", (0.015, 0.015, 0.016), 0.6, warm("plastic", 4.0)),
        dark=shader.plain("well", (0.004, 0.004, 0.004), 1.0, warm("plastic", 12.0)),
        rubber=shader.plain("tyre", (0.02, 0.02, 0.021), 0.85, tyre),
        metal=shader.plain("rim", (0.5, 0.5, 0.52), 0.35, warm("metal", 14.0, 1.0, 4.0, 0.7), {"Metallic": 0.9}),
        grille=shader.plain("grille", (0.006, 0.006, 0.007), 0.5, warm("plastic", 0.8 * front, 2.0, 3.0)),
        plate=shader.plain("plate", (0.6, 0.6, 0.57), 0.5, warm("metal", 3.0)),
        pipe=shader.plain("exhaust", (0.1, 0.1, 0.1), 0.4, pipe),
        head=materials.lamp(shader, white, 60.0 if lit else 0.0, lens),
        tail=materials.lamp(shader, red, 5.0 if lit else 0.0, lens),
    )


def beam(x: float, y: float, z: float) -> bpy.types.Object:
    """The light of one headlamp at (x, y, z), shining along +y and slightly down."""
    data = bpy.data.lights.new("headlight", "SPOT")
    data.energy, data.color, data.shadow_soft_size = 700.0, (1.0, 0.95, 0.86), 0.06
    data.spot_size, data.spot_blend = math.radians(66), 0.9
    light = bpy.data.objects.new("headlight", data)
    bpy.context.scene.collection.objects.link(light)
    light.location = (x, y, z)
    light.rotation_euler = (math.radians(85), 0.0, 0.0)
    return light
