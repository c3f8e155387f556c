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
    ("inside", "expected"), [(0.6, 0.6 + LIFT), (0.42, 0.42 - LIFT), (0.9, 0.9 - LIFT), (0.3, 0.3)]
)
def test_flat_object_moves_away_from_its_surroundings_where_there_is_room(inside, expected):
    mask = square()
    y = np.where(mask > 0, inside, 0.45).astype(np.float32)
    lifted = emphasise(y, mask)
    assert lifted[30, 30] == pytest.approx(expected, abs=1e-5)
    np.testing.assert_array_equal(lifted[mask == 0], y[mask == 0])


def test_what_is_lifted_is_lifted_as_a_whole():
    mask, y = square(), np.full((60, 60), 0.4, np.float32)
    y[20:40, 20:30], y[20:40, 30:40] = 0.5, 0.6
    lifted = emphasise(y, mask)
    assert lifted[30, 34] - lifted[30, 26] == pytest.approx(0.1, abs=1e-5)
    assert lifted[30, 34] == pytest.approx(0.6 + LIFT, abs=1e-5)


def test_dark_object_keeps_its_mean_and_gains_contrast():
    mask, y = square(), np.full((60, 60), 0.6, np.float32)
    y[20:40, 20:30], y[20:40, 30:40] = 0.2, 0.3
    lifted = emphasise(y, mask)
    assert lifted[30, 34] - lifted[30, 26] == pytest.approx(CONTRAST * 0.1, abs=1e-5)
    assert lifted[30, 34] + lifted[30, 26] == pytest.approx(0.5, abs=1e-5)


def test_each_strength_goes_further_and_nothing_found_changes_nothing():
    mask = square()
    y = np.where(mask > 0, 0.3, 0.2).astype(np.float32)
    values = [emphasise(y, mask, strength)[30, 30] for strength in (1, 2, 3)]
    assert 0.3 < values[0] < values[1] < values[2] <= 1
    np.testing.assert_array_equal(emphasise(y, 0 * mask), y)
