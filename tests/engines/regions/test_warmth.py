"""Phrases about temperature are answered by the infrared picture."""

from __future__ import annotations

import numpy as np
import pytest

import engines
from app.pairs import read_pair
from engines.masks import INSIDE, mask_box
from engines.regions.composed import names, region_of, told_words
from engines.regions.warmth import Warmth, read_warmth
from engines.types import Edit, ImagePair, Instruction, Region

SHAPE = (60, 80)
PEOPLE = [np.s_[20:40, 5:11], np.s_[20:40, 20:26], np.s_[20:40, 50:56]]
WALL = np.s_[:, 60:]


def _pair(celsius: tuple[float, float] | None = (0.0, 50.0)) -> ImagePair:
    """A cool scene of 10 °C, a cold sky, people of 25, 35 and 30 °C, and a leak of 45 °C in a wall."""
    infrared = np.full(SHAPE, 0.2, np.float32)
    infrared[:8] = 0.02
    for place, warmth in zip(PEOPLE, (0.5, 0.7, 0.6), strict=True):
        infrared[place] = warmth
    infrared[44:50, 66:72] = 0.9
    return ImagePair(np.zeros((*SHAPE, 3), np.float32), infrared, celsius=celsius)


def _masked(phrase: str) -> Region:
    mask = np.zeros(SHAPE, np.float32)
    if phrase in ("person", "people"):
        for place in PEOPLE:
            mask[place] = 0.9
    elif phrase == "wall":
        mask[WALL] = 0.9
    return Region(phrase, mask, 0.9, mask_box(mask))


def _mask(phrase: str, pair: ImagePair | None = None) -> np.ndarray:
    return region_of(phrase, pair or _pair(), _masked).mask >= INSIDE


@pytest.mark.parametrize(
    ("phrase", "warmth"),
    [
        ("hot spots", Warmth(None)),
        ("everything that is warm", Warmth(None)),
        ("whatever is cold", Warmth(None, warm=False)),
        ("heat leaks in the building", Warmth("building")),
        ("hottest person", Warmth("person", within=False, count=1)),
        ("two coldest cars", Warmth("cars", within=False, warm=False, count=2)),
        ("hottest part of the car", Warmth("car", count=1)),
        ("hottest spot in the picture", Warmth(None, count=1)),
        ("warm cars", Warmth("cars", within=False)),
        ("everything above 40 °C", Warmth(None, limits=(40.0, None))),
        ("areas warmer than 86 °F", Warmth(None, limits=(30.0, None))),
        ("all things colder than -2,5 degrees", Warmth(None, limits=(None, -2.5))),
        ("temperatures between 20 and 30 degrees celsius", Warmth(None, limits=(20.0, 30.0))),
        ("people with a temperature over 37.5 °C", Warmth("people", limits=(37.5, None))),
    ],
)
def test_what_a_phrase_says_of_temperature(phrase, warmth):
    assert read_warmth(phrase) == warmth


@pytest.mark.parametrize(
    "phrase",
    ["car", "hot dog stands", "person in a warm coat", "sign above 5 cars", "people under 18", "road between 2 cars"]
    + ["window over the door", "warm light", "heater", "hot engine"],
)
def test_other_phrases_say_nothing_of_it(phrase):
    assert read_warmth(phrase) is None


def test_hot_and_cold_places_stand_out_of_the_usual():
    hot = _mask("hot spots")
    assert hot[21:39, 21:25].all() and hot[45:49, 67:71].all() and not hot[:8].any() and hot.mean() < 0.1
    assert np.array_equal(_mask("cold areas")[:7], np.ones((7, 80), bool)) and not _mask("cold areas")[10:].any()


def test_of_several_things_the_warmest_is_meant():
    region = region_of("hottest person", _pair(), _masked)
    assert region.label == "hottest person" and region.box == (20, 20, 26, 40)
    assert region.notes == ("“hottest person”: the infrared picture tells which 1 of 3 found.",)
    assert mask_box(region_of("coldest person", _pair(), _masked).mask) == (5, 20, 11, 40)
    two = _mask("two warmest people")
    assert two[PEOPLE[1]].all() and two[PEOPLE[2]].all() and not two[:, :15].any()


def test_the_warm_part_of_a_thing_is_not_one_of_several_and_a_speck_is_what_it_is():
    def masked(phrase: str) -> Region:
        region = _masked("person")
        region.mask[12:14, 70:76] = 0.9
        return region

    pair = _pair()
    pair.infrared[12:14, 70:76] = 1.0
    assert region_of("hottest person", pair, masked).box == (20, 20, 26, 40)
    large = ImagePair(np.zeros((600, 800, 3), np.float32), np.zeros((600, 800), np.float32))
    speck = np.zeros((600, 800), np.float32)
    speck[5, 5:8] = 0.9
    found = region_of("hottest person", large, lambda phrase: Region(phrase, speck, 0.9, mask_box(speck)))
    assert found.label == "hottest person" and found.box == (5, 5, 8, 6)


def test_the_hottest_part_of_a_thing_is_in_it():
    x0, y0, x1, y1 = region_of("hottest part of the wall", _pair(), _masked).box
    assert 66 <= x0 <= 67 and 44 <= y0 <= 45 and 71 <= x1 <= 72 and 49 <= y1 <= 50
    assert not _mask("heat leaks in the wall")[:, :60].any() and _mask("heat leaks in the wall")[45:49, 67:71].all()


def test_temperatures_are_obeyed_to_the_degree():
    mask = _mask("everything above 28 °C")
    assert mask[PEOPLE[1]].all() and mask[PEOPLE[2]].all() and not mask[PEOPLE[0]].any()
    mask = _mask("areas between 20 and 32 degrees")
    assert mask[PEOPLE[0]].all() and mask[PEOPLE[2]].all() and not mask[PEOPLE[1]].any()
    assert not _mask("people warmer than 28 °C")[:, 60:].any()
    (note,) = region_of("everything above 28 °C", _pair(), _masked).notes
    assert "1.0 to 45.0 °C" in note


def test_without_temperatures_or_contrast_nothing_is_made_up():
    region = region_of("everything above 28 °C", _pair(None), _masked)
    assert region.box is None and "carries no temperatures in °C" in region.notes[0]
    flat = ImagePair(np.zeros((*SHAPE, 3), np.float32), np.full(SHAPE, 0.4, np.float32))
    region = region_of("hot spots", flat, _masked)
    assert region.box is None and region.notes == ("“hot spots”: nothing stands out as warm in the infrared picture.",)
    assert region_of("hottest dog", _pair(), _masked).box is None


def test_it_goes_with_exceptions():
    mask = _mask("everything except the hot spots")
    assert not mask[21:39, 21:25].any() and mask[10:18].all()
    assert names("people except the hottest person") == ["people", "person"]
    assert told_words(["hot spots", "hottest person", "everything above 30 °C"]) == ["person"]


def test_with_the_embedded_head():
    pair = read_pair("app/examples/night_park_visible.jpg", "app/examples/night_park_infrared.png")
    engine = engines.build("ris-fusion")
    spots = engine.fuse(pair, Instruction(edits=(Edit("hot spots", "highlight"),))).regions[0]
    person = engine.fuse(pair, Instruction(edits=(Edit("hottest person", "highlight"),))).regions[0]
    assert 0.005 < (spots.mask >= INSIDE).mean() < 0.05
    assert pair.infrared[spots.mask >= INSIDE].mean() > 2.0 * pair.infrared[spots.mask < INSIDE].mean()
    assert person.box[0] > 590 and person.box[2] == 640
