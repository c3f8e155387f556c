"""Phrases about temperature, answered by the infrared picture: "hot spots", "the hottest person", "areas above 40 °C".

A region masker learnt from words and pictures does not know how warm things are; the infrared picture does. It shows
warm as bright; where it carries temperatures, these can be named.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from engines.masks import INSIDE, mask_box
from engines.regions.geometry import FRAME, NUMBERS
from engines.regions.mask_pieces import comparable, mask_of, pieces_of, whole
from engines.regions.phrases import is_plural
from engines.types import ImagePair, Region

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
        rf"{_ANYTHING}(?:\s+(?:that|which))?(?:\s+(?:is|are))?\s+{_TONE}",
        rf"(?P<tone>heat)(?:\s+(?:sources?|leaks?|spots?))?{_WITHIN}",
    )
)
_TONED_THINGS = re.compile(
    r"(?P<tone>hot|warm|cold|cool)\s+(?!dog|pink|air)(?P<things>[\w-]+(?:\s+.+)?)", re.IGNORECASE
)
# What is warm lies at least this far from the usual temperature towards the highest, of which there is so much; cold
# likewise. Where the two are closer than this, on the scale of the picture from 0 to 1, nothing stands out.
_FAR, _EXTREME, _LEAST_RANGE = 0.5, 0.5, 0.08
# A warm thing among others: its mean lies this far up.
_THING_FAR = 0.25
# Of a smaller share of the largest thing, what was found may be the warm part of one, such as a face.
_COUNTED_SHARE = 0.15
# The hottest place is what is within this share of the way back from its peak to the usual temperature; the first share
# that gives more than specks.
_PEAK = (0.2, 0.4, 0.6)
# Blur against noise, pixels; and half the width of the soft edge of masks.
_SIGMA, _SOFT = 1.0, 0.02
NO_TEMPERATURES = "“{phrase}”: the infrared picture carries no temperatures in °C, so nothing was looked for."


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
        return Warmth(_named(match["within"]), warm=warm, count=count)
    for pattern in _TONED:
        if match := pattern.fullmatch(phrase):
            within = match.groupdict().get("within")
            return Warmth(_named(within), warm=match["tone"].lower() not in ("cold", "cool"))
    if (match := _TONED_THINGS.fullmatch(phrase)) and is_plural(phrase):
        return Warmth(match["things"], within=False, warm=match["tone"].lower() in ("hot", "warm"))
    return None


def find_warmth(phrase: str, warmth: Warmth, pair: ImagePair, masked: Callable[[str], Region]) -> Region:
    """The region of a phrase about temperature.

    Args:
        phrase: As typed, the region's label.
        warmth: How it was read.
        pair: Whose infrared picture tells.
        masked: Finds what a phrase names, as a region masker does.
    """
    if warmth.limits is not None and pair.celsius is None:
        return _nothing(phrase, pair, NO_TEMPERATURES.format(phrase=phrase))
    things = None if warmth.things is None else masked(warmth.things)
    if things is not None and things.box is None:
        return replace(things, label=phrase)
    if things is not None and not warmth.within:
        return _of_things(phrase, warmth, pair, things)
    return _places(phrase, warmth, pair, things)


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


def _named(within: str | None) -> str | None:
    return None if within is None or re.fullmatch(FRAME, within, re.IGNORECASE) else within


def _of_things(phrase: str, warmth: Warmth, pair: ImagePair, things: Region) -> Region:
    """Those of several things that are warmest, or warm."""
    pieces = whole(pieces_of(things.mask))
    if not pieces:
        return replace(things, label=phrase)
    pieces = comparable(pieces, things.mask)
    largest = max(piece.size for piece in pieces)
    pieces = [piece for piece in pieces if piece.size >= _COUNTED_SHARE * largest]
    sign = 1.0 if warmth.warm else -1.0
    warmths = [sign * float(piece.on(pair.infrared).mean()) for piece in pieces]
    if warmth.count is not None:
        kept = [pieces[i] for i in np.argsort(warmths)[::-1][: warmth.count]]
    else:
        usual, end = _usual_and_end(sign * pair.infrared)
        kept = [
            piece for piece, value in zip(pieces, warmths, strict=True) if value >= usual + _THING_FAR * (end - usual)
        ]
    mask = mask_of(kept, things.mask)
    note = f"“{phrase}”: the infrared picture tells which {len(kept)} of {len(pieces)} found."
    return replace(things, label=phrase, mask=mask, box=mask_box(mask), parts=(), notes=(*things.notes, note))


def _places(phrase: str, warmth: Warmth, pair: ImagePair, things: Region | None) -> Region:
    """Where the picture, or a thing in it, is so warm."""
    inside = np.ones(pair.shape, bool) if things is None else things.mask >= INSIDE
    said = () if things is None else things.notes
    if warmth.limits is not None:
        low, high = pair.celsius
        heat = low + (high - low) * pair.infrared
        least, most = (np.inf if limit is None else limit for limit in warmth.limits)
        above = 1.0 if warmth.limits[0] is None else _step(heat, least, high - low)
        mask = above * (1.0 if warmth.limits[1] is None else _step(-heat, -most, high - low))
        mask = np.where(inside, mask, 0.0).astype(np.float32)
        note = f"“{phrase}” was read off the temperatures, {heat[inside].min():.1f} to {heat[inside].max():.1f} °C."
        return _region(phrase, mask, (*said, note))
    heat = cv2.GaussianBlur(pair.infrared, (0, 0), _SIGMA) * (1.0 if warmth.warm else -1.0)
    usual, end = _usual_and_end(heat[inside])
    if end - usual < _LEAST_RANGE:
        word = "warm" if warmth.warm else "cold"
        return _nothing(phrase, pair, f"“{phrase}”: nothing stands out as {word} in the infrared picture.")
    note = f"“{phrase}” was read off the infrared picture."
    if warmth.count is None:
        mask = np.where(inside, _step(heat, usual + _FAR * (end - usual), 1.0), 0.0)
        return _region(phrase, mask.astype(np.float32), (*said, note))
    return _region(phrase, _peaks(np.where(inside, heat, usual), usual, warmth.count), (*said, note))


def _peaks(heat: np.ndarray, usual: float, count: int) -> np.ndarray:
    """The places around the highest values, as large as they must be to be no specks; float32 (H, W)."""
    peak = float(heat.max())
    for share in _PEAK:
        near = _step(heat, peak - share * (peak - usual), 1.0).astype(np.float32)
        pieces = sorted(pieces_of(near), key=lambda piece: -float(piece.on(heat).max()))[:count]
        if pieces:
            return mask_of(pieces, near)
    return np.zeros(heat.shape, np.float32)


def _usual_and_end(heat: np.ndarray) -> tuple[float, float]:
    """The usual value, and the one that only _EXTREME percent are beyond."""
    usual, end = np.percentile(heat, [50.0, 100.0 - _EXTREME])
    return float(usual), float(end)


def _step(heat: np.ndarray, limit: float, scale: float) -> np.ndarray:
    """From 0 to 1 where the heat passes the limit, one half there."""
    return np.clip(0.5 + (heat - limit) / (2.0 * _SOFT * scale), 0.0, 1.0)


def _region(phrase: str, mask: np.ndarray, notes: tuple[str, ...]) -> Region:
    kept = mask_of(pieces_of(mask), mask)
    box = mask_box(kept)
    return Region(phrase, kept, 0.0 if box is None else 1.0, box, notes=notes)


def _nothing(phrase: str, pair: ImagePair, note: str) -> Region:
    return Region(phrase, np.zeros(pair.shape, np.float32), 0.0, None, notes=(note,))
