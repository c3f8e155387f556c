"""Phrases about how light or dark places are: "the dark areas", "shadows", "the brightest part of the road".

No region masker knows such words as more than colours of things; the pictures tell, see `engines.regions.levels`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engines.regions.geometry import FRAME, NUMBERS, thing_within

_PLACE = (
    r"(?:areas?|spots?|regions?|parts?|places?|points?|pixels?|surfaces?|patch(?:es)?|zones?|sections?|sides?|"
    r"corners?|bits?)"
)
_IT = r"it|(?:visible|picture|image|photo|photograph|scene)(?:\s+(?:picture|image|photo|photograph))?"
_ANYTHING = (
    rf"(?:all\s+(?:of\s+)?(?:the\s+)?)?(?:everything|anything|whatever|what|all|{_PLACE}|(?:{_IT})(?=\s+is|['’]s))"
)
_WITHIN = r"(?:\s+(?:of|in|on|inside|within)\s+(?:the\s+|this\s+)?(?P<within>.+))?"
# Shadows of a thing are thrown by it and lie elsewhere.
_INSIDE = rf"(?:\s+(?:(?:in|on|inside|within)\s+(?:the\s+|this\s+)?(?P<within>.+)|of\s+(?:the\s+|this\s+)?{FRAME}))?"
_TONE = (
    r"(?:(?:very|too|rather|quite|all)\s+)?(?:"
    r"(?P<dark>dark(?:er)?|black|shadowed|shadowy|shad(?:y|ed)|under-?exposed|unlit|dim|(?:badly|poorly)[\s-]lit)|"
    r"(?P<burnt>over-?exposed|(?:blown|burnt|burned)[\s-]*out|clipped|glaring|dazzling)|"
    r"(?P<bright>bright(?:er)?|white|light|sunny|sunlit|illuminated|(?:brightly[\s-]|well[\s-])?lit))"
)
_TONED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:the\s+)?{_TONE}[\s-]+{_PLACE}{_WITHIN}",
        rf"(?:the\s+)?{_ANYTHING}(?:\s+(?:that|which))?(?:\s+(?:is|are)|['’]s)?\s+{_TONE}",
        rf"(?:the\s+)?(?P<within>.+?)\s+where\s+it(?:\s+is|['’]s)\s+{_TONE}",
        rf"(?:the\s+)?(?:(?:deep|dark|heavy|black)\s+)?(?P<dark>shadows|darkness){_INSIDE}",
        rf"(?:the\s+)?(?:(?P<burnt>(?:blown|burnt|burned)[\s-]*out)\s+)?(?P<bright>highlights){_INSIDE}",
    )
)
_MOST = re.compile(
    rf"(?:the\s+)?(?P<count>two|three|four|five|[2-9])?\s*(?P<most>darkest|blackest|brightest|whitest|lightest)\s+"
    rf"(?:{_PLACE}{_WITHIN}|(?P<things>.+))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Light:
    """What a phrase says of light.

    Attributes:
        things: What a region masker is to find; None for anything in the picture.
        within: Whether places within the things are meant, not some of the things.
        bright: Towards white; False towards black.
        burnt: Whether so bright that nothing else is seen.
        count: How many of the brightest (or darkest); None for all that are bright (or dark).
        visible: Whether the visible picture is named.
    """

    things: str | None
    within: bool = True
    bright: bool = True
    burnt: bool = False
    count: int | None = None
    visible: bool = False


def read_light(phrase: str) -> Light | None:
    """What a phrase says of light; None for one that says nothing of it, or only what colour a thing has."""
    phrase = phrase.strip()
    if match := _MOST.fullmatch(phrase):
        bright = match["most"].lower() not in ("darkest", "blackest")
        count = NUMBERS.get((match["count"] or "").lower()) or int(match["count"] or 1)
        if match["things"]:
            return Light(match["things"], within=False, bright=bright, count=count)
        return Light(thing_within(match["within"]), bright=bright, count=count)
    for pattern in _TONED:
        if match := pattern.fullmatch(phrase):
            found = match.groupdict()
            burnt = bool(found.get("burnt"))
            visible = re.match(r"(?:the\s+)?visible\b", phrase, re.IGNORECASE) is not None
            bright = burnt or not found.get("dark")
            return Light(thing_within(found.get("within")), bright=bright, burnt=burnt, visible=visible)
    return None
