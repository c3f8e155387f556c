"""Bicycles, for riders and by themselves."""

from __future__ import annotations

import math

import bpy
import numpy as np

from training.scenes import materials
from training.scenes.meshes import MeshBuilder, Point
from training.scenes.poses import GRIPS, SADDLE
from training.scenes.shading import Shader, Warmth

PAINTS = ((0.3, 0.02, 0.02), (0.02, 0.02, 0.022), (0.03, 0.1, 0.3), (0.5, 0.5, 0.5), (0.04, 0.2, 0.1))
RADIUS, REAR, FRONT, CRANK = 0.34, -0.42, 0.66, (0.15, 0.3)


def _wheel(shape: MeshBuilder, y: float, tyre: bpy.types.Material, steel: bpy.types.Material) -> None:
    angles = [2 * math.pi * k / 36 for k in range(37)]
    for radius, thick, material in ((RADIUS - 0.02, 0.021, tyre), (RADIUS - 0.045, 0.011, steel)):
        rim = [(0.0, y + radius * math.sin(a), RADIUS + radius * math.cos(a)) for a in angles]
        shape.tube(rim, [thick] * len(rim), material, 8)
    for angle in angles[:36:2]:
        end = (0.0, y + 0.3 * math.sin(angle), RADIUS + 0.3 * math.cos(angle))
        shape.tube([(0.0, y, RADIUS), end], [0.003, 0.003], steel, 4)
    shape.tube([(-0.05, y, RADIUS), (0.05, y, RADIUS)], [0.025, 0.025], steel, 10)


def bicycle(
    shader: Shader,
    rng: np.random.Generator,
    paint: tuple[float, float, float] | None = None,
    ridden: bool = False,
) -> list[bpy.types.Object]:
    """A city bicycle at the origin, heading along +y, its saddle above the origin where the pose "cycle" sits.

    Args:
        shader: Makes the materials.
        rng: Source of the paint.
        paint: Linear RGB; None draws one.
        ridden: The lamps are lit if the climate has lamps on; otherwise it stands on its kickstand.

    Returns:
        One object with its origin on the ground under the saddle.
    """
    celsius = shader.climate.celsius
    frame = shader.plain(
        "bicycle",
        paint or PAINTS[rng.integers(len(PAINTS))],
        0.35,
        Warmth(celsius["metal"] + 0.8, 0.5),
        {"Coat Weight": 0.6},
    )
    steel = shader.plain(
        "bicycle steel", (0.4, 0.4, 0.41), 0.3, Warmth(celsius["metal"], 0.4, 2.0, 0.8), {"Metallic": 0.8}
    )
    rubber = shader.plain("bicycle tyre", (0.02, 0.02, 0.02), 0.85, Warmth(celsius["road"] + 1.5 * ridden, 0.5))
    seat = shader.plain("saddle", (0.02, 0.015, 0.012), 0.6, Warmth(celsius["plastic"] + 6.0 * ridden, 0.5))
    lit = shader.climate.lamps and ridden
    shape = MeshBuilder()

    def bar(points: list[Point], radius: float, material: bpy.types.Material = frame) -> None:
        shape.tube(points, [radius] * len(points), material, 8)

    for y in (REAR, FRONT):
        _wheel(shape, y, rubber, steel)
    crank, post, head = (0.0, *CRANK), (0.0, 0.02, SADDLE - 0.2), (0.0, FRONT - 0.2, 0.92)
    bar([crank, post], 0.018)
    bar([crank, (0.0, FRONT - 0.16, 0.78)], 0.02)
    bar([post, head], 0.016)
    bar([post, (0.0, 0.0, SADDLE - 0.04)], 0.014, steel)
    bar([(0.0, FRONT - 0.14, 0.74), head, (0.0, GRIPS[1] - 0.02, GRIPS[2])], 0.018)
    for side in (-1, 1):
        bar([(0.03 * side, *CRANK), (0.05 * side, REAR, RADIUS), post], 0.009)
        bar([(0.03 * side, FRONT - 0.14, 0.72), (0.05 * side, FRONT, RADIUS)], 0.011)
        bar([(0.0, GRIPS[1] - 0.02, GRIPS[2]), (GRIPS[0] * side, GRIPS[1] - 0.02, GRIPS[2])], 0.012, steel)
        bar(
            [(GRIPS[0] * side, GRIPS[1] - 0.02, GRIPS[2]), (1.06 * GRIPS[0] * side, GRIPS[1] - 0.16, GRIPS[2])],
            0.017,
            seat,
        )
        pedal = (0.09 * side, CRANK[0] + 0.1 * side, CRANK[1] - 0.14 * side)
        bar([(0.05 * side, *CRANK), pedal], 0.01, steel)
        shape.box((pedal[0] + 0.05 * side, *pedal[1:]), (0.1, 0.08, 0.02), seat)
    shape.tube([(0.04, *CRANK), (0.05, *CRANK)], [0.09, 0.09], steel, 20, (0, 0, 1))
    shape.ellipsoid((0, -0.05, SADDLE), (0.085, 0.13, 0.035), seat, 12)
    shape.ellipsoid((0, 0.08, SADDLE), (0.035, 0.09, 0.025), seat, 10)
    for y, end in ((REAR, 0.15), (FRONT, 0.35)):
        fender = [(0.0, y + 0.37 * math.sin(a), RADIUS + 0.37 * math.cos(a)) for a in np.linspace(-1.9, end, 12)]
        shape.tube(fender, [(0.028, 0.006)] * len(fender), frame, 8)
    shape.box((0, REAR + 0.02, 0.76), (0.14, 0.36, 0.02), steel)
    if not ridden:
        bar([(-0.04, *CRANK), (-0.16, 0.05, 0.0)], 0.009, steel)
    lamp_at = (0.0, FRONT + 0.02, 0.86)
    white = materials.lamp(shader, (0.95, 0.95, 1.0), 40.0 if lit else 0.0, celsius["plastic"] + 4.0 * lit)
    red = materials.lamp(shader, (0.6, 0.012, 0.01), 8.0 if lit else 0.0, celsius["plastic"] + 2.0 * lit)
    shape.ellipsoid(lamp_at, (0.035, 0.035, 0.035), white, 10)
    shape.ellipsoid((0.0, REAR - 0.2, 0.74), (0.03, 0.02, 0.03), red, 10)
    return [shape.build("bicycle")]
