"""VIF: pixel-domain visual information fidelity (Sheikh & Bovik, IEEE TIP 2006, multi-scale pixel form)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from evaluation.fusion.windows import filter_valid, gaussian_window

# Variance of the visual noise, for pictures on the 0-255 scale.
_NOISE = 2.0
_TINY = 1e-10
_SCALES = (1, 2, 3, 4)
# The smallest side that still holds a whole window at the fourth scale.
SMALLEST_SIDE = 41


def visual_information_fidelity(sources: Sequence[np.ndarray], fused: np.ndarray) -> float:
    """VIF with each source as the reference, summed over the sources.

    Args:
        sources: float64 (H, W) pictures, levels 0-255.
        fused: float64 (H, W), levels 0-255.

    Returns:
        0 or more; each source adds 1 where the fused picture equals it. NaN where a source is constant (it holds no
        information to keep) and for pictures with a side below SMALLEST_SIDE.
    """
    if min(fused.shape) < SMALLEST_SIDE or any(source.min() == source.max() for source in sources):
        return float("nan")
    kept = np.zeros(len(sources))
    held = np.zeros(len(sources))
    for weights, scaled_sources, scaled_fused in _pyramid(sources, fused):
        mean = filter_valid(scaled_fused, weights)
        variance = _variance(scaled_fused, mean, weights)
        for index, source in enumerate(scaled_sources):
            scale_kept, scale_held = _information(source, scaled_fused, mean, variance, weights)
            kept[index] += scale_kept
            held[index] += scale_held
    return float(np.sum(kept / held))


def _pyramid(
    sources: Sequence[np.ndarray], fused: np.ndarray
) -> Iterator[tuple[np.ndarray, list[np.ndarray], np.ndarray]]:
    """The window and the pictures of each scale."""
    pictures = [*sources, fused]
    for scale in _SCALES:
        size = 2 ** (5 - scale) + 1
        weights = gaussian_window(size, size / 5.0)
        if scale > 1:
            pictures = [filter_valid(picture, weights, step=2) for picture in pictures]
        yield weights, pictures[:-1], pictures[-1]


def _information(
    source: np.ndarray, fused: np.ndarray, fused_mean: np.ndarray, fused_variance: np.ndarray, weights: np.ndarray
) -> tuple[float, float]:
    """Information that the fused picture keeps of a source, and that the source holds, at one scale."""
    mean = filter_valid(source, weights)
    variance = _variance(source, mean, weights)
    covariance = filter_valid(source * fused, weights) - mean * fused_mean

    gain = covariance / (variance + _TINY)
    distortion = fused_variance - gain * covariance

    inverted = gain < 0.0
    gain[inverted] = 0.0
    distortion[inverted] = fused_variance[inverted]
    np.maximum(distortion, _TINY, out=distortion)

    flat = variance < _TINY
    gain[flat] = 0.0
    distortion[flat] = fused_variance[flat]
    variance[flat] = 0.0

    fused_flat = fused_variance < _TINY
    gain[fused_flat] = 0.0
    distortion[fused_flat] = 0.0

    kept = np.log1p(gain * gain * variance / (distortion + _NOISE)).sum()
    held = np.log1p(variance / _NOISE).sum()
    return float(kept), float(held)


def _variance(picture: np.ndarray, mean: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Population variance under the window, exact to rounding: a flat window can be just below zero."""
    return filter_valid(picture * picture, weights) - mean * mean
