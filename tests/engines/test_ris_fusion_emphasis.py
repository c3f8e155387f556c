"""Emphasis inside a mask, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from engines.ris_fusion.emphasis import CONTRAST, LIFT, emphasise


def square() -> np.ndarray:
    mask = np.zeros((60, 60), np.float32)
    mask[20:40, 20:40] = 1.0
    return mask


@pytest.mark.parametrize(
    ("inside", "around", "expected"),
    [(0.45, 0.4, 0.45 + LIFT), (0.55, 0.6, 0.55 - LIFT), (0.9, 0.86, 0.9 - LIFT), (0.3, 0.4, 0.3)],
)
def test_flat_object_moves_away_from_its_surroundings_where_there_is_room(inside, around, expected):
    mask = square()
    y = np.where(mask > 0, inside, around).astype(np.float32)
    lifted = emphasise(y, mask)
    assert lifted[30, 30] == pytest.approx(expected, abs=1e-5)
    np.testing.assert_array_equal(lifted[mask == 0], y[mask == 0])


def test_nearly_everything_is_lifted_before_the_little_that_is_brighter():
    mask = np.ones((60, 60), np.float32)
    mask[28:32, 28:32] = 0.0
    y = np.where(mask > 0, 0.5, 0.9).astype(np.float32)
    lifted = emphasise(y, mask)
    assert lifted[10, 10] == pytest.approx(0.5 + LIFT, abs=1e-5) and (lifted >= y).all()
    np.testing.assert_array_equal(lifted[mask == 0], y[mask == 0])


@pytest.mark.parametrize("around", [0.4, 0.7])
def test_what_is_nearly_white_before_something_darker_stays_so_and_keeps_its_detail(around):
    mask, y = square(), np.full((60, 60), around, np.float32)
    y[20:40, 20:30], y[20:40, 30:40] = 0.87, 0.93
    before = y
    for strength in (1, 2, 3):
        lifted = emphasise(y, mask, strength)
        assert (lifted[25:35, 25:35] > before[25:35, 25:35]).all() and lifted.max() < 1.0
        assert lifted[30, 34] - lifted[30, 26] > 0.06 * 0.5**strength
        before = lifted


@pytest.mark.parametrize(("done", "expected"), [(0.1, 0.4 + LIFT - 0.1), (LIFT + 0.1, 0.4), (-0.1, 0.4 + LIFT)])
def test_what_was_done_already_is_part_of_the_way(done, expected):
    mask = square()
    y = np.where(mask > 0, 0.4, 0.2).astype(np.float32)
    lifted = emphasise(y, mask, done=done * mask)
    assert lifted[30, 30] == pytest.approx(expected, abs=1e-5)


def test_what_is_bright_leaves_room_above():
    """0.7 is lifted by 0.65 · 0.3 instead of 0.3, to below where levels are squeezed together by more than a little."""
    mask = square()
    y = np.where(mask > 0, 0.7, 0.5).astype(np.float32)
    lifted = emphasise(y, mask)
    assert 0.85 < lifted[30, 30] < 0.7 + 0.65 * 0.3 + 1e-6
    assert emphasise(y, mask, 2)[30, 30] > lifted[30, 30]


def test_what_is_lifted_is_lifted_as_a_whole():
    mask, y = square(), np.full((60, 60), 0.3, np.float32)
    y[20:40, 20:30], y[20:40, 30:40] = 0.35, 0.45
    lifted = emphasise(y, mask)
    assert lifted[30, 34] - lifted[30, 26] == pytest.approx(0.1, abs=1e-5)
    assert lifted[30, 34] == pytest.approx(0.45 + LIFT, abs=1e-5)


def test_dark_object_keeps_its_mean_and_gains_contrast():
    mask, y = square(), np.full((60, 60), 0.6, np.float32)
    y[20:40, 20:30], y[20:40, 30:40] = 0.25, 0.35
    lifted = emphasise(y, mask)
    assert lifted[30, 34] - lifted[30, 26] == pytest.approx(CONTRAST * 0.1, abs=1e-5)
    assert lifted[30, 34] + lifted[30, 26] == pytest.approx(0.6, abs=1e-5)


def test_each_strength_goes_further_and_nothing_found_changes_nothing():
    mask = square()
    y = np.where(mask > 0, 0.3, 0.2).astype(np.float32)
    values = [emphasise(y, mask, strength)[30, 30] for strength in (1, 2, 3)]
    assert 0.3 < values[0] < values[1] < values[2] <= 1
    np.testing.assert_array_equal(emphasise(y, 0 * mask), y)


def test_a_bright_thing_that_is_lifted_keeps_its_detail():
    y = np.full((80, 80), 0.1, np.float32)
    y[20:60, 20:60] = np.linspace(0.6, 0.8, 40, dtype=np.float32)
    mask = np.zeros_like(y)
    mask[20:60, 20:60] = 1.0
    lifted = emphasise(y, mask, strength=2)
    inner = lifted[40, 28:52]
    assert (np.diff(inner) > 0).all() and (inner > y[40, 28:52] + 0.1).all() and inner.max() < 1.0
