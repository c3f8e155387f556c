"""Scenes drawn at random, for training in any number."""

from __future__ import annotations

import numpy as np

from training.scenes.plan import SIDES, Item, Plan


def _cars(rng: np.random.Generator, half: float) -> list[Item]:
    cars = []
    for side in (-1, 1):
        heading = 0.0 if side > 0 else 180.0
        parked = rng.random() < 0.6
        y = rng.uniform(8, 13)
        while parked and y < 45:
            if rng.random() < 0.7:
                cars.append(Item("car", side * (half - 1.0), float(y), heading))
            y += rng.uniform(5.6, 7.5)
        y = rng.uniform(11, 22)
        while y < 60:
            cars.append(Item("car", side * 0.95 if parked else side * half / 2, float(y), heading, {"driving": True}))
            y += rng.uniform(12, 30)
    return cars


def _people(rng: np.random.Generator, half: float, walk: tuple[float, float], crossing: float | None) -> list[Item]:
    people = []
    for _ in range(int(rng.integers(3, 9))):
        side = float(rng.choice([-1.0, 1.0]))
        heading = float(rng.choice([0.0, 180.0]) + rng.uniform(-12, 12))
        stride = 1.0 if rng.random() < 0.8 else 0.1
        people.append(
            Item("person", side * float(rng.uniform(*walk)), float(rng.uniform(6.5, 32)), heading, {"stride": stride})
        )
    for _ in range(int(rng.integers(1, 4)) if crossing is not None or rng.random() < 0.4 else 0):
        y = rng.uniform(8, 20) if crossing is None else crossing + rng.uniform(0.6, 3.0)
        people.append(Item("person", float(rng.uniform(-0.9, 0.9)) * half, float(y), float(rng.choice([-90.0, 90.0]))))
    return people


def _without_collisions(items: list[Item]) -> list[Item]:
    """Leave out the cars that would stand in something else or in a car before them."""
    kept: list[Item] = [item for item in items if item.kind != "car"]
    for item in items:
        if item.kind == "car" and not any(
            abs(item.x - other.x) < (2.1 if other.kind == "car" else 1.35)
            and abs(item.y - other.y) < (5.8 if other.kind == "car" else 3.1)
            for other in kept
        ):
            kept.append(item)
    return kept


def random_plan(seed: int) -> Plan:
    """A street composed by chance; the same seed gives the same plan."""
    rng = np.random.default_rng((seed, 0))
    light = str(rng.choice(["day", "dusk", "night"], p=[0.5, 0.15, 0.35]))
    road, verge, pavement = float(rng.uniform(6.4, 8.4)), float(rng.uniform(0.7, 1.5)), float(rng.uniform(1.8, 3.0))
    half = road / 2
    kerb = half + 0.18 + verge
    crossing = float(rng.uniform(7, 13)) if rng.random() < 0.3 else None
    items = _cars(rng, half) + _people(rng, half, (kerb + 0.3, kerb + pavement - 0.4), crossing)
    if crossing is not None:
        items = [i for i in items if i.kind != "car" or not crossing - 3.5 < i.y < crossing + 6.5]
    for side in (-1, 1):
        height, leaves = float(rng.uniform(6.5, 9.5)), str(rng.choice(["green", "dark", "autumn", "red", "lime"]))
        if rng.random() < 0.85:
            items += [
                Item("tree", side * (half + 0.2 + verge / 2), float(y), 0.0,
                {"height": height * float(rng.uniform(0.88, 1.12)), "leaves": leaves})
                for y in np.arange(rng.uniform(10, 17), 80, rng.uniform(8, 12))
            ]  # fmt: skip
        lamps = np.arange(rng.uniform(12, 26), 90, rng.uniform(16, 26))
        items += [Item("lamp", side * (half + 0.5), float(y), 90.0 * (1 + side)) for y in lamps]
    if rng.random() < 0.75:
        start, end = rng.uniform(0.1, half - 0.6, 2)
        count, first, step = int(rng.integers(2, 7)), rng.uniform(5.5, 10), rng.uniform(1.3, 2.4)
        shares = np.linspace(0, 1, count)
        items += [Item("cone", float(start + (end - start) * s), float(first + step * k)) for k, s in enumerate(shares)]
        if rng.random() < 0.4:
            items.append(Item("barrier", half - 1.4, float(first + step * count + 0.8)))
    for kind, chance in (("bollard", 0.25), ("bin", 0.4), ("bench", 0.3), ("sign", 0.6), ("bush", 0.4)):
        if rng.random() < chance:
            side = float(rng.choice([-1.0, 1.0]))
            x = half + 0.45 if kind in ("bollard", "sign") else kerb + pavement + 0.7
            items.append(Item(kind, side * x, float(rng.uniform(7, 18)), -90.0 * side))
    items = _without_collisions(items)
    left, right = (str(v) for v in rng.choice(SIDES, 2, p=[0.55, 0.25, 0.2]))
    camera = (
        float(rng.uniform(-0.3, 1.6)),
        float(rng.uniform(1.35, 1.7)),
        float(rng.uniform(-5, 5)),
        float(rng.uniform(-2, 0)),
    )
    return Plan(
        f"scene_{seed:05d}", light, seed, tuple(items), left, right, road, pavement, verge, camera,
        float(rng.uniform(50, 66)),
        float(rng.uniform(0, 360)) if light == "day" else float(rng.uniform(-40, 40)), crossing,
    )  # fmt: skip
