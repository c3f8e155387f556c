"""Box lorries, parked and cold or driving and warm."""

from __future__ import annotations

import bpy
import numpy as np

from training.scenes.car_body import wheels
from training.scenes.meshes import MeshBuilder, round_edges
from training.scenes.shading import Shader, Warmth
from training.scenes.vehicle_skins import Skins, beam, skins

WIDTH, LENGTH, CAB, CAB_TOP, BOX_TOP, DECK, WHEEL = 2.35, 7.2, 1.75, 2.55, 3.3, 1.05, 0.46
AXLES = (-2.15, 2.5)
BOXES = ((0.68, 0.68, 0.66), (0.5, 0.52, 0.54), (0.08, 0.16, 0.3), (0.42, 0.34, 0.2))


def _cab(paint: bpy.types.Material, coats: Skins) -> list[bpy.types.Object]:
    """The cab-over cabin with its panes, lamps, grille and mirrors."""
    half, front, back = WIDTH / 2 - 0.02, LENGTH / 2, LENGTH / 2 - CAB
    shell = MeshBuilder()
    # The side view from the bumper up; the windscreen leans back.
    profile = ((0.0, 0.42), (0.0, 1.35), (-0.14, 2.25), (-0.4, CAB_TOP))
    for (y0, z0), (y1, z1) in zip(profile, profile[1:], strict=False):
        shell.face(
            [(-half, front + y0, z0), (-half, front + y1, z1), (half, front + y1, z1), (half, front + y0, z0)], paint
        )
    shell.face(
        [(-half, front - 0.4, CAB_TOP), (-half, back, CAB_TOP), (half, back, CAB_TOP), (half, front - 0.4, CAB_TOP)],
        paint,
    )
    shell.face([(half, back, 0.42), (half, back, CAB_TOP), (-half, back, CAB_TOP), (-half, back, 0.42)], paint)
    shell.face([(-half, back, 0.42), (-half, front, 0.42), (half, front, 0.42), (half, back, 0.42)], coats.trim)
    for side in (-1, 1):
        outline = [
            (side * half, back, 0.42),
            *((side * half, front + y, z) for y, z in profile),
            (side * half, back, CAB_TOP),
        ]
        shell.face(outline if side > 0 else outline[::-1], paint)
    body = shell.build("cab", None, merge=True)
    round_edges(body, 0.07)

    panes = MeshBuilder()
    low, high = (front - 0.005, 1.4), (front - 0.125, 2.2)
    wide = half - 0.1
    panes.face(
        [(-wide, low[0], low[1]), (-wide, high[0], high[1]), (wide, high[0], high[1]), (wide, low[0], low[1])],
        coats.glass,
    )
    for side in (-1, 1):
        x = side * (half + 0.012)
        corners = [(x, back + 0.45, 1.4), (x, front - 0.2, 1.4), (x, front - 0.3, 2.15), (x, back + 0.45, 2.15)]
        panes.face(corners if side > 0 else corners[::-1], coats.glass)
        panes.box((side * (half + 0.2), front - 0.12, 1.75), (0.2, 0.1, 0.5), coats.trim)
        panes.box((side * (half + 0.005), back + 0.55, 1.2), (0.03, 0.2, 0.05), coats.trim)
        panes.box((side * half * 0.76, front + 0.02, 0.72), (0.36, 0.09, 0.2), coats.head)
    panes.box((0, front + 0.02, 1.08), (1.5, 0.05, 0.36), coats.grille)
    panes.box((0, front + 0.04, 0.5), (WIDTH, 0.14, 0.24), coats.trim)
    panes.box((0, front + 0.12, 0.5), (0.5, 0.02, 0.12), coats.plate)
    return [body, panes.build("panes", None)]


def _cargo(
    shader: Shader, coats: Skins, colour: tuple[float, float, float], band: tuple[float, float, float]
) -> bpy.types.Object:
    """The box on its frame, with ribs, a coloured band, doors and rear lamps."""
    celsius = shader.climate.celsius
    metal = Warmth(celsius["metal"], 1.2, 0.6, 0.88)
    skin = shader.plain("box", colour, 0.45, metal)
    stripe = shader.plain("box band", band, 0.45, metal)
    rib = shader.plain("box rib", tuple(0.6 * c for c in colour), 0.5, metal)
    rear, fore = -LENGTH / 2, LENGTH / 2 - CAB - 0.12
    middle, long, tall = (rear + fore) / 2, fore - rear, BOX_TOP - DECK
    box = MeshBuilder()
    box.box((0, middle, DECK + tall / 2), (WIDTH, long, tall), skin)
    for side in (-1, 1):
        x = side * WIDTH / 2
        box.box((x, middle, DECK + 0.3 * tall), (0.012, long - 0.1, 0.34 * tall), stripe)
        for y in np.arange(rear + 0.4, fore, 0.8):
            box.box((x, float(y), DECK + tall / 2), (0.03, 0.04, tall - 0.05), rib)
        for z in (DECK + 0.02, BOX_TOP - 0.02):
            box.box((x, middle, z), (0.05, long + 0.02, 0.08), rib)
        box.box((side * 0.98, rear - 0.03, 0.9), (0.34, 0.05, 0.14), coats.tail)
        box.box((side * 0.42, rear - 0.02, DECK + tall / 2), (0.03, 0.04, tall * 0.9), rib)
        box.box((side * 0.9, middle + 0.2, 0.62), (0.08, 2.0, 0.3), coats.trim)
    box.box((0, rear - 0.02, DECK + tall / 2), (0.02, 0.02, tall), rib)
    box.box((0, 0, 0.8), (0.9, LENGTH - 0.4, 0.26), coats.trim)
    box.box((0, rear + 0.05, 0.55), (2.1, 0.1, 0.14), coats.trim)
    box.box((0, rear - 0.03, 0.72), (0.5, 0.02, 0.12), coats.plate)
    box.tube([(0.7, 0.4, 0.5), (0.7, 1.3, 0.5)], [0.16, 0.16], coats.pipe, 14)
    return box.build("cargo", None)


def truck(
    shader: Shader, rng: np.random.Generator, paint: tuple[float, float, float] = (0.6, 0.6, 0.6),
    box: tuple[float, float, float] | None = None, driving: bool = False, lights: bool | None = None,
) -> list[bpy.types.Object]:  # fmt: skip
    """A box lorry at the origin, its front towards +y.

    Args:
        shader: Makes the materials.
        rng: Source of what is not given.
        paint: Of the cab and the band on the box, linear RGB.
        box: Of the box, linear RGB.
        driving: Engine, tyres and exhaust are warm; otherwise parked and cold.
        lights: Lamps are lit; None lights them for a driving truck when the climate has lamps on.

    Returns:
        The parts, each with its origin on the ground under the middle of the truck.
    """
    lit = shader.climate.lamps and driving if lights is None else lights
    coats = skins(shader, LENGTH, (), paint, driving, lit)
    parts = [
        *_cab(coats.paint, coats),
        _cargo(shader, coats, box or BOXES[rng.integers(len(BOXES))], paint),
        wheels(WIDTH, WHEEL, AXLES, coats.rubber, coats.metal, coats.dark),
    ]
    if lit:
        parts.extend(beam(side * WIDTH * 0.37, LENGTH / 2 + 0.1, 0.72) for side in (-1, 1))
    return parts
