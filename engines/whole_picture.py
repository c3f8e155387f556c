"""The region of an edit that names none."""

from __future__ import annotations

import numpy as np

from engines.types import Region

WHOLE_PICTURE = "whole picture"


def whole_picture(shape: tuple[int, int]) -> Region:
    """Everything, in a picture (H, W)."""
    height, width = shape
    return Region(WHOLE_PICTURE, np.ones(shape, np.float32), 1.0, (0, 0, width, height))


def nowhere(shape: tuple[int, int]) -> Region:
    """For an edit of the whole picture that a method has nothing to do for, in a picture (H, W)."""
    return Region(WHOLE_PICTURE, np.zeros(shape, np.float32), 0.0, None)
