"""The mask as a red half-transparent overlay: the final picture of RIS-FUSION (section 2 of the paper)."""

from __future__ import annotations

import numpy as np

RED = (1.0, 0.0, 0.0)


def red_overlay(image: np.ndarray, mask: np.ndarray, opacity: float = 0.5, contour: bool = False) -> np.ndarray:
    """Lay a mask over a picture.

    Args:
        image: float32 (H, W, 3), RGB in [0, 1].
        mask: float32 (H, W) in [0, 1], 1 inside.
        opacity: How much of the red covers the inside, in [0, 1].
        contour: Draw the mask's border (its outermost pixels) in solid red.

    Returns:
        float32 (H, W, 3), RGB in [0, 1]; a new array.

    Raises:
        ValueError: Mask and picture differ in size.
    """
    if mask.shape != image.shape[:2]:
        raise ValueError(f"The mask must be {image.shape[:2]} like the picture, but got {mask.shape}.")
    weight = opacity * mask.astype(np.float32)
    if contour:
        weight = np.where(_border(mask >= 0.5), 1.0, weight)
    red = np.asarray(RED, dtype=np.float32)
    return (image + weight[..., None] * (red - image)).astype(np.float32)


def _border(inside: np.ndarray) -> np.ndarray:
    padded = np.pad(inside, 1, mode="edge")
    core = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return inside & ~core
