"""Masks of shares of the picture and of things, halves, corners, ends, and of places beside things."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from engines.masks import INSIDE, certain, mask_box
from engines.regions.mask_pieces import pieces_of, whole
from engines.regions.relative import Relative
from engines.regions.shares import Rectangle, Share
from engines.types import Region

# What is around a thing reaches as far as half of its shorter side, within these shares of the picture's height.
_REACH, _NEAREST, _FARTHEST = 0.5, 0.03, 0.15


def find_share(phrase: str, share: Share, shape: tuple[int, int], locate: Callable[[str], Region]) -> Region:
    """The region of a phrase for a share.

    Args:
        phrase: As typed, the region's label.
        share: How it was read.
        shape: (H, W) of the picture.
        locate: Finds one phrase in the picture.
    """
    if share.of is None:
        mask = _inside(shape, (0, 0, shape[1], shape[0]), share.rectangles)
        return Region(phrase, mask, 1.0, mask_box(mask))
    thing = locate(share.of)
    if thing.box is None:
        return replace(thing, label=phrase)
    boxes: Sequence[tuple[int, int, int, int]] = [thing.box]
    if share.each:
        boxes = [piece.box for piece in whole(pieces_of(thing.mask))] or boxes
    mask = thing.mask * np.maximum.reduce([_inside(shape, box, share.rectangles) for box in boxes])
    notes = thing.notes
    if share.guessed:
        notes = (*notes, f"“{phrase}” was taken for where it lies in a standing person.")
    return replace(thing, label=phrase, mask=mask, box=mask_box(mask), parts=(), notes=notes)


def find_relative(phrase: str, relative: Relative, shape: tuple[int, int], locate: Callable[[str], Region]) -> Region:
    """The region of a phrase for a place beside a thing.

    Args:
        phrase: As typed, the region's label.
        relative: How it was read.
        shape: (H, W) of the picture.
        locate: Finds one phrase in the picture.
    """
    thing = locate(relative.thing)
    if thing.box is None:
        return replace(thing, label=phrase)
    x0, y0, x1, y1 = thing.box
    mask = np.zeros(shape, np.float32)
    if relative.way == "around":
        reach = _REACH * min(x1 - x0, y1 - y0)
        reach = float(np.clip(reach, _NEAREST * shape[0], _FARTHEST * shape[0]))
        outside = (thing.mask < INSIDE).astype(np.uint8)
        distance = cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_5)
        near = np.clip(INSIDE + (1.0 - INSIDE) * (1.0 - distance / reach), 0.0, 1.0)
        mask = np.minimum(near, 1.0 - certain(thing.mask)).astype(np.float32)
    else:
        side = {"left": np.s_[:, :x0], "right": np.s_[:, x1:], "above": np.s_[:y0], "below": np.s_[y1:]}
        mask[side[relative.way]] = 1.0
    where = "around" if relative.way == "around" else f"{relative.way} of"
    note = f"“{phrase}” was taken for what is {where} the “{relative.thing}” that was found."
    graded = relative.way == "around"
    notes = (*thing.notes, note)
    return replace(thing, label=phrase, mask=mask, box=mask_box(mask), parts=(), notes=notes, graded=graded)


def _inside(shape: tuple[int, int], box: tuple[int, int, int, int], rectangles: Sequence[Rectangle]) -> np.ndarray:
    """1 in the rectangles of a box, 0 elsewhere, float32 (H, W)."""
    mask = np.zeros(shape, np.float32)
    x0, y0, x1, y1 = box
    for across, down in rectangles:
        left, right = (round(x0 + share * (x1 - x0)) for share in across)
        top, bottom = (round(y0 + share * (y1 - y0)) for share in down)
        mask[top:bottom, left:right] = 1.0
    return mask
