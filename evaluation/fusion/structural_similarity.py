"""SSIM: structural similarity of the fused picture with its sources (Wang et al., IEEE TIP 2004, eq. 13)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaluation.fusion.windows import mean_valid

_WINDOW = 7
_C1 = (0.01 * 255.0) ** 2
_C2 = (0.03 * 255.0) ** 2


def structural_similarity(sources: Sequence[np.ndarray], fused: np.ndarray) -> float:
    """SSIM summed over the sources.

    A 7 x 7 uniform window with sample (N - 1) covariance, K1 0.01, K2 0.03, range 255; the mean runs over the positions
    at which the whole window lies in the picture (a border of 3 pixels is left out).

    Args:
        sources: float64 (H, W) pictures, levels 0-255.
        fused: float64 (H, W), levels 0-255.

    Returns:
        At most the number of sources; NaN for pictures smaller than the window.
    """
    if min(fused.shape) < _WINDOW:
        return float("nan")
    fused_mean = _mean(fused)
    fused_variance = _mean(fused * fused) - fused_mean * fused_mean
    return sum(_similarity(source, fused, fused_mean, fused_variance) for source in sources)


def _similarity(source: np.ndarray, fused: np.ndarray, fused_mean: np.ndarray, fused_variance: np.ndarray) -> float:
    sample = _WINDOW**2 / (_WINDOW**2 - 1.0)
    mean = _mean(source)
    mean_product = mean * fused_mean
    mean_squares = mean * mean
    covariance = _mean(source * fused) - mean_product
    variances = _mean(source * source) - mean_squares + fused_variance
    mean_squares += fused_mean * fused_mean
    luminance = (2.0 * mean_product + _C1) / (mean_squares + _C1)
    structure = (2.0 * sample * covariance + _C2) / (sample * variances + _C2)
    return float((luminance * structure).mean())


def _mean(picture: np.ndarray) -> np.ndarray:
    return mean_valid(picture, _WINDOW)
