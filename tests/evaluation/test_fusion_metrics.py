"""Fusion metrics: the published values, cases worked out by hand, and properties."""

from __future__ import annotations

import json
import math
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from engines.errors import InputError
from evaluation.fusion.grey import to_8bit, to_grey
from evaluation.metrics import METRICS, fusion_metrics
from evaluation.metrics_profiles import COMMON_NINE

_REFERENCE = Path(__file__).parents[3] / "shared" / "conformance" / "metrics.json"
_REFERENCED = ["EN", "SD", "SF", "AG", "MI", "SCD", "VIF", "Qabf", "SSIM", "CC", "PSNR"]
_NAMES = [*_REFERENCED, "Nabf"]


def _picture(name: str, height: int = 96, width: int = 128) -> np.ndarray:
    """The grey picture of the conformance recipe: six cosines and noise, float64 of whole levels."""
    random = np.random.RandomState(zlib.crc32(name.encode()) & 0x7FFFFFFF)
    y, x = np.mgrid[:height, :width].astype(np.float64)
    total = np.zeros((height, width))
    for _ in range(6):
        fy, fx = random.uniform(0, 0.25), random.uniform(0, 0.25)
        phase, amplitude = random.uniform(0, 2 * np.pi), random.uniform(0.3, 1)
        total += amplitude * np.cos(2 * np.pi * (fy * y / 4 + fx * x / 4) + phase)
    total += 0.15 * random.standard_normal((height, width))
    return np.round(255 * (total - total.min()) / (total.max() - total.min()))


def _conformance_case(case: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    a, b = _picture(f"ir{case}"), _picture(f"vis{case}")
    fused = (np.round((a + b) / 2), np.maximum(a, b), _picture("fused2"), np.round(0.8 * b + 0.2 * a))[case]
    return a, b, fused


@pytest.fixture
def triple() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Infrared, visible and their mean, uint8 (48, 64)."""
    a, b = _picture("a", 48, 64), _picture("b", 48, 64)
    return a.astype(np.uint8), b.astype(np.uint8), ((a + b) // 2).astype(np.uint8)


def test_the_conformance_recipe_is_rebuilt() -> None:
    assert [_picture(name).sum() for name in ("ir0", "vis0", "fused2")] == [1437483, 1551454, 1553387]


@pytest.mark.skipif(not _REFERENCE.is_file(), reason="the reference values of ../shared/conformance are not here")
@pytest.mark.parametrize("case", range(4))
def test_conformance(case: int) -> None:
    expected = json.loads(_REFERENCE.read_text(encoding="utf-8"))[str(case)]
    expected["MI"], expected["SSIM"] = expected["MI_nats"], expected["SSIM_sum"]
    expected["PSNR"] = 10 * math.log10(255**2 / expected["MSE"])
    values = fusion_metrics(*_conformance_case(case), names=_REFERENCED)
    assert values == pytest.approx({n: expected[n] for n in _REFERENCED}, rel=1e-9)


def test_names_order_and_metadata(triple: tuple[np.ndarray, ...]) -> None:
    assert list(METRICS) == _NAMES
    assert list(fusion_metrics(*triple)) == _NAMES
    for name, value in fusion_metrics(*triple).items():
        metric = METRICS[name]
        assert metric.name == name and metric.better in ("higher", "lower") and metric.source
        assert metric.range[0] <= value <= metric.range[1]


def test_chosen_names_only(triple: tuple[np.ndarray, ...]) -> None:
    assert fusion_metrics(*triple, names=["CC", "EN"]) == {n: fusion_metrics(*triple)[n] for n in ("CC", "EN")}


def test_entropy_by_hand() -> None:
    black, four = np.zeros((2, 2)), np.array([[0, 85], [170, 255]])
    assert fusion_metrics(black, black, four)["EN"] == pytest.approx(2.0)
    # Frequencies 1/4 and 3/4: 1/4 log2 4 + 3/4 log2 4/3.
    assert fusion_metrics(black, black, [[9, 9], [9, 0]])["EN"] == pytest.approx(0.5 + 0.75 * math.log2(4 / 3))


def test_contrast_and_gradients_by_hand() -> None:
    ramp = np.array([[0, 4, 8], [0, 4, 8]])
    values = fusion_metrics(ramp, ramp, ramp)
    assert values["SD"] == pytest.approx(math.sqrt(32 / 3))
    # Every horizontal difference is 4, every vertical one 0, each mean over its own count.
    assert values["SF"] == pytest.approx(4.0)
    assert values["AG"] == pytest.approx(math.sqrt(16 / 2))
    # Gradients [1, 2, 3] along x by numpy.gradient of [0, 1, 4]; both rows are equal.
    bent = np.array([[0, 1, 4], [0, 1, 4]])
    assert fusion_metrics(bent, bent, bent)["AG"] == pytest.approx((1 + 2 + 3) / 3 / math.sqrt(2))


def test_mutual_information_by_hand() -> None:
    columns = np.array([[0, 255], [0, 255]])
    rows = columns.T
    # The fused picture tells the infrared one (1 bit = ln 2 nats) and nothing of the independent visible one.
    assert fusion_metrics(columns, rows, columns)["MI"] == pytest.approx(math.log(2))
    assert fusion_metrics(columns, 255 - columns, columns)["MI"] == pytest.approx(2 * math.log(2))


def test_correlations_by_hand() -> None:
    columns = np.array([[0, 100], [0, 100]])
    rows = columns.T
    values = fusion_metrics(columns, rows, columns + rows)
    # Uncorrelated sources and their sum: each is half of the variance, and each difference is the other source.
    assert values["CC"] == pytest.approx(math.sqrt(0.5))
    assert values["SCD"] == pytest.approx(2.0)
    assert fusion_metrics(columns, 255 - columns, columns)["CC"] == pytest.approx(0.0, abs=1e-12)


def test_psnr_by_hand() -> None:
    fused = np.full((4, 4), 100)
    assert fusion_metrics(fused + 10, fused, fused)["PSNR"] == pytest.approx(10 * math.log10(255**2 / 50))
    assert fusion_metrics(fused, fused, fused)["PSNR"] == math.inf


def test_ssim_of_a_single_window_by_hand() -> None:
    random = np.random.default_rng(0)
    a, fused = random.integers(0, 256, (2, 7, 7))
    c1, c2 = 2.55**2, 7.65**2
    covariance = np.cov(a.ravel(), fused.ravel())
    expected = (2 * a.mean() * fused.mean() + c1) / (a.mean() ** 2 + fused.mean() ** 2 + c1)
    expected *= (2 * covariance[0, 1] + c2) / (covariance[0, 0] + covariance[1, 1] + c2)
    assert fusion_metrics(a, fused, fused)["SSIM"] == pytest.approx(expected + 1.0)


def test_ssim_leaves_the_border_of_three_pixels_to_the_windows(triple: tuple[np.ndarray, ...]) -> None:
    # A mean over 3 x 2 windows of a 9 x 8 picture, each scored as a picture of its own.
    parts = [picture[:9, :8] for picture in triple]
    windows = [
        fusion_metrics(*(part[y : y + 7, x : x + 7] for part in parts))["SSIM"] for y in range(3) for x in range(2)
    ]
    assert fusion_metrics(*parts)["SSIM"] == pytest.approx(np.mean(windows))


def test_qabf_of_halved_contrast_by_hand() -> None:
    # On a black frame the zero border adds no edge: every edge keeps half its strength (G = 1/2) and its direction.
    source = np.zeros((12, 12))
    source[4:8, 3:9] = np.random.default_rng(0).integers(1, 128, (4, 6)) * 2
    expected = 0.9994 / 2 * 0.9879 / (1 + math.exp(-22 * 0.2))
    assert fusion_metrics(source, source, source / 2)["Qabf"] == pytest.approx(expected)


def test_qabf_takes_a_level_edge_of_either_sign_for_the_same_by_hand() -> None:
    # Bands over the full width that meet at row 20: there the source falls to black and the fused picture rises, as
    # strongly (kept in full); the source's other edge, at row 10, is lost (G = 0). The two sides weigh below 1 %.
    source, fused = np.zeros((40, 600)), np.zeros((40, 600))
    source[10:20], fused[20:30] = 200, 200
    kept = 0.9994 * 0.9879 / (1 + math.exp(-22 * 0.2))
    assert fusion_metrics(source, source, fused)["Qabf"] == pytest.approx(kept / 2, rel=0.01)


def test_vif_of_a_ramp_with_doubled_contrast_by_hand() -> None:
    # Under every window of scale s a ramp of slope 3 has the variance (3 * 2^(s-1))² * (second moment of the window),
    # the fused one four times that, at gain 2 and without distortion. 41 pixels a side leave 25, 9, 3 and 1 windows.
    ramp = np.tile(3 * np.arange(41), (41, 1))
    kept = held = 0.0
    for scale, windows in ((1, 25), (2, 9), (3, 3), (4, 1)):
        size = 2 ** (5 - scale) + 1
        offsets = range(-(size // 2), size // 2 + 1)
        weights = [math.exp(-(k**2) / (2 * (size / 5) ** 2)) for k in offsets]
        moment = sum(w * k**2 for w, k in zip(weights, offsets, strict=True)) / sum(weights)
        variance = (3 * 2 ** (scale - 1)) ** 2 * moment
        kept += windows**2 * math.log(1 + 4 * variance / 2)
        held += windows**2 * math.log(1 + variance / 2)
    assert fusion_metrics(ramp, ramp, 2 * ramp)["VIF"] == pytest.approx(2 * kept / held)


def test_identity(triple: tuple[np.ndarray, ...]) -> None:
    picture = triple[0]
    values = fusion_metrics(picture, picture, picture)
    assert values["SSIM"] == pytest.approx(2.0)
    assert values["VIF"] == pytest.approx(2.0)
    assert values["CC"] == pytest.approx(1.0)
    assert values["MI"] == pytest.approx(2 * values["EN"] * math.log(2))
    assert values["Qabf"] == pytest.approx(0.9994 * 0.9879 / (1 + math.exp(-22 * 0.2)), rel=1e-5)


def test_the_sources_may_be_swapped(triple: tuple[np.ndarray, ...]) -> None:
    infrared, visible, fused = triple
    assert fusion_metrics(visible, infrared, fused) == pytest.approx(fusion_metrics(infrared, visible, fused))


def test_transposing_changes_nothing(triple: tuple[np.ndarray, ...]) -> None:
    # Not Qabf: an upright edge has the angle +π/2 on either side, a level one 0.
    names = [name for name in _NAMES if name != "Qabf"]
    expected = fusion_metrics(*triple, names=names)
    assert fusion_metrics(*(picture.T for picture in triple), names=names) == pytest.approx(expected)


def test_vif_ignores_inverted_contrast_and_rewards_more_contrast(triple: tuple[np.ndarray, ...]) -> None:
    source = triple[0] // 2
    assert fusion_metrics(source, source, 255 - source)["VIF"] == pytest.approx(0.0, abs=1e-9)
    assert fusion_metrics(source, source, np.full_like(source, 7))["VIF"] == pytest.approx(0.0, abs=1e-9)
    assert fusion_metrics(source, source, source * 2)["VIF"] > 2.0


def test_a_fused_picture_keeps_more_than_an_unrelated_one(triple: tuple[np.ndarray, ...]) -> None:
    infrared, visible, fused = triple
    unrelated = _picture("c", *fused.shape)
    good, bad = fusion_metrics(infrared, visible, fused), fusion_metrics(infrared, visible, unrelated)
    assert all(good[name] > bad[name] for name in ("SCD", "VIF", "Qabf", "SSIM", "CC", "PSNR"))
    assert good["Nabf"] < bad["Nabf"]


def test_constant_pictures_give_nan_never_a_score() -> None:
    flat = np.full((48, 48), 255)
    values = fusion_metrics(flat, flat, flat)
    assert all(math.isnan(values[name]) for name in ("CC", "SCD", "VIF", "Qabf", "Nabf"))
    assert values["EN"] == values["SD"] == values["SF"] == values["AG"] == 0.0
    assert values["MI"] == pytest.approx(0.0)


def test_one_constant_source_gives_nan_where_it_is_the_reference(triple: tuple[np.ndarray, ...]) -> None:
    infrared, _, fused = triple
    values = fusion_metrics(infrared, np.full_like(infrared, 80), fused)
    assert {name for name in _NAMES if math.isnan(values[name])} == {"CC", "SCD", "VIF"}


def test_pictures_below_a_window_give_nan() -> None:
    small = _picture("small", 40, 40)
    assert math.isnan(fusion_metrics(small, small, small)["VIF"])
    large = _picture("small", 41, 41)
    assert fusion_metrics(large, large, large)["VIF"] == pytest.approx(2.0)
    assert math.isnan(fusion_metrics(small[:6], small[:6], small[:6])["SSIM"])


def test_types_of_one_scale_agree_and_fractions_are_rounded(triple: tuple[np.ndarray, ...]) -> None:
    expected = fusion_metrics(*triple)
    assert fusion_metrics(*(picture.astype(np.float32) for picture in triple)) == expected
    assert fusion_metrics(*(np.clip(picture + 0.4, 0, 255) for picture in triple)) == expected


def test_inputs_are_left_alone(triple: tuple[np.ndarray, ...]) -> None:
    floats = [picture.astype(np.float64) for picture in triple]
    fusion_metrics(*floats)
    assert all(np.array_equal(before, after) for before, after in zip(triple, floats, strict=True))


@pytest.mark.parametrize(
    ("fused", "message"),
    [
        (np.zeros((8, 9)), "must have one size"),
        (np.zeros((8, 8, 3)), "must be grey"),
        (np.full((8, 8), 256), "0-255"),
        (np.full((8, 8), -1.0), "0-255"),
        (np.full((8, 8), np.nan), "0-255"),
        (np.full((8, 8), 0.5), "multiply by 255"),
        (np.zeros((8, 8), dtype=complex), "must hold grey levels"),
    ],
    ids=["size", "colour", "too bright", "negative", "nan", "unit scale", "complex"],
)
def test_bad_pictures_are_refused(fused: np.ndarray, message: str) -> None:
    with pytest.raises(InputError, match=message):
        fusion_metrics(np.zeros((8, 8)), np.zeros((8, 8)), fused)


def test_unknown_metric_is_refused(triple: tuple[np.ndarray, ...]) -> None:
    with pytest.raises(InputError, match="'FMI'"):
        fusion_metrics(*triple, names=["FMI"])


def test_the_8_bit_picture_is_clipped_and_rounded() -> None:
    assert to_8bit(np.array([-0.2, 0.0, 0.0019, 0.0020, 1.0, 1.3])).tolist() == [0, 0, 0, 1, 255, 255]
    with pytest.raises(InputError, match="finite"):
        to_8bit(np.array([0.5, np.nan]))


def test_grey_is_the_rounded_luma() -> None:
    # 0.299 * 255 = 76.245, 0.587 * 255 = 149.685, 0.114 * 255 = 29.07.
    colours = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [77, 77, 77]]], dtype=np.uint8)
    assert to_grey(colours).tolist() == [[76, 150], [29, 77]]


@pytest.mark.slow
def test_the_nine_common_metrics_take_little_of_one_core() -> None:
    """A quarter of a second, or on slower machines 120 blurs: 42 to 76 were measured there, so less would be chance."""
    triple = [_picture(name, 480, 640).astype(np.uint8) for name in ("a", "b", "c")]
    picture = triple[0].astype(np.float64)

    def blurs() -> None:
        for _ in range(120):
            gaussian_filter(picture, 1.5)

    def metrics() -> None:
        fusion_metrics(*triple, names=COMMON_NINE)

    seconds: dict[str, list[float]] = {}
    for _ in range(6):
        for work in (blurs, metrics):
            start = time.process_time()
            work()
            seconds.setdefault(work.__name__, []).append(time.process_time() - start)
    least = {name: min(values) for name, values in seconds.items()}
    assert least["metrics"] <= max(0.25, least["blurs"]), least
