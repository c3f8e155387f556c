"""Fusion metrics from grey level statistics: EN, SD, SF, AG, MI, CC, SCD and PSNR.

Pictures are float64 and hold whole levels 0-255: (H, W) where neighbours matter, else any shape, so that the pixels of
a region can be given as (N,). `inside`, bool (H, W), restricts a mean over the picture to a region. Where a definition
is 0/0 (no pixel, a correlation with a constant picture) the value is NaN.
"""

from __future__ import annotations

import numpy as np

_LEVELS = 256
_LN2 = float(np.log(2.0))
_NAN = float("nan")


def entropy(picture: np.ndarray) -> float:
    """EN: Shannon entropy of the 256-bin histogram, in bits, 0 to 8 (Roberts et al., 2008)."""
    return _entropy_of(np.bincount(picture.astype(np.intp).ravel(), minlength=_LEVELS)) / _LN2


def standard_deviation(picture: np.ndarray) -> float:
    """SD: population standard deviation of the grey levels, 0 to 127.5 (Ma, Ma & Li, 2019)."""
    return float(picture.std()) if picture.size else _NAN


def spatial_frequency(picture: np.ndarray, inside: np.ndarray | None = None) -> float:
    """SF: root of the mean squared horizontal plus the mean squared vertical difference (Eskicioglu & Fisher, 1995).

    Each mean runs over the neighbour pairs that exist, H (W - 1) and (H - 1) W, or that lie wholly inside.
    """
    across, down = np.diff(picture, axis=1), np.diff(picture, axis=0)
    if inside is not None:
        across, down = across[inside[:, 1:] & inside[:, :-1]], down[inside[1:] & inside[:-1]]
    return float(np.sqrt(_mean_square(across) + _mean_square(down)))


def average_gradient(picture: np.ndarray, inside: np.ndarray | None = None) -> float:
    """AG: mean of sqrt((gx² + gy²) / 2), gradients central inside and one-sided at the border (Cui et al., 2015)."""
    gy, gx = np.gradient(picture)
    gx *= gx
    gy *= gy
    gx += gy
    gx *= 0.5
    strength = np.sqrt(gx, out=gx)
    if inside is not None:
        strength = strength[inside]
    return float(strength.mean()) if strength.size else _NAN


def mutual_information(source: np.ndarray, fused: np.ndarray) -> float:
    """I(F; S) of the 256 x 256 joint histogram, in nats; MI is its sum over the sources (Qu et al., 2002)."""
    joint = _joint_histogram(source, fused)
    entropies = _entropy_of(joint.sum(axis=1)) + _entropy_of(joint.sum(axis=0)) - _entropy_of(joint)
    # Not max(0.0, …): NaN must stay NaN.
    return 0.0 if entropies < 0.0 else entropies


def mutual_information_saturating(source: np.ndarray, fused: np.ndarray) -> float:
    """I(F; S) in nats where the joint histogram counts level 255 as 254, but those of the single pictures do not."""
    joint = _joint_histogram(np.minimum(source, _LEVELS - 2), np.minimum(fused, _LEVELS - 2))
    single = [np.bincount(picture.astype(np.intp).ravel(), minlength=_LEVELS) for picture in (source, fused)]
    return _entropy_of(single[0]) + _entropy_of(single[1]) - _entropy_of(joint)


def correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Pearson correlation of two pictures, -1 to 1; NaN where one of them is constant."""
    if not first.size or first.min() == first.max() or second.min() == second.max():
        return _NAN
    x = (first - first.mean()).ravel()
    y = (second - second.mean()).ravel()
    return float(np.dot(x, y) / np.sqrt(np.dot(x, x) * np.dot(y, y)))


def correlation_coefficient(infrared: np.ndarray, visible: np.ndarray, fused: np.ndarray) -> float:
    """CC: mean of the correlations of the fused picture with its two sources (Ma et al., 2019)."""
    return 0.5 * (correlation(infrared, fused) + correlation(visible, fused))


def sum_of_correlations_of_differences(infrared: np.ndarray, visible: np.ndarray, fused: np.ndarray) -> float:
    """SCD: corr(F - B, A) + corr(F - A, B), A infrared, B visible (Aslantas & Bendes, 2015)."""
    return correlation(fused - visible, infrared) + correlation(fused - infrared, visible)


def peak_signal_to_noise_ratio(
    infrared: np.ndarray, visible: np.ndarray, fused: np.ndarray, peak: float = 255.0
) -> float:
    """PSNR in dB: 10 log10(peak² / MSE), MSE the mean over both sources; infinite where all three are equal."""
    mse = 0.5 * (_mean_square(infrared - fused) + _mean_square(visible - fused))
    if mse == 0.0:
        return float("inf")
    if peak == 0.0:
        return float("-inf") if mse > 0.0 else _NAN
    return float(10.0 * np.log10(peak**2 / mse))


def _joint_histogram(source: np.ndarray, fused: np.ndarray) -> np.ndarray:
    pairs = source.astype(np.intp) * _LEVELS + fused.astype(np.intp)
    return np.bincount(pairs.ravel(), minlength=_LEVELS * _LEVELS).reshape(_LEVELS, _LEVELS)


def _entropy_of(counts: np.ndarray) -> float:
    """Shannon entropy of a histogram in nats; NaN for an empty one."""
    p = counts[counts > 0] / max(1, counts.sum())
    return float(np.sum(p * np.log(1.0 / p))) if p.size else _NAN


def _mean_square(values: np.ndarray) -> float:
    flat = values.ravel()
    return float(np.dot(flat, flat) / flat.size) if flat.size else _NAN
