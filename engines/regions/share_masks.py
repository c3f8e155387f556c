"""Masks of shares of the picture and of things: halves, corners, ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from engines.masks import mask_box
from engines.regions.mask_pieces import pieces_of, whole
from engines.regions.shares import Rectangle, Share
from engines.types import Region


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


def _inside(shape: tuple[int, int], box: tuple[int, int, int, int], rectangles: Sequence[Rectangle]) -> np.ndarray:
    """1 in the rectangles of a box, 0 elsewhere, float32 (H, W)."""
    mask = np.zeros(shape, np.float32)
    x0, y0, x1, y1 = box
    for across, down in rectangles:
        left, right = (round(x0 + share * (x1 - x0)) for share in across)
        top, bottom = (round(y0 + share * (y1 - y0)) for share in down)
        mask[top:bottom, left:right] = 1.0
    return mask
