"""Sentences that say what the pictures suffer from, as Text-IF is asked, are read as what is to be done about it."""

from __future__ import annotations

import pytest

from app.parser import parse
from app.parser.conditions import take_conditions
from engines.types import Edit

# The first five head the rows of figure 4 in Text-IF's paper.
_SUFFERED = [
    (
        "This pertains to the fusion of infrared and visible light images, with an emphasis on addressing low light "
        "degradation in the visible images.",
        ["brighten"],
    ),
    (
        "In the context of infrared-visible light fusion, visible images may suffer from reduced quality in low-light "
        "scenarios.",
        ["brighten"],
    ),
    (
        "In this challenge, we're addressing the fusion of infrared and visible light images, with a specific focus on "
        "the low contrast degradation in the infrared images.",
        ["highlight"],
    ),
    (
        "We're working on the fusion of infrared and visible light images, with special consideration for the noise "
        "degradation affecting the infrared captures.",
        ["denoise"],
    ),
    (
        "We're tackling the infrared-visible light image fusion challenge, dealing with visible images suffering from "
        "overexposure degradation.",
        ["darken"],
    ),
    ("This is the infrared and visible light image fusion task.", []),
    ("the visible image is overexposed", ["darken"]),
    ("this is a low-light image with noise, please fuse it", ["brighten", "denoise"]),
    ("a dark and noisy picture", ["brighten", "denoise"]),
    ("just fuse them", []),
]


@pytest.mark.parametrize("parser", ["auto", "rules"])
@pytest.mark.parametrize(("text", "effects"), _SUFFERED)
def test_what_the_pictures_suffer_from_is_done_about(text, effects, parser):
    read = parse(text, parser)
    assert list(read.edits) == [Edit(None, effect) for effect in effects]
    assert not read.notes
    assert read.text == text


@pytest.mark.parametrize("parser", ["auto", "rules"])
def test_a_request_beside_it_is_read_as_ever(parser):
    read = parse("The visible image is dark. Highlight the people.", parser)
    assert [(edit.effect, edit.region) for edit in read.edits] == [("brighten", None), ("highlight", "people")]


def test_what_is_also_asked_for_in_words_is_done_once():
    assert parse("The image is dark. Brighten it.").edits == (Edit(None, "brighten"),)


def test_what_is_not_understood_beside_it_is_said():
    read = parse("The image is noisy. Zxq vbn.")
    assert read.edits == (Edit(None, "denoise"),)
    assert any("Zxq vbn" in note for note in read.notes)
    assert not any("fused plainly" in note for note in read.notes)


@pytest.mark.parametrize(
    "text",
    [
        "highlight the noisy dog",
        "infrared where the image is dark",
        "no noise in the picture",
        "the visible image",
        "infrared",
        "the image of the dark road",
        "darken the light sources",
        "",
        "  ?!",
    ],
)
def test_other_sentences_are_left_whole(text):
    assert take_conditions(text) == ([], text)


@pytest.mark.parametrize("text", ["brighten the low-light image", "denoise the infrared pictures"])
def test_a_word_for_the_pictures_is_no_region(text):
    assert [edit.region for edit in parse(text).edits] == [None]


def test_places_at_the_end_and_nouns_in_full():
    assert [edit.region for edit in parse("everything is too dark on the left side").edits] == ["left side"]
    assert [edit.region for edit in parse("highlight vulnerable road users").edits] == ["vulnerable road users"]
    assert [edit.region for edit in parse("show living things").edits] == ["living things"]
