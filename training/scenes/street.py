"""The ground and what borders it: road, markings, kerbs, pavements, grass, rows of houses, parks and the horizon."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from training.scenes import materials
from training.scenes.buildings import building
from training.scenes.grove import Grove
from training.scenes.meshes import MeshBuilder, place
from training.scenes.plan import Plan
from training.scenes.shading import Shader
from training.scenes.vegetation import blades, bush, litter

REACH = 190.0
KERB = 0.13
Numbering = Callable[[str], int]


def ground(shader: Shader, plan: Plan, rng: np.random.Generator, number: Numbering) -> None:
    """Road with markings, kerbs, verges, pavements and the grass behind them."""
    half = plan.road / 2
    asphalt, paint = materials.asphalt(shader), materials.marking(shader)
    road = MeshBuilder()
    road.face([(-half, -12, 0), (half, -12, 0), (half, REACH, 0), (-half, REACH, 0)], asphalt)

    def stripe(x: float, y: float, wide: float, long: float) -> None:
        x0, x1, y0, y1 = x - wide / 2, x + wide / 2, y, y + long
        road.face([(x0, y0, 0.004), (x1, y0, 0.004), (x1, y1, 0.004), (x0, y1, 0.004)], paint)

    gap = (-99.0, -99.0) if plan.crossing is None else (plan.crossing - 2.0, plan.crossing + 5.5)
    for y in np.arange(-3.0, 150.0, 6.0):
        if not gap[0] - 3.0 < y < gap[1]:
            stripe(0.0, float(y), 0.12, 3.0)
    for side in (-1, 1):
        stripe(side * (half - 0.3), -12, 0.1, 11.0 + gap[0] if plan.crossing else REACH)
        if plan.crossing:
            stripe(side * (half - 0.3), gap[1], 0.1, REACH - gap[1])
    if plan.crossing:
        for x in np.arange(-half + 0.65, half - 0.3, 0.95):
            stripe(float(x), plan.crossing, 0.5, 3.6)
        stripe(half / 2, plan.crossing - 1.6, half - 0.6, 0.35)
    iron = materials.stone(shader, (0.09, 0.085, 0.08), shader.climate.celsius["road"] + 3.0)
    cover = (rng.uniform(-0.4, 0.4) * plan.road, rng.uniform(6.0, 16.0), 0.005)
    angles = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    road.face([(cover[0] + 0.34 * np.cos(a), cover[1] + 0.34 * np.sin(a), cover[2]) for a in angles], iron)
    place([road.build("road", None)], 0, 0, index=number("road"))

    walk, edge, grass = MeshBuilder(), materials.stone(shader), MeshBuilder()
    slabs, turf = materials.paving(shader), materials.soil(shader)
    turf_parts = []
    for side in (-1, 1):
        a, b = half + 0.18, half + 0.18 + plan.verge
        c = b + plan.pavement
        for y in np.arange(-12.0, REACH, 1.0):
            walk.box((side * (half + 0.09), y + 0.5, KERB / 2 - 0.02), (0.18, 0.985, KERB + 0.04), edge)
        walk.box((side * (b + c) / 2, REACH / 2 - 6, KERB / 2 - 0.02), (c - b, REACH + 12, KERB + 0.036), slabs)
        if plan.verge > 0.05:
            grass.box((side * (a + b) / 2, REACH / 2 - 6, KERB / 2 - 0.03), (b - a, REACH + 12, KERB + 0.04), turf)
            turf_parts.append(
                blades(shader, rng, (min(side * a, side * b), 1.0, max(side * a, side * b), 26.0), 900, KERB - 0.02)
            )
        if (plan.left if side < 0 else plan.right) != "houses":
            near, far = sorted((side * c, side * (c + 7)))
            turf_parts.append(blades(shader, rng, (near, 3.0, far, 32.0), 420, KERB - 0.03))
        grass.box((side * (c + 60), REACH / 2 - 6, KERB / 2 - 0.05), (120, REACH + 40, KERB + 0.04), turf)
    place([walk.build("pavement", None)], 0, 0, index=number("sidewalk"))
    place([grass.build("grass", None), *turf_parts], 0, 0, index=number("grass"))
    if any(item.options.get("leaves") in ("autumn", "red") for item in plan.items):
        area = (-half - 4, 1.5, half + 4, 40.0)
        place([litter(shader, rng, area, 700, 0.01)], 0, 0, index=number("road"))


def borders(shader: Shader, grove: Grove, plan: Plan, rng: np.random.Generator, number: Numbering) -> None:
    """Houses, park trees or hedges along both sides, and what closes the view at the end."""
    edge = plan.road / 2 + 0.18 + plan.verge + plan.pavement
    for side, kind in ((-1, plan.left), (1, plan.right)):
        if kind == "houses":
            _houses(shader, rng, number, side * (edge + 0.3), side)
            continue
        for y in np.arange(9.0, 95.0, 8.5):
            x = side * (edge + rng.uniform(3.0, 11.0))
            leaves = str(rng.choice(["green", "dark"]))
            parts = grove.tree(rng, rng.uniform(7.5, 12.0), leaves)
            place(parts, x, y + rng.uniform(-2, 2), KERB, index=number("tree"))
        if kind == "hedge":
            for y in np.arange(3.0, 50.0, 7.0):
                parts = bush(shader, rng, (0.9, 6.6, rng.uniform(1.1, 1.25)), "dark", trimmed=True)
                place(parts, side * (edge + 0.75), y + 3.3, KERB, index=number("bush"))
        _houses(shader, rng, number, side * (edge + 24), side, first=30.0)
    for x in np.arange(-26.0, 27.0, 8.0):
        parts = grove.tree(rng, rng.uniform(9, 14), str(rng.choice(["dark", "green"])))
        place(parts, x + rng.uniform(-2, 2), 128 + rng.uniform(-6, 6), index=number("tree"))
    for x, wide in ((-42.0, 34.0), (-4.0, 28.0), (28.0, 40.0)):
        parts = building(shader, rng, wide, 16.0, int(rng.integers(4, 8)), 1.0)
        place(parts, x, 158 + rng.uniform(-8, 8), heading=90.0, index=number("building"))


def _houses(
    shader: Shader, rng: np.random.Generator, number: Numbering, x: float, side: int, first: float = -6.0
) -> None:
    y = first
    while y < 120.0:
        width = float(rng.uniform(10.0, 18.0))
        floors = int(rng.integers(2, 6))
        place(
            building(shader, rng, width, 11.0, floors, -side),
            x + side * rng.uniform(0, 0.8),
            y,
            KERB,
            index=number("building"),
        )
        y += width + (float(rng.uniform(3.0, 7.0)) if rng.random() < 0.25 else 0.05)
