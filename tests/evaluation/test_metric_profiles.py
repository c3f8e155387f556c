"""Where the profiles part from the definitions, worked out by hand; and Nabf."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.ndimage import correlate1d

from engines.errors import InputError
from evaluation.metrics import fusion_metrics
from evaluation.metrics_profiles import PROFILES


def _random(seed: int, *shape: int, top: int = 256) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, top, shape, dtype=np.uint8)


@pytest.fixture
def triple() -> list[np.ndarray]:
    """Infrared, visible and fused, uint8 (45, 50), no level above 253."""
    return list(_random(0, 3, 45, 50, top=254))


def _in(profile: str, triple: list[np.ndarray], name: str) -> float:
    return fusion_metrics(*triple, names=[name], profile=profile)[name]


@pytest.mark.parametrize(
    ("profile", "same"),
    [("cddfuse", "EN SD SF AG MI SCD VIF Qabf CC Nabf"), ("tang", "EN SD SF SCD VIF Qabf CC Nabf")],
)
def test_what_the_programs_agree_on(profile: str, same: str, triple: list[np.ndarray]) -> None:
    assert fusion_metrics(*triple, names=same.split(), profile=profile) == fusion_metrics(*triple, names=same.split())
    departing = {name for name, metric in PROFILES[profile].metrics.items() if metric.departs}
    assert departing == set(PROFILES["default"].metrics) - set(same.split())


def test_cddfuse_takes_the_dynamic_range_for_two() -> None:
    source, fused = _random(1, 2, 7, 7)
    c1, c2 = 0.02**2, 0.06**2
    covariance = np.cov(source.ravel(), fused.ravel())
    expected = (2 * source.mean() * fused.mean() + c1) / (source.mean() ** 2 + fused.mean() ** 2 + c1)
    expected *= (2 * covariance[0, 1] + c2) / (covariance[0, 0] + covariance[1, 1] + c2)
    assert _in("cddfuse", [source, source, fused], "SSIM") == pytest.approx(2 * expected)


def test_cddfuse_takes_the_fused_maximum_for_the_peak() -> None:
    fused = np.full((4, 4), 100)
    assert _in("cddfuse", [fused + 10, fused, fused], "PSNR") == pytest.approx(10 * math.log10(100**2 / 50))


def test_tang_counts_information_in_bits(triple: list[np.ndarray]) -> None:
    assert _in("tang", triple, "MI") == pytest.approx(_in("default", triple, "MI") / math.log(2))


def test_tang_merges_254_and_255_in_the_joint_histogram_alone() -> None:
    # Two equally frequent levels tell each other: 1 bit. Merged, the joint histogram has one level left (0 bits), the
    # single ones still two: 1 + 1 - 0 = 2 bits per source.
    columns = np.array([[254, 255], [254, 255]])
    assert _in("default", [columns] * 3, "MI") == pytest.approx(2 * math.log(2))
    assert _in("tang", [columns] * 3, "MI") == pytest.approx(4.0)


def test_tang_divides_the_gradient_by_fewer_pixels() -> None:
    ramp = np.array([[0, 4, 8], [0, 4, 8]])
    assert _in("tang", [ramp] * 3, "AG") == pytest.approx(math.sqrt(8) * 6 / 2)


def test_tang_adds_48_decibels(triple: list[np.ndarray]) -> None:
    assert _in("tang", triple, "PSNR") - _in("default", triple, "PSNR") == pytest.approx(48.1308, abs=1e-4)


def test_tang_weighs_with_a_gaussian_over_a_repeated_border(triple: list[np.ndarray]) -> None:
    weights = np.exp(-(np.arange(-5, 6) ** 2) / (2 * 1.5**2))
    weights /= weights.sum()

    def mean(picture: np.ndarray) -> np.ndarray:
        for axis in (0, 1):
            picture = correlate1d(picture, weights, axis=axis, mode="nearest")
        return picture

    infrared, visible, fused = (picture.astype(float) for picture in triple)
    expected = 0.0
    for source in (infrared, visible):
        ux, uy = mean(source), mean(fused)
        vx, vy, vxy = mean(source**2) - ux**2, mean(fused**2) - uy**2, mean(source * fused) - ux * uy
        expected += np.mean((2 * ux * uy + 1e-4) * (2 * vxy + 9e-4) / ((ux**2 + uy**2 + 1e-4) * (vx + vy + 9e-4)))
    assert _in("tang", triple, "SSIM") == pytest.approx(expected / 2)


def test_nabf_of_doubled_slope_by_hand() -> None:
    # Sobel / 8 gives a ramp of slope 4 the strength 4, the fused one 8 everywhere but in the mirrored outer columns,
    # where both are 0. The direction is kept in full, half the strength is.
    ramp = np.tile(4 * np.arange(12), (9, 1))
    kept = math.sqrt(0.9999 / 2 * 0.9995 / (1 + math.exp(-11)))
    columns, edge = 10, 4**1.5
    expected = (1 - kept) * edge * columns / (edge * columns + 0.001 * 2)
    assert _in("default", [ramp, ramp, 2 * ramp], "Nabf") == pytest.approx(expected)
    # An edge that is weaker than a source's is a loss, but no artefact; one turned by 90° keeps next to nothing.
    assert _in("default", [2 * ramp, ramp, ramp], "Nabf") == 0.0
    square = np.tile(4 * np.arange(12), (12, 1))
    kept = math.sqrt(0.9999 / 2 * 0.9995 / (1 + math.exp(11)))
    expected = ((1 - kept) * edge * 100 + 0.001 * 20) / (edge * 120 + 0.001 * 24)
    assert _in("default", [square, square, 2 * square.T], "Nabf") == pytest.approx(expected, rel=1e-6)


def test_an_unknown_profile_is_refused(triple: list[np.ndarray]) -> None:
    with pytest.raises(InputError, match="default, cddfuse, tang"):
        fusion_metrics(*triple, profile="matlab")
