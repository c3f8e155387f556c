"""The shape of a car: a lofted body with wheel arches, a glazed cabin and wheels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import bpy

from training.scenes.meshes import MeshBuilder, bake, subdivide


@dataclass(frozen=True)
class CarShape:
    """The side view: lengths in metres, positions along the car as shares from rear (0) to front (1).

    Attributes:
        length, width, height: Overall size.
        deck: Height of the body's upper edge at the rear, the belt and the cowl.
        nose: Height of the bonnet's front edge.
        cabin: Shares of the rear window's foot, roof's rear, roof's front and windscreen's foot.
        seams: Shares of the door gaps.
        wheel: Tyre radius.
    """

    length: float
    width: float
    height: float
    deck: tuple[float, float, float]
    nose: float
    cabin: tuple[float, float, float, float]
    seams: tuple[float, ...]
    wheel: float


SHAPES = {
    "sedan": CarShape(4.6, 1.82, 1.45, (1.0, 0.95, 0.94), 0.72, (0.1, 0.28, 0.56, 0.74), (0.34, 0.49, 0.68), 0.33),
    "hatchback": CarShape(4.1, 1.78, 1.5, (0.98, 0.96, 0.96), 0.75, (0.015, 0.1, 0.57, 0.77), (0.31, 0.48, 0.7), 0.32),
    "suv": CarShape(4.5, 1.88, 1.68, (1.08, 1.06, 1.06), 0.92, (0.015, 0.09, 0.57, 0.75), (0.3, 0.48, 0.69), 0.37),
    "van": CarShape(4.8, 1.9, 1.95, (1.1, 1.08, 1.06), 0.95, (0.008, 0.04, 0.66, 0.86), (0.3, 0.54, 0.74), 0.35),
}


def _mirrored(half: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    return half + [(-x, y, z) for x, y, z in reversed(half[1:-1])]


def lower_body(shape: CarShape, paint: bpy.types.Material, trim: bpy.types.Material) -> bpy.types.Object:
    """The painted shell below the windows."""
    rear, belt, cowl = shape.deck
    stations = (
        (0.0, 0.78, 0.42, rear - 0.3), (0.008, 0.86, 0.33, rear - 0.2), (0.03, 0.925, 0.27, rear - 0.03),
        (0.08, 0.965, 0.23, rear), (0.2, 1.0, 0.2, belt + 0.01), (0.4, 1.0, 0.19, belt), (0.6, 1.0, 0.19, belt - 0.01),
        (shape.cabin[3], 0.99, 0.19, cowl), (0.86, 0.975, 0.2, (cowl + shape.nose) / 2 + 0.05),
        (0.94, 0.93, 0.22, shape.nose + 0.03), (0.975, 0.87, 0.25, shape.nose - 0.06),
        (0.993, 0.77, 0.3, shape.nose - 0.16),
        (1.0, 0.66, 0.38, shape.nose - 0.25),
    )  # fmt: skip
    rows = []
    for share, wide, low, high in stations:
        y, w, tall = (share - 0.5) * shape.length, wide * shape.width / 2, high - low
        half = [
            (0, y, low), (0.7 * w, y, low), (0.94 * w, y, low + 0.03 * tall), (0.985 * w, y, low + 0.15 * tall),
            (w, y, low + 0.42 * tall), (0.985 * w, y, low + 0.7 * tall), (0.975 * w, y, low + 0.86 * tall),
            (0.93 * w, y, low + 0.97 * tall), (0.8 * w, y, high), (0.45 * w, y, high + 0.018), (0, y, high + 0.025),
        ]  # fmt: skip
        rows.append(_mirrored(half))
    columns = len(rows[0])
    body = MeshBuilder()
    body.grid(rows, lambda i, j: trim if min(j, columns - 1 - j) < 3 else paint, closed=True)
    body.face(list(reversed(rows[0])), paint)
    body.face(rows[-1], paint)
    shell = body.build("body", merge=True)
    subdivide(shell, 2)
    return shell


def cut_arches(shell: bpy.types.Object, shape: CarShape, axles: tuple[float, float], dark: bpy.types.Material) -> None:
    """Cut four wheel wells with `dark` walls out of the shell."""
    cutter = MeshBuilder()
    for y in axles:
        for side in (-1, 1):
            x0, x1 = side * (shape.width / 2 - 0.3), side * (shape.width / 2 + 0.2)
            radius = shape.wheel * 1.16
            cutter.tube(
                [(min(x0, x1), y, shape.wheel), (max(x0, x1), y, shape.wheel)], [radius] * 2, dark, 28, (0, 0, 1)
            )
    wells = cutter.build("wells", None)
    modifier = shell.modifiers.new("arches", "BOOLEAN")
    modifier.operation, modifier.solver, modifier.material_mode = "DIFFERENCE", "EXACT", "TRANSFER"
    modifier.object = wells
    bake(shell)
    bpy.data.objects.remove(wells)
    shell.data.set_sharp_from_angle(angle=math.radians(35))


def cabin(
    shape: CarShape, paint: bpy.types.Material, glass: bpy.types.Material, trim: bpy.types.Material
) -> bpy.types.Object:
    """Roof, pillars and panes."""
    rear_foot, rear_top, front_top, front_foot = shape.cabin
    rear, belt, cowl = (z - 0.09 for z in shape.deck)
    top = shape.height
    pillar = 0.024
    middle = shape.seams[1]
    shares = [rear_foot, rear_top, rear_top + 0.05, middle - pillar, middle, front_top - 0.04, front_top, front_foot]
    roofs = [rear, top - 0.05, top - 0.015, top, top, top - 0.025, top - 0.05, cowl]
    feet = [rear, belt, belt, belt, belt, belt, belt, cowl]
    # Panes curve outwards in the middle of the car.
    bulges = {front_foot: 0.16, front_top: 0.09, rear_foot: -0.1, rear_top: -0.04}
    rows = []
    for share, roof, foot in zip(shares, roofs, feet, strict=True):
        y, w = (share - 0.5) * shape.length, 0.475 * shape.width
        tall = roof - foot
        narrow = w * (1 - 0.24 * tall / max(top - belt, 0.1))
        bulge = bulges.get(share, 0.0)
        section = (
            (w, foot, 0.0), ((w + narrow) / 2 + 0.012, foot + 0.5 * tall, 0.0), (narrow, roof - 0.16 * tall, 0.0),
            (narrow * 0.94, roof - 0.05 * tall, 0.15), (narrow * 0.55, roof + 0.015, 0.75), (0.0, roof + 0.03, 1.0),
        )  # fmt: skip
        half = [(x, y + bulge * reach, z) for x, z, reach in section]
        rows.append(half + [(-x, y, z) for x, y, z in reversed(half[:-1])])
    last = len(rows) - 2

    def skin(i: int, j: int) -> bpy.types.Material:
        column = min(j, 9 - j)
        if column <= 1:
            return paint if i == 1 else trim if i == 3 else glass
        if i in (0, last) and column >= 3:
            return glass
        return paint

    cabin = MeshBuilder()
    cabin.grid(rows, skin)
    return cabin.build("cabin", 50.0)


def wheels(
    width: float,
    radius: float,
    axles: tuple[float, ...],
    rubber: bpy.types.Material,
    metal: bpy.types.Material,
    dark: bpy.types.Material,
) -> bpy.types.Object:
    """Two tyres of `radius` with spoked rims per axle, their outer faces `width` apart."""
    wheels = MeshBuilder()
    for y in axles:
        for side in (-1, 1):
            x = side * (width / 2 - 0.02)
            across = (1.0, 0.0, 0.0)
            profile = (
                (-0.2, 0.86), (-0.19, 0.97), (-0.16, 1.0), (-0.05, 1.0), (-0.015, 0.97), (0.0, 0.88), (-0.004, 0.7),
                (-0.05, 0.66),
            )  # fmt: skip
            centres = [(x + side * dx, y, radius) for dx, _ in profile]
            wheels.tube(centres, [radius * r for _, r in profile], rubber, 28, (0, 0, 1), across)
            for inner, outer, wide, narrow, material in (
                (0.055, 0.045, radius * 0.67, radius * 0.67, dark), (0.05, 0.005, 0.07, 0.05, metal),
            ):  # fmt: skip
                ends = [(x - side * inner, y, radius), (x - side * outer, y, radius)]
                wheels.tube(ends, [wide, narrow], material, 24, (0, 0, 1), across)
            for k in range(10):
                angle = 2 * math.pi * k / 10
                reach = radius * 0.36
                centre = (x - side * 0.022, y + reach * math.sin(angle), radius + reach * math.cos(angle))
                wheels.box(centre, (0.03, 0.045, radius * 0.62), metal, tilt=-angle)
            rim = [(x - side * 0.03, y, radius), (x - side * 0.008, y, radius)]
            for k in range(24):
                a, b = 2 * math.pi * k / 24, 2 * math.pi * (k + 1) / 24
                ring = [
                    (rim[1][0], y + radius * f * math.sin(t), radius + radius * f * math.cos(t))
                    for f, t in ((0.62, a), (0.7, a), (0.7, b), (0.62, b))
                ]
                wheels.face(ring, metal)
    return wheels.build("wheels")
