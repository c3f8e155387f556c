"""Sentences about a picture, said of its mirror image."""

from __future__ import annotations

import pytest

from engines.mirrored_sentence import mirrored_sentence


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("the person on the left", "the person on the right"),
        ("the leftmost car right of the tree", "the rightmost car left of the tree"),
        ("The Right lamp", "The left lamp"),
        ("the cones", "the cones"),
        ("the bright window left of the right-hand door", "the bright window right of the left-hand door"),
        ("the left turn arrow", None),
        ("the sign with left arrows", None),
        ("the car going anticlockwise", None),
        ("the numbers on the left", None),
        ("the lettering on the right wall", None),
        ("the van with POLICE written on its left door", None),
        ("the sign that reads left", None),
        ("the sign with LEFT on it", None),
        ("the “right” sign", None),
        ("THE LEFT CAR", "THE right CAR"),
        ("the narrow road left of the textured wall", "the narrow road right of the textured wall"),
        ("the right-of-way sign on the left", "the right-of-way sign on the right"),
        ("the man right behind the left car", "the man right behind the right car"),
        ("the man on the far right behind the car", "the man on the far left behind the car"),
        ("the bag left behind on the right", "the bag left behind on the left"),
        ("the car moving leftwards", "the car moving rightwards"),
    ],
)
def test_mirrored_sentence(sentence, expected):
    assert mirrored_sentence(sentence) == expected
