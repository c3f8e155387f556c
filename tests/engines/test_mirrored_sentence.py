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
    ],
)
def test_mirrored_sentence(sentence, expected):
    assert mirrored_sentence(sentence) == expected
