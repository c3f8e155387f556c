"""Halves, corners and ends of the picture and of things are where the words say."""

from __future__ import annotations

import numpy as np
import pytest

from engines.masks import INSIDE, mask_box
from engines.regions.composed import names, region_of, told_words
from engines.regions.relative import read_relative
from engines.regions.shares import read_share
from engines.types import ImagePair, Region

SHAPE = (60, 80)
PAIR = ImagePair(np.zeros((*SHAPE, 3), np.float32), np.zeros(SHAPE, np.float32))
THINGS = {
    "road": [np.s_[40:60, 10:70]],
    "tree": [np.s_[0:30, 40:60]],
    "people": [np.s_[20:40, 5:11], np.s_[30:50, 50:56]],
}


def _masked(phrase: str) -> Region:
    mask = np.zeros(SHAPE, np.float32)
    for place in THINGS.get(phrase, ()):
        mask[place] = 0.9
    return Region(phrase, mask, 0.9, mask_box(mask))


def _mask(phrase: str) -> np.ndarray:
    return region_of(phrase, PAIR, _masked).mask >= INSIDE


def _only(*places: tuple[slice, slice]) -> np.ndarray:
    mask = np.zeros(SHAPE, bool)
    for place in places:
        mask[place] = True
    return mask


@pytest.mark.parametrize(
    ("phrase", "place"),
    [
        ("left half", np.s_[:, :40]),
        ("the right-hand side of the picture", np.s_[:, 40:]),
        ("top third", np.s_[:20]),
        ("bottom of the image", np.s_[40:]),
        ("lower part", np.s_[30:]),
        ("bottom right corner", np.s_[40:, 53:]),
        ("upper left quarter of the photo", np.s_[:30, :40]),
        ("center", np.s_[15:45, 20:60]),
        ("right edge", np.s_[:, 70:]),
        ("everything on the left", np.s_[:, :40]),
        ("what is in the middle of the frame", np.s_[15:45, 20:60]),
    ],
)
def test_a_share_of_the_picture(phrase, place):
    assert np.array_equal(_mask(phrase), _only(place))
    assert names(phrase) == [] and told_words([phrase]) == []


def test_corners_and_edges_of_the_picture():
    corners, edges = _mask("the four corners"), _mask("edges of the picture")
    assert corners[[0, 0, -1, -1], [0, -1, 0, -1]].all() and corners.mean() == 0.25
    assert edges[0].all() and edges[:, -1].all() and not edges[10:50, 12:68].any()


@pytest.mark.parametrize(
    ("phrase", "places"),
    [
        ("left side of the road", [np.s_[40:60, 10:40]]),
        ("top of the tree", [np.s_[0:10, 40:60]]),
        ("lower right part of the tree", [np.s_[15:30, 50:60]]),
        ("bottom half of the people", [np.s_[30:40, 5:11], np.s_[40:50, 50:56]]),
        ("people's legs", [np.s_[30:40, 5:11], np.s_[40:50, 50:56]]),
        ("heads of the people", [np.s_[20:23, 5:11], np.s_[30:33, 50:56]]),
        ("faces", [np.s_[20:23, 5:11], np.s_[30:33, 50:56]]),
    ],
)
def test_a_share_of_things(phrase, places):
    assert np.array_equal(_mask(phrase), _only(*places))


def test_a_share_of_a_thing_is_asked_for_by_the_thing():
    assert names("left side of the road") == told_words(["left side of the road"]) == ["road"]
    assert _mask("right half of the road").sum() == _mask("road").sum() / 2


def test_a_share_of_what_is_not_there_is_nothing():
    region = region_of("top of the bus", PAIR, _masked)
    assert region.box is None and not region.mask.any() and region.label == "top of the bus"


def test_where_a_head_usually_is_is_told():
    assert any("standing person" in note for note in region_of("heads of the people", PAIR, _masked).notes)
    assert not region_of("left side of the road", PAIR, _masked).notes


def test_a_share_can_be_left_out_and_be_of_several_kinds():
    assert np.array_equal(_mask("everything except the left half"), _only(np.s_[:, 40:]))
    assert names("left half of the vegetation") == ["trees", "bushes", "grass"]


@pytest.mark.parametrize(
    "phrase",
    ["left car", "leftmost person", "left of the car", "car on the left", "center line", "bottom line", "left wheel"]
    + ["left wheel of the car", "head of the queue", "head", "edges", "corner", "what is on the road", "left turn"]
    + ["right lane", "hands of the pedestrian", "end of the road", "everything on the road"],
)
def test_other_phrases_are_no_share(phrase):
    assert read_share(phrase) is None


@pytest.mark.parametrize(
    ("phrase", "place"),
    [
        ("everything left of the tree", np.s_[:, :40]),
        ("the area to the right of the tree", np.s_[:, 60:]),
        ("everything above the road", np.s_[:40]),
        ("the area under the tree", np.s_[30:]),
    ],
)
def test_a_place_beside_a_thing(phrase, place):
    region = region_of(phrase, PAIR, _masked)
    assert np.array_equal(region.mask >= INSIDE, _only(place)) and "that was found" in region.notes[-1]
    assert names(phrase) == [phrase.split()[-1]]


def test_what_is_around_a_thing_is_near_it_and_not_the_thing():
    around, road = _mask("everything around the road"), _mask("road")
    assert not (around & road).any() and around[38, 40] and around[50, 5] and not around[:25].any()


@pytest.mark.parametrize("phrase", ["everything above 40 °C", "person next to the car", "everything around it", "road"])
def test_things_and_temperatures_are_no_place_beside_one(phrase):
    assert read_relative(phrase) is None
