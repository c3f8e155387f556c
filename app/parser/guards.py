"""Corrects readings of the LLaMA that are certainly wrong, where the rules have a better one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from app.parser.agreement import bare_region
from app.parser.clauses import bare_verbs
from app.parser.misspelt_requests import with_requests_corrected
from app.parser.scene_words import ARTICLES, NOUNS, POSITIONS, RELATIVES, WHOLE_HEADS
from app.parser.units import find_span, split_units
from engines.regions.collective import kinds_of
from engines.regions.light import read_light
from engines.regions.shares import read_share
from engines.types import Edit

# How much, not what: "20", "20 %", "by 50 percent", "x3", "2 stops".
_AMOUNT = re.compile(r"(by )?([+-] )?x? ?\d+([.,]\d+)?x?( (%|percent|per cent|times|stops?|points|ev))?")
# "much" says more than "too" alone; the LLaMA overhears it within a sentence.
_MUCH_TOO = re.compile(r"(?<!\bnot )(?<!\bhow )\bmuch\s+too\b", re.IGNORECASE)
_WHERE = re.compile(r"\s*(?:where(?:['’]s|\s+is|\s+are)|(?:is|are)\s+there)\s", re.IGNORECASE)
# "no people" asks for none; "no parking" stands on signs.
_NONE = re.compile(r"no\s+(?!.*\b(?:sign|signs|entry|parking|stopping|smoking)\b)[a-z]", re.IGNORECASE)
# A picture without colours, which no effect makes.
_COLOURLESS = re.compile(r"\b(?:black\s+(?:and|&)\s+white|gr[ae]y-?\s?scale|monochrome|sepia)\b", re.IGNORECASE)
# The opposite of highlighting, which the LLaMA never learnt to be darkening.
_LESS_SEEN = re.compile(
    r"\b(?:(?:less|not\s+so)\s+(?:salient|visible|prominent|conspicuous|noticeable|obvious|striking|dominant|bold|strong|"
    r"important)|de-?emphasi[sz]e|down-?play|play\s+down|attenuate|mute|subdue|fade|weaken)\b",
    re.IGNORECASE,
)
# How warm something is, which the LLaMA never learnt to copy: "above 40 °C", "heat leaks".
_HOW_WARM = re.compile(
    r"\b(?:above|over|below|under|(?:warmer|hotter|colder|cooler|higher|lower|more|less) than|between|exceeding)\s+"
    r"[-−]?\d+|\bheat (?:sources?|leaks?|spots?)\b",
    re.IGNORECASE,
)
# Endings of nouns for those who do something, which no verb has: "users", "participants".
_WHO = re.compile(r"(?:[eo]rs|ants|ists)$", re.IGNORECASE)
_ON_THE = re.compile(r"\b(?:on|in|at|to|towards?)\s+the\s+(?P<place>[a-z][a-z -]*[a-z])[\s.!?]*$", re.IGNORECASE)
# "it" stands for what was named before; it is no name of the picture.
_WHOLE_WORDS = WHOLE_HEADS - {"it", "this", "anything"}


def guarded(edits: Sequence[Edit], others: Sequence[Edit], text: str) -> list[Edit]:
    """The edits without what cannot be meant.

    A region that starts with the verb of its own request, or is a mere amount, is none: the rules' reading counts, or,
    where they have none, the other edits. The whole picture in a sentence without a word for it is what the rules found
    there, if they found the same effects. What is "much too dark" is so at the rules' strength. A text that only names
    a thing, by a relative clause or after "where is" or "is there", is that. Where the rules have a region that says
    how warm it is, their reading counts, as it does where they darken what is to be seen less and the LLaMA does
    nothing, and where they have one noun more of a region, or one for several kinds of things where the LLaMA has
    nothing. No effect makes a picture grey. "Too dark on the left" is said of the left.

    Args:
        edits: The LLaMA's.
        others: The rules'.
        text: The sentence as typed.
    """
    if (not edits or _WHERE.match(text)) and len(others) == 1 and _is_named(others[0], text):
        return list(others)
    if not edits and len(others) == 1 and kinds_of(others[0].region or ""):
        return list(others)
    if not others and _COLOURLESS.search(text) and all(edit.region is None for edit in edits):
        return []
    if not edits and all(edit.effect == "darken" for edit in others) and _LESS_SEEN.search(text):
        return list(others)
    if any(edit.region and _HOW_WARM.search(edit.region) for edit in others):
        return list(others)
    sound = [edit for edit in edits if not (_names_nothing(edit.region, text) or _NONE.match(edit.region or ""))]
    if len(sound) < len(edits):
        return [edit for edit in others if not _names_nothing(edit.region, text)] or sound
    if _MUCH_TOO.search(text) and [_where(edit) for edit in edits] == [_where(edit) for edit in others]:
        edits = [
            replace(edit, strength=max(edit.strength, other.strength))
            for edit, other in zip(edits, others, strict=True)
        ]
    if not others and [edit.region for edit in edits] == [None] and (place := _place_at_end(text)):
        return [replace(edits[0], region=place)]
    if [_what(edit) for edit in edits] != [_what(edit) for edit in others]:
        return list(edits)
    edits = [other if _goes_on(edit.region, other.region) else edit for edit, other in zip(edits, others, strict=True)]
    named = [
        other if edit.region is None and not _names_nothing(other.region, text) else edit
        for edit, other in zip(edits, others, strict=True)
    ]
    if _means_the_picture(text):
        return [read if _is_share(read.region) else edit for edit, read in zip(edits, named, strict=True)]
    return named


def _place_at_end(text: str) -> str | None:
    """The part of the picture that a text ends with: "left side" of "it is too dark on the left side"."""
    place = _ON_THE.search(text)
    return place["place"] if place and read_share(place["place"]) else None


def _goes_on(region: str | None, other: str | None) -> bool:
    """Whether another region is the same with one noun more: "vulnerable road", "vulnerable road users"."""
    if region is None or other is None or not other.startswith(f"{region} "):
        return False
    rest = other[len(region) :].split()
    return len(rest) == 1 and (rest[0].lower() in NOUNS or _WHO.search(rest[0]) is not None)


def _is_share(region: str | None) -> bool:
    """Whether a region with a word for the whole picture is a part of it: "everything on the left"."""
    return region is not None and (read_share(region) or read_light(region)) is not None


def _names_nothing(region: str | None, text: str) -> bool:
    if region is None:
        return False
    units = split_units(text)
    named = [unit.shown for unit in split_units(region)]
    span = find_span(units, named)
    if span is None or len(named) == len(units):
        return False
    first = span[0]
    following = units[first + 1].shown if first + 1 < len(units) else ""
    # Only what is nothing but a verb counts.
    is_verb = with_requests_corrected(units)[first].shown in bare_verbs() and (first == 0 or following in ARTICLES)
    return is_verb or _AMOUNT.fullmatch(" ".join(named)) is not None


def _is_named(edit: Edit, text: str) -> bool:
    """Whether an edit highlights what a text names and does nothing but name."""
    if edit.effect != "highlight" or edit.region is None:
        return False
    asked = _WHERE.match(text)
    words = [unit.shown for unit in split_units(text[asked.end() :] if asked else text) if unit.is_word]
    while words and words[0] in ARTICLES:
        words = words[1:]
    if words != [unit.shown for unit in split_units(edit.region) if unit.is_word]:
        return False
    if asked:
        return words[-1] in NOUNS | POSITIONS
    return any(word in RELATIVES and before in NOUNS for before, word in zip(words, words[1:], strict=False))


def _means_the_picture(text: str) -> bool:
    """Whether a word, or what it is a slip of, stands for the whole picture."""
    words = [unit.shown for unit in split_units(text)]
    return any(word in _WHOLE_WORDS or get_close_matches(word, _WHOLE_WORDS, 1, 0.85) for word in words)


def _what(edit: Edit) -> tuple[str, int]:
    return edit.effect, edit.strength


def _where(edit: Edit) -> tuple[str | None, str]:
    return bare_region(edit.region), edit.effect
