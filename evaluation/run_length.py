"""COCO run-length encoded masks (the format of cocoapi's maskApi), decoded with every length checked.

pycocotools does not check that the runs fill the picture: a truncated string gives a mask of uninitialised memory,
which would be scored like any other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engines.errors import InputError


def decode_mask(size: Sequence[int], counts: str | Sequence[int]) -> np.ndarray:
    """The mask of a run-length encoding.

    Args:
        size: Height and width in pixels.
        counts: Lengths of the runs, outside first, down the columns: a list (uncompressed) or COCO's compressed string.

    Returns:
        bool (H, W), true inside.

    Raises:
        InputError: Not a run-length encoding, or its runs do not fill the picture exactly.
    """
    height, width = size
    runs = _runs(counts) if isinstance(counts, str) else list(counts)
    if any(run < 0 for run in runs) or sum(runs) != height * width:
        raise InputError(f"The runs of a mask must fill its {height}x{width} pixels exactly, but do not.")
    inside = np.arange(len(runs)) % 2 == 1
    return np.repeat(inside, runs).reshape(width, height).T


def encode_mask(mask: np.ndarray) -> dict:
    """COCO's uncompressed run lengths of a bool mask (H, W): what `decode_mask` reads, as {"size", "counts"}."""
    columns = np.concatenate([[False], mask.T.ravel()])
    edges = np.flatnonzero(np.diff(columns))
    counts = np.diff(np.concatenate([[0], edges, [mask.size]]))
    return {"size": list(mask.shape), "counts": counts.tolist()}


def _runs(counts: str) -> list[int]:
    """Run lengths of the compressed string.

    Each number is a sequence of characters of 6 bits (code - 48), lowest first: 5 bits of value, then one that says
    that more follow; the value is signed by its topmost bit. From the fourth on, a number is the difference from the
    run two before.
    """
    runs: list[int] = []
    value = shift = 0
    for character in counts:
        code = ord(character) - 48
        if not 0 <= code < 64:
            raise InputError(f"A compressed mask must hold the characters 0 to o, but got {character!r}.")
        value |= (code & 31) << shift
        shift += 5
        if code & 32:
            continue
        if code & 16:
            value -= 1 << shift
        runs.append(value + runs[-2] if len(runs) > 2 else value)
        value = shift = 0
    if shift:
        raise InputError("A compressed mask must end with a whole number, but is cut off.")
    return runs
