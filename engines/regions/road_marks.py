"""Paint on the road: "the white arrow on the road", "the yellow line", "lane markings".

A referring head knows about where such marks are and little of their thin shape, or finds the whole road. Paint differs
from the road around it, in brightness if it is white, in hue if it is yellow.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from engines.masks import INSIDE, mask_box
from engines.regions.colour_names import WHITE, named_colours
from engines.regions.colour_words import lab
from engines.regions.nouns import head_noun
from engines.regions.zebra import crossings, is_zebra
from engines.types import Region

_MARKS = frozenset("line lines marking markings mark marks arrow arrows stripe stripes dash dashes lettering".split())
_ROAD = re.compile(r"\b(?:road|street|lanes?|ground|asphalt|parking|cross-?walk|crossing|painted|cent(?:er|re))\b")
_ELSEWHERE = re.compile(
    r"\b(?:of|in|on|along|across)\s+(?!(?:the\s+)?(?:left|right|middle|cent(?:er|re)|front|foreground|top|bottom)\b)"
)
_PART_OF = re.compile(r"^(?:the\s+)?(?:\w+\s+)?(?:end|part|piece|beginning)\s+of\s+|\bpainted\b")
_YELLOWS = frozenset({"yellow", "orange"})
# The road around paint is as usual within this share of the picture's width; an 8-bit median filter takes no more than
# 255 pixels. How far paint differs from it, in units of CIELAB. Mean IoU of sentences about paint with the head's masks
# and so: 35.6 -> 42.3 (21 of the train parts), 24.4 -> 44.4 (12 of the validation parts).
_AROUND, _WIDEST = 0.22, 255
_LIGHTER, _YELLOWER = 8.0, 5.0
# Marks are closed over gaps, and opened over specks, of so many pixels of 640, and are at least so much of the picture.
_GAP, _SPECK, _LEAST = 7, 3, 3e-4
# The head's outline, and that of the road, may be off by so many pixels of 640.
_HEAD_OFF, _ROAD_OFF = 4, 7
# With less in it than the first share of the picture, the head was elsewhere. Where it found nothing, less than the
# second is not believed.
_FEW, _ALONE = 3e-4, 4e-3


def marks_asked(phrase: str) -> tuple[bool, bool] | None:
    """Whether white and whether yellow marks on the road are meant; None for any other phrase."""
    said = _PART_OF.sub("", phrase.lower())
    if head_noun(said) not in _MARKS:
        return None
    colours = set(named_colours(said)) & {WHITE, *_YELLOWS}
    if not _ROAD.search(phrase.lower()) and (not colours or _ELSEWHERE.search(said)):
        return None
    return (WHITE in colours, bool(colours & _YELLOWS)) if colours else (True, True)


def on_paint(region: Region, picture: np.ndarray, road: Callable[[], np.ndarray]) -> Region:
    """The region as the paint within it, or as all such paint on the road where it has none; others as they are.

    Of a zebra crossing that is where its stripes are, and nothing where there are none.

    Args:
        region: A label and what was found for it.
        picture: float32 (H, W, 3), RGB in [0, 1].
        road: Gives the road's mask, float32 (H, W).
    """
    zebra = is_zebra(region.label)
    asked = (True, False) if zebra else marks_asked(region.label)
    if asked is None:
        return region
    unit = picture.shape[1] / 640.0
    paint = _paint(picture, asked) & _grown(road() >= INSIDE, _ROAD_OFF * unit)
    paint = crossings(_cleaned(paint, unit)) if zebra else _cleaned(paint, unit)
    within = paint & _grown(region.mask >= INSIDE, _HEAD_OFF * unit)
    if within.sum() >= _FEW * paint.size:
        paint = within
    elif paint.sum() < (_FEW if region.box else _ALONE) * paint.size and not zebra:
        return region
    mask = paint.astype(np.float32)
    note = f"“{region.label}” was {'looked for by its stripes' if zebra else 'drawn along the paint'} on the road."
    box = mask_box(mask)
    return replace(
        region, mask=mask, score=max(region.score, 0.5) if box else 0.0, box=box, notes=(*region.notes, note)
    )


def _paint(picture: np.ndarray, asked: tuple[bool, bool]) -> np.ndarray:
    """Where a picture is whiter, or yellower, than it is around."""
    colours = lab(picture)
    around = min(_WIDEST, _odd(_AROUND * picture.shape[1]))
    yellow = _above_usual(colours[..., 2], around) > _YELLOWER
    white = ~yellow & (_above_usual(colours[..., 0], around) > _LIGHTER)
    wants_white, wants_yellow = asked
    return white & wants_white | yellow & wants_yellow


def _above_usual(values: np.ndarray, around: int) -> np.ndarray:
    low, high = float(values.min()), float(values.max())
    scale = max(high - low, 1e-6) / 255.0
    coarse = ((values - low) / scale).astype(np.uint8)
    return values - (cv2.medianBlur(coarse, around).astype(np.float32) * scale + low)


def _cleaned(paint: np.ndarray, unit: float) -> np.ndarray:
    """Closed over gaps, without specks."""
    closing, opening = (np.ones((size, size), np.uint8) for size in (_odd(_GAP * unit), _odd(_SPECK * unit)))
    closed = cv2.morphologyEx(paint.astype(np.uint8), cv2.MORPH_CLOSE, closing)
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, opening)
    count, numbered, statistics, _ = cv2.connectedComponentsWithStats(opened)
    large = [number for number in range(1, count) if statistics[number, cv2.CC_STAT_AREA] >= _LEAST * paint.size]
    return np.isin(numbered, large)


def _grown(mask: np.ndarray, pixels: float) -> np.ndarray:
    size = _odd(2 * pixels)
    return cv2.dilate(mask.astype(np.uint8), np.ones((size, size), np.uint8)) > 0


def _odd(pixels: float) -> int:
    return max(1, round(pixels)) | 1
