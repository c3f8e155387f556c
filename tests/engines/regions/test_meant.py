"""Of several things that the head marks, the one that the phrase describes is kept."""

from __future__ import annotations

import numpy as np
import pytest

from engines.regions.geometry import read_choice
from engines.regions.meant import Evidence, number_meant
from engines.regions.pieces import kept_pieces
from engines.types import Region

SHAPE = (240, 320)
# Three people in a row; the second is the tallest.
BOXES = {"A": (40, 100, 60, 160), "B": (130, 50, 180, 190), "C": (250, 100, 270, 160)}
CLOTHES = {"A": (0.75, 0.1, 0.12), "B": (0.1, 0.1, 0.12), "C": (0.15, 0.25, 0.7)}


def people() -> np.ndarray:
    mask = np.zeros(SHAPE, np.float32)
    for x0, y0, x1, y1 in BOXES.values():
        mask[y0:y1, x0:x1] = 0.9
    return mask


def evidence(surest: str = "", anchor: tuple[int, int, int, int] | None = None) -> Evidence:
    picture = np.full((*SHAPE, 3), 0.6, np.float32)
    difference = np.full((60, 80), -4.0, np.float32)
    for name, (x0, y0, x1, y1) in BOXES.items():
        picture[y0:y1, x0:x1] = CLOTHES[name]
        difference[y0 // 4 : y1 // 4, x0 // 4 : x1 // 4] = 4.0 if name in surest else 2.0

    def likely(thing: str) -> np.ndarray:
        where = np.zeros((60, 80), np.float32)
        if anchor is not None and thing == "bin":
            x0, y0, x1, y1 = (value // 4 for value in anchor)
            where[y0:y1, x0:x1] = 1.0
        return where

    return Evidence(picture, difference, likely)


def kept(phrase: str, seen: Evidence) -> str:
    mask = people()
    region = kept_pieces(Region(phrase, mask, 0.9, (40, 50, 270, 190)), seen)
    assert region.label == phrase
    names = "".join(name for name, (x0, y0, x1, y1) in BOXES.items() if region.mask[y0:y1, x0:x1].min() >= 0.5)
    inside = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in (BOXES[name] for name in names))
    assert (region.mask >= 0.5).sum() == inside
    assert len(region.notes) == (len(names) < 3)
    return names


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("woman in a red jacket", "A"),
        ("the person wearing a blue coat", "C"),
        ("the blue person", "C"),
        ("man in black", "B"),
        ("the tall person", "B"),
    ],
)
def test_colour_and_size_tell_which_is_meant(phrase, name):
    assert kept(phrase, evidence()) == name


def test_what_stands_beside_tells_which_is_meant():
    beside_c = (276, 130, 292, 160)
    assert kept("person next to the bin", evidence(anchor=beside_c)) == "C"
    assert kept("person left of the bin", evidence(anchor=(200, 130, 216, 160))) == "B"
    assert kept("person next to the bin", evidence()) == "ABC"
    # The colour of what stands beside is not the person's.
    assert kept("person next to the red bin", evidence()) == "ABC"


def test_the_head_s_own_doubt_counts_where_the_words_cannot_be_checked():
    assert kept("person carrying a ladder", evidence(surest="C")) == "C"
    assert kept("person carrying a ladder", evidence()) == "ABC"
    assert kept("person carrying a ladder", evidence(surest="AC")) == "ABC"


def test_a_person_whom_a_belt_cuts_in_two_is_one():
    mask = people()
    mask[118:124, 130:180] = 0.0
    region = kept_pieces(Region("man in black", mask, 0.9, (40, 50, 270, 190)), evidence())
    assert region.box == BOXES["B"]
    assert region.mask[60, 150] > 0.5 < region.mask[180, 150]
    alone = np.where(np.indices(SHAPE)[1] // 100 == 1, mask, 0.0).astype(np.float32)
    region = Region("man in black", alone, 0.9, (130, 50, 180, 190))
    assert kept_pieces(region, evidence()) is region, "both halves are kept, so there is nothing to say"
    # Who stands further up the picture is somebody else: two men in black, none of them meant more than the other.
    mask[90:140, 130:180] = 0.0
    region = Region("man in black", mask, 0.9, (40, 50, 270, 190))
    assert kept_pieces(region, evidence()) is region


def test_so_many_are_kept_as_the_words_count():
    assert kept("two people carrying ladders", evidence(surest="AC")) == "AC"
    assert kept("three people", evidence(surest="AC")) == "ABC"


@pytest.mark.parametrize(
    "phrase", ["people", "person", "the people in red", "red trees", "the grey building", "red sky"]
)
def test_phrases_for_many_or_for_what_is_in_pieces_keep_all(phrase):
    assert kept(phrase, evidence(surest="B")) == "ABC"


@pytest.mark.parametrize(
    ("phrase", "number"),
    [
        ("traffic light", None),
        ("street lamp", None),
        ("bus", None),
        ("the only pedestrian", 1),
        ("sign with the letter P", 1),
        ("white van", 1),
        ("car on the left", 1),
        ("row of bicycles in front of the building", None),
        ("grass on the left", None),
        ("two men in dark suits", 2),
        ("every red car", None),
        ("red car and blue car", None),
        ("person in red and the white car", None),
        ("red and white cone", 1),
        ("large and tall man", 1),
        ("man in blue and white", 1),
    ],
)
def test_how_many_a_phrase_singles_out(phrase, number):
    assert number_meant(phrase, read_choice(phrase)) == number
