"""Masks of the lights of vehicles: what shines in the visible picture where the vehicles are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from engines.masks import mask_box, padded_box
from engines.regions.mask_pieces import Piece, pieces_of
from engines.regions.vehicle_lights import VehicleLights
from engines.types import ImagePair, Region

# Pixels of 640: how far glare reaches beyond what is found of a vehicle, and how far around a light its colour is seen.
_GLARE, _RING = 6, 4
# A light is at least so bright in one of its colours, and so much of the way from what is usual on its vehicle to what
# is brightest there, or dazzles; it is so much brighter than what is around it within the vehicle's height, and is no
# larger a share of the vehicle: then it is the vehicle that is white.
_BRIGHT, _WAY, _DAZZLES, _STANDS_OUT, _LARGEST = 0.85, 0.75, 0.97, 0.2, 0.3
# Red is so far above the mean of green and blue: 0.30 and more on three of MSRS's tail lights, up to 0.24 in the pink
# glare of its headlights.
_RED = 0.27
NONE_SHINE = "“{phrase}”: no such lights shine in the visible picture."


def find_vehicle_lights(phrase: str, lights: VehicleLights, pair: ImagePair, locate: Callable[[str], Region]) -> Region:
    """The region of the lights of vehicles.

    Args:
        phrase: As typed, the region's label.
        lights: How it was read.
        pair: Whose visible picture tells what shines.
        locate: Finds one phrase in the picture.
    """
    vehicles = locate(lights.things)
    if vehicles.box is None:
        return replace(vehicles, label=phrase)
    unit = pair.shape[1] / 640.0
    level = cv2.GaussianBlur(pair.visible.max(axis=2), (0, 0), max(0.5, unit))
    shining = np.zeros(pair.shape, np.uint8)
    for piece in pieces_of(vehicles.mask):
        _add_spots(shining, level, piece, max(1, round(_GLARE * unit)))
    if lights.red is not None:
        shining = _of_colour(shining, pair.visible, lights.red, max(1, round(_RING * unit)))
    mask = shining.astype(np.float32)
    box = mask_box(mask)
    note = "“{phrase}” was read off what shines on “{things}”." if box else NONE_SHINE
    notes = (*vehicles.notes, note.format(phrase=phrase, things=lights.things))
    return replace(vehicles, label=phrase, mask=mask, box=box, parts=(), notes=notes)


def _add_spots(shining: np.ndarray, level: np.ndarray, vehicle: Piece, glare: int) -> None:
    """Mark what shines on a vehicle, or up to `glare` pixels beyond what was found of it."""
    x0, y0, x1, y1 = vehicle.box
    left, top, right, _ = padded_box(vehicle.box, glare, level.shape)
    # Not beyond its lower end: the road below is lit, too.
    window = np.s_[top:y1, left:right]
    inside = np.zeros(level[window].shape, np.uint8)
    inside[y0 - top :, x0 - left : x1 - left][vehicle.inside] = 1
    near = cv2.dilate(inside, np.ones((2 * glare + 1, 2 * glare + 1), np.uint8)) > 0
    usual, peak = np.median(vehicle.on(level)), level[window][near].max()
    size = max(3, y1 - y0) | 1
    above = cv2.morphologyEx(level[window], cv2.MORPH_TOPHAT, np.ones((size, size), np.uint8))
    bright = level[window] >= max(_BRIGHT, min(usual + _WAY * (peak - usual), _DAZZLES))
    spots = near & bright & (above >= _STANDS_OUT)
    if spots.sum() <= _LARGEST * vehicle.size:
        shining[window][spots] = 1


def _of_colour(shining: np.ndarray, picture: np.ndarray, red: bool, ring: int) -> np.ndarray:
    """Those spots that shine red, also if only around their middle, or those that do not."""
    count, numbered, statistics, _ = cv2.connectedComponentsWithStats(shining)
    kept = np.zeros_like(shining)
    for number in range(1, count):
        left, top, width, height = (int(value) for value in statistics[number, :4])
        x0, y0, x1, y1 = padded_box((left, top, left + width, top + height), ring, shining.shape)
        window = np.s_[y0:y1, x0:x1]
        spot = numbered[window] == number
        seen = cv2.dilate(spot.astype(np.uint8), np.ones((2 * ring + 1, 2 * ring + 1), np.uint8)) > 0
        r, g, b = np.moveaxis(picture[window][seen], -1, 0)
        if ((r - 0.5 * (g + b)).mean() > _RED) == red:
            kept[window][spot] = 1
    return kept
