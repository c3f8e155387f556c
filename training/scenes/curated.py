"""The hand-composed scenes behind app/examples."""

from __future__ import annotations

from training.scenes.plan import Item, Plan
from training.scenes.traits import COATS

SEED = 20260


def _row(
    kind: str, x: float, start: float, step: float, count: int, heading: float = 0.0, **options: object
) -> tuple[Item, ...]:
    return tuple(Item(kind, x, start + step * k, heading, dict(options)) for k in range(count))


def _person(x: float, y: float, heading: float, **options: object) -> Item:
    return Item("person", x, y, heading, dict(options))


def _car(x: float, y: float, heading: float, **options: object) -> Item:
    return Item("car", x, y, heading, dict(options))


ORANGE, WHITE, BLACK, RED, BLUE = (COATS[name] for name in ("orange", "white", "black", "red", "blue"))

PLANS = (
    Plan(
        "day_roadworks", "day", SEED + 1,
        (
            *(Item("cone", 0.35 + 0.3 * k, 14.6 - 2.25 * k) for k in range(5)),
            Item("barrier", 1.6, 15.4), Item("cone", 3.1, 11.2),
            _person(2.2, 13.2, 200, coat=ORANGE, outfit="jacket", stride=0.15),
            _person(-5.6, 12.0, 175, outfit="dress"), _person(-5.2, 19.0, 10, outfit="backpack"),
            _person(5.9, 17.0, 185, outfit="long"),
            _car(-1.8, 15.5, 180, driving=True, style="hatchback", paint=(0.5, 0.51, 0.53)),
            _car(-1.75, 34.0, 180, driving=True, style="suv"), _car(2.4, 23.0, 0, style="van", paint=(0.7, 0.7, 0.68)),
            *_row("tree", 4.3, 13.0, 9.5, 6, height=7.5), *_row("tree", -4.3, 17.0, 10.0, 6, height=7.0, leaves="lime"),
            Item("lamp", -4.2, 11.0), Item("lamp", 4.2, 27.0, 180), Item("sign", 4.1, 9.0),
        ),
        sun=215, camera=(1.0, 1.5, -3.0, -1.0),
        sentences=("make the cones clear", "brighten the trees and make the cars stand out", "the leftmost person",
                   "bias the road towards infrared"),
    ),
    Plan(
        "day_crossing", "day", SEED + 2,
        (
            _person(-2.1, 9.3, 90, coat=RED, outfit="jacket"), _person(-0.2, 10.3, 92, coat=BLACK, outfit="long"),
            _person(2.4, 9.0, -88, outfit="backpack", coat=WHITE), _person(5.6, 12.0, 185, outfit="dress"),
            _person(6.4, 20.0, 0),
            _car(-1.8, 16.5, 180, driving=True, style="sedan", paint=(0.3, 0.02, 0.018)),
            _car(1.9, 27.0, 0, driving=True, style="hatchback"),
            _car(-2.4, 30.0, 180, style="suv"),
            Item("cone", 3.95, 6.6), Item("cone", 4.3, 8.0), Item("cone", -4.0, 9.5),
            *_row("tree", -4.4, 16.0, 9.0, 6, height=8.0, leaves="green"),
            *_row("tree", 4.4, 17.0, 11.0, 5, height=8.5, leaves="autumn"),
            Item("lamp", 4.2, 14.0, 180), Item("bench", 8.4, 13.0, -90), Item("sign", -4.0, 8.5),
            Item("bin", -6.8, 12.0),
        ),
        right="park", crossing=8.0, sun=140, camera=(0.6, 1.5, 1.5, -1.5),
        sentences=("make the people on the crossing stand out", "the rightmost cone",
                   "make the nearest car more detailed", "reduce the brightness of the buildings"),
    ),
    Plan(
        "day_parking", "day", SEED + 3,
        (
            _car(2.55, 8.6, 0, style="hatchback", paint=(0.025, 0.055, 0.17)),
            _car(2.5, 19.5, 0, style="sedan", paint=(0.6, 0.6, 0.6)),
            _car(2.55, 25.2, 0, style="suv"), _car(-2.55, 10.0, 180, style="suv", paint=(0.02, 0.021, 0.024)),
            _car(-2.5, 16.0, 180, style="sedan"), _car(-2.5, 22.0, 180, style="hatchback", paint=(0.3, 0.02, 0.018)),
            _car(-0.6, 31.0, 180, driving=True, style="sedan"),
            Item("cone", 1.75, 12.3), Item("cone", 1.8, 14.2), Item("cone", 1.75, 16.2),
            _person(1.0, 15.5, 210, coat=BLUE, outfit="backpack"), _person(5.7, 14.0, 180, outfit="long"),
            _person(-5.6, 11.5, 0),
            _person(-5.1, 11.9, 2, outfit="dress"), _person(6.2, 24.0, 10),
            *_row("tree", -4.3, 12.5, 8.5, 7, height=7.5, leaves="autumn"),
            *_row("tree", 4.3, 12.0, 8.5, 7, height=7.0, leaves="red"),
            Item("bin", 6.9, 9.0), Item("bin", 6.9, 9.9), Item("lamp", -4.2, 20.0),
        ),
        road=7.4, sun=230, camera=(0.3, 1.55, 0.5, -1.5),
        sentences=("brighten the trees and make the cones clear", "the nearest car on the right",
        "make the people stand out",
                   "bias the buildings towards visible"),
    ),
    Plan(
        "day_campus", "day", SEED + 4,
        (
            *(Item("bollard", -2.6 + 1.3 * k, 9.5) for k in range(5)),
            _person(-0.7, 12.5, 178, coat=BLACK, outfit="jacket"),
            _person(0.2, 12.8, 183, outfit="dress", coat=(0.5, 0.2, 0.06)),
            _person(1.6, 20.0, 0, outfit="backpack"), _person(-1.9, 26.0, 175), _person(4.9, 10.5, 200, outfit="long"),
            _car(1.7, 33.0, 180, driving=True, style="van", paint=(0.7, 0.7, 0.68)), _car(-2.0, 40.0, 0, style="sedan"),
            _car(-2.2, 17.5, 0, style="hatchback", paint=(0.16, 0.17, 0.18)),
            Item("cone", 2.75, 7.5), Item("cone", 2.9, 8.6), Item("bench", 6.3, 14.0, -90), Item("bush", -4.6, 8.5),
            Item("bush", 5.4, 7.2),
            *_row("tree", 4.2, 15.0, 9.0, 6, height=9.0, leaves="lime"),
            *_row("tree", -4.2, 12.0, 9.0, 6, height=8.5, leaves="autumn"),
        ),
        left="hedge", right="park", road=6.4, verge=0.9, sun=120, camera=(-0.3, 1.5, 1.0, -1.0),
        sentences=("make the bollards and the cones clear", "the person in the orange coat", "darken the sky",
                   "more texture for the trees"),
    ),
    Plan(
        "dusk_avenue", "dusk", SEED + 5,
        (
            _car(-1.8, 13.0, 180, driving=True, style="sedan", paint=(0.5, 0.51, 0.53)),
            _car(-1.7, 27.0, 180, driving=True, style="suv"),
            _car(1.8, 20.0, 0, driving=True, style="hatchback", paint=(0.3, 0.02, 0.018)),
            _car(2.5, 33.0, 0, style="van"),
            _person(5.6, 11.5, 185, outfit="long", coat=BLACK), _person(6.3, 12.0, 182, outfit="jacket"),
            _person(-5.7, 13.0, 5, outfit="backpack"),
            _person(-6.2, 20.0, 175),
            *(Item("cone", 3.0 - 0.12 * k, 7.0 + 2.2 * k) for k in range(4)),
            *_row("lamp", -4.2, 12.0, 16.0, 5), *_row("lamp", 4.2, 17.0, 16.0, 5, 180.0),
            *_row("tree", 4.4, 13.0, 8.0, 7, height=7.5, leaves="autumn"),
            *_row("tree", -4.4, 16.0, 8.0, 7, height=7.5, leaves="green"),
        ),
        sun=25, camera=(1.3, 1.5, -2.0, -1.0),
        sentences=("make the people and the cones clear", "the red car on the right", "brighten the road",
        "the cones on the right"),
    ),
    Plan(
        "dusk_park", "dusk", SEED + 6,
        (
            _person(4.9, 9.5, 190, coat=RED, outfit="jacket"), _person(5.7, 16.0, 0, outfit="dress"),
            _person(-1.4, 17.0, 80, outfit="backpack"),
            _person(-5.4, 14.0, 170, outfit="long", coat=BLACK),
            _car(1.9, 14.5, 0, driving=True, style="suv", paint=(0.02, 0.021, 0.024)),
            _car(-1.9, 29.0, 180, driving=True, style="hatchback"),
            _car(-2.5, 11.5, 180, style="hatchback", paint=(0.6, 0.6, 0.6)),
            Item("cone", 0.2, 8.0), Item("cone", 0.05, 10.0), Item("cone", -0.1, 12.0), Item("bench", 7.6, 12.0, -90),
            Item("bench", 7.6, 18.0, -90),
            Item("bush", 8.6, 9.0), Item("lamp", 4.2, 11.0, 180), Item("lamp", -4.2, 22.0),
            Item("lamp", 4.2, 32.0, 180),
            *_row("tree", -4.4, 10.0, 9.0, 6, height=8.5, leaves="green"),
            *_row("tree", 4.4, 16.0, 9.0, 5, height=8.0, leaves="red"),
        ),
        left="hedge", right="park", sun=-35, camera=(0.8, 1.5, 3.0, -0.5),
        sentences=("make the cones clear", "the person in the red jacket",
        "raise the brightness of the trees and the grass"),
    ),
    Plan(
        "night_headlights", "night", SEED + 7,
        (
            _car(-1.8, 17.0, 180, driving=True, style="sedan"), _car(-1.8, 34.0, 180, driving=True, style="suv"),
            _car(2.5, 12.5, 0, style="hatchback", paint=(0.16, 0.17, 0.18)), _car(2.5, 18.0, 0, style="suv"),
            _person(-4.6, 11.5, 175, outfit="long", coat=BLACK), _person(-5.4, 12.2, 172, outfit="jacket", coat=BLACK),
            _person(0.3, 21.5, -85, outfit="jacket", coat=BLACK), _person(5.8, 10.5, 5, outfit="backpack", coat=BLUE),
            _person(6.1, 22.0, 180),
            Item("cone", 1.2, 8.4), Item("cone", 1.15, 10.2), Item("cone", 1.1, 12.0),
            *_row("lamp", 4.2, 24.0, 18.0, 4, 180.0), Item("lamp", -4.2, 42.0),
            *_row("tree", -4.4, 14.0, 9.0, 6, height=8.0, leaves="green"),
            *_row("tree", 4.4, 15.5, 9.0, 6, height=7.5, leaves="autumn"),
        ),
        camera=(0.4, 1.5, -1.0, -1.0),
        sentences=("make the people clear", "the nearest car with its headlights on", "make the cones stand out",
        "reduce the noise in the road"),
    ),
    Plan(
        "night_park", "night", SEED + 8,
        (
            _person(-0.9, 12.0, 178, outfit="jacket", coat=BLACK), _person(-0.1, 12.4, 183, outfit="dress", coat=BLUE),
            _person(5.5, 9.5, 200, outfit="long", coat=BLACK), _person(-5.4, 15.0, 10, outfit="backpack"),
            _person(1.9, 30.0, 180),
            _car(2.3, 16.0, 0, style="sedan", paint=(0.5, 0.51, 0.53)),
            _car(1.8, 40.0, 0, driving=True, style="hatchback"),
            _car(-1.9, 25.0, 180, driving=True, style="van", paint=(0.7, 0.7, 0.68)),
            Item("bench", 7.7, 12.5, -90), Item("bush", -5.2, 8.0), Item("cone", -2.6, 8.0), Item("cone", -2.5, 10.0),
            Item("lamp", 4.2, 14.0, 180), Item("lamp", -4.2, 29.0), Item("lamp", 4.2, 44.0, 180),
            *_row("tree", 4.4, 17.0, 9.0, 5, height=9.0, leaves="green"),
            *_row("tree", -4.4, 12.0, 9.0, 6, height=8.5, leaves="lime"),
        ),
        left="hedge", right="park", camera=(0.2, 1.5, 1.0, -0.5),
        sentences=("make the two people on the road clear", "increase the brightness of the trees",
        "bias the people towards infrared",
                   "the cones"),
    ),
    Plan(
        "night_roadworks", "night", SEED + 9,
        (
            *(Item("cone", 0.5 + 0.32 * k, 14.0 - 2.0 * k) for k in range(5)), Item("barrier", 1.9, 15.2),
            _person(2.3, 12.6, 215, coat=ORANGE, outfit="jacket", stride=0.1),
            _person(2.9, 17.5, 160, outfit="jacket", coat=BLACK),
            _person(-5.4, 10.5, 180, outfit="dress"), _person(-5.9, 17.0, 0, outfit="long"),
            _person(6.0, 13.0, 175, outfit="backpack", coat=BLACK),
            _car(-1.8, 25.0, 0, driving=True, style="hatchback"),
            _car(-1.9, 11.5, 0, driving=True, style="sedan", paint=(0.3, 0.02, 0.018)),
            _car(2.5, 22.0, 0, style="van", paint=(0.7, 0.7, 0.68)),
            *_row("lamp", -4.2, 13.0, 20.0, 4), Item("lamp", 4.2, 30.0, 180),
            *_row("tree", 4.4, 12.0, 9.0, 6, height=7.5, leaves="green"),
            *_row("tree", -4.4, 18.0, 10.0, 5, height=7.0, leaves="autumn"),
        ),
        camera=(0.9, 1.5, -1.5, -1.0),
        sentences=("make the cones clear", "make the buildings darker and the people stand out",
        "the person standing at the barrier",
                   "brighten the trees twice"),
    ),
    Plan(
        "fog_cyclist", "fog", SEED + 10,
        (
            Item("cyclist", 1.5, 10.0, 176, {"outfit": "jacket", "coat": BLACK}),
            _car(-1.8, 21.0, 180, driving=True, style="sedan", paint=(0.5, 0.51, 0.53)),
            Item("truck", -1.75, 44.0, 180, {"driving": True}),
            _car(2.5, 25.0, 0, style="suv", paint=(0.02, 0.021, 0.024)),
            _person(-5.5, 13.0, 172, outfit="long", coat=BLACK), _person(-1.0, 30.0, 88, outfit="backpack", coat=WHITE),
            _person(5.9, 19.0, 182, outfit="jacket", coat=BLUE), _person(5.4, 33.0, 175, outfit="jacket"),
            Item("cone", -0.1, 8.5), Item("cone", -0.15, 11.0), Item("cone", -0.2, 13.5),
            Item("lamp", 4.2, 14.0, 180), Item("lamp", -4.2, 22.0), Item("sign", 4.1, 9.0),
            *_row("tree", -4.4, 14.0, 9.0, 4, height=8.0, leaves="autumn"),
            *_row("tree", 4.4, 17.0, 9.0, 3, height=7.5, leaves="green"),
        ),
        right="park", camera=(0.5, 1.5, 0.0, -1.0),
        sentences=("make the people clear", "the cyclist", "bias the cars towards infrared",
                   "make the cones stand out"),
    ),
    Plan(
        "glare_crossing", "glare", SEED + 11,
        (
            _person(-1.6, 9.4, 90, coat=BLACK, outfit="jacket"), _person(0.1, 10.0, 88, coat=BLUE, outfit="backpack"),
            _person(2.6, 9.2, -92, coat=RED, outfit="dress"), _person(-5.6, 12.5, 178, outfit="long", coat=BLACK),
            Item("cyclist", -2.3, 15.5, 181, {"outfit": "jacket", "coat": WHITE}),
            _car(-1.8, 21.0, 180, driving=True, style="hatchback", paint=(0.025, 0.055, 0.17)),
            _car(2.5, 19.0, 0, style="sedan", paint=(0.5, 0.51, 0.53)), _person(5.8, 15.0, 5, outfit="backpack"),
            Item("cone", 3.95, 6.8), Item("cone", 4.2, 8.4), Item("lamp", -4.2, 13.0), Item("sign", 4.0, 11.0),
            *_row("tree", -4.5, 18.0, 10.0, 4, height=7.0, leaves="autumn"),
            *_row("tree", 4.5, 20.0, 10.0, 4, height=6.5, leaves="lime"),
        ),
        crossing=8.0, sun=3.0, camera=(0.5, 1.5, 0.0, -0.5),
        sentences=("make the people on the crossing stand out", "darken the sky", "the cones on the right",
                   "bias the cars towards visible"),
    ),
    Plan(
        "night_truck", "night", SEED + 12,
        (
            Item("truck", -1.75, 15.0, 180, {"driving": True, "paint": RED, "box": (0.68, 0.68, 0.66)}),
            _person(1.7, 14.0, -88, outfit="jacket", coat=BLACK),
            _person(5.6, 10.5, 186, outfit="backpack", coat=BLACK),
            _person(6.1, 17.0, 178, outfit="jacket", coat=BLUE, pose="phone"),
            Item("cyclist", 2.6, 18.0, 2, {"outfit": "jacket", "coat": BLACK}),
            _car(2.45, 26.0, 0, style="hatchback", paint=(0.5, 0.51, 0.53)),
            _car(-1.8, 38.0, 180, driving=True, style="sedan"),
            Item("cone", 0.9, 7.6), Item("cone", 0.75, 9.6), Item("cone", 0.6, 11.6),
            *_row("lamp", 4.2, 20.0, 18.0, 3, 180.0), Item("lamp", -4.2, 30.0),
            *_row("tree", 4.4, 14.5, 9.0, 4, height=7.5, leaves="green"),
            *_row("tree", -4.4, 24.0, 9.0, 4, height=8.0, leaves="autumn"),
        ),
        camera=(0.6, 1.5, -2.0, -0.5),
        sentences=("make the people clear", "the truck", "bias the truck towards infrared", "brighten the trees twice"),
        stripes=2.6, grain=2.2,
    ),
    Plan(
        "day_bench", "day", SEED + 13,
        (
            Item("bench", 5.1, 10.4, -90), _person(5.0, 10.0, -90, pose="sit", outfit="jacket", coat=RED),
            _person(5.0, 10.8, -90, pose="sit", outfit="jacket", coat=BLUE),
            _person(-0.4, 11.5, 182, pose="run", outfit="jacket", coat=WHITE),
            _person(-5.3, 9.5, 150, pose="wave", outfit="jacket", coat=BLACK),
            _person(-5.6, 14.0, 176, pose="phone", outfit="long", coat=BLACK),
            Item("cyclist", 1.6, 13.0, 178, {"outfit": "backpack", "coat": ORANGE}), Item("bicycle", 4.2, 8.3, 95),
            Item("truck", -2.3, 24.0, 0, {"paint": (0.025, 0.055, 0.17)}),
            _car(-2.4, 15.5, 0, style="suv", paint=(0.72, 0.72, 0.7)),
            _car(1.8, 30.0, 180, driving=True, style="sedan"),
            Item("cone", -1.1, 9.0), Item("cone", -1.15, 11.4), Item("lamp", 4.2, 20.0, 180),
            *_row("tree", 4.5, 16.0, 9.0, 4, height=8.0, leaves="lime"),
            *_row("tree", -4.5, 13.0, 9.0, 5, height=7.5, leaves="green"),
        ),
        right="park", sun=150, camera=(0.9, 1.5, 1.0, -1.5),
        sentences=("make the cyclist stand out", "the people sitting on the bench", "brighten the trees",
                   "bias the truck towards infrared"),
    ),
)  # fmt: skip
