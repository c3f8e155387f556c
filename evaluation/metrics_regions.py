"""Fusion metrics inside a mask, outside it and along its boundary: what a text-driven edit did, and where."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from evaluation.metrics import fusion_metrics
from evaluation.metrics_profiles import DEFAULT

RING_PIXELS = 5
REGIONS = ("inside", "outside", "ring")


def region_metrics(
    infrared: np.ndarray,
    visible: np.ndarray,
    fused: np.ndarray,
    mask: np.ndarray,
    names: Iterable[str] | None = None,
    profile: str = DEFAULT,
) -> dict[str, dict[str, float]]:
    """`evaluation.metrics.fusion_metrics` of each of REGIONS.

    Args:
        infrared: As for `fusion_metrics`, like the next four.
        visible: Luma of the visible picture.
        fused: Luma of the fused picture.
        mask: bool (H, W), true inside.
        names: Which metrics, all by default.
        profile: Whose conventions.

    Returns:
        Region -> metric -> value; every value of an empty region is NaN.

    Raises:
        InputError: As `fusion_metrics` does.
    """
    chosen = None if names is None else list(names)
    regions = dict(zip(REGIONS, (mask, ~mask, boundary_ring(mask)), strict=True))
    return {
        region: fusion_metrics(infrared, visible, fused, chosen, profile, pixels) for region, pixels in regions.items()
    }


def boundary_ring(mask: np.ndarray, pixels: int = RING_PIXELS) -> np.ndarray:
    """The pixels at most so far from a pixel of the other side, on either side of the mask's boundary.

    Args:
        mask: bool (H, W), true inside; the picture's border is no boundary.
        pixels: Euclidean distance between pixel centres.

    Returns:
        bool (H, W), empty for a mask that is empty or covers the picture.
    """
    if mask.all() or not mask.any():
        return np.zeros_like(mask)
    # Each transform gives the distance to the nearest zero pixel, 0 on the zero side.
    sides = (cv2.distanceTransform(side.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE) for side in (mask, ~mask))
    return sum(sides) <= pixels
