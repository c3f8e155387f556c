"""What a phrase places its thing by."""

from __future__ import annotations

import numpy as np
import pytest

from engines.regions.beside import anchors, nearness, on_that_side, own_words


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("person next to the grey bin", [("grey bin", None)]),
        ("the van behind the brick wall", [("brick wall", None)]),
        ("sign to the right of the tree", [("tree", "right")]),
        ("pedestrian on the left of the other people", [("other people", "left")]),
        ("pedestrian under the blue sign", [("blue sign", "below")]),
        ("sign above the bus", [("bus", "above")]),
        ("bollard on the right in front of the hedge", [("hedge", None)]),
        ("man beside the car that is parked near a tree", [("car", None), ("tree", None)]),
        ("person closest to the bicycles", [("bicycles", None)]),
        ("person in front of the building walking away", [("building", None)]),
        ("person on the left", []),
        ("person in the middle of the road", []),
        ("woman in a red jacket", []),
        ("car at the far right edge", []),
        ("person", []),
    ],
)
def test_anchors_of_a_phrase(phrase, expected):
    assert anchors(phrase) == expected


def test_own_words_end_where_something_else_begins():
    assert own_words("white van behind the red wall") == "white van "
    assert own_words("woman in a red jacket") == "woman in a red jacket"
    assert own_words("Near the wall") == "Near the wall"


def patch(left: int, top: int) -> np.ndarray:
    mask = np.zeros((60, 80), bool)
    mask[top : top + 10, left : left + 6] = True
    return mask


def test_what_is_nearer_counts_as_nearer():
    wall = patch(40, 20).astype(np.float32)
    distances = [nearness(patch(left, 20), wall) for left in (38, 30, 10)]
    assert distances[0] > distances[1] > distances[2]
    assert distances[0] == pytest.approx(0.0, abs=0.1)


def test_sides_of_an_anchor():
    tree = patch(40, 20).astype(np.float32)
    assert on_that_side(patch(60, 20), tree, "right") > 0.9 > -0.9 > on_that_side(patch(60, 20), tree, "left")
    assert on_that_side(patch(40, 45), tree, "below") > 0.9 > -0.9 > on_that_side(patch(40, 45), tree, "above")
    assert on_that_side(patch(40, 20), tree, "left") == pytest.approx(0.0, abs=1e-3)
