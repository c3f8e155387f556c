"""Phrases about temperature: "hot spots", "the hottest person", "areas above 40 °C".

A region masker learnt from words and pictures does not know how warm things are; the infrared picture does, see
`engines.regions.levels`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engines.regions.geometry import NUMBERS, thing_within
from engines.regions.phrases import is_plural

_NUMBER = r"[-−]?\d+(?:[.,]\d+)?"
_UNIT = r"\s*(?:°\s*|degrees?\s*|deg\.?\s*)?(?P<unit>celsius|centigrade|fahrenheit|[cf])?(?:\s*degrees?)?"
_IS = (
    r"(?:(?:that|which|what|whatever)\s+(?:is|are|has|have)\s+|with\s+|having\s+)?"
    r"(?:a\s+)?(?:temperatures?\s+)?(?:of\s+)?"
)
_ABOVE = r"(?P<above>above|over|exceeding|at\s+least|(?:warmer|hotter|higher|more)\s+than|>=?)"
_BELOW = r"(?P<below>below|under|at\s+most|(?:colder|cooler|lower|less)\s+than|<=?)"
_COMPARED = re.compile(rf"(?P<what>.*?)\s*\b{_IS}(?:{_ABOVE}|{_BELOW})\s*(?P<limit>{_NUMBER}){_UNIT}", re.IGNORECASE)
_BETWEEN = re.compile(
    rf"(?P<what>.*?)\s*\b{_IS}(?:between|from)\s+(?P<low>{_NUMBER})\s*(?:°\s*[cf]?|degrees?)?\s*(?:and|to|-|–)\s*"
    rf"(?P<high>{_NUMBER}){_UNIT}",
    re.IGNORECASE,
)
_PLACE = (
    r"(?:areas?|spots?|regions?|parts?|places?|points?|pixels?|surfaces?|things?|objects?|bits?|stuff|temperatures?)"
)
_ANYTHING = rf"(?:all\s+(?:the\s+)?|the\s+)?(?:everything|anything|whatever|what|all|{_PLACE})"
_WITHIN = r"(?:\s+(?:of|in|on|inside|within)\s+(?:the\s+)?(?P<within>.+))?"
_MOST = re.compile(
    rf"(?:it\s+(?:is\s+)?)?(?P<count>two|three|four|five|[2-9])?\s*(?P<most>hottest|warmest|coldest|coolest)"
    rf"(?:\s+(?P<place>{_PLACE}){_WITHIN}|\s+(?P<things>.+))?",
    re.IGNORECASE,
)
_TONE = r"(?P<tone>hot|warm|heated|cold|cool)"
_TONED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_TONE}[\s-]*{_PLACE}{_WITHIN}",
        rf"(?:{_ANYTHING}|it(?=\s+is|['’]s))(?:\s+(?:that|which))?(?:\s+(?:is|are)|['’]s)?\s+{_TONE}",
        rf"(?P<tone>heat)(?:\s+(?:sources?|leaks?|spots?))?{_WITHIN}",
    )
)
_TONED_THINGS = re.compile(
    r"(?P<tone>hot|warm|cold|cool)\s+(?!dog|pink|air)(?P<things>[\w-]+(?:\s+.+)?)", re.IGNORECASE
)


@dataclass(frozen=True)
class Warmth:
    """What a phrase says of temperature.

    Attributes:
        things: What a region masker is to find; None for anything in the picture.
        within: Whether places within the things are meant, not some of the things.
        warm: Towards the warm end; False towards the cold one.
        count: How many of the warmest (or coldest); None for all that are warm (or cold).
        limits: Least and highest temperature in °C, None where open; None where the phrase names none.
    """

    things: str | None
    within: bool = True
    warm: bool = True
    count: int | None = None
    limits: tuple[float | None, float | None] | None = None


def read_warmth(phrase: str) -> Warmth | None:
    """What a phrase says of temperature; None for one that says nothing of it."""
    phrase = phrase.strip()
    if (match := _BETWEEN.fullmatch(phrase)) or (match := _COMPARED.fullmatch(phrase)):
        return _read_limits(match)
    if match := _MOST.fullmatch(phrase):
        warm = match["most"].lower() in ("hottest", "warmest")
        count = NUMBERS.get((match["count"] or "").lower()) or int(match["count"] or 1)
        if match["things"]:
            return Warmth(match["things"], within=False, warm=warm, count=count)
        return Warmth(thing_within(match["within"]), warm=warm, count=count)
    for pattern in _TONED:
        if match := pattern.fullmatch(phrase):
            within = match.groupdict().get("within")
            return Warmth(thing_within(within), warm=match["tone"].lower() not in ("cold", "cool"))
    if (match := _TONED_THINGS.fullmatch(phrase)) and is_plural(phrase):
        return Warmth(match["things"], within=False, warm=match["tone"].lower() in ("hot", "warm"))
    return None


def _read_limits(match: re.Match[str]) -> Warmth | None:
    found = match.groupdict()
    what = re.sub(r"\s+(?:that|which)$", "", found["what"].strip())
    anywhere = not what or re.fullmatch(_ANYTHING, what, re.IGNORECASE) is not None
    if not anywhere and not re.search(r"°|\bdeg|celsius|centigrade|fahrenheit", match.group(), re.IGNORECASE):
        # "the sign above 5 cars", "people under 18".
        return None

    def celsius(number: str | None) -> float | None:
        if number is None:
            return None
        value = float(number.replace("−", "-").replace(",", "."))
        return (value - 32.0) / 1.8 if (found["unit"] or "").lower().startswith("f") else value

    if "low" in found:
        limits = celsius(found["low"]), celsius(found["high"])
    else:
        limit = celsius(found["limit"])
        limits = (limit, None) if found["above"] else (None, limit)
    return Warmth(None if anywhere else what, limits=limits)
