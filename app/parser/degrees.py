"""How much: finds degree words in a clause and takes them out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.parser import lexicon, request_words
from app.parser.phrases import words
from app.parser.scene_words import ARTICLES
from app.parser.tokens import Token

_LEVELS = {phrase: level for level, phrases in request_words.DEGREES for phrase in phrases.split("|")}
_LONGEST = max(phrase.count(" ") + 1 for phrase in _LEVELS)
_NEUTRAL = frozenset("still even quite so some once rather fairly".split() + ["one time", "1x", "sort of", "kind of"])
_COMPARATIVES = frozenset(word for word in lexicon.ADJECTIVE_WORDS if word.endswith("er")) | frozenset(
    "more less fewer higher lower greater better stand stands pop pops towards toward easier closer sooner "
    "weaker".split()
)
_OPENERS = frozenset(
    entry.split()[0]
    for source in (lexicon.UP, lexicon.DOWN, lexicon.MAKE, lexicon.BIAS, lexicon.USE, *(w for _, w in lexicon.DIRECT))
    for entry in source.split("|")
)
_MEASURED = frozenset(
    "brightness illumination luminance exposure noise grain detail details texture textures light contrast "
    "visibility".split()
)
_PLACES = frozenset("in on of from for at to over".split())
_OBJECT_STARTS = ARTICLES | _MEASURED | frozenset("its it them both all towards toward every each".split())

# "by 20 %", whose mark is no word; "by 2 stops", "by half": how much, without a level of its own.
_AMOUNT = re.compile(r" by (\d+([.,]\d+)?( (percent|per cent|stops?|points|units|ev))?|(a )?(half|third|quarter))$")


def take_degrees(tokens: Sequence[Token]) -> tuple[list[Token], int]:
    """Remove the adverbs of degree of one clause.

    A degree word inside a noun phrase ("the man very close to the camera") stays.

    Returns:
        The other tokens, and the strength: 1, 2 or 3.
    """
    amount = _AMOUNT.search(words(tokens))
    spoken = tokens[: len(tokens) - len(amount.group().split())] if amount else tokens
    tokens, as_possible = _as_possible(list(spoken))
    level, weak, i = (3 if as_possible else 1), False, 0
    kept: list[Token] = []
    while i < len(tokens):
        length = _match(tokens, i)
        if length and _is_adverbial(tokens, i, length, kept):
            phrase = words(tokens[i : i + length])
            level = max(level, _LEVELS[phrase])
            weak = weak or (_LEVELS[phrase] == 1 and phrase not in _NEUTRAL)
            i += length
            if i < len(tokens) - 1 and tokens[i].word == "as":
                i += 1
                del tokens[_second_as(tokens, i) :]
            continue
        kept.append(tokens[i])
        i += 1
    return kept, 1 if weak else level


def _match(tokens: Sequence[Token], i: int) -> int:
    for length in range(min(_LONGEST, len(tokens) - i), 0, -1):
        if words(tokens[i : i + length]) in _LEVELS:
            return length
    return 0


def _is_adverbial(tokens: Sequence[Token], i: int, length: int, kept: Sequence[Token]) -> bool:
    phrase = words(tokens[i : i + length])
    before = kept[-1].word if kept else ""
    after = tokens[i + length].word if i + length < len(tokens) else ""
    if words(tokens[i : i + length + 1]) == "much too" and before not in ("not", "how"):
        return True
    if (
        before in ("too", "so", "as", "how", "not", "parking")
        or after == "too"
        or (after == "of" and before not in _MEASURED)
    ):
        return False
    rest = words(tokens[i + length :])
    if after in _COMPARATIVES or rest in lexicon.ADJECTIVE_WORDS or (after == "as" and i + length + 1 < len(tokens)):
        return True
    if phrase in request_words.COMPARATIVE_ONLY:
        return False
    if not after:
        return bool(kept)
    if not kept:
        return after in _OPENERS
    if after in _PLACES and before in _MEASURED:
        return True
    return len(kept) <= 2 and kept[0].word in _OPENERS and after in _OBJECT_STARTS


def _as_possible(tokens: list[Token]) -> tuple[list[Token], bool]:
    """ "as bright as possible" becomes "bright"."""
    for i, token in enumerate(tokens[:-2]):
        if token.word != "as":
            continue
        end = _second_as(tokens, i + 1)
        tail = words(tokens[end : end + 3])
        if i + 1 < end <= i + 5 and tail.startswith(
            ("as possible", "as you can", "as it can", "as it gets", "as can be", "as we can")
        ):
            middle = tokens[i + 1 : end]
            spare = middle[:-1] if words(middle).startswith("much") else middle
            if words(middle) in ("much", "strongly", "far", "hard", "well"):
                spare = []
            length = 2 if tail.startswith("as possible") else 3
            return tokens[:i] + spare + tokens[end + length :], True
    return tokens, False


def _second_as(tokens: Sequence[Token], start: int) -> int:
    return next((i for i in range(start, len(tokens)) if tokens[i].word == "as"), len(tokens))
