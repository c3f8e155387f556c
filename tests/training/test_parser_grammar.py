"""The grammar that writes training sentences: readings that hold, splits that do not touch."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from app.parser.units import find_span, split_units
from engines.types import EFFECTS, STRENGTHS
from training.parser import nouns
from training.parser.everyday import Everyday
from training.parser.expressions import Expressions
from training.parser.patterns import expand
from training.parser.requests import apart, clause
from training.parser.sentences import Sentences
from training.parser.slips import misspell
from training.parser.wording import WORDING


@pytest.fixture(scope="module", params=[False, True], ids=["training", "held out"])
def samples(request):
    sentences = Sentences(3, held_out=request.param)
    return [sentences.draw() for _ in range(3000)]


@pytest.mark.parametrize("kind", [Sentences, Everyday])
@pytest.mark.parametrize("held_out", [False, True])
def test_every_region_is_a_span_of_its_sentence(kind, held_out):
    sentences = kind(3, held_out=held_out)
    for _ in range(3000):
        sample = sentences.draw()
        units = split_units(sample.text)
        for region, effect, strength in sample.edits:
            assert effect in EFFECTS and strength in STRENGTHS
            assert region is None or find_span(units, [unit.shown for unit in split_units(region)]), sample


def test_all_kinds_of_edits_are_drawn(samples):
    edits = [edit for sample in samples for edit in sample.edits]
    assert {effect for _, effect, _ in edits} == set(EFFECTS)
    assert {strength for _, _, strength in edits} == set(STRENGTHS)
    assert any(region is None for region, _, _ in edits)
    counts = Counter(len(sample.edits) for sample in samples)
    assert counts[0] > 150 and counts[1] > 1000 and counts[2] > 500 and sum(counts[n] for n in counts if n > 2) > 100
    assert len({sample.category for sample in samples}) == 11


def test_an_edit_is_never_said_twice(samples):
    for sample in samples:
        keys = [(region and region.lower(), effect) for region, effect, _ in sample.edits]
        assert len(set(keys)) == len(keys)


def test_the_same_seed_draws_the_same_sentences():
    first, second, other = Sentences(5), Sentences(5), Sentences(6)
    drawn = [first.draw() for _ in range(50)]
    assert drawn == [second.draw() for _ in range(50)]
    assert drawn != [other.draw() for _ in range(50)]


def test_expressions_of_a_data_set_are_mixed_in():
    sentences = Sentences(1, real=["quaint zeppelin hangar"])
    assert sum("quaint zeppelin hangar" in sentences.draw().text for _ in range(200)) > 10


def test_the_splits_share_no_head_noun_and_no_pattern():
    own, kept = Expressions(random.Random(0)), Expressions(random.Random(0), held_out=True)
    assert not set(own._people) & set(kept._people) and set(own._people) | set(kept._people) == set(nouns.PEOPLE)
    patterns = WORDING["brighten"].special
    assert set(apart(patterns, False)) | set(apart(patterns, True)) == set(patterns)
    assert not set(apart(patterns, False)) & set(apart(patterns, True)) and apart(patterns, True)


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("kind", ["command", "statement", "nominal"])
def test_clauses_name_their_region_and_say_their_strength(effect, kind):
    rng = random.Random(2)
    said = set()
    for wanted in (0, 1, 2, 3) * 60:
        words, strength = clause(effect, kind, wanted, rng)
        assert "X" in words.split(" ") and "$" not in words and "%" not in words
        said.add(strength)
    assert said == {1, 2, 3}


def test_patterns():
    drawn = {expand("(a|b $N) [c]", random.Random(seed), {"N": ("d", "e f")}) for seed in range(60)}
    assert drawn == {"a", "a c", "b d", "b d c", "b e f", "b e f c"}
    with pytest.raises(ValueError, match="unbalanced"):
        expand("(a|b", random.Random(0), {})


def test_slips_spare_short_words_and_marks_of_regions():
    for seed in range(300):
        words = misspell("make it \ue000 brighter now", random.Random(seed)).split(" ")
        assert len(words) == 5 and words[1:3] == ["it", "\ue000"]


@pytest.mark.parametrize(("familiar", "name"), [(False, "parser_held_out.jsonl"), (True, "parser_fresh.jsonl")])
def test_the_committed_generated_sentences_are_those_of_the_grammar(familiar, name):
    pytest.importorskip("tokenizers")
    from training.parser.held_out import as_lines, held_out

    committed = (Path(__file__).parents[2] / "evaluation" / name).read_text(encoding="utf-8")
    assert as_lines(held_out(1000, familiar)) == committed
