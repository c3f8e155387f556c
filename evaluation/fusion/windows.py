"""Separable window filters that keep only the positions where the whole window lies inside the picture."""

from __future__ import annotations

import cv2
import numpy as np


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
    return crop(cv2.sepFilter2D(picture, cv2.CV_64F, weights, weights), len(weights) // 2, step)


def filter_replicated(picture: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The same at every position, float64 (H, W), with the picture's border repeated outwards."""
    return cv2.sepFilter2D(picture, cv2.CV_64F, weights, weights, borderType=cv2.BORDER_REPLICATE)


def mean_valid(picture: np.ndarray, size: int) -> np.ndarray:
    """Mean of a float64 (H, W) picture under a uniform window of odd size, float64 (H - size + 1, W - size + 1)."""
    return crop(cv2.boxFilter(picture, cv2.CV_64F, (size, size)), size // 2)


def crop(picture: np.ndarray, border: int, step: int = 1) -> np.ndarray:
    """Leave out `border` rows and columns on each side, then keep every step-th; any type (H, W), a view."""
    height, width = picture.shape
    return picture[border : height - border : step, border : width - border : step]
