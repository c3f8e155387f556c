"""Cars, parked and cold or driving and warm."""

from __future__ import annotations

import math
from dataclasses import dataclass

import bpy
import numpy as np

from training.scenes import materials
from training.scenes.car_body import SHAPES, CarShape, cabin, cut_arches, lower_body, wheels
from training.scenes.meshes import MeshBuilder, round_edges
from training.scenes.shading import Shader, Warmth

PAINTS = (
    (0.55, 0.56, 0.57), (0.02, 0.021, 0.024), (0.75, 0.75, 0.73), (0.3, 0.02, 0.018), (0.025, 0.055, 0.17),
    (0.16, 0.17, 0.18), (0.11, 0.16, 0.2), (0.3, 0.27, 0.21), (0.02, 0.07, 0.05),
)  # fmt: skip
STYLES = ("sedan", "hatchback", "suv", "van")
SHARES = (0.3, 0.34, 0.28, 0.08)


@dataclass(frozen=True)
class _Skins:
    """The materials of one car."""

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


def _skins(shader: Shader, shape: CarShape, colour: tuple[float, float, float], driving: bool, lit: bool) -> _Skins:
    celsius = shader.climate.celsius
    front = celsius["engine"] if driving else 0.0

    def warm(kind: str, extra: float, variation: float = 1.0, scale: float = 1.5, emissivity: float = 0.93) -> Warmth:
        return Warmth(celsius[kind] + (extra if driving else 0.0), variation, scale, emissivity)

    body = Warmth(celsius["paint"] + 2.0 * driving, 0.7, 0.8, 0.86, front=0.42 * front, reach=shape.length / 2)
    pane = Warmth(celsius["glass"] + 1.0, 0.4, 0.6, 0.8, mirror=True)
    tyre = Warmth(celsius["tyre"] if driving else celsius["road"] - 0.5, 1.0, 4.0)
    pipe = Warmth(celsius["exhaust"] if driving else celsius["metal"], 0.5)
    lens = celsius["plastic"] + (9.0 if lit else 0.0)
    seams = tuple((share - 0.5) * shape.length for share in shape.seams)
    white, red = ((0.9, 0.93, 1.0), (0.6, 0.012, 0.01)) if lit else ((0.55, 0.57, 0.6), (0.22, 0.008, 0.008))
    return _Skins(
        paint=materials.car_paint(shader, colour, seams, body),
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


def car(
    shader: Shader,
    rng: np.random.Generator,
    style: str | None = None,
    paint: tuple[float, float, float] | None = None,
    driving: bool = False,
    lights: bool | None = None,
) -> list[bpy.types.Object]:
    """A car at the origin, its front towards +y.

    Args:
        shader: Makes the materials.
        rng: Source of what is not given.
        style: One of STYLES.
        paint: Linear RGB.
        driving: The engine, tyres and exhaust are warm; otherwise parked and cold.
        lights: Lamps are lit; None lights them for a driving car when the climate has lamps on.

    Returns:
        The parts, each with its origin on the ground under the middle of the car.
    """
    shape = SHAPES[style or str(rng.choice(STYLES, p=SHARES))]
    lit = shader.climate.lamps and driving if lights is None else lights
    skins = _skins(shader, shape, paint or PAINTS[rng.integers(len(PAINTS))], driving, lit)
    axles = (-0.305 * shape.length, 0.305 * shape.length)
    shell = lower_body(shape, skins.paint, skins.trim)
    cut_arches(shell, shape, axles, skins.dark)
    parts = [
        shell,
        cabin(shape, skins.paint, skins.glass, skins.trim),
        wheels(shape, axles, skins.rubber, skins.metal, skins.dark),
        _details(shape, skins),
        *_rounded(shape, skins),
    ]
    if lit:
        parts.extend(_beam(shape, side) for side in (-1, 1))
    return parts


def _rounded(shape: CarShape, skins: _Skins) -> list[bpy.types.Object]:
    """Lamps and mirrors."""
    lamps, mirrors = MeshBuilder(), MeshBuilder()
    wide, half, nose, rear = shape.width / 2, shape.length / 2, shape.nose, shape.deck[0]
    for side in (-1, 1):
        lamps.box((side * wide * 0.68, half - 0.105, nose - 0.13), (0.4, 0.2, 0.13), skins.head, yaw=-side * 0.42)
        tail = (0.34, 0.16, 0.2 if rear < 1.05 else 0.34)
        lamps.box((side * wide * 0.76, -half + 0.085, rear - 0.2), tail, skins.tail, yaw=side * 0.25)
        foot = (shape.cabin[3] - 0.575) * shape.length
        mirrors.box((side * (wide + 0.07), foot, shape.deck[1] + 0.07), (0.26, 0.14, 0.18), skins.paint)
    parts = [lamps.build("lamps", merge=True), mirrors.build("mirrors", merge=True)]
    for part in parts:
        round_edges(part, 0.05)
    return parts


def _details(shape: CarShape, skins: _Skins) -> bpy.types.Object:
    """Grille, bumpers, number plates, handles and exhaust."""
    details = MeshBuilder()
    wide, half, nose, rear = shape.width / 2, shape.length / 2, shape.nose, shape.deck[0]
    details.box((0, half - 0.02, nose - 0.18), (0.85, 0.1, 0.12), skins.grille)
    details.box((0, half - 0.005, 0.4), (1.15, 0.08, 0.13), skins.grille)
    details.box((0, half + 0.035, nose - 0.3), (0.5, 0.02, 0.12), skins.plate)
    details.box((0, -half - 0.012, rear - 0.38), (0.5, 0.03, 0.12), skins.plate)
    details.box((0, -half + 0.02, 0.4), (1.3, 0.1, 0.16), skins.trim)
    details.tube([(0.5, -half - 0.02, 0.29), (0.5, -half + 0.2, 0.29)], [0.035, 0.035], skins.pipe, 10)
    for k in range(7):
        x = (k - 3) * 0.062
        details.box((x, half + 0.046, nose - 0.3), (0.036, 0.004, 0.07), skins.trim)
        details.box((x, -half - 0.028, rear - 0.38), (0.036, 0.004, 0.07), skins.trim)
    for side in (-1, 1):
        for seam in shape.seams[:2]:
            y = (seam - 0.455) * shape.length
            details.box((side * wide * 0.985, y, shape.deck[1] - 0.13), (0.05, 0.17, 0.028), skins.paint)
    return details.build("details", None)


def _beam(shape: CarShape, side: int) -> bpy.types.Object:
    data = bpy.data.lights.new("headlight", "SPOT")
    data.energy, data.color, data.shadow_soft_size = 700.0, (1.0, 0.95, 0.86), 0.06
    data.spot_size, data.spot_blend = math.radians(66), 0.9
    beam = bpy.data.objects.new("headlight", data)
    bpy.context.scene.collection.objects.link(beam)
    beam.location = (side * shape.width * 0.34, shape.length / 2 + 0.12, shape.nose - 0.13)
    beam.rotation_euler = (math.radians(85), 0.0, 0.0)
    return beam
