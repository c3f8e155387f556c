"""Phrases for places that are said by a thing: "everything around the car", "the area left of the pole"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Way = Literal["around", "left", "right", "above", "below"]

_PLACE = (
    r"(?:(?:all|everything|anything|whatever|what)(?:\s+(?:that|which))?(?:\s+is)?|"
    r"(?:the\s+)?(?:areas?|regions?|parts?|places?|space|surroundings|zone|picture|image))"
)
_WAYS: tuple[tuple[Way, str], ...] = (
    ("around", r"(?:all\s+)?(?:around|surrounding|near|close\s+to|next\s+to|beside)"),
    ("left", r"(?:(?:to|on)\s+the\s+)?left\s+(?:side\s+)?of"),
    ("right", r"(?:(?:to|on)\s+the\s+)?right\s+(?:side\s+)?of"),
    ("above", r"(?:above|over)"),
    ("below", r"(?:below|beneath|underneath|under)"),
)
_SURROUNDINGS = re.compile(r"(?:the\s+)?surroundings\s+of\s+(?:the\s+|an?\s+)?(?P<thing>.+)", re.IGNORECASE)
_RELATIVE = tuple(
    (way, re.compile(rf"{_PLACE}\s+{words}\s+(?:the\s+|an?\s+)?(?P<thing>[^\d\W].*)", re.IGNORECASE))
    for way, words in _WAYS
)
_PRONOUN = re.compile(r"(?:it|them|him|her|us|me|this|that|here|there)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Relative:
    """A place beside a thing.

    Attributes:
        thing: What a region masker is to find.
        way: Where the place is, seen from it.
    """

    thing: str
    way: Way


def read_relative(phrase: str) -> Relative | None:
    """What place beside what a phrase means; None for a phrase that names a thing or nothing of the kind."""
    phrase = " ".join(phrase.split())
    found = [
        ("around", _SURROUNDINGS.fullmatch(phrase)),
        *((way, way_of.fullmatch(phrase)) for way, way_of in _RELATIVE),
    ]
    for way, match in found:
        if match and not _PRONOUN.match(match["thing"]):
            return Relative(match["thing"], way)
    return None
