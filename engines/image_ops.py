"""Differentiable picture operations shared by losses, fine-tuning units and engines.

All take float tensors (B, C, H, W); grey pictures have C = 1; values in [0, 1] unless said.
"""

from __future__ import annotations

from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor


@lru_cache(maxsize=32)
def _gaussian_matrix(length: int, size: int, sigma: float) -> Tensor:
    """(length − size + 1, length): the valid Gaussian filter of a row as a matrix."""
    x = torch.arange(size, dtype=torch.float32) - (size - 1) / 2
    window = torch.exp(-(x**2) / (2 * sigma**2))
    matrix = torch.zeros(length - size + 1, length)
    for row in range(matrix.shape[0]):
        matrix[row, row : row + size] = window / window.sum()
    return matrix


def _gaussian_filter(x: Tensor, size: int, sigma: float) -> Tensor:
    """Valid Gaussian filter, as two matrix products: convolving a single channel is many times slower on CPUs."""
    rows = _gaussian_matrix(x.shape[-2], size, sigma).to(x)
    columns = _gaussian_matrix(x.shape[-1], size, sigma).to(x)
    return rows @ x @ columns.T


def gaussian_blur(x: Tensor, size: int = 11, sigma: float = 1.5) -> Tensor:
    """Gaussian blur with reflected borders; same shape as `x`. `size` must be odd and at most 2·min(H, W) − 1."""
    pad = size // 2
    return _gaussian_filter(F.pad(x, (pad,) * 4, mode="reflect"), size, sigma)


def ssim(a: Tensor, b: Tensor, size: int = 11, sigma: float = 1.5) -> Tensor:
    """Mean structural similarity of two pictures in [0, 1] (Wang et al. 2004), valid windows, a scalar.

    Gaussian window, K1 = 0.01, K2 = 0.03, dynamic range 1, biased covariance. A picture smaller than the window is
    compared with a window of its own (odd) size.
    """
    size = min(size, (min(a.shape[-2:]) - 1) // 2 * 2 + 1)
    stacked = torch.stack([a, b, a * a, b * b, a * b])
    mean_a, mean_b, square_a, square_b, product = _gaussian_filter(stacked, size, sigma)
    var_a, var_b = square_a - mean_a**2, square_b - mean_b**2
    covariance = product - mean_a * mean_b
    c1, c2 = 0.01**2, 0.03**2
    luminance = (2 * mean_a * mean_b + c1) / (mean_a**2 + mean_b**2 + c1)
    structure = (2 * covariance + c2) / (var_a + var_b + c2)
    return (luminance * structure).mean()


def sobel(x: Tensor) -> tuple[Tensor, Tensor]:
    """Horizontal and vertical Sobel derivatives (3×3, unnormalised), replicated borders.

    Args:
        x: (B, C, H, W).

    Returns:
        gx (positive where the picture brightens to the right) and gy (downwards), each (B, C, H, W).
    """
    padded = F.pad(x, (1, 1, 1, 1), mode="replicate")
    smooth_y = padded[..., :-2, :] + 2 * padded[..., 1:-1, :] + padded[..., 2:, :]
    smooth_x = padded[..., :-2] + 2 * padded[..., 1:-1] + padded[..., 2:]
    return smooth_y[..., 2:] - smooth_y[..., :-2], smooth_x[..., 2:, :] - smooth_x[..., :-2, :]


def sobel_magnitude(x: Tensor) -> Tensor:
    """|gx| + |gy| of `sobel`, (B, C, H, W), non-negative."""
    gx, gy = sobel(x)
    return gx.abs() + gy.abs()
