"""Soft-edged masks and the composition of tuned pictures (eq. 5 of the paper)."""

from __future__ import annotations

import cv2
import numpy as np

from engines.classical.guided import guided_filter
from engines.masks import INSIDE

EDGE_WIDTH = 6.0
GUIDE_RADIUS, GUIDE_EPSILON = 6, 1e-3


def soft_weights(mask: np.ndarray, guide: np.ndarray | None = None, edge_width: float = EDGE_WIDTH) -> np.ndarray:
    """Weights that rise from the rim of a mask inwards, so that nothing outside it is touched.

    Where the guide has an edge near the rim the weight keeps to it: it rises at once on the object's side, and stays
    away from what the mask has of the other. A guided filter tells both; what it gives beyond a plain blur is what
    the guide knows. The picture's own border is no rim. Narrow masks get a narrower rise, so that their middle has
    full weight.

    Args:
        mask: float32 (H, W) in [0, 1]; 0.5 and more counts as inside.
        guide: float32 (H, W) in [0, 1], the picture that is composed; None for a rise by distance alone.
        edge_width: Pixels over which the weight rises to 1 where there is no edge.

    Returns:
        float32 (H, W) in [0, 1], exactly 0 outside the mask.
    """
    inside = mask >= INSIDE
    if inside.all():
        return np.ones(mask.shape, np.float32)
    distance = cv2.distanceTransform(inside.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    depth = float(distance.max())
    rise = min(edge_width, max(depth, 1.0))
    ramp = np.clip(distance / rise, 0.0, 1.0)
    weights = ramp * ramp * (3.0 - 2.0 * ramp)
    if guide is not None:
        binary = inside.astype(np.float32)
        aligned = guided_filter(guide, binary, GUIDE_RADIUS, GUIDE_EPSILON)
        plain = guided_filter(np.zeros_like(binary), binary, GUIDE_RADIUS, GUIDE_EPSILON)
        weights = np.clip(weights + 2.0 * (aligned - plain), 0.0, 1.0)
    return np.where(inside, weights, 0.0).astype(np.float32)


def graded_weights(mask: np.ndarray) -> np.ndarray:
    """Weights of a mask that says how much is to be done: from 0 where it is 0.5, its rim, to 1 where it is 1.

    What is dark or bright by degrees has no edge; one would make what is just inside darker than what is outside.
    """
    return np.clip((mask - INSIDE) / (1.0 - INSIDE), 0.0, 1.0).astype(np.float32)


def composite(base: np.ndarray, tuned: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Eq. 5 for one region: weights · tuned + (1 − weights) · base.

    Args:
        base: float32 (H, W, 3).
        tuned: float32 (H, W, 3).
        weights: float32 (H, W) in [0, 1].

    Returns:
        float32 (H, W, 3), equal to `base` bit by bit where the weight is 0 and to `tuned` where it is 1.
    """
    weights = weights[..., None]
    mixed = base + weights * (tuned - base)
    return np.where(weights >= 1.0, tuned, np.where(weights <= 0.0, base, mixed))
