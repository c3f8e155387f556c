"""What each fusion metric means, and the profiles: the same metrics as published evaluation programs compute them.

All work in float64 on the 8-bit grey picture (rounded luma). `default` follows the definitions; `cddfuse` and `tang`
follow two programs that many tables of the field were made with, so that each is compared with the right numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from evaluation.fusion import statistics
from evaluation.fusion.artefacts import artefacts
from evaluation.fusion.edge_preservation import edge_preservation
from evaluation.fusion.structural_similarity import GAUSSIAN, structural_similarity
from evaluation.fusion.visual_information import visual_information_fidelity

# compute(infrared, visible, fused, inside): float64 (H, W) of whole levels 0-255; bool (H, W) or None for all of it.
Compute = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray | None], float]

DEFAULT = "default"
# What a table of the field shows; the others are asked for by name.
COMMON_NINE = ("EN", "SD", "SF", "AG", "MI", "SCD", "VIF", "Qabf", "SSIM")


@dataclass(frozen=True)
class Metric:
    """One fusion metric.

    Attributes:
        name: The field's abbreviation.
        title: The name in full, with the unit.
        better: Which direction is an improvement.
        range: Smallest and largest value it can take.
        source: Where the definition comes from.
        compute: The metric of (infrared, visible, fused, inside).
        departs: How a profile's convention differs from the definition; empty where it does not.
    """

    name: str
    title: str
    better: Literal["higher", "lower"]
    range: tuple[float, float]
    source: str
    compute: Compute
    departs: str = ""

    @property
    def arrow(self) -> str:
        """↑ or ↓: which direction is an improvement."""
        return "↑" if self.better == "higher" else "↓"


@dataclass(frozen=True)
class Profile:
    """One program's conventions.

    Attributes:
        name: What the command line calls it.
        source: The program, or the page that defines it.
        note: What to know before numbers are compared.
        metrics: By name, in the order of a table.
    """

    name: str
    source: str
    note: str
    metrics: dict[str, Metric]


def _pixelwise(measure: Callable[[np.ndarray, np.ndarray, np.ndarray], float]) -> Compute:
    """A metric that looks at each pixel alone: of a region it gets the pixels, (N,)."""

    def compute(infrared: np.ndarray, visible: np.ndarray, fused: np.ndarray, inside: np.ndarray | None) -> float:
        pictures = (infrared, visible, fused)
        return measure(*(pictures if inside is None else (picture[inside] for picture in pictures)))

    return compute


def _mutual_information(infrared: np.ndarray, visible: np.ndarray, fused: np.ndarray) -> float:
    return statistics.mutual_information(infrared, fused) + statistics.mutual_information(visible, fused)


def _mutual_information_in_bits(infrared: np.ndarray, visible: np.ndarray, fused: np.ndarray) -> float:
    total = sum(statistics.mutual_information_saturating(source, fused) for source in (infrared, visible))
    return total / float(np.log(2.0))


def _average_gradient_over_squares(fused: np.ndarray, inside: np.ndarray | None) -> float:
    """The sum over all pixels, divided by one row and one column fewer; in a region the plain mean."""
    mean = statistics.average_gradient(fused, inside)
    height, width = fused.shape
    return mean if inside is not None else mean * height * width / ((height - 1) * (width - 1))


_INFINITY = float("inf")
_MOST_NATS = 16.0 * float(np.log(2.0))
# PSNR of errors on the 0-1 scale with a peak of 255.
_PEAK_TWICE = 20.0 * float(np.log10(255.0))

_DEFINITIONS = (
    Metric(
        "EN",
        "entropy (bits)",
        "higher",
        (0.0, 8.0),
        "Roberts, van Aardt & Ahmed, J. Appl. Remote Sensing 2008",
        _pixelwise(lambda infrared, visible, fused: statistics.entropy(fused)),
    ),
    Metric(
        "SD",
        "standard deviation (grey levels)",
        "higher",
        (0.0, 127.5),
        "Ma, Ma & Li, Information Fusion 2019",
        _pixelwise(lambda infrared, visible, fused: statistics.standard_deviation(fused)),
    ),
    Metric(
        "SF",
        "spatial frequency (grey levels)",
        "higher",
        (0.0, 255.0 * 2**0.5),
        "Eskicioglu & Fisher, IEEE Trans. Commun. 1995",
        lambda infrared, visible, fused, inside: statistics.spatial_frequency(fused, inside),
    ),
    Metric(
        "AG",
        "average gradient (grey levels)",
        "higher",
        (0.0, 255.0),
        "Cui et al., Opt. Commun. 2015",
        lambda infrared, visible, fused, inside: statistics.average_gradient(fused, inside),
    ),
    Metric(
        "MI",
        "mutual information with both sources (nats)",
        "higher",
        (0.0, _MOST_NATS),
        "Qu, Zhang & Yan, Electronics Letters 2002",
        _pixelwise(_mutual_information),
    ),
    Metric(
        "SCD",
        "sum of the correlations of differences",
        "higher",
        (-2.0, 2.0),
        "Aslantas & Bendes, AEU 2015",
        _pixelwise(statistics.sum_of_correlations_of_differences),
    ),
    Metric(
        "VIF",
        "visual information fidelity, summed over the sources",
        "higher",
        (0.0, _INFINITY),
        "Sheikh & Bovik, IEEE TIP 2006, pixel domain",
        lambda infrared, visible, fused, inside: visual_information_fidelity((infrared, visible), fused, inside),
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
        lambda infrared, visible, fused, inside: structural_similarity((infrared, visible), fused, inside),
    ),
    Metric(
        "CC",
        "mean correlation with the sources",
        "higher",
        (-1.0, 1.0),
        "Ma, Ma & Li, Information Fusion 2019",
        _pixelwise(statistics.correlation_coefficient),
    ),
    Metric(
        "PSNR",
        "peak signal-to-noise ratio (dB)",
        "higher",
        (0.0, _INFINITY),
        "Ma, Ma & Li, Information Fusion 2019",
        _pixelwise(statistics.peak_signal_to_noise_ratio),
    ),
    Metric(
        "Nabf",
        "artefacts: edges that neither source has",
        "lower",
        (0.0, 1.0),
        "Petrovic & Xydeas, ICCV 2005; Kumar, SIViP 2013",
        artefacts,
    ),
)


def _table(*changes: Metric) -> dict[str, Metric]:
    changed = {metric.name: metric for metric in changes}
    return {metric.name: changed.get(metric.name, metric) for metric in _DEFINITIONS}


_of = {metric.name: metric for metric in _DEFINITIONS}
_PROFILES = (
    Profile(DEFAULT, "the definitions", "Range 255, whole windows only, MI in nats, SSIM and VIF summed.", _table()),
    Profile(
        "cddfuse",
        "MMIF-CDDFuse, Zhao et al., CVPR 2023, utils/Evaluator.py",
        "That program works in float32, its fused pictures are stretched to 0-255 before, which raises EN, SD and SF, "
        "and a VIF without a value counts as 1; here pictures are scored as they are, in float64, without that.",
        _table(
            replace(
                _of["SSIM"],
                compute=lambda infrared, visible, fused, inside: structural_similarity(
                    (infrared, visible), fused, inside, dynamic_range=2.0
                ),
                departs="dynamic range 2 on pictures of range 255",
            ),
            replace(
                _of["PSNR"],
                range=(-_INFINITY, _INFINITY),
                compute=_pixelwise(
                    lambda infrared, visible, fused: statistics.peak_signal_to_noise_ratio(
                        infrared, visible, fused, float(fused.max(initial=0.0))
                    )
                ),
                departs="peak is the fused picture's own maximum",
            ),
        ),
    ),
    Profile(
        "tang",
        "Evaluation-for-Image-Fusion, Tang et al., after March 2023",
        "That program gives Nabf its pictures in the wrong order; here the fused one is scored. Tables made with it "
        "before March 2023 come from saturating 8-bit arithmetic (SD below 16) and compare with nothing here.",
        _table(
            replace(
                _of["AG"],
                range=(0.0, 1020.0),
                compute=lambda infrared, visible, fused, inside: _average_gradient_over_squares(fused, inside),
                departs="divided by (H - 1)(W - 1) pixels",
            ),
            replace(
                _of["MI"],
                title="mutual information with both sources (bits)",
                range=(0.0, 16.0 + 2.0),
                compute=_pixelwise(_mutual_information_in_bits),
                departs="bits; level 255 counts as 254 in the joint histogram only, which adds a little",
            ),
            replace(
                _of["SSIM"],
                title="structural similarity, mean over the sources",
                range=(-1.0, 1.0),
                compute=lambda infrared, visible, fused, inside: (
                    0.5 * structural_similarity((infrared, visible), fused, inside, window=GAUSSIAN, dynamic_range=1.0)
                ),
                departs="Gaussian window, border repeated, dynamic range 1 on pictures of range 255, mean of the two",
            ),
            replace(
                _of["PSNR"],
                range=(_PEAK_TWICE, _INFINITY),
                compute=_pixelwise(
                    lambda infrared, visible, fused: (
                        statistics.peak_signal_to_noise_ratio(infrared, visible, fused) + _PEAK_TWICE
                    )
                ),
                departs="peak 255 for errors on the 0-1 scale: 48.13 dB more",
            ),
        ),
    ),
)
PROFILES: dict[str, Profile] = {profile.name: profile for profile in _PROFILES}
