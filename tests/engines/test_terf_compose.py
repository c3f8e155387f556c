"""Soft masks and composition (eq. 5)."""

from __future__ import annotations

import numpy as np
import pytest

from engines.masks import mask_box, padded_box
from engines.terf.compose import composite, soft_weights


def _box_mask(height: int, width: int, y0: int, y1: int, x0: int, x1: int) -> np.ndarray:
    mask = np.zeros((height, width), np.float32)
    mask[y0:y1, x0:x1] = 1.0
    return mask


def test_weights_rise_inwards_only():
    mask = _box_mask(40, 50, 10, 30, 10, 40)
    weights = soft_weights(mask, edge_width=5.0)
    assert not weights[mask == 0].any()
    assert (weights[mask == 1] > 0).all()
    profile = weights[20, 10:16]
    assert (np.diff(profile[:5]) > 0).all()
    assert profile[4] == pytest.approx(1.0, abs=0.01)  # the fifth pixel is five pixels from the outside
    assert weights[20, 25] == 1.0


def test_the_picture_border_is_no_rim():
    weights = soft_weights(_box_mask(30, 30, 0, 30, 0, 15), edge_width=4.0)
    assert (weights[:, 0] == 1.0).all()
    assert (weights[0, :10] == 1.0).all()


@pytest.mark.parametrize("width", [1, 2, 3, 7])
def test_a_narrow_mask_has_full_weight_in_its_middle(width):
    weights = soft_weights(_box_mask(20, 20, 2, 18, 8, 8 + width), edge_width=6.0)
    assert weights.max() == 1.0


def test_whole_and_empty_masks():
    assert (soft_weights(np.ones((8, 9), np.float32)) == 1.0).all()
    assert not soft_weights(np.full((8, 9), 0.49, np.float32)).any()


def _scene_with_an_edge(at: int) -> np.ndarray:
    """Dark left of column `at`, bright from there on."""
    guide = np.full((40, 60), 0.2, np.float32)
    guide[:, at:] = 0.8
    return guide


def test_weights_rise_at_once_where_the_picture_has_the_edge():
    mask = _box_mask(40, 60, 0, 40, 30, 60)
    blurred, aligned = soft_weights(mask), soft_weights(mask, _scene_with_an_edge(30))
    assert blurred[20, 30] < 0.1 and aligned[20, 30] > 0.85
    assert not aligned[mask == 0].any()


def test_weights_stay_away_from_what_lies_beyond_the_edge():
    mask = _box_mask(40, 60, 0, 40, 27, 60)
    blurred, aligned = soft_weights(mask), soft_weights(mask, _scene_with_an_edge(30))
    assert blurred[20, 29] > 0.4 and aligned[20, 27:30].max() < 0.3
    assert aligned[20, 30] > 0.85


def test_a_flat_guide_changes_nothing_and_a_thin_region_keeps_its_middle():
    mask = _box_mask(40, 60, 5, 35, 10, 50)
    assert np.allclose(soft_weights(mask, np.full((40, 60), 0.5, np.float32)), soft_weights(mask), atol=1e-6)
    pole = _box_mask(40, 60, 4, 36, 30, 32)
    guide = np.where(pole > 0, 0.9, 0.3).astype(np.float32)
    assert soft_weights(pole, guide)[20, 30:32].min() == 1.0


def test_composite_is_identity_outside_and_the_tuned_picture_at_full_weight():
    rng = np.random.default_rng(0)
    base, tuned = rng.random((40, 50, 3), np.float32), rng.random((40, 50, 3), np.float32)
    mask = _box_mask(40, 50, 5, 35, 5, 45)
    weights = soft_weights(mask)
    result = composite(base, tuned, weights)
    assert np.array_equal(result[mask == 0], base[mask == 0])
    assert np.array_equal(result[weights == 1], tuned[weights == 1])
    assert result.dtype == np.float32


def test_composite_by_hand():
    result = composite(np.full((1, 1, 3), 0.2, np.float32), np.full((1, 1, 3), 0.6, np.float32), np.full((1, 1), 0.25))
    assert result == pytest.approx(np.full((1, 1, 3), 0.3))


def test_boxes():
    assert mask_box(_box_mask(20, 30, 4, 9, 7, 8)) == (7, 4, 8, 9)
    assert mask_box(np.zeros((5, 5), np.float32)) is None
    assert padded_box((7, 4, 8, 9), 3, (20, 30)) == (4, 1, 11, 12)
    assert padded_box((7, 4, 8, 9), 100, (20, 30)) == (0, 0, 30, 20)
    assert padded_box((7, 4, 8, 9), None, (20, 30)) == (0, 0, 30, 20)
