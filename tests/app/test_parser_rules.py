"""The rule-based parser: sentences with their intended readings, and properties that hold for any text."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import pytest

from app.parser import PARSERS, lexicon, parse, request_words
from app.parser.rules import RuleParser
from app.parser.spelling import correct
from engines.errors import InputError
from engines.types import EFFECTS, STRENGTHS

HERE = Path(__file__).parent
READINGS = [json.loads(line) for line in (HERE / "parser_readings.jsonl").read_text(encoding="utf-8").splitlines()]
SHARED = HERE.parents[2] / "shared" / "data"


def read(text: str) -> list[tuple[str | None, str, int]]:
    return [(edit.region, edit.effect, edit.strength) for edit in parse(text, "rules").edits]


@pytest.mark.parametrize("reading", READINGS, ids=[reading["text"][:60] for reading in READINGS])
def test_intended_reading(reading):
    assert read(reading["text"]) == [tuple(edit) for edit in reading["edits"]]


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data with the contract's sentences is not here")
def test_the_contract_s_sentences():
    for line in (SHARED / "instructions.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        expected = [(edit["region"], edit["effect"], edit["strength"]) for edit in case["edits"]]
        assert read(case["text"]) == expected, case["text"]


FRAMES = [
    ("make {} clear", "highlight", 1),
    ("brighten {}", "brighten", 1),
    ("Reduce the illumination of {}", "darken", 1),
    ("bias {} towards infrared", "infrared", 1),
    ("{} is too dark", "brighten", 1),
    ("remove noise from {}", "denoise", 1),
    ("make {} much brighter", "brighten", 2),
    ("give {} more texture", "visible", 1),
    ("use the infrared image for {}", "infrared", 1),
    ("increase the brightness of {} as much as possible", "brighten", 3),
]


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data with real referring expressions is not here")
@pytest.mark.parametrize(("frame", "effect", "strength"), FRAMES)
def test_real_referring_expressions_survive_every_frame(frame, effect, strength):
    """At least 99 % of the published expressions without "and", which may name two things, come back as typed."""
    expressions = set()
    for folder in ("msrs_ris", "roadscene_ris"):
        for line in (SHARED / folder / "refs.jsonl").read_text(encoding="utf-8").splitlines():
            expressions.update(sentence for sentence in json.loads(line)["sentences"] if " and " not in sentence)
    chosen = sorted(expressions)[::12]
    wrong = []
    for expression in chosen:
        bare = expression.split(" ", 1)[1] if expression.split(" ", 1)[0].lower() in ("the", "a", "an") else expression
        if read(frame.format(expression)) != [(bare, effect, strength)]:
            wrong.append(expression)
    assert len(wrong) <= 0.01 * len(chosen), wrong


def random_texts() -> list[str]:
    generator = random.Random(7)
    known = [word for _, verbs in lexicon.DIRECT for word in verbs.split("|")]
    known += (
        lexicon.UP.split("|") + lexicon.DOWN.split("|") + lexicon.MAKE.split("|") + request_words.TRAILING.split("|")
    )
    known += "and , the car road sky of in on with by to not don't it them brighter darker noise more less 's".split()
    known += [word for words, _, _ in lexicon.ADJECTIVES for word in words.split("|")]
    known += [word for _, words in request_words.DEGREES for word in words.split("|")]
    letters = "abc  \t\n\0é漢字😀'\"’“(),.;:!?-–/\\%&İßﬁ0123١"
    texts = [" ".join(generator.choices(known, k=generator.randint(1, 14))) for _ in range(400)]
    texts += ["".join(generator.choices(letters, k=generator.randint(0, 60))) for _ in range(300)]
    texts += ["".join(map(chr, generator.choices(range(1, 0x3000), k=40))) for _ in range(100)]
    texts += ["and " * 80, "'" * 300, "the car and " * 30, "brighten " * 40, ", " * 200, "a" * 5000, " of the" * 60]
    return texts


def test_any_text_gives_valid_edits_whose_regions_are_spans_of_it():
    for text in random_texts():
        instruction = parse(text, "rules")
        assert instruction.text == text and instruction.parser == "rules"
        for edit in instruction.edits:
            assert edit.effect in EFFECTS and edit.strength in STRENGTHS
            assert edit.region is None or (edit.region in text[:300] and edit.region.strip() == edit.region != "")
        keys = [(edit.region, edit.effect) for edit in instruction.edits]
        assert len(set(keys)) == len(keys)
        if text.strip() and not instruction.edits:
            assert instruction.notes


def test_reading_is_deterministic_and_fast():
    texts = [reading["text"] for reading in READINGS]
    first = [read(text) for text in texts]
    start = time.process_time()
    second = [read(text) for text in texts]
    assert (time.process_time() - start) / len(texts) < 0.002
    assert first == second


class TestNotes:
    def test_empty_text_is_plain_fusion_without_remark(self):
        for text in ("", "   ", "\n\t"):
            assert parse(text, "rules").edits == () and parse(text, "rules").notes == ()

    def test_nothing_understood_is_said(self):
        assert "Nothing" in parse("what is the weather tomorrow?", "rules").notes[0]

    def test_what_was_left_out_is_quoted(self):
        notes = parse("brighten the car and make it red", "rules").notes
        assert any("make it red" in note for note in notes)

    def test_what_must_not_change_is_quoted(self):
        notes = parse("highlight the car but don't darken the sky", "rules").notes
        assert any("don't darken the sky" in note and "as asked" in note for note in notes)

    def test_long_text_is_cut_at_300_characters(self):
        text = "brighten the car, " + "x" * 290 + " and darken the sky"
        instruction = parse(text, "rules")
        assert instruction.edits[0].region == "car"
        assert all(edit.region != "sky" for edit in instruction.edits)
        assert any("300" in note and str(len(text)) in note for note in instruction.notes)

    def test_understood_sentences_have_no_notes(self):
        assert parse("please make the cones clear and denoise the sky", "rules").notes == ()


def test_regions_keep_the_typed_case_and_spacing():
    assert read("Darken the  Big   TREE, please") == [("Big   TREE", "darken", 1)]


def test_the_same_edit_twice_is_merged_at_the_higher_strength():
    assert read("brighten the car, make the car much brighter") == [("car", "brighten", 2)]


@pytest.mark.parametrize(
    ("slip", "word"),
    [
        ("brigten", "brighten"),
        ("higlight", "highlight"),
        ("visiblity", "visibility"),
        ("nosie", "noise"),
        ("infared", "infrared"),
        ("illumintaion", "illumination"),
        ("darkr", "darker"),
        ("mkae", "make"),
        ("hightlight", "highlight"),
        ("highlite", "highlight"),
        ("hilite", "highlight"),
        ("briten", "brighten"),
        ("highliting", "highlighting"),
    ],
)
def test_slips_in_effect_words_are_corrected(slip, word):
    assert correct(slip) == word


@pytest.mark.parametrize(
    "word",
    "nose boots train border distance lower shadow brick house lightning removed car x brighton highlighter reducer "
    "satellite elite kite bite".split(),
)
def test_other_words_are_left_alone(word):
    assert correct(word) == word


class TestChoosingAParser:
    def test_rules_are_read_by_rules(self):
        text = "brighten the road a lot"
        assert parse(text, "rules") == RuleParser().parse(text)
        assert parse(text, "rules").parser == "rules"

    def test_an_unknown_parser_is_refused_with_the_choices(self):
        with pytest.raises(InputError, match=", ".join(PARSERS)):
            parse("brighten the road", parser="gpt")

    def test_only_text_is_read(self):
        with pytest.raises(InputError, match="must be text, but got int"):
            parse(3)
