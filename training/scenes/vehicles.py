"""Cars, parked and cold or driving and warm."""

from __future__ import annotations

import bpy
import numpy as np

from training.scenes.car_body import SHAPES, CarShape, cabin, cut_arches, lower_body, wheels
from training.scenes.meshes import MeshBuilder, round_edges
from training.scenes.shading import Shader
from training.scenes.vehicle_skins import Skins, beam, skins

PAINTS = (
    (0.55, 0.56, 0.57), (0.02, 0.021, 0.024), (0.75, 0.75, 0.73), (0.3, 0.02, 0.018), (0.025, 0.055, 0.17),
    (0.16, 0.17, 0.18), (0.11, 0.16, 0.2), (0.3, 0.27, 0.21), (0.02, 0.07, 0.05),
)  # fmt: skip
STYLES = ("sedan", "hatchback", "suv", "van")
SHARES = (0.3, 0.34, 0.28, 0.08)


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
    colour = paint or PAINTS[rng.integers(len(PAINTS))]
    coats = skins(shader, shape.length, shape.seams, colour, driving, lit)
    axles = (-0.305 * shape.length, 0.305 * shape.length)
    shell = lower_body(shape, coats.paint, coats.trim)
    cut_arches(shell, shape, axles, coats.dark)
    parts = [
        shell,
        cabin(shape, coats.paint, coats.glass, coats.trim),
        wheels(shape.width, shape.wheel, axles, coats.rubber, coats.metal, coats.dark),
        _details(shape, coats),
        *_rounded(shape, coats),
    ]
    if lit:
        lens = (shape.width * 0.34, shape.length / 2 + 0.12, shape.nose - 0.13)
        parts.extend(beam(side * lens[0], *lens[1:]) for side in (-1, 1))
    return parts


def _rounded(shape: CarShape, coats: Skins) -> list[bpy.types.Object]:
    """Lamps and mirrors."""
    lamps, mirrors = MeshBuilder(), MeshBuilder()
    wide, half, nose, rear = shape.width / 2, shape.length / 2, shape.nose, shape.deck[0]
    for side in (-1, 1):
        lamps.box((side * wide * 0.68, half - 0.105, nose - 0.13), (0.4, 0.2, 0.13), coats.head, yaw=-side * 0.42)
        tail = (0.34, 0.16, 0.2 if rear < 1.05 else 0.34)
        lamps.box((side * wide * 0.76, -half + 0.085, rear - 0.2), tail, coats.tail, yaw=side * 0.25)
        foot = (shape.cabin[3] - 0.575) * shape.length
        mirrors.box((side * (wide + 0.07), foot, shape.deck[1] + 0.07), (0.26, 0.14, 0.18), coats.paint)
    parts = [lamps.build("lamps", merge=True), mirrors.build("mirrors", merge=True)]
    for part in parts:
        round_edges(part, 0.05)
    return parts


def _details(shape: CarShape, coats: Skins) -> bpy.types.Object:
    """Grille, bumpers, number plates, handles and exhaust."""
    details = MeshBuilder()
    wide, half, nose, rear = shape.width / 2, shape.length / 2, shape.nose, shape.deck[0]
    details.box((0, half - 0.02, nose - 0.18), (0.85, 0.1, 0.12), coats.grille)
    details.box((0, half - 0.005, 0.4), (1.15, 0.08, 0.13), coats.grille)
    details.box((0, half + 0.035, nose - 0.3), (0.5, 0.02, 0.12), coats.plate)
    details.box((0, -half - 0.012, rear - 0.38), (0.5, 0.03, 0.12), coats.plate)
    details.box((0, -half + 0.02, 0.4), (1.3, 0.1, 0.16), coats.trim)
    details.tube([(0.5, -half - 0.02, 0.29), (0.5, -half + 0.2, 0.29)], [0.035, 0.035], coats.pipe, 10)
    for k in range(7):
        x = (k - 3) * 0.062
        details.box((x, half + 0.046, nose - 0.3), (0.036, 0.004, 0.07), coats.trim)
        details.box((x, -half - 0.028, rear - 0.38), (0.036, 0.004, 0.07), coats.trim)
    for side in (-1, 1):
        for seam in shape.seams[:2]:
            y = (seam - 0.455) * shape.length
            details.box((side * wide * 0.985, y, shape.deck[1] - 0.13), (0.05, 0.17, 0.028), coats.paint)
    return details.build("details", None)
