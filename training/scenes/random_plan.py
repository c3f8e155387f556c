"""Scenes drawn at random, for training in any number."""

from __future__ import annotations

from typing import Any

import numpy as np

from training.scenes.climate import Colour
from training.scenes.plan import SIDES, Item, Plan
from training.scenes.traits import COATS, PAINTS, outfits

LIGHTS = {"day": 0.4, "night": 0.28, "dusk": 0.12, "fog": 0.1, "glare": 0.1}
# Chance of one of a kind beside the road.
_FURNITURE = (("bollard", 0.25), ("bin", 0.4), ("bench", 0.3), ("sign", 0.6), ("bush", 0.4), ("bicycle", 0.3))
# Length of the road in metres that a vehicle takes, by kind.
_LONG = {"car": 5.8, "truck": 9.0}


def _one(rng: np.random.Generator, values: dict[str, Colour]) -> Colour:
    return values[str(rng.choice(list(values)))]


def _vehicle(rng: np.random.Generator, x: float, y: float, heading: float, driving: bool) -> Item:
    kind = "truck" if rng.random() < 0.12 else "car"
    return Item(kind, x, y, heading, {"driving": driving, "paint": _one(rng, PAINTS)})


def _vehicles(rng: np.random.Generator, half: float) -> list[Item]:
    vehicles = []
    for side in (-1, 1):
        heading = 0.0 if side > 0 else 180.0
        parked = rng.random() < 0.6
        y = rng.uniform(8, 13)
        while parked and y < 45:
            if rng.random() < 0.7:
                vehicles.append(_vehicle(rng, side * (half - 1.0), float(y), heading, False))
            y += rng.uniform(5.6, 7.5)
        y = rng.uniform(11, 22)
        while y < 60:
            vehicles.append(_vehicle(rng, side * 0.95 if parked else side * half / 2, float(y), heading, True))
            y += rng.uniform(12, 30)
    return vehicles


def _cyclists(rng: np.random.Generator, half: float) -> list[Item]:
    cyclists = []
    for side in (-1, 1):
        if rng.random() < 0.3:
            heading = (0.0 if side > 0 else 180.0) + float(rng.uniform(-6, 6))
            cyclists.append(
                Item("cyclist", side * 0.45 * half, float(rng.uniform(7, 24)), heading, _clothes(rng, "cycle"))
            )
    return cyclists


def _clothes(rng: np.random.Generator, pose: str) -> dict[str, Any]:
    return {"outfit": str(rng.choice(outfits(pose))), "coat": _one(rng, COATS)}


def _people(rng: np.random.Generator, half: float, walk: tuple[float, float], crossing: float | None) -> list[Item]:
    people = []
    for _ in range(int(rng.integers(3, 9))):
        side = float(rng.choice([-1.0, 1.0]))
        heading = float(rng.choice([0.0, 180.0]) + rng.uniform(-12, 12))
        pose = str(rng.choice(["walk", "run", "wave", "phone"], p=[0.7, 0.1, 0.08, 0.12]))
        how = {"pose": pose, "stride": 1.0 if rng.random() < 0.8 else 0.1} | _clothes(rng, pose)
        people.append(Item("person", side * float(rng.uniform(*walk)), float(rng.uniform(6.5, 32)), heading, how))
    for _ in range(int(rng.integers(1, 4)) if crossing is not None or rng.random() < 0.4 else 0):
        y = rng.uniform(8, 20) if crossing is None else crossing + rng.uniform(0.6, 3.0)
        how = {"pose": str(rng.choice(["walk", "run"], p=[0.8, 0.2]))}
        how |= _clothes(rng, how["pose"])
        heading = float(rng.choice([-90.0, 90.0]))
        people.append(Item("person", float(rng.uniform(-0.9, 0.9)) * half, float(y), heading, how))
    return people


def _bench(rng: np.random.Generator, x: float, y: float, heading: float) -> list[Item]:
    """A bench, perhaps with people on it."""
    seats = [offset for offset in (-0.42, 0.42) if rng.random() < 0.5]
    towards = -1.0 if heading < 0 else 1.0
    people = [
        Item("person", x + 0.06 * towards, y + seat, heading, {"pose": "sit"} | _clothes(rng, "sit")) for seat in seats
    ]
    return [Item("bench", x, y, heading), *people]


def _collides(item: Item, other: Item) -> bool:
    if other.kind in _LONG:
        return abs(item.x - other.x) < 2.1 and abs(item.y - other.y) < (_LONG[item.kind] + _LONG[other.kind]) / 2
    return abs(item.x - other.x) < 1.5 and abs(item.y - other.y) < _LONG[item.kind] / 2 + 0.2


def _without_collisions(items: list[Item]) -> list[Item]:
    """Leave out the vehicles that would stand in something else or in a vehicle before them."""
    kept = [item for item in items if item.kind not in _LONG]
    for item in items:
        if item.kind in _LONG and not any(_collides(item, other) for other in kept):
            kept.append(item)
    return kept


def random_plan(seed: int) -> Plan:
    """A street composed by chance; the same seed gives the same plan."""
    rng = np.random.default_rng((seed, 0))
    light = str(rng.choice(list(LIGHTS), p=list(LIGHTS.values())))
    road, verge, pavement = float(rng.uniform(6.4, 8.4)), float(rng.uniform(0.7, 1.5)), float(rng.uniform(1.8, 3.0))
    half = road / 2
    kerb = half + 0.18 + verge
    crossing = float(rng.uniform(7, 13)) if rng.random() < 0.3 else None
    items = _vehicles(rng, half) + _people(rng, half, (kerb + 0.3, kerb + pavement - 0.4), crossing)
    if crossing is not None:
        items = [
            i for i in items if i.kind not in _LONG or not crossing - 3.5 < i.y < crossing + 4.0 + _LONG[i.kind] / 2
        ]
    items += _cyclists(rng, half)
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
    for kind, chance in _FURNITURE:
        if rng.random() < chance:
            side = float(rng.choice([-1.0, 1.0]))
            x = side * (half + 0.45 if kind in ("bollard", "sign", "bicycle") else kerb + pavement + 0.7)
            y, heading = float(rng.uniform(7, 18)), -90.0 * side
            items += _bench(rng, x, y, heading) if kind == "bench" else [Item(kind, x, y, heading)]
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
        _sun(rng, light), crossing, grain=float(rng.uniform(0.9, 3.0)), stripes=float(rng.uniform(0.4, 3.5)),
    )  # fmt: skip


def _sun(rng: np.random.Generator, light: str) -> float:
    """Azimuth: anywhere by day, ahead towards evening, in the picture where it glares."""
    reach = {"day": 180.0, "glare": 10.0}.get(light, 40.0)
    return float(rng.uniform(-reach, reach))
