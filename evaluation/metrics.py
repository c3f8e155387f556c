"""The fusion metrics of profile `default`: what each means and all of them for one fused picture.

Fusion metrics depend on their conventions (grey rule, range, window, logarithm, sum or mean): numbers of two programs
compare only where these agree. This profile is float64 on the 8-bit grey picture, whole windows only, natural logarithm
for MI, SSIM and VIF summed over the two sources. EN, SD, SF and AG look at the fused picture alone and reward noise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engines.errors import InputError
from evaluation.fusion import statistics
from evaluation.fusion.edge_preservation import edge_preservation
from evaluation.fusion.grey import grey_levels
from evaluation.fusion.structural_similarity import structural_similarity
from evaluation.fusion.visual_information import visual_information_fidelity

# compute(infrared, visible, fused), each float64 (H, W) of whole levels 0-255.
_Compute = Callable[[np.ndarray, np.ndarray, np.ndarray], float]


@dataclass(frozen=True)
class Metric:
    """One fusion metric.

    Attributes:
        name: The field's abbreviation.
        title: The name in full, with the unit.
        better: Which direction is an improvement.
        range: Smallest and largest value it can take.
        source: Where the definition comes from.
        compute: The metric of (infrared, visible, fused), each float64 (H, W) of whole levels 0-255.
    """

    name: str
    title: str
    better: Literal["higher", "lower"]
    range: tuple[float, float]
    source: str
    compute: _Compute


def _of_fused(measure: Callable[[np.ndarray], float]) -> _Compute:
    return lambda infrared, visible, fused: measure(fused)


def _mutual_information(infrared: np.ndarray, visible: np.ndarray, fused: np.ndarray) -> float:
    return statistics.mutual_information(infrared, fused) + statistics.mutual_information(visible, fused)


_INFINITY = float("inf")
_METRICS = (
    Metric(
        "EN",
        "entropy (bits)",
        "higher",
        (0.0, 8.0),
        "Roberts, van Aardt & Ahmed, J. Appl. Remote Sensing 2008",
        _of_fused(statistics.entropy),
    ),
    Metric(
        "SD",
        "standard deviation (grey levels)",
        "higher",
        (0.0, 127.5),
        "Ma, Ma & Li, Information Fusion 2019",
        _of_fused(statistics.standard_deviation),
    ),
    Metric(
        "SF",
        "spatial frequency (grey levels)",
        "higher",
        (0.0, 255.0 * 2**0.5),
        "Eskicioglu & Fisher, IEEE Trans. Commun. 1995",
        _of_fused(statistics.spatial_frequency),
    ),
    Metric(
        "AG",
        "average gradient (grey levels)",
        "higher",
        (0.0, 255.0),
        "Cui et al., Opt. Commun. 2015",
        _of_fused(statistics.average_gradient),
    ),
    Metric(
        "MI",
        "mutual information with both sources (nats)",
        "higher",
        (0.0, 16.0 * float(np.log(2.0))),
        "Qu, Zhang & Yan, Electronics Letters 2002",
        _mutual_information,
    ),
    Metric(
        "SCD",
        "sum of the correlations of differences",
        "higher",
        (-2.0, 2.0),
        "Aslantas & Bendes, AEU 2015",
        statistics.sum_of_correlations_of_differences,
    ),
    Metric(
        "VIF",
        "visual information fidelity, summed over the sources",
        "higher",
        (0.0, _INFINITY),
        "Sheikh & Bovik, IEEE TIP 2006, pixel domain",
        lambda infrared, visible, fused: visual_information_fidelity((infrared, visible), fused),
    ),
    Metric(
        "Qabf",
        "edge preservation",
        "higher",
        (0.0, 1.0),
        "Xydeas & Petrovic, Electronics Letters 2000",
        edge_preservation,
    ),
    Metric(
        "SSIM",
        "structural similarity, summed over the sources",
        "higher",
        (-2.0, 2.0),
        "Wang, Bovik, Sheikh & Simoncelli, IEEE TIP 2004",
        lambda infrared, visible, fused: structural_similarity((infrared, visible), fused),
    ),
    Metric(
        "CC",
        "mean correlation with the sources",
        "higher",
        (-1.0, 1.0),
        "Ma, Ma & Li, Information Fusion 2019",
        statistics.correlation_coefficient,
    ),
    Metric(
        "PSNR",
        "peak signal-to-noise ratio (dB)",
        "higher",
        (0.0, _INFINITY),
        "Ma, Ma & Li, Information Fusion 2019",
        statistics.peak_signal_to_noise_ratio,
    ),
)
METRICS: dict[str, Metric] = {metric.name: metric for metric in _METRICS}


def fusion_metrics(
    infrared: np.ndarray, visible: np.ndarray, fused: np.ndarray, names: Iterable[str] | None = None
) -> dict[str, float]:
    """The metrics of one fused picture.

    Args:
        infrared: 8-bit grey (H, W): uint8, or another real type on the 0-255 scale, rounded here.
        visible: The same for the visible picture's luma (`evaluation.fusion.grey.to_grey` makes it of RGB).
        fused: The same for the fused picture's luma.
        names: Which of METRICS, all by default.

    Returns:
        One value per name, in the order of `names`. NaN where a metric has no value: CC and SCD with a constant picture
        in one of their correlations, VIF with a constant source, Qabf with two constant sources, and SSIM (below 7
        pixels) or VIF (below 41 pixels a side) where no window fits. PSNR is infinite where all three are equal.

    Raises:
        InputError: Unequal sizes, fewer than 2x2 pixels, not grey, not on the 0-255 scale, or an unknown name.
    """
    chosen = list(METRICS) if names is None else list(names)
    unknown = [name for name in chosen if name not in METRICS]
    if unknown:
        raise InputError(f"A metric must be one of {', '.join(METRICS)}, but got {unknown[0]!r}.")
    pictures = [
        grey_levels(picture, name) for picture, name in ((infrared, "infrared"), (visible, "visible"), (fused, "fused"))
    ]
    shapes = [picture.shape for picture in pictures]
    if len(set(shapes)) > 1:
        raise InputError(
            "The infrared, visible and fused pictures must have one size, but got "
            f"{', '.join(f'{width}x{height}' for height, width in shapes)}."
        )
    a, b, f = (picture.astype(np.float64) for picture in pictures)
    return {name: METRICS[name].compute(a, b, f) for name in chosen}
