"""Differentiable picture operations shared by losses, fine-tuning units and engines.

All take float tensors (B, C, H, W); grey pictures have C = 1; values in [0, 1] unless said.
"""

from __future__ import annotations

from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor


@lru_cache(maxsize=8)
def _gaussian_window(size: int, sigma: float) -> Tensor:
    x = torch.arange(size, dtype=torch.float32) - (size - 1) / 2
    w = torch.exp(-(x**2) / (2 * sigma**2))
    return w / w.sum()


def _filter_separable(x: Tensor, window: Tensor) -> Tensor:
    channels = x.shape[1]
    window = window.to(x)
    rows = window.view(1, 1, -1, 1).expand(channels, 1, -1, 1)
    columns = window.view(1, 1, 1, -1).expand(channels, 1, 1, -1)
    return F.conv2d(F.conv2d(x, rows, groups=channels), columns, groups=channels)


def gaussian_blur(x: Tensor, size: int = 11, sigma: float = 1.5) -> Tensor:
    """Gaussian blur with reflected borders; same shape as `x`. `size` must be odd and at most 2·min(H, W) − 1."""
    pad = size // 2
    return _filter_separable(F.pad(x, (pad,) * 4, mode="reflect"), _gaussian_window(size, sigma))


def ssim(a: Tensor, b: Tensor, size: int = 11, sigma: float = 1.5) -> Tensor:
    """Mean structural similarity of two pictures in [0, 1] (Wang et al. 2004), valid windows, a scalar.

    Gaussian window, K1 = 0.01, K2 = 0.03, dynamic range 1, biased covariance. A picture smaller than the window is
    compared with a window of its own (odd) size.
    """
    size = min(size, (min(a.shape[-2:]) - 1) // 2 * 2 + 1)
    window = _gaussian_window(size, sigma)
    mean_a, mean_b = _filter_separable(a, window), _filter_separable(b, window)
    var_a = _filter_separable(a * a, window) - mean_a**2
    var_b = _filter_separable(b * b, window) - mean_b**2
    covariance = _filter_separable(a * b, window) - mean_a * mean_b
    c1, c2 = 0.01**2, 0.03**2
    luminance = (2 * mean_a * mean_b + c1) / (mean_a**2 + mean_b**2 + c1)
    structure = (2 * covariance + c2) / (var_a + var_b + c2)
    return (luminance * structure).mean()


@lru_cache(maxsize=1)
def _sobel_kernels() -> Tensor:
    gx = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    return torch.stack([gx, gx.T]).unsqueeze(1)


def sobel(x: Tensor) -> tuple[Tensor, Tensor]:
    """Horizontal and vertical Sobel derivatives (3×3, unnormalised), replicated borders.

    Args:
        x: (B, C, H, W).

    Returns:
        gx (positive where the picture brightens to the right) and gy (downwards), each (B, C, H, W).
    """
    b, c, h, w = x.shape
    padded = F.pad(x.reshape(b * c, 1, h, w), (1, 1, 1, 1), mode="replicate")
    g = F.conv2d(padded, _sobel_kernels().to(x))
    return g[:, 0].view(b, c, h, w), g[:, 1].view(b, c, h, w)


def sobel_magnitude(x: Tensor) -> Tensor:
    """|gx| + |gy| of `sobel`, (B, C, H, W), non-negative."""
    gx, gy = sobel(x)
    return gx.abs() + gy.abs()
