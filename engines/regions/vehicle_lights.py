"""Phrases for the lights of vehicles: "the headlights", "the car's tail lights", "lights of the bus on the left".

A referring head learnt them as what cars are known by, and marks the car.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FRONT = r"head[\s-]?(?:lights?|lamps?)|front\s+(?:lights?|lamps?)|high\s+beams?|low\s+beams?"
_REAR = r"(?:tail|rear|back|brake)[\s-]?(?:lights|lamps)|(?:tail|rear|brake)[\s-]?(?:light|lamp)"
_OF = r"(?:of|on|from|in|at)\s+(?:the\s+|an?\s+)?(?P<after>.+)"
_VEHICLE = (
    r"(?:cars?|vans?|trucks?|lorry|lorries|bus|buses|vehicles?|taxis?|suvs?|motorcycles?|motorbikes?|automobiles?)"
)
_NAMED = re.compile(
    rf"(?P<before>(?:[\w'’-]+\s+)*?)(?:(?P<front>{_FRONT})|(?P<rear>{_REAR})|(?P<any>(?:lights|lamps)))(?:\s+{_OF})?",
    re.IGNORECASE,
)
# What is said of lights themselves.
_LIKE = re.compile(
    r"(?:(?:the|all|both|two|these|those|its|their|bright|glaring|dazzling|blinding|strong|white|red|glowing|lit)\s+)*",
    re.IGNORECASE,
)
_OWNER = re.compile(rf"(?:(?:the|all|both)\s+)*(?P<owner>(?:[\w-]+\s+)*?{_VEHICLE})(?:['’]s?)?\s+", re.IGNORECASE)
_PLACE = re.compile(r"(?:left|right|middle|cent(?:er|re)|front|back|background|foreground|distance)\b", re.IGNORECASE)


@dataclass(frozen=True)
class VehicleLights:
    """Lights of vehicles.

    Attributes:
        things: What a region masker is to find.
        red: Whether those that shine red are meant, or the others; None for all.
    """

    things: str = "vehicles"
    red: bool | None = None


def read_vehicle_lights(phrase: str) -> VehicleLights | None:
    """What lights of which vehicles a phrase means; None for any other phrase."""
    match = _NAMED.fullmatch(" ".join(phrase.split()))
    if match is None:
        return None
    before, after = match["before"], match["after"]
    owner = _OWNER.fullmatch(before)
    if owner is None and not _LIKE.fullmatch(before):
        return None
    red = None if match["any"] else match["rear"] is not None
    if owner is not None:
        things = owner["owner"] if after is None else f"{owner['owner']} on the {after}"
    elif after is None:
        things = "vehicles"
    elif _PLACE.match(after):
        things = f"vehicles on the {after}"
    elif re.search(rf"\b{_VEHICLE}\b", after, re.IGNORECASE):
        things = after
    else:
        return None
    # "Lights" alone are any that shine, "lights on the left" may be lamps.
    if match["any"] and owner is None and (after is None or _PLACE.match(after)):
        return None
    return VehicleLights(things, red)
