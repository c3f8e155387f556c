"""Cars: a lofted body with wheel arches, a glazed cabin, wheels, lamps and number plates."""

from __future__ import annotations

import math
from dataclasses import dataclass

import bpy
import numpy as np

from training.scenes import materials
from training.scenes.meshes import MeshBuilder, bake, subdivide
from training.scenes.shading import Shader, Warmth

PAINTS = (
    (0.55, 0.56, 0.57), (0.02, 0.021, 0.024), (0.75, 0.75, 0.73), (0.3, 0.02, 0.018), (0.025, 0.055, 0.17),
    (0.16, 0.17, 0.18), (0.11, 0.16, 0.2), (0.3, 0.27, 0.21), (0.02, 0.07, 0.05),
)  # fmt: skip


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


def _lower_body(shape: CarShape, paint: bpy.types.Material, trim: bpy.types.Material) -> bpy.types.Object:
    rear, belt, cowl = shape.deck
    stations = (
        (0.0, 0.78, 0.42, rear - 0.3), (0.008, 0.86, 0.33, rear - 0.2), (0.03, 0.925, 0.27, rear - 0.03),
        (0.08, 0.965, 0.23, rear), (0.2, 1.0, 0.2, belt + 0.01), (0.4, 1.0, 0.19, belt), (0.6, 1.0, 0.19, belt - 0.01),
        (shape.cabin[3], 0.99, 0.19, cowl), (0.86, 0.975, 0.2, (cowl + shape.nose) / 2 + 0.05),
        (0.94, 0.93, 0.22, shape.nose + 0.03), (0.975, 0.87, 0.25, shape.nose - 0.06), (0.993, 0.77, 0.3, shape.nose - 0.16),
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


def _cut_arches(shell: bpy.types.Object, shape: CarShape, axles: tuple[float, float], dark: bpy.types.Material) -> None:
    cutter = MeshBuilder()
    for y in axles:
        for side in (-1, 1):
            x0, x1 = side * (shape.width / 2 - 0.3), side * (shape.width / 2 + 0.2)
            radius = shape.wheel * 1.16
            cutter.tube([(min(x0, x1), y, shape.wheel), (max(x0, x1), y, shape.wheel)], [radius] * 2, dark, 28, (0, 0, 1))
    wells = cutter.build("wells", None)
    modifier = shell.modifiers.new("arches", "BOOLEAN")
    modifier.operation, modifier.solver, modifier.material_mode, modifier.object = "DIFFERENCE", "EXACT", "TRANSFER", wells
    bake(shell)
    bpy.data.objects.remove(wells)
    shell.data.set_sharp_from_angle(angle=math.radians(35))


def _cabin(shape: CarShape, paint: bpy.types.Material, glass: bpy.types.Material, trim: bpy.types.Material) -> bpy.types.Object:
    rear_foot, rear_top, front_top, front_foot = shape.cabin
    rear, belt, cowl = (z - 0.03 for z in shape.deck)
    top = shape.height
    pillar = 0.024
    middle = shape.seams[1]
    shares = [rear_foot, rear_top, rear_top + 0.05, middle - pillar, middle, front_top - 0.04, front_top, front_foot]
    roofs = [rear, top - 0.05, top - 0.015, top, top, top - 0.025, top - 0.05, cowl]
    feet = [rear, belt, belt, belt, belt, belt, belt, cowl]
    rows = []
    for share, roof, foot in zip(shares, roofs, feet, strict=True):
        y, w = (share - 0.5) * shape.length, 0.475 * shape.width
        tall = roof - foot
        narrow = w * (1 - 0.24 * tall / max(top - belt, 0.1))
        bulge = 0.16 if share == front_foot else 0.09 if share == front_top else -0.1 if share == rear_foot else -0.04 if share == rear_top else 0.0
        half = []
        for x, z, reach in ((w, foot, 0.0), ((w + narrow) / 2 + 0.012, foot + 0.5 * tall, 0.0), (narrow, roof - 0.16 * tall, 0.0),
                            (narrow * 0.94, roof - 0.05 * tall, 0.15), (narrow * 0.55, roof + 0.015, 0.75), (0.0, roof + 0.03, 1.0)):  # fmt: skip
            half.append((x, y + bulge * reach, z))
        rows.append(half + [(-x, y, z) for x, y, z in reversed(half[:-1])])
    last = len(rows) - 2

    def skin(i: int, j: int) -> bpy.types.Material:
        column = min(j, 9 - j)
        if column <= 1:
            return trim if i in (1, 3) and shape.cabin[1] > 0.06 else glass
        if i in (0, last) and column >= 3:
            return glass
        return paint

    cabin = MeshBuilder()
    cabin.grid(rows, skin)
    return cabin.build("cabin", 50.0)


def _wheels(shape: CarShape, axles: tuple[float, float], rubber: bpy.types.Material, metal: bpy.types.Material, dark: bpy.types.Material) -> bpy.types.Object:
    wheels, radius = MeshBuilder(), shape.wheel
    for y in axles:
        for side in (-1, 1):
            x = side * (shape.width / 2 - 0.02)
            steps = [(-0.2, 0.86), (-0.19, 0.97), (-0.16, 1.0), (-0.05, 1.0), (-0.015, 0.97), (0.0, 0.88), (-0.004, 0.7), (-0.05, 0.66)]
            wheels.tube([(x + side * dx, y, radius) for dx, _ in steps], [radius * r for _, r in steps], rubber, 28, (0, 0, 1))
            wheels.tube([(x - side * 0.055, y, radius), (x - side * 0.045, y, radius)], [radius * 0.67] * 2, dark, 24, (0, 0, 1))
            wheels.tube([(x - side * 0.05, y, radius), (x - side * 0.005, y, radius)], [0.07, 0.05], metal, 12, (0, 0, 1))
            for k in range(10):
                angle = 2 * math.pi * k / 10
                reach = radius * 0.36
                centre = (x - side * 0.022, y + reach * math.sin(angle), radius + reach * math.cos(angle))
                wheels.box(centre, (0.03, 0.045, radius * 0.62), metal, tilt=-angle)
            rim = [(x - side * 0.03, y, radius), (x - side * 0.008, y, radius)]
            for k in range(24):
                a, b = 2 * math.pi * k / 24, 2 * math.pi * (k + 1) / 24
                ring = [(rim[1][0], y + radius * f * math.sin(t), radius + radius * f * math.cos(t)) for f, t in ((0.62, a), (0.7, a), (0.7, b), (0.62, b))]
                wheels.face(ring, metal)
    return wheels.build("wheels")


def car(
    shader: Shader, rng: np.random.Generator, style: str | None = None, paint: tuple[float, float, float] | None = None,
    driving: bool = False, lights: bool | None = None,
) -> list[bpy.types.Object]:  # fmt: skip
    """A car at the origin, its front towards +y.

    Args:
        shader: Makes the materials.
        rng: Source of what is not given.
        style: A key of SHAPES.
        paint: Linear RGB.
        driving: The engine, tyres and exhaust are warm; otherwise parked and cold.
        lights: Lamps are lit; None lights them for a driving car when the climate has lamps on.

    Returns:
        The parts, each with its origin on the ground under the middle of the car.
    """
    shape = SHAPES[style or str(rng.choice(["sedan", "hatchback", "suv", "van"], p=[0.3, 0.34, 0.28, 0.08]))]
    colour = paint or PAINTS[rng.integers(len(PAINTS))]
    lit = shader.climate.lamps and driving if lights is None else lights
    celsius = shader.climate.celsius
    length, half = shape.length, shape.length / 2
    front = celsius["engine"] if driving else 0.0
    seams = tuple((s - 0.5) * length for s in shape.seams)
    body_warmth = Warmth(celsius["paint"] + (2.0 if driving else 0.0), 0.7, 0.8, 0.86, front=front * 0.42, reach=half)
    coat = materials.car_paint(shader, colour, seams, body_warmth)
    glass = shader.plain(
        "car glass", (0.012, 0.014, 0.016), 0.03, Warmth(celsius["glass"] + 1.0, 0.4, 0.6, 0.8, mirror=True), {"Specular IOR Level": 0.8}
    )
    trim = shader.plain("trim", (0.015, 0.015, 0.016), 0.6, Warmth(celsius["plastic"] + (4.0 if driving else 0.0), 1.0))
    dark = shader.plain("well", (0.004, 0.004, 0.004), 1.0, Warmth(celsius["plastic"] + (12.0 if driving else 1.0), 1.0))
    tyre = celsius["tyre"] if driving else celsius["road"] - 0.5
    rubber = shader.plain("tyre", (0.02, 0.02, 0.021), 0.85, Warmth(tyre, 1.0, 4.0))
    metal = shader.plain("rim", (0.5, 0.5, 0.52), 0.35, Warmth(celsius["metal"] + (14.0 if driving else 0.0), 1.0, 4.0, 0.7), {"Metallic": 0.9})
    grille = shader.plain("grille", (0.006, 0.006, 0.007), 0.5, Warmth(celsius["plastic"] + (front * 0.8 if driving else 0.0), 2.0, 3.0))
    axles = (-half + 0.195 * length, half - 0.195 * length)

    shell = _lower_body(shape, coat, trim)
    _cut_arches(shell, shape, axles, dark)
    parts = [shell, _cabin(shape, coat, glass, trim), _wheels(shape, axles, rubber, metal, dark)]

    lamps = MeshBuilder()
    warm_lamp = celsius["plastic"] + (9.0 if lit else 0.0)
    head = materials.lamp(shader, (0.9, 0.93, 1.0) if lit else (0.55, 0.57, 0.6), 60.0 if lit else 0.0, warm_lamp)
    tail = materials.lamp(shader, (0.6, 0.012, 0.01) if lit else (0.22, 0.008, 0.008), 5.0 if lit else 0.0, warm_lamp)
    wide, nose, rear = shape.width / 2, shape.nose, shape.deck[0]
    for side in (-1, 1):
        lamps.box((side * wide * 0.68, half - 0.105, nose - 0.13), (0.4, 0.2, 0.13), head, yaw=-side * 0.42)
        lamps.box((side * wide * 0.76, -half + 0.085, rear - 0.2), (0.34, 0.16, 0.2 if rear < 1.05 else 0.34), tail, yaw=side * 0.25)
    lens = lamps.build("lamps")
    subdivide(lens, 2)
    parts.append(lens)

    details = MeshBuilder()
    plate = shader.plain("plate", (0.6, 0.6, 0.57), 0.5, Warmth(celsius["metal"] + (3.0 if driving else 0.0)))
    pipe = shader.plain("exhaust", (0.1, 0.1, 0.1), 0.4, Warmth(celsius["exhaust"] if driving else celsius["metal"], 0.5))
    details.box((0, half - 0.02, nose - 0.18), (0.85, 0.1, 0.12), grille)
    details.box((0, half - 0.005, 0.4), (1.15, 0.08, 0.13), grille)
    details.box((0, half + 0.035, nose - 0.3), (0.5, 0.02, 0.12), plate)
    details.box((0, -half - 0.012, rear - 0.38), (0.5, 0.03, 0.12), plate)
    details.box((0, -half + 0.02, 0.4), (1.3, 0.1, 0.16), trim)
    details.tube([(0.5, -half - 0.02, 0.29), (0.5, -half + 0.2, 0.29)], [0.035, 0.035], pipe, 10)
    for side in (-1, 1):
        for seam in (shape.seams[0] + 0.045, shape.seams[1] + 0.045):
            details.box((side * wide * 0.985, (seam - 0.5) * length, shape.deck[1] - 0.13), (0.05, 0.17, 0.028), coat)
    parts.append(details.build("details", None))
    mirrors = MeshBuilder()
    for side in (-1, 1):
        mirrors.box((side * (wide + 0.07), (shape.cabin[3] - 0.575) * length, shape.deck[1] + 0.07), (0.26, 0.14, 0.18), coat)
    parts.append(mirrors.build("mirrors"))
    subdivide(parts[-1], 2)
    if lit:
        parts.extend(_beams(shape))
    return parts


def _beams(shape: CarShape) -> list[bpy.types.Object]:
    beams = []
    for side in (-1, 1):
        data = bpy.data.lights.new("headlight", "SPOT")
        data.energy, data.color, data.spot_size, data.spot_blend, data.shadow_soft_size = 700.0, (1.0, 0.95, 0.86), 1.15, 0.9, 0.06
        beam = bpy.data.objects.new("headlight", data)
        bpy.context.scene.collection.objects.link(beam)
        beam.location = (side * shape.width * 0.34, shape.length / 2 + 0.12, shape.nose - 0.13)
        beam.rotation_euler = (math.radians(85), 0.0, 0.0)
        beams.append(beam)
    return beams
