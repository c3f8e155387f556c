"""Laplacian pyramid fusion (Burt and Adelson, "The Laplacian pyramid as a compact image code", 1983)."""

from __future__ import annotations

import cv2
import numpy as np

MAX_LEVELS = 4
SMALLEST_SIDE = 4


def _levels(height: int, width: int) -> int:
    levels, side = 0, min(height, width)
    while levels < MAX_LEVELS and side >= 2 * SMALLEST_SIDE:
        side //= 2
        levels += 1
    return levels


def _expand(picture: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    return cv2.pyrUp(picture, dstsize=(shape[1], shape[0]))


def _decompose(picture: np.ndarray, levels: int) -> tuple[list[np.ndarray], np.ndarray]:
    details = []
    for _ in range(levels):
        smaller = cv2.pyrDown(picture)
        details.append(picture - _expand(smaller, picture.shape))
        picture = smaller
    return details, picture


def fuse_laplacian(visible: np.ndarray, infrared: np.ndarray) -> np.ndarray:
    """Fuse two pyramids: the detail of larger magnitude per level, the mean of the coarsest level.

    Args:
        visible: float32 (H, W), luma in [0, 1].
        infrared: float32 (H, W) in [0, 1].

    Returns:
        float32 (H, W); may leave [0, 1] a little where details add up. Up to four levels, fewer so that the
        coarsest keeps at least four pixels on its short side.
    """
    levels = _levels(*visible.shape)
    details_a, base_a = _decompose(visible, levels)
    details_b, base_b = _decompose(infrared, levels)
    fused = 0.5 * (base_a + base_b)
    for a, b in zip(reversed(details_a), reversed(details_b), strict=True):
        fused = _expand(fused, a.shape) + np.where(np.abs(a) >= np.abs(b), a, b)
    return fused
