"""What the LLaMA is shown of a text, what it may answer with, and how much of a text is read."""

from __future__ import annotations

import re

import pytest

from app.parser.answers import read_answer
from app.parser.gbnf import build_grammar
from app.parser.tokens import MAX_LENGTH, within_limit
from app.parser.units import shown, split_units


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("the Café", "the cafe"),
        ("the cafe\u0301 sign", "the cafe sign"),
        ("Müller's façade", "muller 's facade"),
        ("Straße Ørsted Łódź", "strasse orsted lodz"),
        ("ＡＴＭ ﬁre", "atm fire"),
        ("漢字 がく привет", "漢字 がく привет"),
        ("㍿ ﷺ sign", "㍿ ﷺ sign"),
    ],
)
def test_letters_are_shown_plain_and_regions_are_as_typed(typed, seen):
    text = f"highlight {typed}, please"
    units = split_units(text)
    assert shown(units) == f" highlight {seen} , please"
    (edit,) = read_answer(f"highlight 1 {seen}", text, units)
    assert edit.region == typed.removeprefix("the ")


def test_no_character_is_shown_as_more_than_the_prompt_has_room_for():
    """Four bytes and a space each, as `llama_prompt.CONTEXT` counts on."""
    for code in (*range(1, 0x3_0000), *range(0xE_0000, 0xE_0200), 0x10_FFFF):
        text = 3 * chr(code)
        assert len(shown(split_units(text)).encode()) <= 5 * len(text), hex(code)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("brighten the road\ndarken the sky", "brighten the road . darken the sky"),
        ("brighten it\r\n\r\n\u2028darken the sky\n", "brighten it . darken the sky"),
        ("brighten the road,\ndarken the sky", "brighten the road , darken the sky"),
        ("brighten the\nroad", "brighten the road"),
        ("\n\n", ""),
    ],
)
def test_a_line_break_after_a_whole_phrase_ends_a_sentence(text, seen):
    assert shown(split_units(text)).strip() == seen


def _starts(text: str) -> list[str]:
    """The words that a region of a text may start with."""
    grammar = build_grammar(split_units(text))
    rules = dict(re.findall(r"^(u\d+) ::= \" (.*?)\"", grammar, re.MULTILINE))
    return [rules[name] for name in re.search(r"region ::= (.*)", grammar).group(1).split(" | ")]


def test_an_article_starts_a_region_only_where_it_is_part_of_a_count():
    assert _starts("brighten a couple of cars") == ["brighten", "a", "couple", "cars"]
    assert _starts("the two men") == ["the", "two", "men"]
    assert _starts("those on the left") == ["those", "on", "left"]
    assert _starts("the car and a man") == ["car", "man"]


def test_an_exception_ends_no_region():
    grammar = build_grammar(split_units("everything but the car"))
    assert 'u1 ::= " but" u2\n' in grammar and 'u0 ::= " everything" u1?' in grammar


@pytest.mark.parametrize(("region", "kept"), [("the two men", "two men"), ("a few men", "a few men")])
def test_a_region_has_no_leading_the(region, kept):
    text = f"highlight {region}"
    assert read_answer(f"highlight 1 {region}", text, split_units(text))[0].region == kept


def test_a_long_text_is_cut_between_words():
    text = "brighten the car " * 30
    read = within_limit(text)
    assert text.startswith(read) and MAX_LENGTH - 9 < len(read) <= MAX_LENGTH
    assert read.split() == text.split()[: len(read.split())]
    assert within_limit("x" * 400) == "x" * MAX_LENGTH
    assert within_limit("short") == "short"
