"""The further kinds of training sentences: their readings hold, and nothing of the held-out set is in them."""

from __future__ import annotations

import re

import pytest

from training.parser import further_wording, names
from training.parser.everyday import Everyday
from training.parser.requests import apart
from training.parser.sentences import Sentences
from training.parser.wording import WORDING

FURTHER_KINDS = {
    "named, then it",
    "a reason",
    "only",
    "short sentences",
    "a purpose",
    "an amount",
    "the other one",
    "numbered",
    "an exception",
    "one instead of another",
    "further wording",
    "further whole picture",
}


@pytest.fixture(scope="module", params=[False, True], ids=["training", "held out"])
def samples(request):
    sentences = Everyday(3, held_out=request.param)
    return [sentences.draw() for _ in range(4000)]


def _of(samples, kind):
    found = [sample for sample in samples if sample.category == kind]
    assert len(found) > 30
    return found


def test_all_kinds_are_drawn_and_no_slot_stays_empty(samples):
    assert {sample.category for sample in samples} >= FURTHER_KINDS
    for sample in samples:
        assert not re.search(r"VERB|BETTER|OTHERWISE|AMOUNT|NUMBER|EXCEPT\b|\$", sample.text), sample
        # A name may end in a capital, "deer X"; where nothing is asked, the thing left alone is in no edit.
        named = not sample.edits or any(re.search(r"\b[XY]\b", region or "") for region, *_ in sample.edits)
        assert named or not re.search(r"\b[XY]\b(?!')", sample.text), sample


def test_it_is_the_thing_named_before(samples):
    for sample in _of(samples, "named, then it"):
        regions = {region.lower() for region, *_ in sample.edits}
        assert len(regions) == 1 and len(sample.edits) > 1, sample


def test_every_short_sentence_has_its_edit(samples):
    for sample in _of(samples, "short sentences"):
        assert len(sample.edits) >= 2 and None not in {region for region, *_ in sample.edits}, sample


def test_reasons_purposes_and_amounts_are_no_edits_and_no_regions(samples):
    for sample in _of(samples, "a reason") + _of(samples, "an amount"):
        assert len(sample.edits) == 1, sample
        assert not re.search(r"%|percent|\d (stops?|ev|times)$", sample.edits[0][0] or ""), sample
    for sample in _of(samples, "a purpose"):
        by = re.search(r"\bby\b", sample.text) and len(sample.edits) == 2
        assert by or len(sample.edits) == 1, sample


def test_numbers_of_a_list_are_no_words_of_its_regions(samples):
    for sample in _of(samples, "numbered"):
        rest = sample.text
        for region, *_ in sample.edits:
            rest = rest.replace(region, "…", 1)
        assert len(re.findall(r"(?:^|\s)(?:\(?[123][.)]|-)(?=\s)", rest)) == len(sample.edits) >= 2, sample


def test_the_other_one_is_a_region_of_its_own(samples):
    for sample in _of(samples, "the other one"):
        (first, *_), (second, *_) = sample.edits
        # A slip ("onws") is that of the person who types.
        assert first != second and re.match(r"(?i)[a-z]{2,5} ", second), sample


def test_an_exception_is_the_whole_picture_s(samples):
    for sample in _of(samples, "an exception"):
        assert [region for region, *_ in sample.edits] == [None], sample
    assert not any(
        re.match("everything (except|but)", region or "") for sample in samples for region, *_ in sample.edits
    )


def test_a_pointing_word_beside_a_named_thing_is_never_the_picture(samples):
    for sample in samples:
        regions = [region for region, *_ in sample.edits]
        if None in regions and any(regions):
            assert not re.search(r"\b(it|them)\b", sample.text), sample


def test_names_of_all_sorts_are_drawn(samples):
    regions = [region for sample in samples for region, *_ in sample.edits if region]
    for sort in (r"\b[A-Z]{2,}\b", r"\w \d+$", r"no\. \d", r"[éüçöñ]", r"[\u4e00-\u9fff]", r"(?i)^(everyone|anything)"):
        assert any(re.search(sort, region) for region in regions), sort
    assert all(names.stands_alone(name) for name in ("everyone", "anything warm"))


def test_no_further_wording_is_a_held_out_pattern():
    for effect, wording in WORDING.items():
        kept = {*apart(wording.special, True), *apart(wording.nominal, True), *apart(wording.whole, True)}
        for further in (further_wording.COMMANDS, further_wording.STATEMENTS, further_wording.WHOLES):
            assert not kept & set(further[effect]), effect
            assert apart(further[effect], True)


def test_the_sentences_of_the_evaluation_sets_are_drawn_without_the_further_kinds():
    sentences = Sentences(3)
    assert not {sentences.draw().category for _ in range(500)} & FURTHER_KINDS


def test_asking_whether_something_is_there_is_asking_to_see_it():
    sentences = Everyday(seed=8)
    samples = [sentences.draw() for _ in range(3000)]
    asked = [sample for sample in samples if re.search(r"\b(is|are) there\b", sample.text.lower())]
    assert len(asked) > 5, [sample.text for sample in asked]
    assert all(sample.edits for sample in asked)


def test_what_a_place_hides_has_no_article(samples):
    hidden = [region for sample in samples for region, *_ in sample.edits if re.match("(?i)what(ever)? ", region or "")]
    assert len(hidden) > 3
    assert not any(re.search(rf"(?i)\b(the|a|my) {re.escape(region)}", s.text) for s in samples for region in hidden)
