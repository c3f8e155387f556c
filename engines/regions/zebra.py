"""Zebra crossings: "the crosswalk", "the zebra crossing in the foreground".

Of these a referring head knows that they are on the road, and marks much of it. Their stripes tell where they are: one
beside the next along the picture's rows, as wide as the gaps between them or so.
"""

from __future__ import annotations

import re

import cv2
import numpy as np

from engines.regions.nouns import head_noun

_NOUNS = frozenset({"crosswalk", "crosswalks", "zebra", "zebras"})
_CROSSING = re.compile(
    r"(?:the\s+)?(?:\w+\s+)*?(?:zebra\s+crossings?(?:\s.+)?|(?:pedestrian|striped)\s+crossings?)", re.IGNORECASE
)
# A row of a crossing has at least so many stripes, each so wide in pixels of 640, and gaps between them that are from
# the first to the second times as wide as their neighbours on the mean.
_STRIPES, _NARROW, _WIDE = 3, 3, 130
_GAPS = (0.3, 2.2)
# Rows are joined over so many pixels of 640, and a crossing is at least so high, so large a share of the picture, and
# so large a share of the largest.
_JOINED, _LEAST, _LEAST_OF_LARGEST = 5, 1.5e-3, 0.25


def is_zebra(phrase: str) -> bool:
    """Whether a phrase names a zebra crossing; "the pedestrian crossing in the middle" may be a person."""
    return head_noun(phrase) in _NOUNS or _CROSSING.fullmatch(phrase.strip()) is not None


def crossings(paint: np.ndarray) -> np.ndarray:
    """Where zebra crossings are, stripes and what is between them.

    Args:
        paint: bool (H, W), where there is white paint on the road.

    Returns:
        bool (H, W).
    """
    unit = paint.shape[1] / 640.0
    crossed = np.zeros(paint.shape, np.uint8)
    edges = np.diff(np.pad(paint, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    for row in np.flatnonzero(paint.any(axis=1)):
        starts, ends = np.flatnonzero(edges[row] > 0), np.flatnonzero(edges[row] < 0)
        for first, last in _sequences(starts, ends, unit):
            crossed[row, starts[first] : ends[last]] = 1
    window = np.ones((max(1, round(_JOINED * unit)),) * 2, np.uint8)
    crossed = cv2.morphologyEx(cv2.morphologyEx(crossed, cv2.MORPH_CLOSE, window), cv2.MORPH_OPEN, window)
    outlines, _ = cv2.findContours(crossed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    areas = [cv2.contourArea(outline) for outline in outlines]
    least = max(_LEAST * paint.size, _LEAST_OF_LARGEST * max(areas, default=0.0))
    hulls = [cv2.convexHull(outline) for outline, area in zip(outlines, areas, strict=True) if area >= least]
    return cv2.fillPoly(np.zeros(paint.shape, np.uint8), hulls, 1) > 0


def _sequences(starts: np.ndarray, ends: np.ndarray, unit: float) -> list[tuple[int, int]]:
    """The first and last of stripes in one row that stand side by side as a crossing's do."""
    widths = ends - starts
    is_stripe = (widths >= _NARROW * unit) & (widths <= _WIDE * unit)
    gaps, between = starts[1:] - ends[:-1], 0.5 * (widths[1:] + widths[:-1])
    goes_on = is_stripe[1:] & is_stripe[:-1] & (gaps >= _GAPS[0] * between) & (gaps <= _GAPS[1] * between)
    found, first = [], 0
    for index in range(len(starts)):
        if index == len(starts) - 1 or not goes_on[index]:
            if index - first + 1 >= _STRIPES:
                found.append((first, index))
            first = index + 1
    return found
