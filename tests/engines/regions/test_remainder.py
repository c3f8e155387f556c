"""Phrases that leave something out are found as what is left, by whatever masker."""

from __future__ import annotations

import numpy as np
import pytest

import engines
from app.pairs import read_pair
from engines.masks import INSIDE, mask_box
from engines.regions.composed import names, region_of, told_words
from engines.regions.remainder import FOREGROUND, Remainder, is_rest, read_remainder
from engines.types import Edit, ImagePair, Instruction, Region

SHAPE = (40, 60)
PAIR = ImagePair(np.zeros((*SHAPE, 3), np.float32), np.zeros(SHAPE, np.float32))
# Rows and columns of what the masker below knows.
PLACES = {
    "people": [np.s_[10:30, 5:11], np.s_[10:30, 20:26], np.s_[10:30, 40:46]],
    "man on the left": [np.s_[12:24, 6:10]],
    "two people on the left": [np.s_[12:24, 6:10], np.s_[12:24, 21:25]],
    "cyclist": [np.s_[9:31, 4:12], np.s_[9:31, 19:27], np.s_[9:31, 39:47]],
    "person": [np.s_[10:30, 5:46]],
    "sky": [np.s_[0:8, :]],
    "road": [np.s_[32:, :]],
    "cars": [np.s_[20:30, 48:58]],
    "wheels": [np.s_[27:30, 49:52], np.s_[27:30, 54:57]],
}


def _masked(phrase: str) -> Region:
    mask = np.zeros(SHAPE, np.float32)
    for place in PLACES.get(phrase, ()):
        mask[place] = 0.9
    return Region(phrase, mask, 0.9 if mask.any() else 0.1, mask_box(mask), notes=(f"looked for {phrase}",))


def _mask(phrase: str) -> np.ndarray:
    return region_of(phrase, PAIR, _masked).mask >= INSIDE


@pytest.mark.parametrize(
    ("phrase", "of", "without"),
    [
        ("everything except the sky", None, ["sky"]),
        ("everything but the sky and the road", None, ["sky", "road"]),
        ("the whole picture, except for the sky, the road and the trees", None, ["sky", "road", "trees"]),
        ("picture but not the sky", None, ["sky"]),
        ("all but the car", None, ["car"]),
        ("all the people except the cyclist", "all the people", ["cyclist"]),
        ("everyone but the man in red and the dog", "people", ["man in red", "dog"]),
        ("all cars but the red one", "all cars", ["red car"]),
        ("people other than the two on the left", "people", ["two people on the left"]),
        ("people except the ones on the left", "people", ["people on the left"]),
        ("everything except the black and white car", None, ["black and white car"]),
        ("car except its wheels", "car", ["wheels"]),
        ("background", None, list(FOREGROUND)),
        ("the whole background of the picture", None, list(FOREGROUND)),
        ("everything else", None, []),
        ("rest of the picture", None, []),
    ],
)
def test_what_is_left_of_what(phrase, of, without):
    assert read_remainder(phrase) == Remainder(of, tuple(without))


@pytest.mark.parametrize(
    "phrase",
    ["but", "buttons", "car", "person in the background", "except the sky", "everything except", "all but", "all"]
    + ["small but visible car", "restaurant", "other car"],
)
def test_other_phrases_leave_nothing_out(phrase):
    assert read_remainder(phrase) is None and names(phrase) == [phrase]


def test_everything_except_a_thing_is_the_rest_of_the_picture():
    mask = _mask("everything except the sky and the road")
    assert mask[8:32].all() and not mask[:8].any() and not mask[32:].any()
    region = region_of("everything except the sky", PAIR, _masked)
    assert region.label == "everything except the sky" and region.box == (0, 8, 60, 40) and region.score == 0.9


def test_one_of_several_things_goes_as_a_whole_and_its_rim_with_it():
    mask = _mask("people except the man on the left")
    assert not mask[:, :15].any() and mask[10:30, 20:26].all() and mask[10:30, 40:46].all()
    mask = _mask("people except the two on the left")
    assert not mask[:, :30].any() and mask[10:30, 40:46].all()


def test_of_one_thing_goes_that_piece_only_that_has_most_of_it():
    # The masker takes all three for the cyclist, the last one a little larger.
    def masked(phrase: str) -> Region:
        region = _masked(phrase)
        if phrase == "cyclist":
            region.mask[10:30, 20:23] = 0.0
            region.mask[10:30, 5:8] = 0.0
        return region

    mask = region_of("people except the cyclist", PAIR, masked).mask >= INSIDE
    assert mask[10:30, 5:11].all() and mask[10:30, 20:26].all() and not mask[:, 39:].any()


def test_a_part_of_a_thing_is_cut_out_of_it():
    mask = _mask("cars except the wheels")
    assert mask.sum() == 100 - 18 and not mask[27:30, 49:52].any() and mask[20:27, 48:58].all()


def test_what_cannot_be_told_apart_stays_and_what_is_not_found_is_said():
    region = region_of("person except the cyclist", PAIR, _masked)
    assert np.array_equal(region.mask, _masked("person").mask)
    assert "“cyclist” could not be told from “person”, so nothing was left out for it." in region.notes
    region = region_of("everything except the moon", PAIR, _masked)
    assert region.mask.min() == 1.0
    assert "“moon” was not found, so it was not left out of “everything except the moon”." in region.notes
    assert region_of("horses except the moon", PAIR, _masked).box is None


def test_notes_of_the_masker_are_kept():
    notes = region_of("people except the man on the left", PAIR, _masked).notes
    assert notes == ("looked for people", "looked for man on the left")


def test_known_regions_are_not_looked_for():
    painted = np.zeros(SHAPE, np.float32)
    painted[:, :30] = 1.0
    known = [Region("people", painted, 1.0, (0, 0, 30, 40)), Region("background", painted, 1.0, (0, 0, 30, 40))]

    def masked(phrase: str) -> Region:
        raise AssertionError(f"{phrase} was looked for")

    assert not (region_of("everything except people", PAIR, masked, known).mask[:, :30]).any()
    assert region_of("background", PAIR, masked, known) is known[1]


def test_the_background_is_what_stands_behind_people_and_cars():
    region = region_of("the background", PAIR, _masked)
    assert (region.mask >= INSIDE).sum() == 40 * 60 - 3 * 120 - 100
    assert any("taken for all but the people, cars, bicycles" in note for note in region.notes)


def test_the_rest_of_nothing_is_the_whole_picture_and_is_said_to_be():
    assert is_rest("the rest") and is_rest("everything else") and not is_rest("rest area")
    region = region_of("the rest", PAIR, _masked)
    assert region.mask.min() == 1.0 and region.notes == (
        "“the rest” was taken for the whole picture, as nothing else is named.",
    )


def test_the_fusion_is_told_what_is_meant_only():
    assert told_words(["people except the cyclist", "everything but the sky", "car"]) == ["people", "car"]
    assert names("people except the cyclist") == ["people", "cyclist"]


def test_a_word_for_several_kinds_is_all_of_them():
    asked = []

    def masked(phrase: str) -> Region:
        asked.append(phrase)
        return _masked({"vehicles": "cars", "bicycles": "none"}.get(phrase, phrase))

    region = region_of("the traffic", PAIR, masked)
    assert asked == ["vehicles", "bicycles"] and region.label == "the traffic" and region.box == (48, 20, 58, 30)
    assert region.notes[-1] == "“the traffic” was looked for as vehicles and bicycles."
    assert names("everything except the road users") == ["people", "vehicles", "bicycles"]
    assert told_words(["vegetation", "traffic light", "plants in the pot"]) == [
        *("trees", "bushes", "grass"),
        "traffic light",
        "plants in the pot",
    ]


# With the embedded networks


@pytest.fixture(scope="module")
def crossing():
    pair = read_pair("app/examples/day_crossing_visible.jpg", "app/examples/day_crossing_infrared.png")
    return engines.build("ris-fusion"), pair


def test_what_is_left_out_is_not_highlighted(crossing):
    engine, pair = crossing
    people = engine.locate("people", pair).mask > 0.75
    plain = engine.fuse(pair, Instruction()).image
    result = engine.fuse(pair, Instruction(edits=(Edit("everything except the people", "highlight"),)))
    change = np.abs(result.image - plain).max(axis=2)
    left_out = result.mask < 0.01
    assert (people & left_out).sum() > 0.5 * people.sum() > 1000
    assert change[left_out].max() < 1e-3 < change[~left_out].mean()
    assert (result.mask >= INSIDE).mean() > 0.9


def test_one_person_is_left_out_of_all(crossing):
    engine, pair = crossing
    highlighted = engine.fuse(
        pair, Instruction(edits=(Edit("all the people except the person in the red jacket", "highlight"),))
    )
    left, right = highlighted.mask[180:310, 110:160] >= INSIDE, highlighted.mask[180:310, 380:580] >= INSIDE
    assert not left.any() and right.sum() > 1500
