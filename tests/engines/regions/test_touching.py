"""Things that touch in a mask are told apart at the waist between them."""

from __future__ import annotations

import numpy as np
import pytest

from engines.regions.pieces import kept_pieces
from engines.regions.touching import side_by_side
from engines.types import Region
from tests.engines.regions.conftest import no_evidence


def two_people(bridge: int) -> np.ndarray:
    """Two people of 60 pixels' height, 20 wide and 12 apart, joined by a band of some height."""
    mask = np.zeros((120, 160), bool)
    mask[20:80, 30:50] = mask[20:80, 62:82] = True
    mask[40 : 40 + bridge, 50:62] = True
    return mask


@pytest.mark.parametrize("bridge", [4, 40])
def test_two_people_are_cut_between_them(bridge):
    piece = two_people(bridge)
    left, right = side_by_side(piece)
    assert not (left & right).any()
    np.testing.assert_array_equal(left | right, piece)
    assert left[20:80, 30:50].all() and right[20:80, 62:82].all()


def test_one_thing_stays_in_one_piece():
    block, wedge = np.zeros((2, 120, 160), bool)
    block[20:80, 30:90] = True
    for x in range(100):
        wedge[60 - x // 2 : 61 + x // 2, 30 + x] = True
    sliver = np.zeros((120, 160), bool)
    sliver[20:80, 30:36] = True
    for piece in (two_people(56), block, wedge, sliver):
        (same,) = side_by_side(piece)
        np.testing.assert_array_equal(same, piece)


def test_three_in_a_row_are_three():
    mask = np.zeros((100, 200), bool)
    for x in (20, 70, 120):
        mask[10:90, x : x + 40] = True
    mask[50:60, 20:160] = True
    assert len(side_by_side(mask)) == 3


def test_the_leftmost_of_two_who_touch_is_one():
    mask = two_people(30).astype(np.float32)
    region = kept_pieces(Region("the leftmost person", mask, 1.0, (30, 20, 82, 80)), no_evidence((120, 160)))
    assert region.mask[20:80, 30:50].all() and not region.mask[:, 62:].any()
    assert "of 2 pieces found, 1 was kept" in region.notes[0]


@pytest.mark.parametrize(("size", "value"), [(6, 1.0), (40, 0.6)])
def test_neither_a_speck_nor_a_doubtful_thing_is_the_leftmost_person(size, value):
    mask = two_people(0).astype(np.float32)
    mask[40 : 40 + size, 2:10] = value
    for phrase in ("leftmost person", "person on the left"):
        region = kept_pieces(Region(phrase, mask, 1.0, (2, 20, 82, 80)), no_evidence((120, 160)))
        assert region.mask[20:80, 30:50].all() and region.mask.sum() == 60 * 20
    region = kept_pieces(Region("people on the left", mask, 1.0, (2, 20, 82, 80)), no_evidence((120, 160)))
    assert region.mask[45, 5] == pytest.approx(value), "a place without comparison keeps all that is there"
