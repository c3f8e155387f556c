"""Small things of the street: cones, lamps, bollards, bins, benches, signs and barriers."""

from __future__ import annotations

import math

import bpy
import numpy as np

from training.scenes import materials
from training.scenes.meshes import MeshBuilder
from training.scenes.shading import Shader, Warmth


def cone(shader: Shader, height: float = 0.72) -> list[bpy.types.Object]:
    """An orange traffic cone with two white bands on a black foot, at the temperature of the air."""
    ambient = Warmth((shader.climate.celsius["road"] + shader.climate.celsius["plastic"]) / 2, 0.8, 0.5)
    orange = shader.plain("cone", (0.8, 0.1, 0.012), 0.45, ambient)
    white = shader.plain("cone band", (0.78, 0.78, 0.76), 0.4, ambient)
    foot = shader.plain("cone foot", (0.02, 0.018, 0.017), 0.8, ambient)
    shape = MeshBuilder()
    wide = 0.27 * height
    shape.box((0, 0, 0.018), (2.05 * wide, 2.05 * wide, 0.036), foot)
    levels = (0.04, 0.36, 0.36, 0.54, 0.54, 0.68, 0.68, 0.82, 0.82, 0.985, 1.0)
    radii = [wide * 0.78 * (1 - level) + 0.028 for level in levels]
    radii[-1] = 0.018
    for k in (0, 2, 4, 6, 8):
        colour = white if k in (2, 6) else orange
        count = 3 if k == 8 else 2
        shape.tube([(0, 0, level * height) for level in levels[k : k + count]], radii[k : k + count], colour, 24)
    return [shape.build("cone", 50.0)]


def street_lamp(shader: Shader, height: float = 6.0, arm: float = 1.3, watts: float = 900.0) -> list[bpy.types.Object]:
    """A lamp post whose arm reaches along +x, with a light if the climate has lamps on."""
    celsius, lit = shader.climate.celsius, shader.climate.lamps
    steel = shader.plain("post", (0.06, 0.065, 0.065), 0.45, Warmth(celsius["metal"], 0.8), {"Metallic": 0.6})
    glow = materials.lamp(shader, (1.0, 0.74, 0.42), 45.0 if lit else 0.0)
    shape = MeshBuilder()
    shape.tube([(0, 0, 0), (0, 0, 0.9), (0, 0, 0.95), (0, 0, height)], [0.1, 0.1, 0.06, 0.045], steel, 12)
    shape.tube(
        [(0, 0, height - 0.05), (arm * 0.4, 0, height + 0.14), (arm, 0, height + 0.16)], [0.04, 0.035, 0.03], steel, 8
    )
    shape.box((arm + 0.2, 0, height + 0.16), (0.62, 0.24, 0.1), steel)
    shape.box((arm + 0.2, 0, height + 0.098), (0.5, 0.18, 0.03), glow)
    parts = [shape.build("street lamp")]
    if lit:
        data = bpy.data.lights.new("street light", "SPOT")
        data.energy, data.color, data.shadow_soft_size = watts, (1.0, 0.72, 0.4), 0.15
        data.spot_size, data.spot_blend = math.radians(150), 0.6
        light = bpy.data.objects.new("street light", data)
        bpy.context.scene.collection.objects.link(light)
        light.location = (arm + 0.2, 0, height + 0.05)
        parts.append(light)
    return parts


def bollard(shader: Shader, height: float = 0.85) -> list[bpy.types.Object]:
    """A dark post with a reflective band."""
    metal = Warmth(shader.climate.celsius["metal"] - 0.5, 0.6)
    steel = shader.plain("bollard", (0.025, 0.027, 0.03), 0.5, metal)
    band = shader.plain("bollard band", (0.7, 0.68, 0.6), 0.3, metal)
    shape = MeshBuilder()
    profile = ((0.0, 0.085, steel), (0.78, 0.078, steel), (0.9, 0.08, band), (1.0, 0.07, steel))
    for (low, a, _), (high, b, material) in zip(profile, profile[1:], strict=False):
        shape.tube([(0, 0, low * height), (0, 0, high * height)], [a, b], material, 16)
    shape.ellipsoid((0, 0, height), (0.07, 0.07, 0.03), steel, 12)
    return [shape.build("bollard")]


def wheeled_bin(shader: Shader) -> list[bpy.types.Object]:
    """A wheeled household bin."""
    celsius = Warmth(shader.climate.celsius["plastic"], 0.8)
    green = shader.plain("bin", (0.02, 0.06, 0.035), 0.6, celsius)
    shape = MeshBuilder()
    low, high = 0.24, 0.29
    rows = [
        [(s * x, t * x * 1.15, z) for s, t in ((1, 1), (-1, 1), (-1, -1), (1, -1))]
        for x, z in ((low, 0.08), (high, 0.95))
    ]
    shape.grid(rows, green, closed=True)
    shape.box((0, 0, 0.99), (0.64, 0.74, 0.07), green, tilt=0.05)
    shape.tube([(-0.3, 0.27, 0.1), (0.3, 0.27, 0.1)], [0.1, 0.1], green, 14, (0, 0, 1))
    return [shape.build("bin", 30.0)]


def bench(shader: Shader) -> list[bpy.types.Object]:
    """A slatted wooden bench facing +y."""
    climate = shader.climate.celsius
    wood = shader.plain("slat", (0.16, 0.085, 0.04), 0.7, Warmth(climate["bark"], 0.8))
    iron = shader.plain("iron", (0.02, 0.02, 0.02), 0.5, Warmth(climate["metal"], 0.6))
    shape = MeshBuilder()
    for k in range(4):
        shape.box((0, -0.16 + 0.115 * k, 0.45), (1.7, 0.09, 0.035), wood)
    for k in range(3):
        shape.box((0, -0.24 - 0.02 * k, 0.58 + 0.12 * k), (1.7, 0.03, 0.09), wood)
    for x in (-0.7, 0.7):
        shape.box((x, -0.2, 0.4), (0.06, 0.06, 0.85), iron)
        shape.box((x, 0.17, 0.22), (0.06, 0.06, 0.44), iron)
    return [shape.build("bench", 30.0)]


def sign(shader: Shader, rng: np.random.Generator) -> list[bpy.types.Object]:
    """A round or triangular traffic sign on a post, facing -y."""
    metal = Warmth(shader.climate.celsius["metal"], 0.6, emissivity=0.85)
    steel = shader.plain("sign post", (0.3, 0.31, 0.32), 0.4, metal, {"Metallic": 0.7})
    red = shader.plain("sign edge", (0.55, 0.015, 0.02), 0.4, metal)
    field = shader.plain("sign field", (0.75, 0.75, 0.73) if rng.random() < 0.6 else (0.02, 0.09, 0.4), 0.4, metal)
    sides = 28 if rng.random() < 0.6 else 3
    shape = MeshBuilder()
    shape.tube([(0, 0, 0), (0, 0, 2.6)], [0.032, 0.032], steel, 10)
    for radius, y, material in ((0.34, -0.05, red), (0.26, -0.058, field)):
        rim = [
            (radius * math.sin(2 * math.pi * k / sides), radius * math.cos(2 * math.pi * k / sides))
            for k in range(sides)
        ]
        shape.face([(x, y, 2.32 + z) for x, z in rim], material)
    shape.box((0, -0.055, 2.32), (0.07, 0.012, 0.3), steel)
    return [shape.build("sign", 30.0)]


def barrier(shader: Shader, width: float = 1.8) -> list[bpy.types.Object]:
    """A red and white striped plank on two feet, along x."""
    ambient = Warmth((shader.climate.celsius["road"] + shader.climate.celsius["plastic"]) / 2, 0.8, 0.5)
    red = shader.plain("stripe red", (0.6, 0.02, 0.02), 0.4, ambient)
    white = shader.plain("stripe white", (0.75, 0.75, 0.73), 0.4, ambient)
    foot = shader.plain("barrier foot", (0.03, 0.03, 0.03), 0.8, ambient)
    shape = MeshBuilder()
    count = 8
    for z in (0.95, 0.5):
        for k in range(count):
            x = (k + 0.5 - count / 2) * width / count
            shape.box((x, 0, z), (width / count, 0.03, 0.2), red if k % 2 else white)
    for x in (-width * 0.42, width * 0.42):
        shape.box((x, 0.03, 0.53), (0.05, 0.04, 1.06), foot)
        shape.box((x, 0.03, 0.03), (0.16, 0.7, 0.06), foot)
    return [shape.build("barrier", None)]
