"""Two-scale fusion with guided-filtered weights (Li, Kang, Hu, "Image fusion with guided filtering", IEEE TIP 2013)."""

from __future__ import annotations

import cv2
import numpy as np

BASE_WINDOW = 31
SALIENCY_WINDOW, SALIENCY_SIGMA = 11, 5.0
BASE_RADIUS, BASE_EPSILON = 45, 0.3
DETAIL_RADIUS, DETAIL_EPSILON = 7, 1e-6


def _box_mean(picture: np.ndarray, radius: int) -> np.ndarray:
    size = (2 * radius + 1, 2 * radius + 1)
    total = cv2.boxFilter(picture, cv2.CV_64F, size, normalize=False, borderType=cv2.BORDER_CONSTANT)
    ones = np.ones_like(picture)
    return total / cv2.boxFilter(ones, cv2.CV_64F, size, normalize=False, borderType=cv2.BORDER_CONSTANT)


def guided_filter(guide: np.ndarray, picture: np.ndarray, radius: int, epsilon: float) -> np.ndarray:
    """Edge-preserving smoothing by a local linear model of the guide (He, Sun, Tang 2013).

    Args:
        guide: float (H, W) in [0, 1].
        picture: float (H, W), what is smoothed.
        radius: Of the square window, in pixels; windows are cut at the border.
        epsilon: Regularisation of the slope, in squared intensity.

    Returns:
        float64 (H, W).
    """
    slope, offset = _local_model(guide, picture, radius, epsilon)
    return slope * guide.astype(np.float64) + offset


def guided_upsampling(guide: np.ndarray, coarse: np.ndarray, radius: int, epsilon: float) -> np.ndarray:
    """Enlarge a coarse map so that its edges follow the guide's (fast guided filter, He and Sun 2015).

    The local linear model is found at the coarse size and applied at the guide's, so the work hardly grows with it.

    Args:
        guide: float32 (H, W) in [0, 1].
        coarse: float32 (h, w), what is enlarged.
        radius: Of the square window, in pixels of `coarse`.
        epsilon: As of `guided_filter`.

    Returns:
        float32 (H, W).
    """
    small = cv2.resize(guide, coarse.shape[::-1], interpolation=cv2.INTER_AREA)
    slope, offset = (
        cv2.resize(part.astype(np.float32), guide.shape[::-1]) for part in _local_model(small, coarse, radius, epsilon)
    )
    return slope * guide + offset


def _local_model(guide: np.ndarray, picture: np.ndarray, radius: int, epsilon: float) -> tuple[np.ndarray, np.ndarray]:
    """Slope and offset at each pixel, means over the windows that it is in."""
    guide, picture = guide.astype(np.float64), picture.astype(np.float64)
    mean_guide, mean_picture = _box_mean(guide, radius), _box_mean(picture, radius)
    covariance = _box_mean(guide * picture, radius) - mean_guide * mean_picture
    variance = _box_mean(guide * guide, radius) - mean_guide**2
    slope = covariance / (variance + epsilon)
    offset = mean_picture - slope * mean_guide
    return _box_mean(slope, radius), _box_mean(offset, radius)


def _saliency(picture: np.ndarray) -> np.ndarray:
    edges = np.abs(cv2.Laplacian(picture, cv2.CV_32F, ksize=1, borderType=cv2.BORDER_REFLECT))
    return cv2.GaussianBlur(edges, (SALIENCY_WINDOW, SALIENCY_WINDOW), SALIENCY_SIGMA, borderType=cv2.BORDER_REFLECT)


def _weight_of_visible(
    visible: np.ndarray, infrared: np.ndarray, choice: np.ndarray, radius: int, epsilon: float
) -> np.ndarray:
    a = np.clip(guided_filter(visible, choice, radius, epsilon), 0.0, 1.0)
    b = np.clip(guided_filter(infrared, 1.0 - choice, radius, epsilon), 0.0, 1.0)
    total = a + b
    return np.where(total > 1e-6, a / np.maximum(total, 1e-6), 0.5)


def fuse_guided(visible: np.ndarray, infrared: np.ndarray) -> np.ndarray:
    """Fuse base and detail layers with weights from saliency, smoothed along each source's edges.

    Window sizes and regularisation are the paper's. Where both sources are equally salient each has half the weight.

    Args:
        visible: float32 (H, W), luma in [0, 1].
        infrared: float32 (H, W) in [0, 1].

    Returns:
        float32 (H, W); may leave [0, 1] a little.
    """
    window = (BASE_WINDOW, BASE_WINDOW)
    base_a = cv2.blur(visible, window, borderType=cv2.BORDER_REFLECT)
    base_b = cv2.blur(infrared, window, borderType=cv2.BORDER_REFLECT)
    choice = 0.5 * (1.0 + np.sign(_saliency(visible) - _saliency(infrared)))
    base = _weight_of_visible(visible, infrared, choice, BASE_RADIUS, BASE_EPSILON)
    detail = _weight_of_visible(visible, infrared, choice, DETAIL_RADIUS, DETAIL_EPSILON)
    fused = base * base_a + (1.0 - base) * base_b
    fused += detail * (visible - base_a) + (1.0 - detail) * (infrared - base_b)
    return fused.astype(np.float32)
