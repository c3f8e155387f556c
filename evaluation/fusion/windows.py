"""Separable window filters without padding: only positions where the whole window lies inside the picture."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import correlate1d, uniform_filter1d


def gaussian_window(size: int, sigma: float) -> np.ndarray:
    """One axis of a normalised Gaussian window, float64 (size,), odd size, sum 1."""
    offset = np.arange(size) - size // 2
    weights = np.exp(-(offset**2) / (2.0 * sigma**2))
    return weights / weights.sum()


def filter_valid(picture: np.ndarray, weights: np.ndarray, step: int = 1) -> np.ndarray:
    """Weighted mean of a picture under a separable window.

    Args:
        picture: float64 (H, W), not smaller than the window.
        weights: float64 (N,), odd N, the window's weights along each axis.
        step: Keep every step-th row and column, from the first.

    Returns:
        float64 (H - N + 1, W - N + 1), each rounded up after division by `step`.
    """
    half = len(weights) // 2
    rows = correlate1d(picture, weights, axis=0)[half : picture.shape[0] - half : step]
    return correlate1d(rows, weights, axis=1)[:, half : picture.shape[1] - half : step]


def mean_valid(picture: np.ndarray, size: int) -> np.ndarray:
    """Mean of a float64 (H, W) picture under a uniform window of odd size, float64 (H - size + 1, W - size + 1)."""
    half = size // 2
    rows = uniform_filter1d(picture, size, axis=0)[half : picture.shape[0] - half]
    return uniform_filter1d(rows, size, axis=1)[:, half : picture.shape[1] - half]
