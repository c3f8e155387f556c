"""Paint on the road is marked along its shape."""

from __future__ import annotations

import numpy as np
import pytest

from engines.masks import INSIDE, mask_box
from engines.regions.road_marks import marks_asked, on_paint
from engines.types import Region

SHAPE = (240, 320)
ROAD = np.s_[100:, :]
WHITE_LINE, YELLOW_LINE, WALL = np.s_[110:235, 60:66], np.s_[110:235, 250:256], np.s_[20:60, 100:140]


def _picture() -> np.ndarray:
    picture = np.full((*SHAPE, 3), 0.35, np.float32)
    picture[WHITE_LINE] = 0.8
    picture[YELLOW_LINE] = (0.6, 0.5, 0.1)
    picture[WALL] = 0.9
    return picture


def _region(phrase: str, *places: tuple[slice, slice]) -> Region:
    mask = np.zeros(SHAPE, np.float32)
    for place in places:
        mask[place] = 0.9
    return Region(phrase, mask, 0.9, mask_box(mask))


def _painted(phrase: str, *places: tuple[slice, slice]) -> np.ndarray:
    road = _region("road", ROAD).mask
    return on_paint(_region(phrase, *places), _picture(), lambda: road).mask >= INSIDE


@pytest.mark.parametrize(
    ("phrase", "asked"),
    [
        ("lane markings", (True, True)),
        ("white arrow painted on the road", (True, False)),
        ("yellow line on the left", (False, True)),
        ("end of the orange line at the bottom left", (False, True)),
        ("power lines", None),
        ("blue sign with a white arrow", None),
        ("white arrow on the sign", None),
        ("yellow stripes on the bus", None),
        ("line of cars", None),
        ("road", None),
    ],
)
def test_which_paint_a_phrase_asks_for(phrase, asked):
    assert marks_asked(phrase) == asked


def test_the_road_found_for_a_line_becomes_the_line():
    found = _painted("yellow line on the road", ROAD)
    inside = np.zeros(SHAPE, bool)
    inside[YELLOW_LINE] = True
    assert (found & inside).sum() > 0.9 * inside.sum() and (found & ~inside).sum() < 0.3 * inside.sum()


def test_paint_is_found_where_the_head_found_nothing():
    found = _painted("white line on the road")
    assert found[170, 62] and not found[170, 252] and not found[40, 120]


def test_markings_without_colour_are_white_and_yellow():
    found = _painted("road markings", ROAD)
    assert found[170, 62] and found[170, 252]


def test_other_phrases_and_roads_without_paint_stay_as_they_are():
    region = _region("road", ROAD)
    assert on_paint(region, _picture(), lambda: pytest.fail("the road was looked for")) is region
    line = _region("white line on the road", ROAD)
    plain = np.full((*SHAPE, 3), 0.35, np.float32)
    assert on_paint(line, plain, lambda: region.mask) is line
