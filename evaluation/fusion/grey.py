"""The 8-bit grey picture that every fusion metric is computed on."""

from __future__ import annotations

import numpy as np

from engines.color import luma
from engines.errors import InputError


def to_8bit(picture: np.ndarray) -> np.ndarray:
    """The 8-bit form of a float picture, as it would be written to a PNG.

    Args:
        picture: float (H, W) or (H, W, 3) in [0, 1]; values outside are clipped.

    Returns:
        uint8 of the same shape, rounded to the nearest level.

    Raises:
        InputError: The picture holds NaN or infinite values.
    """
    if not np.isfinite(picture).all():
        raise InputError("A picture to score must hold finite numbers, but some are NaN or infinite.")
    return np.rint(np.clip(picture, 0.0, 1.0) * 255.0).astype(np.uint8)


def to_grey(picture: np.ndarray) -> np.ndarray:
    """Rounded luma of an 8-bit picture.

    Args:
        picture: uint8 (H, W), returned as it is, or uint8 RGB (H, W, 3).

    Returns:
        uint8 (H, W).
    """
    if picture.ndim == 2:
        return picture
    red, green, blue = np.moveaxis(picture.astype(np.float64), -1, 0)
    return np.rint(luma(red, green, blue)).astype(np.uint8)


def grey_levels(picture: np.ndarray, name: str) -> np.ndarray:
    """Check a grey picture and bring it to whole levels.

    Args:
        picture: (H, W), uint8 or any real type on the 0-255 scale; fractions are rounded to the nearest level.
        name: What to call the picture in an error message.

    Returns:
        uint8 (H, W).

    Raises:
        InputError: Wrong shape, values that are not finite or not in 0-255, or a float picture that is on the 0-1
            scale (it would round to black and white, which no metric could show).
    """
    picture = np.asarray(picture)
    if picture.ndim != 2 or min(picture.shape) < 2:
        raise InputError(f"The {name} picture must be grey (H, W) of at least 2x2 pixels, but got {picture.shape}.")
    if picture.dtype == np.uint8:
        return picture
    if not (np.issubdtype(picture.dtype, np.floating) or np.issubdtype(picture.dtype, np.integer)):
        raise InputError(f"The {name} picture must hold grey levels, but got the type {picture.dtype}.")
    low, high = float(picture.min()), float(picture.max())
    if not (low >= 0.0 and high <= 255.0):
        raise InputError(f"The {name} picture must hold grey levels in 0-255, but got {low:g} to {high:g}.")
    levels = np.rint(picture)
    if high <= 1.0 and not np.array_equal(levels, picture):
        raise InputError(f"The {name} picture must be on the 0-255 scale, but got values in [0, 1]; multiply by 255.")
    return levels.astype(np.uint8)
