"""Things that touch in a mask, told apart: two people side by side are one piece of it, with a waist between them."""

from __future__ import annotations

import numpy as np

# A waist is no more than this share of the lower of its two sides, and leaves neither with less than that share of the
# piece. Sentences with a word of order about the validation pictures, mean IoU with an earlier checkpoint: msrs_ris
# 48.6 -> 49.9 (381), roadscene_ris 39.8 -> 40.4 (193); waists up to 0.7 gained 0.8 and 0.6, up to 0.9 as much as that.
_WAIST, _LEAST_SHARE = 0.8, 0.1
# Of the piece's width, what the number of pixels in a column is averaged over to either side.
_SMOOTHED = 0.04
_NARROWEST = 8


def side_by_side(piece: np.ndarray) -> list[np.ndarray]:
    """Cut a piece of a mask at its upright waists.

    Args:
        piece: bool (H, W), connected.

    Returns:
        Bool masks (H, W), disjoint, together the piece; the piece alone where it has no waist or is less than eight
        pixels wide.
    """
    heights = piece.sum(axis=0)
    columns = np.flatnonzero(heights)
    if len(columns) < _NARROWEST:
        return [piece]
    left, right = columns[0], columns[-1] + 1
    reach = max(1, int(_SMOOTHED * (right - left)))
    window = np.full(2 * reach + 1, 1.0 / (2 * reach + 1))
    smooth = np.convolve(np.pad(heights[left:right].astype(float), reach, mode="edge"), window, mode="valid")
    sides = np.minimum(np.maximum.accumulate(smooth), np.maximum.accumulate(smooth[::-1])[::-1])
    waist = int(np.argmin(smooth / sides))
    if smooth[waist] > _WAIST * sides[waist]:
        return [piece]
    halves = [piece.copy(), piece.copy()]
    halves[0][:, left + waist :] = False
    halves[1][:, : left + waist] = False
    if min(half.sum() for half in halves) < _LEAST_SHARE * piece.sum():
        return [piece]
    return [part for half in halves for part in side_by_side(half)]
