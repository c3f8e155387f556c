"""Of several pieces of a mask, those are kept that the words of position mean."""

from __future__ import annotations

import numpy as np
import pytest

from engines.regions.pieces import kept_pieces
from engines.types import Region
from tests.engines.regions.conftest import no_evidence

# Things in a row, from the left: the second, left of the middle by little, is the largest.
BOXES = {"A": (50, 100, 90, 180), "B": (250, 140, 310, 300), "C": (450, 90, 490, 170)}

NOTHING = no_evidence((480, 640))


def found(phrase: str, names: str = "ABC") -> Region:
    mask = np.zeros((480, 640), np.float32)
    for name in names:
        x0, y0, x1, y1 = BOXES[name]
        mask[y0:y1, x0:x1] = 0.9 if name == "A" else 0.8
    mask[400:403, 0:4] = 0.9  # a fleck
    return Region(phrase, mask, 0.82, (0, 90, 490, 403))


@pytest.mark.parametrize(
    ("phrase", "names"),
    [
        ("leftmost cone", "A"),
        ("the rightmost cone", "C"),
        ("the person on the right", "C"),
        ("nearest person", "B"),
        ("person closest to the camera", "B"),
        ("second cone from the left", "B"),
        ("two leftmost cones", "AB"),
        ("largest cone", "B"),
        ("grass on the left", "AB"),
        ("two cones on the right", "BC"),
        ("sign in the middle of the picture", "B"),
        ("the tallest post", "B"),
        ("the cone in the foreground", "B"),
        ("sign at the top", "AC"),
        ("sign at the top right", "C"),
        ("topmost sign", "C"),
        ("the second sign from the top", "A"),
        ("the lowermost sign", "B"),
        ("second rightmost cone", "B"),
    ],
)
def test_what_the_words_single_out_is_kept(phrase, names):
    region = kept_pieces(found(phrase), NOTHING)
    expected = found(phrase, names)
    expected.mask[400:403, 0:4] = 0.0
    np.testing.assert_array_equal(region.mask, expected.mask)
    boxes = np.array([BOXES[name] for name in names])
    assert region.box == (*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
    assert region.label == phrase and region.score == pytest.approx(expected.mask[expected.mask > 0].mean())
    kept = f"{len(names)} {'was' if len(names) == 1 else 'were'} kept"
    assert region.notes == (f"“{phrase}”: of 3 pieces found, {kept} by what the words say of position.",)


@pytest.mark.parametrize(
    "phrase",
    [
        "cones",
        "cone",
        "left side of the picture",
        "person to the left of the tree",
        "car in the background",
        "person nearest the car",
        "left turn signs",
        "left foot of the man",
        "two lamps at the top left",
    ],
)
def test_other_phrases_keep_every_piece(phrase):
    region = found(phrase)
    assert kept_pieces(region, NOTHING) is region


def test_one_piece_or_fewer_than_the_words_count_stay():
    for region in (found("leftmost cone", "B"), found("leftmost cone", ""), found("fifth cone from the left")):
        assert kept_pieces(region, NOTHING) is region


def test_a_side_of_a_thing_is_said_to_be_taken_for_the_picture_s():
    notes = kept_pieces(found("door on the left side of the bus"), NOTHING).notes
    assert len(notes) == 2 and "the left of the bus was taken for that of the picture" in notes[0]
    assert len(kept_pieces(found("door on the left side of the picture"), NOTHING).notes) == 1


def test_the_farthest_is_the_smallest():
    region = kept_pieces(found("the farthest cone", "AB"), NOTHING)
    assert region.box == BOXES["A"]
