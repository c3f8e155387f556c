"""What masks say about places and how far to go there."""

from __future__ import annotations

import numpy as np

from engines.masks import certain, mask_box, strength_map


def test_the_box_of_a_mask_is_that_of_its_inside():
    mask = np.zeros((6, 9), np.float32)
    assert mask_box(mask) is None
    mask[2:4, 3:8], mask[0, 0] = 0.5, 0.4
    assert mask_box(mask) == (3, 2, 8, 4)


def test_faint_doubts_are_no_places():
    assert certain(np.array([[0.0, 0.25, 0.5, 0.75, 1.0]], np.float32)).tolist() == [[0.0, 0.0, 0.5, 1.0, 1.0]]


def test_every_region_has_its_own_strength_and_the_greatest_counts_where_several_lie():
    one, other = np.zeros((1, 4), np.float32), np.zeros((1, 4), np.float32)
    one[0, :2], other[0, 1:3] = 1.0, 1.0
    assert strength_map([one, other], [2, 3], (1, 4)).tolist() == [[2.0, 3.0, 3.0, 1.0]]
    assert strength_map([one, other], [3, 1], (1, 4)).tolist() == [[3.0, 3.0, 1.0, 1.0]]
    assert strength_map([], [], (1, 2)).tolist() == [[1.0, 1.0]]
    assert strength_map([one, other], [2, 3], (1, 4), elsewhere=0.0).tolist() == [[2.0, 3.0, 3.0, 0.0]]
