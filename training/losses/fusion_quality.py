"""Differentiable forms of the measures a fused picture is judged by: VIF, Qabf, SSIM, SCD and SD.

Their definitions are those of `evaluation.metrics`, without the rounding to whole levels. VIF and Qabf are fractions
of what the sources hold, so a crop's share is set against the whole picture's holding per pixel (`Held`): a crop of
dark sky then weighs as little as it does in the picture. Pictures are float (B, 1, H, W) in [0, 1]; sources are
stacked as (2, B, 1, H, W), infrared first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

_LEVELS = 255.0
_MIDDLE = 127.5
# Of VIF: the scales' windows and the variance of the visual noise, for levels 0-255.
_VIF_WINDOWS = (17, 9, 5, 3)
_VIF_NOISE = 2.0
_SSIM_WINDOW = 7
_LIGHT_BLOCK = 8
DEEP = 10.0
_PICTURE = (-3, -2, -1)
# A horizontal slope, in levels, that is rounding of pictures of whole levels.
_NO_SLOPE = 1e-3
# Below this many levels a deviation is that of a flat crop, with which nothing correlates.
_FLAT = 1.0


class Held(NamedTuple):
    """What two sources hold per pixel.

    Attributes:
        information: (2, B), VIF's denominator in nats per pixel of each source.
        edges: (B,), Qabf's denominator, the sum of both Sobel strengths in levels per pixel.
    """

    information: Tensor
    edges: Tensor


@dataclass(frozen=True)
class QualityWeights:
    """Weights of `quality_loss`.

    Descending on the pixels of pictures themselves shows what can be had together: with 1, 2, 5 and 0.1 for the first
    four, every measure ends above maximum fusion at once. More on `information` sharpens until structure is lost, more
    on `structure` goes flat. The defaults lean to what a network finds hardest, exact edges.

    Attributes:
        information: Of 2 − VIF.
        edges: Of 1 − Qabf.
        structure: Of 2 − SSIM.
        differences: Of 2 − SCD.
        deviation: Of the contrast missing against maximum fusion.
        overshoot: Of values outside [0, 1].
        light: Of the light missing against maximum fusion. None of the measures asks for it: where a white sky says
            nothing and its infrared picture shows clouds, they are best served by a dark sky at noon.
    """

    information: float = 2.0
    edges: float = 5.0
    structure: float = 4.0
    differences: float = 0.1
    deviation: float = 3.0
    overshoot: float = 1.0
    light: float = 0.0


@lru_cache(maxsize=128)
def _window_matrix(length: int, size: int, sigma: float | None, step: int) -> Tensor:
    """(positions, length): a valid window mean along one axis as a matrix; Gaussian, or uniform without a sigma."""
    offsets = torch.arange(size) - size // 2
    window = torch.ones(size) if sigma is None else torch.exp(-(offsets**2) / (2.0 * sigma**2))
    starts = range(0, length - size + 1, step)
    matrix = torch.zeros(len(starts), length)
    for row, start in enumerate(starts):
        matrix[row, start : start + size] = window / window.sum()
    return matrix


def _window_mean(x: Tensor, size: int, sigma: float | None = None, step: int = 1) -> Tensor:
    """Valid window mean of (..., H, W): two matrix products are far faster than convolving single channels."""
    rows, columns = (_window_matrix(length, size, sigma, step).to(x) for length in x.shape[-2:])
    return rows @ x @ columns.T


def information(sources: Tensor, fused: Tensor) -> tuple[Tensor, Tensor]:
    """VIF's numerators and denominators.

    Args:
        sources: (2, B, 1, H, W), sides of 41 pixels or more.
        fused: (B, 1, H, W).

    Returns:
        What the fused picture keeps of each source, and what each source holds, both (2, B) in nats.
    """
    # Centred, because the variance of 32-bit floats is lost where the mean is large.
    pictures = torch.cat([sources, fused[None]]) * _LEVELS - _MIDDLE
    kept = held = torch.zeros(())
    for size in _VIF_WINDOWS:
        sigma = size / 5.0
        if size != _VIF_WINDOWS[0]:
            pictures = _window_mean(pictures, size, sigma, step=2)
        means = _window_mean(pictures, size, sigma)
        variances = _window_mean(pictures * pictures, size, sigma) - means * means
        covariance = _window_mean(pictures[:-1] * pictures[-1:], size, sigma) - means[:-1] * means[-1:]
        variance = variances[:-1].clamp(min=0.0)
        gain = (covariance / (variance + 1e-10)).clamp(min=0.0)
        distortion = (variances[-1:] - gain * covariance).clamp(min=1e-10)
        kept = kept + torch.log1p(gain * gain * variance / (distortion + _VIF_NOISE)).sum(_PICTURE)
        held = held + torch.log1p(variance / _VIF_NOISE).sum(_PICTURE)
    return kept, held


def _edges(picture: Tensor) -> tuple[Tensor, Tensor]:
    """Strength, in levels, and orientation in (−π/2, π/2] of the zero-bordered Sobel gradient."""
    padded = F.pad(picture * _LEVELS, (1, 1, 1, 1))
    smooth_rows = padded[..., :-2, :] + 2.0 * padded[..., 1:-1, :] + padded[..., 2:, :]
    smooth_columns = padded[..., :-2] + 2.0 * padded[..., 1:-1] + padded[..., 2:]
    across = smooth_rows[..., 2:] - smooth_rows[..., :-2]
    down = smooth_columns[..., :-2, :] - smooth_columns[..., 2:, :]
    strength = torch.sqrt(across * across + down * down + 1e-12)
    upright = across.abs() < _NO_SLOPE
    angle = torch.atan(down / torch.where(upright, 1.0, across))
    return strength, torch.where(upright, math.pi / 2.0, angle)


def edges(sources: Tensor, fused: Tensor) -> tuple[Tensor, Tensor]:
    """Qabf's numerator and denominator.

    Args:
        sources: (2, B, 1, H, W).
        fused: (B, 1, H, W).

    Returns:
        Edge strength of the sources that the fused picture keeps, and all of it, both (B,) in levels.
    """
    strength, angle = _edges(sources)
    fused_strength, fused_angle = _edges(fused)
    relative = torch.minimum(strength, fused_strength) / torch.maximum(strength, fused_strength)
    alignment = 1.0 - (angle - fused_angle).abs() / (math.pi / 2.0)
    strength_kept = 0.9994 * torch.sigmoid(15.0 * (relative - 0.5))
    orientation_kept = 0.9879 * torch.sigmoid(22.0 * (alignment - 0.8))
    kept = (strength_kept * orientation_kept * strength).sum((0, *_PICTURE))
    return kept, strength.sum((0, *_PICTURE))


def held_per_pixel(sources: Tensor) -> Held:
    """What whole pictures (2, B, 1, H, W) hold; the share of the windows that fit is that of the picture's size."""
    pixels = sources.shape[-2] * sources.shape[-1]
    _, held = information(sources, sources[0])
    _, strength = edges(sources, sources[0])
    return Held(held / pixels, strength / pixels)


def structure(sources: Tensor, fused: Tensor) -> Tensor:
    """SSIM summed over the sources (2, B, 1, H, W), of the fused picture (B, 1, H, W): (B,)."""
    c1, c2 = (0.01 * _LEVELS) ** 2, (0.03 * _LEVELS) ** 2
    sample = _SSIM_WINDOW**2 / (_SSIM_WINDOW**2 - 1.0)
    pictures = torch.cat([sources, fused[None]]) * _LEVELS - _MIDDLE
    means = _window_mean(pictures, _SSIM_WINDOW)
    variances = _window_mean(pictures * pictures, _SSIM_WINDOW) - means * means
    covariance = _window_mean(pictures[:-1] * pictures[-1:], _SSIM_WINDOW) - means[:-1] * means[-1:]
    means = means + _MIDDLE
    luminance = (2.0 * means[:-1] * means[-1:] + c1) / (means[:-1] ** 2 + means[-1:] ** 2 + c1)
    contrast = (2.0 * sample * covariance + c2) / (sample * (variances[:-1] + variances[-1:]) + c2)
    return (luminance * contrast).mean(_PICTURE).sum(0)


def _correlation(first: Tensor, second: Tensor) -> Tensor:
    """Pearson's, (B,), falling to 0 where a picture is flat."""
    first, second = (x - x.mean(_PICTURE, keepdim=True) for x in (first, second))
    floor = (_FLAT / _LEVELS) ** 2
    scale = ((first * first).mean(_PICTURE) + floor) * ((second * second).mean(_PICTURE) + floor)
    return (first * second).mean(_PICTURE) / torch.sqrt(scale)


def differences(sources: Tensor, fused: Tensor) -> Tensor:
    """SCD, (B,): how far what was added to each source is the other one."""
    infrared, visible = sources
    return _correlation(fused - visible, infrared) + _correlation(fused - infrared, visible)


def _deviation(picture: Tensor) -> Tensor:
    return picture.std(_PICTURE, correction=0)


def deviation_loss(sources: Tensor, fused: Tensor) -> Tensor:
    """The fraction of maximum fusion's standard deviation that is missing, (B,), 0 or more."""
    target = _deviation(torch.maximum(*sources)) + _FLAT / _LEVELS
    return F.relu(1.0 - (_deviation(fused) + _FLAT / _LEVELS) / target)


def light_loss(sources: Tensor, fused: Tensor) -> Tensor:
    """How much darker the fused picture is than maximum fusion, (B,), from 0; means of blocks, so detail is free.

    What is missing in a block counts by itself and, DEEP times, by its square: a mean alone leaves room for dark
    islands in a white sky, which weights for edges ask for where its infrared picture has wires.
    """
    target, light = (
        F.avg_pool2d(picture, _LIGHT_BLOCK, ceil_mode=True) for picture in (torch.maximum(*sources), fused)
    )
    missing = F.relu(target - light)
    return (missing + DEEP * missing.square()).mean(_PICTURE)


def quality_loss(
    y: Tensor, y_visible: Tensor, infrared: Tensor, held: Held, weights: QualityWeights | None = None
) -> tuple[Tensor, dict[str, Tensor]]:
    """Weighted shortfall of the measures, mean over the batch.

    Args:
        y: (B, 1, H, W), fused luma, not clamped; sides of 41 pixels or more.
        y_visible: (B, 1, H, W).
        infrared: (B, 1, H, W).
        held: Of the whole pictures that these are, or are crops of.
        weights: None for the defaults.

    Returns:
        The total and its unweighted terms by name, scalars.
    """
    weights = weights or QualityWeights()
    sources, fused = torch.stack([infrared, y_visible]), y.clamp(0.0, 1.0)
    pixels = y.shape[-2] * y.shape[-1]
    kept_information, _ = information(sources, fused)
    kept_edges, _ = edges(sources, fused)
    terms = {
        "information": 2.0 - (kept_information / (pixels * held.information).clamp(min=1e-6)).sum(0).mean(),
        "edges": 1.0 - (kept_edges / (pixels * held.edges).clamp(min=1e-6)).mean(),
        "structure": 2.0 - structure(sources, fused).mean(),
        "differences": 2.0 - differences(sources, fused).mean(),
        "deviation": deviation_loss(sources, fused).mean(),
        "overshoot": (y - fused).abs().mean(),
        "light": light_loss(sources, fused).mean(),
    }
    return sum(getattr(weights, name) * term for name, term in terms.items()), terms
