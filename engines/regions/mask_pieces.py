"""The single things of a mask: its connected parts, cut where things touch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import cv2
import numpy as np

from engines.masks import INSIDE, mask_box
from engines.regions.touching import side_by_side

# Smaller pieces of a mask, as shares of the picture, are its frayed rim rather than things of their own: 18 pixels of
# 640×480, about one of the head's.
_MIN_SHARE = 6e-5
# Where things are compared, only pieces of at least this share of the largest one, and no less certain than the most
# certain one by more than this, are things. Sentences with a word of order about the validation pictures, mean IoU with
# an earlier checkpoint, with the size alone and with both: msrs_ris 49.9 -> 52.1 -> 52.5 (381), roadscene_ris 40.4 ->
# 40.8 -> 40.8 (193). Shares of 0.03 and 0.1 gained half as much, of 0.3 lost.
_COUNTED_SHARE, _COUNTED_DOUBT = 0.05, 0.2

# Pieces stand on one another where they share so much of the narrower one's width, lie no further apart than this share
# of their common height, and are this many times as high as that width. Sentences for one thing, mean IoU: 47.2 -> 47.6
# on msrs_ris's validation part (358), the same on its train part (1,123); where things are compared it lost.
_SHARED, _GAP, _UPRIGHT = 0.6, 0.15, 1.5


class Piece(NamedTuple):
    """A thing of a mask: its box in the picture, x0, y0, x1, y1, and which of the box's pixels are it, bool.

    Each is kept in its box alone: a large picture has room for hundreds.
    """

    box: tuple[int, int, int, int]
    inside: np.ndarray

    def of(self, picture: np.ndarray) -> np.ndarray:
        """The box's part of (H, W) or (H, W, C), a view."""
        x0, y0, x1, y1 = self.box
        return picture[y0:y1, x0:x1]

    def on(self, picture: np.ndarray) -> np.ndarray:
        """The values of its own pixels, (N,) or (N, C)."""
        return self.of(picture)[self.inside]

    @property
    def size(self) -> int:
        """In pixels."""
        return int(self.inside.sum())


def pieces_of(mask: np.ndarray) -> list[Piece]:
    """Things of a mask (H, W) in [0, 1], without specks."""
    count, numbered, statistics, _ = cv2.connectedComponentsWithStats((mask >= INSIDE).astype(np.uint8))
    pieces = []
    for number in range(1, count):
        left, top, width, height, area = (int(value) for value in statistics[number])
        if area < _MIN_SHARE * mask.size:
            continue
        for part in side_by_side(numbered[top : top + height, left : left + width] == number):
            x0, y0, x1, y1 = mask_box(part)
            pieces.append(Piece((left + x0, top + y0, left + x1, top + y1), part[y0:y1, x0:x1]))
    return pieces


def mask_of(pieces: Iterable[Piece], mask: np.ndarray) -> np.ndarray:
    """A mask's values, float32 (H, W), where the pieces are, and 0 elsewhere."""
    kept = np.zeros(mask.shape, np.float32)
    for piece in pieces:
        np.copyto(piece.of(kept), piece.of(mask), where=piece.inside)
    return kept


def whole(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, those joined that stand on one another: a dark belt or a branch cuts a person in two."""
    joined: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.box[1]):
        above = next((i for i, other in enumerate(joined) if _stands_below(piece.box, other.box)), None)
        if above is None:
            joined.append(piece)
        else:
            joined[above] = _joined(joined[above], piece)
    return joined


def _stands_below(box: tuple[int, int, int, int], above: tuple[int, int, int, int]) -> bool:
    shared = min(box[2], above[2]) - max(box[0], above[0])
    gap = box[1] - above[3]
    narrower = min(box[2] - box[0], above[2] - above[0])
    tall = box[3] - above[1]
    return shared >= _SHARED * narrower and 0 <= gap <= _GAP * tall and tall >= _UPRIGHT * narrower


def _joined(first: Piece, second: Piece) -> Piece:
    boxes = np.array([first.box, second.box])
    x0, y0, x1, y1 = (int(value) for value in (*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0)))
    inside = np.zeros((y1 - y0, x1 - x0), bool)
    for piece in (first, second):
        inside[piece.box[1] - y0 : piece.box[3] - y0, piece.box[0] - x0 : piece.box[2] - x0] |= piece.inside
    return Piece((x0, y0, x1, y1), inside)


def comparable(pieces: Sequence[Piece], mask: np.ndarray) -> list[Piece]:
    """Those of the pieces that count where things are compared: a speck is not the leftmost person.

    All of them where none is both large and certain.
    """
    sizes = [piece.size for piece in pieces]
    scores = [piece.on(mask).mean() for piece in pieces]
    counted = [
        piece
        for piece, size, score in zip(pieces, sizes, scores, strict=True)
        if size >= _COUNTED_SHARE * max(sizes) and score >= max(scores) - _COUNTED_DOUBT
    ]
    return counted or list(pieces)
