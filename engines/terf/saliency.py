"""Which source shows a region better: the choice behind `highlight`."""

from __future__ import annotations

import cv2
import numpy as np

from engines.color import image_luma
from engines.types import ImagePair
from finetune_units.head_starts import Source

SMALLEST_RING = 6


def ring_around(mask: np.ndarray) -> np.ndarray:
    """The surroundings of a region, about as large as the region itself.

    Args:
        mask: float32 (H, W), 0.5 and more counts as inside.

    Returns:
        bool (H, W); empty where the region fills the picture.
    """
    inside = (mask >= 0.5).astype(np.uint8)
    width = max(SMALLEST_RING, round(0.2 * float(inside.sum()) ** 0.5))
    outside_distance = cv2.distanceTransform(1 - inside, cv2.DIST_L2, cv2.DIST_MASK_5)
    return (inside == 0) & (outside_distance <= width)


def contrast(picture: np.ndarray, mask: np.ndarray) -> float:
    """|mean inside − mean of the ring around| of a grey picture (H, W); its standard deviation without a ring."""
    inside, ring = mask >= 0.5, ring_around(mask)
    if not ring.any() or not inside.any():
        return float(picture.std())
    return abs(float(picture[inside].mean()) - float(picture[ring].mean()))


def more_salient_source(pair: ImagePair, mask: np.ndarray) -> Source:
    """The source in which the region stands out more from its surroundings; infrared where both are equal."""
    if contrast(image_luma(pair.visible), mask) > contrast(pair.infrared, mask):
        return "visible"
    return "infrared"
