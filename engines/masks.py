"""What every engine agrees on about masks."""

from __future__ import annotations

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
