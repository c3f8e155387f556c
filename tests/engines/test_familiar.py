"""Words that the embedded head never read are said as it learnt them."""

from __future__ import annotations

import pytest

from engines.regions.familiar import in_familiar_words


@pytest.mark.parametrize(
    ("phrase", "familiar"),
    [
        ("the streetlight on the left", "the street lamp on the left"),
        ("two street lights", "two street lamps"),
        ("Road barrier", "barrier"),
        ("the figures near the lorry", "the people near the truck"),
        ("manhole", "manhole cover"),
        ("manhole cover", "manhole cover"),
        ("traffic lights", "traffic lights"),
        ("the configured car", "the configured car"),
    ],
)
def test_words(phrase, familiar):
    assert in_familiar_words(phrase) == familiar
