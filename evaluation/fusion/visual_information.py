"""VIF: pixel-domain visual information fidelity (Sheikh & Bovik, IEEE TIP 2006, multi-scale pixel form)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.fusion.windows import crop, filter_valid, gaussian_window

# Variance of the visual noise, for pictures on the 0-255 scale.
_NOISE = 2.0
_TINY = 1e-10
_SCALES = (1, 2, 3, 4)
# The smallest side that still holds a whole window at the fourth scale.
SMALLEST_SIDE = 41


@dataclass(frozen=True)
class _Scale:
    """Window, pictures and region at one scale of the pyramid."""

    weights: np.ndarray
    sources: list[np.ndarray]
    fused: np.ndarray
    inside: np.ndarray | None

    def mean(self, picture: np.ndarray) -> np.ndarray:
        """Mean under the window, (N,) where it is centred in the region, or (H, W) without a region."""
        filtered = filter_valid(picture, self.weights)
        return filtered if self.inside is None else filtered[crop(self.inside, len(self.weights) // 2)]

    def variance(self, picture: np.ndarray, mean: np.ndarray) -> np.ndarray:
        """Population variance under the window, exact to rounding: a flat window can be just below zero."""
        return self.mean(picture * picture) - mean * mean


def visual_information_fidelity(
    sources: Sequence[np.ndarray], fused: np.ndarray, inside: np.ndarray | None = None
) -> float:
    """VIF with each source as the reference, summed over the sources.

    Args:
        sources: float64 (H, W) pictures, levels 0-255.
        fused: float64 (H, W), levels 0-255.
        inside: bool (H, W): both sums run over the windows centred there; all positions by default.

    Returns:
        0 or more; each source adds 1 where the fused picture equals it. NaN where a source is constant (it holds no
        information to keep), also under every window of the region, and for pictures with a side below SMALLEST_SIDE.
    """
    if min(fused.shape) < SMALLEST_SIDE or any(source.min() == source.max() for source in sources):
        return float("nan")
    kept = np.zeros(len(sources))
    held = np.zeros(len(sources))
    for scale in _pyramid(sources, fused, inside):
        mean = scale.mean(scale.fused)
        variance = scale.variance(scale.fused, mean)
        for index, source in enumerate(scale.sources):
            scale_kept, scale_held = _information(scale, source, mean, variance)
            kept[index] += scale_kept
            held[index] += scale_held
    return float(np.sum(kept / held)) if held.all() else float("nan")


def _pyramid(sources: Sequence[np.ndarray], fused: np.ndarray, inside: np.ndarray | None) -> Iterator[_Scale]:
    pictures = [*sources, fused]
    for scale in _SCALES:
        size = 2 ** (5 - scale) + 1
        weights = gaussian_window(size, size / 5.0)
        if scale > 1:
            pictures = [filter_valid(picture, weights, step=2) for picture in pictures]
            inside = None if inside is None else crop(inside, size // 2, step=2)
        yield _Scale(weights, pictures[:-1], pictures[-1], inside)


def _information(
    scale: _Scale, source: np.ndarray, fused_mean: np.ndarray, fused_variance: np.ndarray
) -> tuple[float, float]:
    """Information that the fused picture keeps of a source, and that the source holds, at one scale."""
    mean = scale.mean(source)
    variance = scale.variance(source, mean)
    covariance = scale.mean(source * scale.fused) - mean * fused_mean

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
