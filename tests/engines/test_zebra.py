"""Zebra crossings are found by their stripes."""

from __future__ import annotations

import numpy as np
import pytest

from app.examples_index import examples
from app.pairs import read_pair
from engines.masks import INSIDE
from engines.regions.embedded import EmbeddedMasker
from engines.regions.zebra import crossings, is_zebra


@pytest.mark.parametrize(
    "phrase", ["the crosswalk", "zebra crossing", "the zebra crossing in the foreground", "pedestrian crossing"]
)
def test_words_for_crossings(phrase):
    assert is_zebra(phrase)


@pytest.mark.parametrize(
    "phrase",
    ["the person crossing the road", "the pedestrian crossing in the middle of the road", "road with the crosswalk"],
)
def test_who_crosses_is_no_crossing(phrase):
    assert not is_zebra(phrase)


def _stripes(number: int, width: int = 30, gap: int = 30) -> np.ndarray:
    paint = np.zeros((480, 640), bool)
    for index in range(number):
        left = 60 + index * (width + gap)
        paint[300:340, left : left + width] = True
    return paint


def test_stripes_side_by_side_and_what_is_between_are_a_crossing():
    found = crossings(_stripes(5))
    expected = np.zeros_like(found)
    expected[300:340, 60:330] = True
    assert (found & expected).sum() / (found | expected).sum() > 0.95


@pytest.mark.parametrize("paint", [_stripes(2), _stripes(4, 12, 90), np.zeros((480, 640), bool), _stripes(1, 400)])
def test_other_paint_is_none(paint):
    assert not crossings(paint).any()


@pytest.mark.parametrize(("name", "is_there"), [("day_crossing", True), ("day_parking", False)])
def test_the_crosswalk_of_an_example(name, is_there):
    """The head alone marks a fifth of the first picture."""
    files = next(entry for entry in examples() if entry.name == name)
    pair = read_pair(files.visible, files.infrared)
    region = EmbeddedMasker().mask("the crosswalk", pair, pair.visible)
    rows, columns = np.nonzero(region.mask >= INSIDE)
    assert bool(len(rows)) == is_there
    if is_there:
        # The stripes lie at rows 300 to 330, all across the road.
        assert rows.min() > 285 and rows.max() < 345
        assert columns.max() - columns.min() > 350
