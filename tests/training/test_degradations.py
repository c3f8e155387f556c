"""Degradations: what they do to which picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.degradations import DEGRADATIONS


def pair() -> tuple[np.ndarray, np.ndarray]:
    """A ramp in the visible picture, another across it in the infrared one, 40x48."""
    ramp = np.linspace(0.1, 0.8, 48, dtype=np.float32)
    visible = np.repeat(np.tile(ramp, (40, 1))[..., None], 3, axis=2)
    return visible, np.tile(np.linspace(0.1, 0.9, 40, dtype=np.float32)[:, None], (1, 48))


@settings(max_examples=30, deadline=None)
@given(name=st.sampled_from(list(DEGRADATIONS)), seed=st.integers(0, 2**32 - 1))
def test_one_picture_is_degraded_and_stays_a_picture_of_8_bits(name, seed):
    visible, infrared = pair()
    degraded = dict(
        zip(("visible", "infrared"), DEGRADATIONS[name](visible, infrared, np.random.default_rng(seed)), strict=True)
    )
    clean = {"visible": visible, "infrared": infrared}
    changed, other = (("visible", "infrared"), ("infrared", "visible"))[DEGRADATIONS[name].source == "infrared"]
    assert degraded[other] is clean[other]
    picture = degraded[changed]
    assert picture.shape == clean[changed].shape and picture.dtype == np.float32
    assert not np.array_equal(picture, clean[changed])
    levels = picture * 255
    np.testing.assert_allclose(levels, np.round(levels), atol=1e-3)
    assert picture.min() >= 0 and picture.max() <= 1


def of(name: str, seed: int = 0) -> np.ndarray:
    visible, infrared = DEGRADATIONS[name](*pair(), np.random.default_rng(seed))
    return visible if DEGRADATIONS[name].source == "visible" else infrared


@pytest.mark.parametrize("seed", range(5))
def test_each_does_what_its_name_says(seed):
    visible, infrared = pair()
    assert of("low light", seed).mean() < 0.85 * visible.mean()
    assert of("over-exposure", seed).mean() > 1.1 * visible.mean()
    assert np.ptp(of("low contrast", seed)) < 0.65 * np.ptp(infrared)
    noise = of("random noise", seed) - infrared
    assert noise.std() > 0.015 and abs(noise.mean()) < 0.02
    offsets = of("stripe noise", seed) - infrared
    inside = offsets[8:-8, 8:-8]
    along_columns, along_rows = inside.std(axis=0).mean(), inside.std(axis=1).mean()
    assert min(along_columns, along_rows) < 0.02 < 3 * max(along_columns, along_rows)


def test_the_same_numbers_give_the_same_degradation():
    for name in DEGRADATIONS:
        assert np.array_equal(of(name, 3), of(name, 3)) and not np.array_equal(of(name, 3), of(name, 4))
