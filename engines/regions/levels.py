"""Masks of what is warm, cold, bright or dark: places, and things among others of their kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from engines.color import image_luma
from engines.masks import INSIDE, mask_box
from engines.regions.light import Light
from engines.regions.mask_pieces import Piece, comparable, mask_of, pieces_of, whole
from engines.regions.warmth import Warmth
from engines.types import ImagePair, Region

# What is warm or bright lies at least this far from the usual level towards the highest, of which there is so much in
# percent; cold and dark likewise. Where the two are closer than this, on a scale from 0 to 1, nothing stands out.
_FAR, _EXTREME, _LEAST_RANGE = 0.5, 0.5, 0.08
# A warm thing among others: its mean lies this far up.
_THING_FAR = 0.25
# Of a smaller share of the largest thing, what was found may be the warm part of one, such as a face.
_COUNTED_SHARE = 0.15
# The hottest place is what is within this share of the way back from its peak to the usual level; the first share that
# gives more than specks.
_PEAK = (0.2, 0.4, 0.6)
# Blur against noise, pixels; and half the width of the soft edge of masks.
_SIGMA, _SOFT = 1.0, 0.02
# Darker than this is dark in any picture, and brighter than that burnt out.
_DARK, _BURNT = 0.2, 0.95
NO_TEMPERATURES = "“{phrase}”: the infrared picture carries no temperatures in °C, so nothing was looked for."

Locate = Callable[[str], Region]


def find_warmth(phrase: str, warmth: Warmth, pair: ImagePair, locate: Locate) -> Region:
    """The region of a phrase about temperature, from the infrared picture, which shows warm as bright.

    Args:
        phrase: As typed, the region's label.
        warmth: How it was read.
        pair: Whose infrared picture tells.
        locate: Finds one phrase in the picture.
    """
    if warmth.limits is not None and pair.celsius is None:
        return _nothing(phrase, pair, NO_TEMPERATURES.format(phrase=phrase))
    things = None if warmth.things is None else locate(warmth.things)
    if things is not None and things.box is None:
        return replace(things, label=phrase)
    level = pair.infrared if warmth.warm else -pair.infrared
    if things is not None and not warmth.within:
        return _of_things(phrase, warmth.count, level, things, "the infrared picture tells")
    if warmth.limits is not None:
        return _between(phrase, warmth.limits, pair, things)
    found = _places(level, things, warmth.count)
    if found is None:
        word = "warm" if warmth.warm else "cold"
        return _nothing(phrase, pair, f"“{phrase}”: nothing stands out as {word} in the infrared picture.")
    return _region(phrase, found, things, "was read off the infrared picture.")


def find_light(phrase: str, light: Light, pair: ImagePair, locate: Locate, visible: bool = False) -> Region:
    """The region of a phrase about light and dark, from the brighter of both pictures, which is nearly what is fused.

    What is burnt out, and which of several things is the brightest, the visible picture tells alone.

    Args:
        phrase: As typed, the region's label.
        light: How it was read.
        pair: The pictures.
        locate: Finds one phrase in the picture.
        visible: Whether the visible picture tells everything.
    """
    things = None if light.things is None else locate(light.things)
    if things is not None and things.box is None:
        return replace(things, label=phrase)
    seen = image_luma(pair.visible)
    if things is not None and not light.within:
        level = seen if light.bright else -seen
        return _of_things(phrase, light.count, level, things, "the visible picture tells")
    if light.burnt:
        inside = 1.0 if things is None else things.mask >= INSIDE
        burnt = _step(cv2.GaussianBlur(seen, (0, 0), _SIGMA), _BURNT, 1.0 - _BURNT) * inside
        return _graded(_region(phrase, burnt.astype(np.float32), things, "was read off the visible picture."))
    visible = visible or light.visible
    brighter = seen if visible else np.maximum(seen, pair.infrared)
    always = None if light.bright or things is not None else -_DARK
    found = _places(brighter if light.bright else -brighter, things, light.count, always, graded=True)
    if found is None:
        word = "bright" if light.bright else "dark"
        return _nothing(phrase, pair, f"“{phrase}”: nothing stands out as {word}.")
    told = "was read off the visible picture's brightness." if visible else "was read off the pictures' brightness."
    region = _region(phrase, found, things, told)
    return region if light.count is not None else _graded(region)


def _of_things(phrase: str, count: int | None, level: np.ndarray, things: Region, told: str) -> Region:
    """Those of several things whose level is highest, or high."""
    pieces = whole(pieces_of(things.mask))
    if not pieces:
        return replace(things, label=phrase)
    pieces = comparable(pieces, things.mask)
    largest = max(piece.size for piece in pieces)
    pieces = [piece for piece in pieces if piece.size >= _COUNTED_SHARE * largest]
    levels = [float(piece.on(level).mean()) for piece in pieces]
    kept = _highest(pieces, levels, count, level)
    mask = mask_of(kept, things.mask)
    note = f"“{phrase}”: {told} which {len(kept)} of {len(pieces)} found."
    return replace(things, label=phrase, mask=mask, box=mask_box(mask), parts=(), notes=(*things.notes, note))


def _highest(pieces: Sequence[Piece], levels: Sequence[float], count: int | None, level: np.ndarray) -> list[Piece]:
    if count is not None:
        return [pieces[i] for i in np.argsort(levels)[::-1][:count]]
    usual, end = _usual_and_end(level)
    return [piece for piece, value in zip(pieces, levels, strict=True) if value >= usual + _THING_FAR * (end - usual)]


def _between(phrase: str, limits: tuple[float | None, float | None], pair: ImagePair, things: Region | None) -> Region:
    """Where the picture, or a thing in it, has a temperature within limits."""
    inside = np.ones(pair.shape, bool) if things is None else things.mask >= INSIDE
    low, high = pair.celsius
    heat = low + (high - low) * pair.infrared
    least, most = limits
    soft = _SOFT * (high - low)
    above = 1.0 if least is None else _step(heat, least, soft)
    mask = above * (1.0 if most is None else _step(-heat, -most, soft))
    mask = np.where(inside, mask, 0.0).astype(np.float32)
    told = f"was read off the temperatures, {heat[inside].min():.1f} to {heat[inside].max():.1f} °C."
    return _region(phrase, mask, things, told)


def _places(
    level: np.ndarray, things: Region | None, count: int | None, always: float | None = None, graded: bool = False
) -> np.ndarray | None:
    """Where the level is high, float32 (H, W) in [0, 1]; None where nothing stands out.

    Args:
        level: (H, W).
        things: Look within these only.
        count: How many of the highest places; None for all that are high.
        always: What is higher than this is high.
        graded: Rise from one half at the limit to 1 half way to the highest level; else within _SOFT. Within things the
            limit is the middle between their lowest and highest levels, not between their usual and highest ones.
    """
    inside = np.ones(level.shape, bool) if things is None else things.mask >= INSIDE
    level = cv2.GaussianBlur(level, (0, 0), _SIGMA)
    usual, end = _usual_and_end(level[inside])
    if graded and things is not None:
        # Most of a road may be dark, or bright: half of its range is.
        usual = float(np.percentile(level[inside], _EXTREME))
    stands_out = end - usual >= _LEAST_RANGE
    if count is not None:
        return _peaks(np.where(inside, level, usual), usual, count) if stands_out else None
    limits = [usual + _FAR * (end - usual)] if stands_out else []
    if always is not None and level.max() > always:
        limits.append(always)
    if not limits:
        return None
    limit = min(limits)
    soft = max(0.5 * (end - limit), _SOFT) if graded else _SOFT
    return np.where(inside, _step(level, limit, soft), 0.0).astype(np.float32)


def _peaks(level: np.ndarray, usual: float, count: int) -> np.ndarray:
    """The places around the highest levels, as large as they must be to be no specks; float32 (H, W)."""
    peak = float(level.max())
    for share in _PEAK:
        near = _step(level, peak - share * (peak - usual), _SOFT).astype(np.float32)
        pieces = sorted(pieces_of(near), key=lambda piece: -float(piece.on(level).max()))[:count]
        if pieces:
            return mask_of(pieces, near)
    return np.zeros(level.shape, np.float32)


def _usual_and_end(level: np.ndarray) -> tuple[float, float]:
    """The usual level, and the one that only _EXTREME percent are beyond."""
    usual, end = np.percentile(level, [50.0, 100.0 - _EXTREME])
    return float(usual), float(end)


def _step(level: np.ndarray, limit: float, soft: float) -> np.ndarray:
    """From 0 to 1 where the level passes the limit, one half there and 1 from so far above it."""
    return np.clip(0.5 + (level - limit) / (2.0 * soft), 0.0, 1.0)


def _graded(region: Region) -> Region:
    return replace(region, graded=True)


def _region(phrase: str, mask: np.ndarray, things: Region | None, told: str) -> Region:
    kept = mask_of(pieces_of(mask), mask)
    box = mask_box(kept)
    said = () if things is None else things.notes
    return Region(phrase, kept, 0.0 if box is None else 1.0, box, notes=(*said, f"“{phrase}” {told}"))


def _nothing(phrase: str, pair: ImagePair, note: str) -> Region:
    return Region(phrase, np.zeros(pair.shape, np.float32), 0.0, None, notes=(note,))
