"""SSIM: structural similarity of the fused picture with its sources (Wang et al., IEEE TIP 2004, eq. 13)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.fusion.windows import crop, filter_replicated, gaussian_window, mean_valid

_UNIFORM_SIZE = 7
_GAUSSIAN = gaussian_window(11, 1.5)


@dataclass(frozen=True)
class SimilarityWindow:
    """Where the local statistics of SSIM come from.

    Attributes:
        size: Side of the window in pixels, odd; smaller pictures have no SSIM.
        mean: Weighted mean of a float64 (H, W) picture under the window at each position.
        border: Rows and columns on each side of the picture that `mean` leaves out.
        sample: Factor on variances and covariances, N / (N - 1) for those of a sample.
    """

    size: int
    mean: Callable[[np.ndarray], np.ndarray]
    border: int = 0
    sample: float = 1.0


UNIFORM = SimilarityWindow(
    _UNIFORM_SIZE,
    lambda picture: mean_valid(picture, _UNIFORM_SIZE),
    border=_UNIFORM_SIZE // 2,
    sample=_UNIFORM_SIZE**2 / (_UNIFORM_SIZE**2 - 1.0),
)
GAUSSIAN = SimilarityWindow(len(_GAUSSIAN), lambda picture: filter_replicated(picture, _GAUSSIAN))


def structural_similarity(
    sources: Sequence[np.ndarray],
    fused: np.ndarray,
    inside: np.ndarray | None = None,
    *,
    window: SimilarityWindow = UNIFORM,
    dynamic_range: float = 255.0,
) -> float:
    """SSIM summed over the sources, K1 0.01, K2 0.03.

    Args:
        sources: float64 (H, W) pictures, levels 0-255.
        fused: float64 (H, W), levels 0-255.
        inside: bool (H, W): the mean runs over the windows centred there; all positions by default.
        window: Uniform 7 x 7 with sample covariance, whole windows only, or Gaussian.
        dynamic_range: L of the constants C1 = (K1 L)², C2 = (K2 L)².

    Returns:
        At most the number of sources; NaN for pictures smaller than the window and where no window is centred inside.
    """
    if min(fused.shape) < window.size:
        return float("nan")
    centres = None if inside is None else crop(inside, window.border)
    if centres is not None and not centres.any():
        return float("nan")
    fused_mean = window.mean(fused)
    fused_variance = window.mean(fused * fused) - fused_mean * fused_mean
    constants = (0.01 * dynamic_range) ** 2, (0.03 * dynamic_range) ** 2
    total = 0.0
    for source in sources:
        similarity = _similarity(source, fused, fused_mean, fused_variance, window, constants)
        total += float((similarity if centres is None else similarity[centres]).mean())
    return total


def _similarity(
    source: np.ndarray,
    fused: np.ndarray,
    fused_mean: np.ndarray,
    fused_variance: np.ndarray,
    window: SimilarityWindow,
    constants: tuple[float, float],
) -> np.ndarray:
    c1, c2 = constants
    mean = window.mean(source)
    mean_product = mean * fused_mean
    mean_squares = mean * mean
    covariance = window.mean(source * fused) - mean_product
    variances = window.mean(source * source) - mean_squares + fused_variance
    mean_squares += fused_mean * fused_mean
    luminance = (2.0 * mean_product + c1) / (mean_squares + c1)
    structure = (2.0 * window.sample * covariance + c2) / (window.sample * variances + c2)
    return luminance * structure
