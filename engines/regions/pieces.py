"""A phrase, obeyed on a mask: of the pieces that a referring head marked, those the phrase singles out.

The head marks every person for "the leftmost person". What the words say of position is therefore taken from the phrase
once more, and the mask's pieces are chosen by it; where they are for one thing, by what else they say of it, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engines.masks import INSIDE, mask_box
from engines.regions.geometry import Choice, anchor_notes, choose, read_choice
from engines.regions.mask_pieces import Piece, comparable, mask_of, pieces_of, whole
from engines.regions.meant import Evidence, meant, number_meant
from engines.types import Region

# Which words are obeyed, and how: what brought the head nearer to the truth. With an earlier checkpoint,
# mean IoU of sentences about 49 pictures of msrs_ris's validation part, all that is marked and what is chosen: leftmost
# 21.6 -> 30.4 (64 sentences), rightmost 21.3 -> 35.3 (63), largest 50.2 -> 57.4 (6); since then tallest 29.6 -> 40.8
# (5). Two with farthest were found neither way.
_ORDERS = {"left": "left", "right": "right", "near": "near", "large": "large", "far": "small", "tall": "tall"}
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
# Of two things on the ground the nearer one looks larger and ends lower: by so many heights of the picture it must end
# lower to make up for being e times smaller. Sentences with nearest, mean IoU by the box alone and so: train part of
# msrs_ris 72.3 -> 73.6 (182), validation part 61.2 -> 68.2 (68; by the lower edge alone 66.1).
_PER_SIZE = 0.25


def kept_pieces(region: Region, evidence: Evidence) -> Region:
    """A region without the pieces of its mask that its label does not mean, and a note that says so.

    Args:
        region: A label and the mask that was found for it.
        evidence: Of the same picture.

    Returns:
        The region as it is where the label says nothing that is obeyed here, where the mask has one piece, or where all
        of them are meant.
    """
    choice = read_choice(region.label)
    is_counted = choice.compares or choice.count is not None
    orders = _COMPARED if choice.compares else _ORDERS
    ordered = choice.order in (orders if is_counted else _PLACES)
    number = None if choice.compares else number_meant(region.label, choice)
    if not ordered and number is None:
        return region
    pieces = pieces_of(region.mask)
    if len(pieces) < 2:
        return region
    kept, by = list(pieces), []
    if ordered:
        kept = _ordered(choice, orders, region, pieces) if is_counted else _placed(choice.order, region, pieces)
        kept = kept or list(pieces)
        if len(kept) < len(pieces):
            by.append("position")
    if number is not None and len(kept) > number:
        found = comparable(whole(kept), region.mask)
        chosen = meant(region.label, choice, number, found, evidence)
        if chosen is not None:
            kept = [found[index] for index in chosen]
            by.append("the thing itself")
    # Counted in pixels, as pieces may have been joined.
    if sum(piece.size for piece in kept) == sum(piece.size for piece in pieces):
        return region
    mask = mask_of(kept, region.mask)
    note = (
        f"“{region.label}”: of {len(pieces)} pieces found, {len(kept)} {'was' if len(kept) == 1 else 'were'} kept "
        f"by what the words say of {' and '.join(by)}."
    )
    score = float(mask[mask >= INSIDE].mean())
    notes = (*region.notes, *anchor_notes(region.label, choice), note)
    return replace(region, mask=mask, score=score, box=mask_box(mask), notes=notes)


def _ordered(choice: Choice, orders: dict[str, str], region: Region, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces that come first in the order asked for."""
    found = comparable(pieces, region.mask)
    boxes = np.array([piece.box for piece in found])
    keys = None
    if choice.order == "near":
        keys = -np.log([piece.size for piece in found]) - boxes[:, 3] / (region.mask.shape[0] * _PER_SIZE)
    chosen = choose(replace(choice, order=orders[choice.order]), boxes, region.mask.shape, keys)
    return [found[index] for index in chosen]


def _placed(place: str, region: Region, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces that are at one of _PLACES of the picture, or in a corner the label names."""
    if place == "near":
        least = _NEAR_SHARE * max(piece.size for piece in pieces)
        return [piece for piece in pieces if piece.size >= least]
    boxes = np.array([piece.box for piece in pieces])
    centres = (boxes[:, :2] + boxes[:, 2:]) / (2.0 * np.array(region.mask.shape[::-1]))
    sides = [place]
    if place in _DOWN and (corner := _CORNER.search(region.label.lower())):
        sides.append(corner["side"])
    there = np.ones(len(pieces), bool)
    for side in sides:
        (low, high), centre = (_ACROSS[side], centres[:, 0]) if side in _ACROSS else (_DOWN[side], centres[:, 1])
        there &= (low <= centre) & (centre <= high)
    return [piece for piece, is_there in zip(pieces, there, strict=True) if is_there]
