"""The simplest rules: mean, maximum, and the high-pass injection that thermal cameras sell as MSX."""

from __future__ import annotations

import cv2
import numpy as np

HIGH_PASS_SIGMA = 2.0
HIGH_PASS_WINDOW = 13


def fuse_mean(visible: np.ndarray, infrared: np.ndarray) -> np.ndarray:
    """Mean of luma and infrared, float32 (H, W) in [0, 1]."""
    return 0.5 * (visible + infrared)


def fuse_maximum(visible: np.ndarray, infrared: np.ndarray) -> np.ndarray:
    """The brighter of luma and infrared per pixel, float32 (H, W) in [0, 1]."""
    return np.maximum(visible, infrared)


def fuse_high_pass(visible: np.ndarray, infrared: np.ndarray, gain: float = 1.0) -> np.ndarray:
    """Infrared plus the visible picture's fine detail: Y = infrared + gain · (visible − Gaussian(visible)).

    Args:
        visible: float32 (H, W), luma in [0, 1].
        infrared: float32 (H, W) in [0, 1].
        gain: Of the detail.

    Returns:
        float32 (H, W); may leave [0, 1].
    """
    window = (HIGH_PASS_WINDOW, HIGH_PASS_WINDOW)
    smooth = cv2.GaussianBlur(visible, window, HIGH_PASS_SIGMA, borderType=cv2.BORDER_REFLECT)
    return infrared + gain * (visible - smooth)
