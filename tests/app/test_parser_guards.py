"""Readings that cannot be meant are corrected, and notes tell what becomes of what is to be spared."""

from __future__ import annotations

import random

import pytest

from app.parser import parse
from app.parser.guards import guarded
from app.parser.remarks import spared
from engines.types import Edit

CAR, SKY = Edit("car", "brighten", 1), Edit("sky", "darken", 1)


def test_the_whole_picture_is_not_meant_where_no_word_says_so():
    text = "highlight the car and brighten it"
    read = [Edit("car", "highlight", 1), Edit(None, "brighten", 1)]
    assert guarded(read, [Edit("car", "highlight", 1), CAR], text) == [Edit("car", "highlight", 1), CAR]


@pytest.mark.parametrize("text", ["brighten the scene of the car", "brighten the pictrue of the car"])
def test_a_word_for_the_picture_or_its_slip_is_believed(text):
    assert guarded([Edit(None, "brighten", 1)], [CAR], text) == [Edit(None, "brighten", 1)]


def test_the_rules_count_only_where_they_found_the_same_effects():
    read = [Edit(None, "brighten", 1)]
    for others in ([], [SKY], [Edit("car", "brighten", 2)], [CAR, SKY]):
        assert guarded(read, others, "brighten, car, sky") == read


@pytest.mark.parametrize(
    ("region", "text"),
    [
        ("brighten", "brighten the car"),
        ("brighten the car", "brighten the car now"),
        ("20", "brighten the car by 20%"),
        ("20 %", "brighten the car by 20 %"),
        ("50 percent", "brighten the car by 50 percent"),
        ("x3", "brighten the car x3"),
        ("2 stops", "brighten the car by 2 stops"),
    ],
)
def test_a_verb_and_an_amount_are_no_regions(region, text):
    assert guarded([Edit(region, "brighten", 1)], [CAR], text) == [CAR]
    assert guarded([Edit(region, "brighten", 1), CAR], [], text) == [CAR]


@pytest.mark.parametrize(
    ("region", "text"),
    [
        ("light pole", "light pole, brighter"),
        ("black car", "black car"),
        ("screen", "the screen on the left"),
        ("car 2", "brighten car 2"),
        ("50", "50"),
        ("2 cars", "denoise 2 cars"),
    ],
)
def test_things_that_look_like_verbs_or_amounts_stay(region, text):
    read = [Edit(region, "highlight", 1)]
    assert guarded(read, [SKY], text) == read


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("the person whose hand is raised", "person whose hand is raised"),
        ("a man who waits.", "man who waits"),
        ("Where is the fox?", "fox"),
    ],
)
def test_what_only_names_a_thing_is_not_nothing(text, region):
    named = [Edit(region, "highlight", 1)]
    assert guarded([], named, text) == named


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("the weather", Edit("weather", "highlight", 1)),
        ("tell me where the car is", Edit("car", "highlight", 1)),
        ("where is the setting", Edit("setting", "highlight", 1)),
        ("the person whose hand is raised", Edit("person whose hand is raised", "brighten", 1)),
    ],
)
def test_else_nothing_stays_nothing(text, edit):
    assert guarded([], [edit], text) == []


def test_much_too_counts_where_both_read_the_same():
    dark, much = Edit("sky", "brighten", 1), Edit("sky", "brighten", 2)
    assert guarded([dark], [much], "the sky is much too dark") == [much]
    assert guarded([dark], [much], "the sky is too dark") == [dark]
    assert guarded([dark], [CAR], "the sky is much too dark") == [dark]


def test_a_misspelt_verb_is_no_region_either():
    read = [Edit("hightlight the car", "highlight", 1)]
    assert guarded(read, [CAR], "hightlight the car now") == [CAR]


def test_no_region_is_ever_the_verb_before_it():
    pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")
    generator = random.Random(8)
    verbs = "highlight emphasise brighten darken denoise sharpen illuminate accentuate".split()
    for _ in range(60):
        noun = "".join(generator.choices("aeioubdfgklmnprst", k=generator.randint(3, 9)))
        verb, other = generator.sample(verbs, 2)
        text = generator.choice((f"{verb} {noun}", f"{verb} the {noun} and {other} it", f"{verb} the {noun} by 30%"))
        for edit in parse(text).edits:
            assert edit.region is None or edit.region.split()[0] not in verbs, text


# Notes


def test_what_is_spared_is_said():
    text = "darken the sky, not the car"
    assert spared(text, ["not the car"], [SKY]) == ["Left as it is, as asked: “not the car”."]
    assert spared(text, ["not the car"], []) == ["Left as it is, as asked: “not the car”."]


def test_an_exception_that_was_not_understood_is_said():
    text, whole = "brighten everything except the sky", [Edit(None, "brighten", 1)]
    (note,) = spared(text, ["except the sky"], whole)
    assert "“except the sky” cannot be kept out" in note and "whole picture" in note
    assert spared(text, [], whole) == [note] and parse(text, "rules").notes == ()
    assert spared(text, [], [Edit("everything except the sky", "brighten", 1)]) == []


@pytest.mark.parametrize(
    ("text", "excepted"),
    [
        ("darken all but the car, please", "but the car"),
        ("denoise the picture apart from the road.", "apart from the road"),
        ("Everything But the sky: brighter", "But the sky"),
        ("brighten everything, but a lot", None),
        ("brighten the picture but gently", None),
    ],
)
def test_exceptions_are_noticed_that_the_rules_did_not_see(text, excepted):
    notes = spared(text, [], [Edit(None, "brighten", 1)])
    assert notes == (
        [] if excepted is None else [f"The whole picture is edited: “{excepted}” cannot be kept out of it."]
    )


def test_nothing_is_spared_where_the_words_were_read_as_an_edit():
    assert spared("", ["don't make the car so dark"], [CAR]) == []
    assert spared("", ["don't make the picture so dark"], [Edit(None, "brighten", 1)]) == []


@pytest.fixture
def misread(monkeypatch):
    """The embedded LLaMA, made to read every text as "darken the sky"."""
    pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")
    from app.parser.llama import LlamaParser

    monkeypatch.setattr(LlamaParser, "read", lambda self, text: ([SKY], True))


def test_what_the_rules_spare_is_said_whatever_the_llama_reads(misread):
    notes = parse("don't touch the road, brighten the sky", "llama").notes
    assert notes[0] == "Left as it is, as asked: “don't touch the road”."
    assert "rules read this differently" in notes[1] and len(notes) == 2


def test_what_the_rules_left_out_is_no_remark_on_the_llama_s_reading(misread):
    text = "darken the sky and paint the car red"
    assert any("left out" in note for note in parse(text, "rules").notes)
    assert parse(text, "llama").notes == ()
