"""Phrases that are true of a thing of a plan, from which referring expressions are made; needs no Blender."""

from __future__ import annotations

from training.scenes.climate import Colour, climate
from training.scenes.plan import Item, Plan

POSES = ("walk", "run", "wave", "phone", "sit", "cycle")
OUTFITS = ("jacket", "long", "dress", "backpack")
# Linear RGB a person would call by these names.
COATS: dict[str, Colour] = {
    "orange": (0.7, 0.16, 0.02),
    "white": (0.6, 0.59, 0.56),
    "black": (0.012, 0.013, 0.016),
    "red": (0.36, 0.025, 0.025),
    "blue": (0.03, 0.09, 0.25),
    "yellow": (0.6, 0.42, 0.03),
    "green": (0.04, 0.14, 0.05),
}
PAINTS: dict[str, Colour] = {
    "silver": (0.5, 0.51, 0.53),
    "white": (0.72, 0.72, 0.7),
    "black": (0.02, 0.021, 0.024),
    "red": (0.3, 0.02, 0.018),
    "blue": (0.025, 0.055, 0.17),
    "grey": (0.16, 0.17, 0.18),
    "green": (0.02, 0.07, 0.05),
}
_GARMENT = {"jacket": "jacket", "backpack": "jacket", "long": "coat", "dress": "dress"}
_DOING = {"run": "running", "wave": "waving", "sit": "sitting", "phone": "looking at a phone"}


def outfits(pose: str) -> tuple[str, ...]:
    """Outfits that go with a pose: skirts and long coats are modelled for upright people only."""
    return ("jacket", "backpack") if pose in ("sit", "cycle", "run") else ("jacket", *OUTFITS)


def colour_name(colour: Colour, names: dict[str, Colour]) -> str:
    """The nearest named colour, compared by cube roots, which are closer to what eyes see than linear light."""
    return min(
        names,
        key=lambda name: sum((a ** (1 / 3) - b ** (1 / 3)) ** 2 for a, b in zip(names[name], colour, strict=True)),
    )


def traits(item: Item, plan: Plan) -> tuple[str, ...]:
    """Phrases for people, cyclists and vehicles, e.g. "person in the red jacket", "parked car".

    Colours are left out at night, where nobody can see them, and where the plan leaves those of some alike open, which
    could turn out the same; headlights are left out where a vehicle shows the camera its side or rear.
    """
    options, seen = item.options, plan.light != "night"
    stated = set(options).intersection(*(other.options for other in plan.items if _alike(other, item)))
    if item.kind in ("person", "cyclist"):
        return tuple(_of_person(item, plan, stated if seen else stated - {"coat"}))
    if item.kind == "bicycle":
        return ("parked bicycle",)
    if item.kind not in ("car", "truck"):
        return ()
    phrases = [f"{'moving' if options.get('driving') else 'parked'} {item.kind}"]
    if seen and "paint" in stated:
        phrases.append(f"{colour_name(options['paint'], PAINTS)} {item.kind}")
    if "style" in stated and options["style"] == "van":
        phrases.append("van")
    lit = options.get("lights", climate(plan.light).lamps and options.get("driving", False))
    if lit and 120 < item.heading % 360 < 240:
        phrases.append(f"{item.kind} with its headlights on")
    return tuple(phrases)


def _alike(a: Item, b: Item) -> bool:
    people = ("person", "cyclist")
    return a.kind == b.kind or (a.kind in people and b.kind in people)


def _of_person(item: Item, plan: Plan, stated: set[str]) -> list[str]:
    options = item.options
    outfit = options["outfit"] if "outfit" in stated else None
    phrases = []
    if "coat" in stated and outfit in _GARMENT:
        phrases.append(f"person in the {colour_name(options['coat'], COATS)} {_GARMENT[outfit]}")
    if item.kind == "cyclist":
        return ["cyclist", "person riding a bicycle", *phrases]
    if outfit == "backpack" and abs((item.heading + 180) % 360 - 180) < 100:
        phrases.append("person with a backpack")
    pose = options.get("pose", "walk")
    if pose in _DOING:
        phrases.append(f"person {_DOING[pose]}")
    if abs(item.x) >= plan.road / 2:
        return [*phrases, "person on the pavement"] if pose != "sit" else phrases
    phrases.append("person on the road")
    if pose in ("walk", "run") and abs(abs((item.heading + 180) % 360 - 180) - 90) < 30:
        phrases.append("person crossing the road")
    return phrases
