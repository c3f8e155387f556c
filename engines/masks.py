"""What every engine agrees on about masks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

# A pixel of a float mask belongs to the region from here on.
INSIDE = 0.5


def mask_box(mask: np.ndarray) -> tuple[int, int, int, int] | None:
    """x0, y0, x1, y1 of the pixels of at least 0.5, right and bottom exclusive; None without any.

    Args:
        mask: (H, W), bool or float in [0, 1].
    """
    inside = mask >= INSIDE
    if not inside.any():
        return None
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def padded_box(
    box: tuple[int, int, int, int], context: int | None, shape: tuple[int, int]
) -> tuple[int, int, int, int]:
    """The box grown by `context` pixels on every side, inside a picture (H, W); the whole picture for None."""
    height, width = shape
    if context is None:
        return 0, 0, width, height
    x0, y0, x1, y1 = box
    return max(0, x0 - context), max(0, y0 - context), min(width, x1 + context), min(height, y1 + context)


def certain(mask: np.ndarray) -> np.ndarray:
    """A float mask (H, W) in [0, 1] without a masker's faint doubts, which are no places: 0 up to 0.25, 1 from 0.75."""
    return np.clip(2.0 * mask - 0.5, 0.0, 1.0).astype(np.float32)


def strength_map(
    masks: Sequence[np.ndarray], strengths: Sequence[int], shape: tuple[int, int], elsewhere: float = 1.0
) -> np.ndarray:
    """How far to go at every pixel: a region's own strength inside it, the greatest of several, `elsewhere` in none.

    Args:
        masks: One float (H, W) in [0, 1] per region.
        strengths: One per mask, from 1.
        shape: (H, W).
        elsewhere: At most 1.

    Returns:
        float32 (H, W).
    """
    further = [(strength - elsewhere) * certain(mask) for mask, strength in zip(masks, strengths, strict=True)]
    return elsewhere + np.maximum.reduce([np.zeros(shape, np.float32), *further])
