"""What must hold for every picture: identity, symmetry, permutation, scale, ranges, and regions that add up."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.errors import InputError
from evaluation.metrics import METRICS, fusion_metrics
from evaluation.metrics_profiles import PROFILES
from evaluation.metrics_regions import REGIONS, boundary_ring, region_metrics

_SHAPE = (44, 47)
_PIXELWISE = ["EN", "SD", "MI", "SCD", "CC", "PSNR"]
_few = settings(max_examples=8, deadline=None)
_seeds = st.integers(0, 2**32 - 1)


def _triple(seed: int, top: int = 256) -> list[np.ndarray]:
    """Two correlated sources and a fused picture: blurred noise, uint8 below `top`, never constant."""
    random = np.random.default_rng(seed)
    coarse = random.random((3, _SHAPE[0] // 4 + 1, _SHAPE[1] // 4 + 1)).repeat(4, axis=1).repeat(4, axis=2)
    pictures = coarse[:, : _SHAPE[0], : _SHAPE[1]] + 0.2 * random.random((3, *_SHAPE))
    pictures[2] += pictures[:2].mean(axis=0)
    low, high = pictures.min(axis=(1, 2), keepdims=True), pictures.max(axis=(1, 2), keepdims=True)
    return list(((pictures - low) / (high - low) * (top - 1)).astype(np.uint8))


@_few
@given(_seeds)
def test_a_picture_fused_with_itself_is_kept_whole(seed: int) -> None:
    picture = _triple(seed)[0]
    values = fusion_metrics(picture, picture, picture)
    assert values["SSIM"] == pytest.approx(2.0) and values["VIF"] == pytest.approx(2.0)
    assert values["CC"] == pytest.approx(1.0) and values["PSNR"] == math.inf and values["Nabf"] == 0.0
    assert values["MI"] == pytest.approx(2.0 * values["EN"] * math.log(2.0))
    assert math.isnan(values["SCD"])


@_few
@given(_seeds, st.sampled_from(list(PROFILES)))
def test_sources_may_be_swapped_and_values_stay_in_range(seed: int, profile: str) -> None:
    infrared, visible, fused = _triple(seed)
    values = fusion_metrics(infrared, visible, fused, profile=profile)
    assert fusion_metrics(visible, infrared, fused, profile=profile) == pytest.approx(values)
    for name, value in values.items():
        low, high = PROFILES[profile].metrics[name].range
        assert low <= value <= high, name


@_few
@given(_seeds)
def test_shuffling_the_pixels_changes_nothing_where_neighbours_do_not_matter(seed: int) -> None:
    triple = _triple(seed)
    order = np.random.default_rng(seed).permutation(triple[0].size)
    shuffled = [picture.ravel()[order].reshape(_SHAPE) for picture in triple]
    expected = fusion_metrics(*triple, names=_PIXELWISE)
    assert fusion_metrics(*shuffled, names=_PIXELWISE) == pytest.approx(expected)


@_few
@given(_seeds)
def test_turning_upside_down_changes_nothing(seed: int) -> None:
    # But for Qabf, which takes the two signs of a level edge for different from an upright one.
    names = [name for name in METRICS if name != "Qabf"]
    triple = _triple(seed)
    expected = fusion_metrics(*triple, names=names)
    # VIF keeps every second row from the first, so an odd rest shows at the other end.
    expected.pop("VIF")
    turned = fusion_metrics(*(picture[::-1, ::-1] for picture in triple), names=list(expected))
    assert turned == pytest.approx(expected)


@_few
@given(_seeds, st.integers(1, 60))
def test_contrast_scales_and_brightness_does_not_count(seed: int, shift: int) -> None:
    triple = _triple(seed, top=96)
    values = fusion_metrics(*triple)
    doubled = fusion_metrics(*triple[:2], triple[2] * 2)
    for name in ("SD", "SF", "AG"):
        assert doubled[name] == pytest.approx(2.0 * values[name])
    for name in ("EN", "MI", "CC"):
        assert doubled[name] == pytest.approx(values[name])
    names = [name for name in METRICS if name not in ("SSIM", "Qabf")]
    brighter = fusion_metrics(*(picture + np.uint8(shift) for picture in triple), names=names)
    assert brighter == pytest.approx({name: values[name] for name in names}, rel=1e-6)


def test_noise_raises_what_looks_at_the_fused_picture_alone_and_nabf_tells() -> None:
    infrared, visible, _ = _triple(3)
    fused = ((infrared.astype(int) + visible) // 2).astype(np.uint8)
    noise = np.random.default_rng(0).normal(0.0, 20.0, _SHAPE)
    noisy = np.clip(fused + noise, 0, 255).astype(np.uint8)
    clean, spoilt = fusion_metrics(infrared, visible, fused), fusion_metrics(infrared, visible, noisy)
    assert all(spoilt[name] > clean[name] for name in ("EN", "SD", "SF", "AG", "Nabf"))
    assert all(spoilt[name] < clean[name] for name in ("VIF", "Qabf", "SSIM", "CC"))
    assert METRICS["Nabf"].better == "lower" and METRICS["Nabf"].arrow == "↓"


@_few
@given(_seeds, st.sampled_from(list(PROFILES)))
def test_a_region_of_everything_is_the_picture(seed: int, profile: str) -> None:
    triple = _triple(seed)
    expected = fusion_metrics(*triple, profile=profile)
    everywhere = np.ones(_SHAPE, dtype=bool)
    values = fusion_metrics(*triple, profile=profile, inside=everywhere)
    if profile == "tang":
        # Its AG divides by one row and one column fewer, which a region does not have.
        expected["AG"] = fusion_metrics(*triple, names=["AG"])["AG"]
    assert values == pytest.approx(expected)


@_few
@given(_seeds)
def test_inside_and_outside_add_up(seed: int) -> None:
    infrared, visible, fused = _triple(seed)
    mask = np.random.default_rng(seed).random(_SHAPE) < 0.3
    share = mask.mean()
    parts = region_metrics(infrared, visible, fused, mask, names=["AG", "PSNR"])
    whole = fusion_metrics(infrared, visible, fused, names=["AG", "PSNR"])
    inside, outside = parts["inside"], parts["outside"]
    assert share * inside["AG"] + (1 - share) * outside["AG"] == pytest.approx(whole["AG"])
    mse = {name: 10.0 ** (-values["PSNR"] / 10.0) for name, values in {**parts, "whole": whole}.items()}
    assert share * mse["inside"] + (1 - share) * mse["outside"] == pytest.approx(mse["whole"])


def test_what_changes_outside_does_not_count_inside() -> None:
    infrared, visible, fused = _triple(5)
    mask = np.zeros(_SHAPE, dtype=bool)
    mask[10:30, 12:36] = True
    changed = np.where(mask, fused, 255 - fused)
    before, after = (region_metrics(infrared, visible, picture, mask, _PIXELWISE) for picture in (fused, changed))
    assert after["inside"] == before["inside"] and after["outside"] != before["outside"]
    # Windows centred 3 pixels inside reach no further out.
    core = np.zeros(_SHAPE, dtype=bool)
    core[13:27, 15:33] = True
    ssim = [fusion_metrics(infrared, visible, picture, ["SSIM"], inside=core) for picture in (fused, changed)]
    assert ssim[0] == ssim[1]


def test_an_empty_region_has_no_value() -> None:
    triple = _triple(1)
    nowhere = np.zeros(_SHAPE, dtype=bool)
    for profile in PROFILES:
        values = fusion_metrics(*triple, profile=profile, inside=nowhere)
        assert all(math.isnan(value) for value in values.values()), profile
    parts = region_metrics(*triple, nowhere)
    assert list(parts) == list(REGIONS)
    assert all(math.isnan(value) for region in ("inside", "ring") for value in parts[region].values())
    assert parts["outside"] == pytest.approx(fusion_metrics(*triple))


def test_a_constant_region_of_a_source_has_no_correlation_and_no_information_to_keep() -> None:
    infrared, visible, fused = (picture.copy() for picture in _triple(2))
    mask = np.zeros(_SHAPE, dtype=bool)
    mask[:, :20] = True
    infrared[:, :34], visible[:, :34] = 80, 90
    values = fusion_metrics(infrared, visible, fused, inside=mask)
    assert {name for name, value in values.items() if math.isnan(value)} == {"CC", "SCD", "VIF"}


def test_the_ring_by_hand() -> None:
    mask = np.zeros((20, 30), dtype=bool)
    mask[:, 12:] = True
    ring = boundary_ring(mask)
    # Columns 11 and 12 are 1 pixel from the other side, 7 and 16 five.
    assert np.flatnonzero(ring.any(axis=0)).tolist() == list(range(7, 17)) and ring[:, 7:17].all()
    spot = np.zeros((21, 21), dtype=bool)
    spot[10, 10] = True
    y, x = np.mgrid[:21, :21] - 10
    assert np.array_equal(boundary_ring(spot), np.hypot(y, x) <= 5)
    assert not boundary_ring(~np.zeros((5, 5), dtype=bool)).any()


def test_a_region_of_another_size_or_type_is_refused() -> None:
    with pytest.raises(InputError, match="must be bool"):
        fusion_metrics(*_triple(0), inside=np.ones((3, 3), dtype=bool))
    with pytest.raises(InputError, match="must be bool"):
        fusion_metrics(*_triple(0), inside=np.ones(_SHAPE))
