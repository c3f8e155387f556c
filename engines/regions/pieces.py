"""Words of position, obeyed on a mask: of the pieces that a referring head marked, those the phrase singles out.

The head marks every person for "the leftmost person". What the words say of position is therefore taken from the phrase
once more, and the mask's pieces are chosen by it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np

from engines.masks import INSIDE, mask_box
from engines.regions.geometry import anchor_notes, choose, read_choice
from engines.regions.touching import side_by_side
from engines.types import Region

# Smaller pieces of a mask, as shares of the picture, are its frayed rim rather than things of their own: 18 pixels of
# 640×480, about one of the head's.
_MIN_SHARE = 6e-5
# Where things are compared, only pieces of at least this share of the largest one, and no less certain than the most
# certain one by more than this, are things. Sentences with a word of order about the validation pictures, mean IoU with
# an earlier checkpoint, with the size alone and with both: msrs_ris 49.9 -> 52.1 -> 52.5 (381), roadscene_ris 40.4 ->
# 40.8 -> 40.8 (193). Shares of 0.03 and 0.1 gained half as much, of 0.3 lost.
_COUNTED_SHARE, _COUNTED_DOUBT = 0.05, 0.2
# Which words are obeyed, and how: what brought the head nearer to the truth. With an earlier checkpoint,
# mean IoU of sentences about 49 pictures of msrs_ris's validation part, all that is marked and what is chosen: leftmost
# 21.6 -> 30.4 (64 sentences), rightmost 21.3 -> 35.3 (63), nearest 51.3 -> 57.5 by size, but only 52.6 by the lower
# edge (60), largest 50.2 -> 57.4 (6); since then tallest 29.6 -> 40.8 (5). Two with farthest were found neither way.
_ORDERS = {"left": "left", "right": "right", "near": "large", "large": "large", "far": "small", "tall": "tall"}
# Topmost and counted from the top, by analogy: no sentence of the validation parts says so. "Two lamps at the top left"
# are not the two topmost.
_COMPARED = _ORDERS | {"top": "top", "bottom": "bottom"}
# A place without comparison keeps what has its centre between these shares of the width or the height: things on the
# left 30.1 -> 42.8 (39), on the right 32.6 -> 38.4 (31), in the middle 23.0 -> 43.3 (8), grass, walls and other stuff
# on a side 44.6 -> 50.4 (13); at the top 24.5 -> 33.1 (11; up to the half 26.8), at the bottom 32.8 -> 33.8 (4). Of
# things, the outermost alone would be 42.3 and 41.7, but of stuff, which is in many pieces, 36.8.
_ACROSS = {"left": (0.0, 0.5), "right": (0.5, 1.0), "middle": (1 / 3, 2 / 3)}
_DOWN = {"top": (0.0, 1 / 3), "bottom": (2 / 3, 1.0)}
# What is in the foreground is at least this share of the largest piece: 39.2 -> 44.9 (8).
_NEAR_SHARE = 0.5
_PLACES = {*_ACROSS, *_DOWN, "near"}
_CORNER = re.compile(r"\b(?:top|bottom|upper|lower)[- ](?P<side>left|right)\b")


def kept_pieces(region: Region) -> Region:
    """A region without the pieces of its mask that its label does not mean, and a note that says so.

    Args:
        region: A label and the mask that was found for it.

    Returns:
        The region as it is where the label has no words of position that are obeyed here, where the mask has one
        piece, or where all of them are meant.
    """
    choice = read_choice(region.label)
    is_counted = choice.compares or choice.count is not None
    orders = _COMPARED if choice.compares else _ORDERS
    if choice.order not in (orders if is_counted else _PLACES):
        return region
    pieces = _pieces(region.mask)
    if len(pieces) < 2:
        return region
    found = _comparable(pieces, region.mask) if is_counted else pieces
    if is_counted:
        boxes = np.array([piece.box for piece in found])
        chosen = choose(replace(choice, order=orders[choice.order]), boxes, region.mask.shape)
    else:
        chosen = _placed(choice.order, region.label, pieces, region.mask.shape)
    if not chosen or len(chosen) == len(pieces):
        return region
    mask = np.zeros(region.mask.shape, np.float32)
    for piece in (found[index] for index in chosen):
        np.copyto(piece.of(mask), piece.of(region.mask), where=piece.inside)
    note = (
        f"“{region.label}”: of {len(pieces)} pieces found, {len(chosen)} {'was' if len(chosen) == 1 else 'were'} kept "
        "by what the words say of position."
    )
    score = float(mask[mask >= INSIDE].mean())
    notes = (*region.notes, *anchor_notes(region.label, choice), note)
    return replace(region, mask=mask, score=score, box=mask_box(mask), notes=notes)


class _Piece(NamedTuple):
    """A thing of a mask: its box in the picture, x0, y0, x1, y1, and which of the box's pixels are it, bool."""

    box: tuple[int, int, int, int]
    inside: np.ndarray

    def of(self, picture: np.ndarray) -> np.ndarray:
        """The box's part of (H, W), a view."""
        x0, y0, x1, y1 = self.box
        return picture[y0:y1, x0:x1]


def _pieces(mask: np.ndarray) -> list[_Piece]:
    """Things of a mask (H, W): its connected parts, cut where things touch.

    Each is kept in its box alone: a large picture has room for hundreds.
    """
    count, numbered, statistics, _ = cv2.connectedComponentsWithStats((mask >= INSIDE).astype(np.uint8))
    pieces = []
    for number in range(1, count):
        left, top, width, height, area = (int(value) for value in statistics[number])
        if area < _MIN_SHARE * mask.size:
            continue
        for part in side_by_side(numbered[top : top + height, left : left + width] == number):
            x0, y0, x1, y1 = mask_box(part)
            pieces.append(_Piece((left + x0, top + y0, left + x1, top + y1), part[y0:y1, x0:x1]))
    return pieces


def _comparable(pieces: list[_Piece], mask: np.ndarray) -> list[_Piece]:
    """Those of the pieces that count where things are compared: a speck is not the leftmost person."""
    sizes = [piece.inside.sum() for piece in pieces]
    scores = [piece.of(mask)[piece.inside].mean() for piece in pieces]
    return [
        piece
        for piece, size, score in zip(pieces, sizes, scores, strict=True)
        if size >= _COUNTED_SHARE * max(sizes) and score >= max(scores) - _COUNTED_DOUBT
    ]


def _placed(place: str, label: str, pieces: list[_Piece], shape: tuple[int, int]) -> list[int]:
    """Indices of the pieces that are at one of _PLACES of a picture of that shape, or in a corner the label names."""
    if place == "near":
        sizes = np.array([piece.inside.sum() for piece in pieces])
        return np.flatnonzero(sizes >= _NEAR_SHARE * sizes.max()).tolist()
    boxes = np.array([piece.box for piece in pieces])
    centres = (boxes[:, :2] + boxes[:, 2:]) / (2.0 * np.array(shape[::-1]))
    sides = [place]
    if place in _DOWN and (corner := _CORNER.search(label.lower())):
        sides.append(corner["side"])
    there = np.ones(len(pieces), bool)
    for side in sides:
        (low, high), centre = (_ACROSS[side], centres[:, 0]) if side in _ACROSS else (_DOWN[side], centres[:, 1])
        there &= (low <= centre) & (centre <= high)
    return np.flatnonzero(there).tolist()
