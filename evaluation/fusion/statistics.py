"""Fusion metrics from grey level statistics: EN, SD, SF, AG, MI, CC, SCD and PSNR.

Every function takes float64 (H, W) pictures that hold whole levels 0-255. Where a definition is 0/0 (a correlation
with a constant picture) the value is NaN.
"""

from __future__ import annotations

import numpy as np

_LEVELS = 256


def entropy(picture: np.ndarray) -> float:
    """EN: Shannon entropy of the 256-bin histogram, in bits, 0 to 8 (Roberts et al., 2008)."""
    counts = np.bincount(picture.astype(np.intp).ravel(), minlength=_LEVELS)
    p = counts[counts > 0] / picture.size
    return float(np.sum(p * np.log2(1.0 / p)))


def standard_deviation(picture: np.ndarray) -> float:
    """SD: population standard deviation of the grey levels, 0 to 127.5 (Ma, Ma & Li, 2019)."""
    return float(picture.std())


def spatial_frequency(picture: np.ndarray) -> float:
    """SF: root of the mean squared horizontal plus the mean squared vertical difference (Eskicioglu & Fisher, 1995).

    Each mean runs over the neighbour pairs that exist: H (W - 1) and (H - 1) W.
    """
    return float(np.sqrt(_mean_square(np.diff(picture, axis=1)) + _mean_square(np.diff(picture, axis=0))))


def average_gradient(picture: np.ndarray) -> float:
    """AG: mean of sqrt((gx² + gy²) / 2), gradients central inside and one-sided at the border (Cui et al., 2015)."""
    gy, gx = np.gradient(picture)
    gx *= gx
    gy *= gy
    gx += gy
    gx *= 0.5
    return float(np.sqrt(gx, out=gx).mean())


def mutual_information(source: np.ndarray, fused: np.ndarray) -> float:
    """I(F; S) of the 256 x 256 joint histogram, in nats; MI is its sum over the sources (Qu et al., 2002)."""
    pairs = source.astype(np.intp) * _LEVELS + fused.astype(np.intp)
    joint = np.bincount(pairs.ravel(), minlength=_LEVELS * _LEVELS).reshape(_LEVELS, _LEVELS) / pairs.size
    independent = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    seen = joint > 0
    return max(0.0, float(np.sum(joint[seen] * np.log(joint[seen] / independent[seen]))))


def correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Pearson correlation of two pictures, -1 to 1; NaN where one of them is constant."""
    if first.min() == first.max() or second.min() == second.max():
        return float("nan")
    x = (first - first.mean()).ravel()
    y = (second - second.mean()).ravel()
    return float(np.dot(x, y) / np.sqrt(np.dot(x, x) * np.dot(y, y)))


def correlation_coefficient(infrared: np.ndarray, visible: np.ndarray, fused: np.ndarray) -> float:
    """CC: mean of the correlations of the fused picture with its two sources (Ma et al., 2019)."""
    return 0.5 * (correlation(infrared, fused) + correlation(visible, fused))


def sum_of_correlations_of_differences(infrared: np.ndarray, visible: np.ndarray, fused: np.ndarray) -> float:
    """SCD: corr(F - B, A) + corr(F - A, B), A infrared, B visible (Aslantas & Bendes, 2015)."""
    return correlation(fused - visible, infrared) + correlation(fused - infrared, visible)


def peak_signal_to_noise_ratio(infrared: np.ndarray, visible: np.ndarray, fused: np.ndarray) -> float:
    """PSNR in dB: 10 log10(255² / MSE), MSE the mean over both sources; infinite where all three are equal."""
    mse = 0.5 * (_mean_square(infrared - fused) + _mean_square(visible - fused))
    return float(10.0 * np.log10(255.0**2 / mse)) if mse > 0 else float("inf")


def _mean_square(values: np.ndarray) -> float:
    flat = values.ravel()
    return float(np.dot(flat, flat) / flat.size)
