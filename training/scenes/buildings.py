"""Buildings with recessed windows, doors, ledges and roofs."""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Vector

from training.scenes import materials
from training.scenes.meshes import MeshBuilder
from training.scenes.shading import Shader, Warmth

WALLS = (
    ("brick", (0.3, 0.12, 0.075)), ("plaster", (0.62, 0.54, 0.42)), ("plaster", (0.66, 0.64, 0.6)),
    ("brick", (0.2, 0.12, 0.09)),
    ("plaster", (0.55, 0.4, 0.28)), ("plaster", (0.42, 0.44, 0.46)), ("brick", (0.42, 0.3, 0.2)),
    ("plaster", (0.6, 0.46, 0.4)),
)  # fmt: skip
ROOM_LIGHTS = ((0.95, 0.62, 0.28), (0.9, 0.75, 0.5), (0.75, 0.82, 0.8))


@dataclass(frozen=True)
class _Finish:
    wall: bpy.types.Material
    frame: bpy.types.Material
    trim: bpy.types.Material
    panes: tuple[bpy.types.Material, ...]
    lit: tuple[bpy.types.Material, ...]
    lit_share: float
    door: bpy.types.Material


def _opening(
    shape: MeshBuilder, at: Vector, u: Vector, out: Vector, size: tuple[float, float], finish: _Finish,
    pane: bpy.types.Material,
    bars: int, depth: float = 0.2,
) -> None:  # fmt: skip
    """Reveals, pane and bars of an opening whose lower left corner is `at`; `out` points to the street."""
    width, height = size
    up = Vector((0, 0, 1))
    corners = [at, at + u * width, at + u * width + up * height, at + up * height]
    for a, b in zip(corners, corners[1:] + corners[:1], strict=True):
        shape.face([a, b, b - out * depth, a - out * depth], finish.trim)
    shape.face([c - out * depth for c in corners], pane)
    thick = 0.07
    yaw = 0.0 if abs(u.x) > 0.5 else 1.5707963
    middle = at + u * width / 2 + up * height / 2 - out * (depth - 0.03)
    for k in range(bars + 1):
        centre = at + u * (thick / 2 + (width - thick) * k / bars) + up * height / 2 - out * (depth - 0.03)
        shape.box(centre, (thick, 0.06, height), finish.frame, yaw)
    for k in (-1, 1):
        shape.box(middle + up * (k * (height - thick) / 2), (width, 0.06, thick), finish.frame, yaw)


def _facade(
    shape: MeshBuilder, rng: np.random.Generator, origin: Vector, u: Vector, out: Vector, width: float, floors: int,
    finish: _Finish,
    shops: bool,
) -> None:  # fmt: skip
    """A wall with one row of openings per floor, from `origin` along the unit vector `u`."""
    storey = 3.2
    bays = max(1, round(width / rng.uniform(2.4, 3.1)))
    bay = width / bays
    up = Vector((0, 0, 1))
    bars = int(rng.integers(2, 4))
    share = rng.uniform(0.45, 0.6)
    for floor in range(floors):
        base = floor * storey
        for k in range(bays):
            left = origin + u * (bay * k) + up * base
            if floor == 0 and shops:
                low, high, wide = 0.35, 2.7, 0.84
            elif floor == 0 and k % 4 == 1:
                low, high, wide = 0.05, 2.35, 0.42
            else:
                low, high, wide = 0.85, 2.55, share
            x0, x1 = bay * (1 - wide) / 2, bay * (1 + wide) / 2
            for a, b, c, d in ((0, x0, 0, storey), (x1, bay, 0, storey), (x0, x1, 0, low), (x0, x1, high, storey)):
                corners = ((a, c), (b, c), (b, d), (a, d))
                shape.face([left + u * s + up * t for s, t in corners], finish.wall)
            door = floor == 0 and not shops and k % 4 == 1
            lit = rng.random() < finish.lit_share * (2.0 if shops and floor == 0 else 1.0)
            pane = (
                finish.door
                if door
                else finish.lit[rng.integers(len(finish.lit))]
                if lit
                else finish.panes[rng.integers(len(finish.panes))]
            )
            _opening(shape, left + u * x0 + up * low, u, out, (x1 - x0, high - low), finish, pane, 1 if door else bars)
            if not door:
                yaw = 0.0 if abs(u.x) > 0.5 else 1.5707963
                shape.box(
                    left + u * (bay / 2) + up * (low - 0.04) + out * 0.05,
                    (x1 - x0 + 0.16, 0.22, 0.08),
                    finish.trim,
                    yaw,
                )


def building(
    shader: Shader,
    rng: np.random.Generator,
    width: float,
    depth: float,
    floors: int,
    facing: float,
    style: int | None = None,
) -> list[bpy.types.Object]:
    """A block with its street wall on x = 0, reaching y = 0 … width.

    Args:
        shader: Makes the materials.
        rng: Source of details.
        width: Along the street, in metres.
        depth: Away from the street.
        floors: Number of storeys of 3.2 m.
        facing: +1 if the street lies towards +x, -1 if towards -x.
        style: Index into WALLS.

    Returns:
        One object with the walls that can be seen from the street and from both ends.
    """
    kind, colour = WALLS[(int(rng.integers(len(WALLS))) if style is None else style) % len(WALLS)]
    offset = float(rng.uniform(-1.5, 1.5))
    if kind == "brick":
        street, ends = (materials.brickwork(shader, colour, axis, offset) for axis in ("x", "y"))
    else:
        street = ends = materials.plaster(shader, colour, offset)
    climate = shader.climate
    frame = shader.plain(
        "frame",
        (0.55, 0.55, 0.53) if rng.random() < 0.6 else (0.05, 0.045, 0.04),
        0.5,
        Warmth(climate.celsius["wall"], 0.8),
    )
    trim = materials.stone(shader, (0.46, 0.44, 0.4), climate.celsius["wall"] + offset - 1.0)
    panes = (materials.window(shader), materials.window(shader))
    level = 1.6 if climate.name == "dusk" else 0.8
    lit = tuple(materials.window(shader, tuple(level * c for c in room)) for room in ROOM_LIGHTS)
    share = {"dusk": 0.16, "night": 0.2, "fog": 0.08}.get(climate.name, 0.0)
    door = shader.plain(
        "door",
        (0.09, 0.045, 0.025) if rng.random() < 0.5 else (0.02, 0.05, 0.06),
        0.5,
        Warmth(climate.celsius["wall"] + 1.0),
    )
    shape = MeshBuilder()
    shops = bool(rng.random() < 0.4)
    height = 3.2 * floors
    for u, out, origin, length, wall, shop in (
        (Vector((0, 1, 0)), Vector((facing, 0, 0)), Vector((0, 0, 0)), width, street, shops),
        (Vector((-facing, 0, 0)), Vector((0, -1, 0)), Vector((0, 0, 0)), depth, ends, False),
    ):
        _facade(shape, rng, origin, u, out, length, floors, _Finish(wall, frame, trim, panes, lit, share, door), shop)
    far = -facing * depth
    shape.face([(0, width, 0), (far, width, 0), (far, width, height), (0, width, height)], ends)
    shape.face([(far, 0, 0), (far, width, 0), (far, width, height), (far, 0, height)], ends)
    middle = (far / 2, width / 2)
    shape.box((*middle, height + 0.3), (depth + 0.5, width + 0.4, 0.22), trim)
    shape.box((*middle, height + 0.08), (depth + 0.3, width + 0.2, 0.24), trim)
    for floor in range(1, floors):
        if floor == 1 or rng.random() < 0.3:
            shape.box((facing * 0.04, width / 2, floor * 3.2 + 0.1), (0.12, width + 0.02, 0.16), trim)
    roof = materials.stone(
        shader, (0.1, 0.06, 0.05) if rng.random() < 0.5 else (0.07, 0.07, 0.075), climate.celsius["wall"] - 4.0
    )
    if rng.random() < 0.55:
        ridge, peak = height + 0.4, height + 0.4 + 0.32 * depth
        low, high, mid = (0.3 * facing, far - 0.3 * facing), (-0.2, width + 0.2), far / 2
        for x in low:
            shape.face([(x, high[0], ridge), (x, high[1], ridge), (mid, high[1], peak), (mid, high[0], peak)], roof)
        for y in high:
            shape.face([(low[0], y, ridge), (low[1], y, ridge), (mid, y, peak)], ends)
    shape.tube([(facing * 0.1, 0.25, 0), (facing * 0.1, 0.25, height)], [0.05, 0.05], frame, 8)
    return [shape.build("building", None)]
