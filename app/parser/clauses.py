"""Reads one clause: takes off what softens it, its degree words and what it forbids, then tries the frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache

from app.parser import lexicon, request_words
from app.parser.degrees import take_degrees
from app.parser.frame_table import read_frames
from app.parser.grammar import grammar
from app.parser.notation import Clause as Words
from app.parser.notation import Pattern
from app.parser.phrases import is_phrase, target, words
from app.parser.reading import Kind, Reading, verbs
from app.parser.scene_words import MODIFIERS, NOUNS, PREPOSITIONS, PRONOUNS
from app.parser.spelling import gerund
from app.parser.tokens import Token


class Link(Enum):
    """What connects a clause to the one before."""

    START = auto()
    STOP = auto()
    COMMA = auto()
    AND = auto()
    BUT = auto()
    BY = auto()
    WITH = auto()
    ASIDE = auto()


@dataclass(frozen=True)
class Clause:
    """One clause and how it was read.

    Attributes:
        link: What connects it to the clause before.
        tokens: Its words as cut from the text.
        reading: What it asks for; None when it asks for nothing or was not understood.
        strength: From its degree words, 1 to 3.
        silent: It asks for nothing and needs no remark ("please", "thank you").
        negated: It says what not to do.
        degree_only: It only says how much ("a lot").
    """

    link: Link
    tokens: tuple[Token, ...]
    reading: Reading | None = None
    strength: int = 1
    silent: bool = False
    negated: bool = False
    degree_only: bool = False


_COURTESY = frozenset(
    "please thanks thank you thx pls hello hi hey there ok okay yes cheers regards sir madam friend dear good "
    "morning evening "
    "afternoon day very much so again bye goodbye assistant now well then first second third finally kindly".split()
)


def read_clause(link: Link, tokens: Sequence[Token]) -> Clause:
    """Read the words between two links."""
    clause = Clause(link, tuple(tokens))
    if all(token.word in _COURTESY or token.word.isdigit() for token in tokens):
        return replace(clause, silent=True)
    body = strip_request(tokens)
    if not body:
        return replace(clause, silent=True)
    body = _complained(body)
    if _is_negated(body):
        return replace(clause, negated=True)
    rest, strength = take_degrees([*body])
    if not rest or words(body) in _DEGREE_CLAUSES:
        return replace(clause, strength=_DEGREE_CLAUSES.get(words(body), strength), degree_only=True)
    reading = read_body(rest)
    if reading is not None:
        strength = max(strength, reading.strength)
    return replace(clause, reading=reading, strength=strength)


_DEGREE_CLAUSES = {phrase: level for level, entry in request_words.DEGREES for phrase in entry.split("|")} | {
    "not too much": 1,
    "not much": 1,
    "not a lot": 1,
    "not too strongly": 1,
}


def read_body(body: Sequence[Token]) -> Reading | None:
    """Read a clause that is stripped of politeness and degree words."""
    if not body:
        return None
    if body[0].word in gerunds():
        first = Token(gerunds()[body[0].word], body[0].start, body[0].end)
        reading = read_frames([first, *body[1:]])
        if reading is not None and reading.kind is Kind.COMMAND:
            return reading
    reading = _fronted(body) or read_frames(body)
    if reading is not None:
        return reading
    region = target(body) if is_phrase(body) and body[0].word not in verbs() else None
    return Reading(Kind.PHRASE, (), region) if region is not None else None


def _fronted(body: Sequence[Token]) -> Reading | None:
    """ "for the sky use the visible image": the region comes first, without a comma."""
    if body[0].word not in ("for", "in", "on", "at"):
        return None
    for i in range(2, len(body)):
        if body[i].word not in openers() or not is_phrase(body[1:i]):
            continue
        reading = read_frames(body[i:])
        if reading is not None and reading.kind is Kind.COMMAND and reading.effects and reading.target is None:
            return replace(reading, target=target(body[1:i]))
    return None


def strip_request(tokens: Sequence[Token]) -> list[Token]:
    """Without what softens the request at either end."""
    tokens = list(tokens)
    while tokens:
        length = _prefix().prefix(Words([token.word for token in tokens[:14]]))
        if not length:
            break
        after = tokens[length].word if length < len(tokens) else ""
        if length == 1 and tokens[0].word in request_words.ORDINAL_PREFIXES and after not in openers():
            break
        if length == 1 and tokens[0].word == "so" and after in ("dark", "bright"):
            break
        tokens = tokens[length:]
    trimmed = True
    while trimmed and len(tokens) > 1:
        trimmed = False
        for phrase in _trailing():
            count = len(phrase)
            if len(tokens) > count and tuple(token.word for token in tokens[-count:]) == phrase:
                tokens, trimmed = tokens[:-count], True
                break
    return tokens


def _complained(body: list[Token]) -> list[Token]:
    """ "the sky shouldn't be so dark" and "don't make the sky so dark" as "the sky is too dark"; others as they are."""
    spoken = [token.word for token in body]
    for i in range(2, len(body) - 1):
        if spoken[i] not in ("so", "that", "this") or spoken[i + 1] not in _complaints():
            continue
        if spoken[i - 1] in ("be", "look"):
            refusal = 2 if spoken[i - 2] in ("shouldn't", "mustn't") else 3
            named = body[: max(i - refusal, 0)] if tuple(spoken[i - refusal : i - 1]) in _REFUSALS else []
        else:
            start = next((len(words) for words in _DO_NOT if tuple(spoken[: len(words)]) == words), i)
            named = body[start:i]
        if named:
            end = body[i].end
            return [*named, Token("is", body[i].start, end), Token("too", body[i].start, end), *body[i + 1 :]]
    return body


_REFUSALS = frozenset((("shouldn't",), ("mustn't",), ("should", "not"), ("must", "not")))
_DO_NOT = tuple((*no, verb) for no in (("don't",), ("do", "not")) for verb in ("make", "leave", "let", "show"))


@cache
def _complaints() -> frozenset[str]:
    """What a region can be too much of: "dark"."""
    return frozenset(word for entry, _, less in lexicon.ADJECTIVES if less for word in entry.split("|"))


def _is_negated(body: Sequence[Token]) -> bool:
    if any(True for _ in _unchanged().full(Words([token.word for token in body]))):
        return True
    length = _negation().prefix(Words([token.word for token in body]))
    rest = words(body[length:])
    return bool(length) and not (body[0].word == "not" and rest in _DEGREE_CLAUSES | {"too much": 1, "much": 1})


@cache
def _prefix() -> Pattern:
    return grammar().pattern(request_words.PREFIX)


@cache
def _negation() -> Pattern:
    return grammar().pattern(request_words.NEGATION)


@cache
def _unchanged() -> Pattern:
    return grammar().pattern(
        f"(leave|keep|let|leaving|keeping) NP ({request_words.UNCHANGED}) | (leave|keep) NP (be|out) | ignoring NP | "
        "do nothing (to|with|about) NP | NP (shouldn't|should not|must not|mustn't|should stay|must stay|"
        "should remain) NP"
    )


@cache
def _trailing() -> tuple[tuple[str, ...], ...]:
    return tuple(sorted((tuple(entry.split()) for entry in request_words.TRAILING.split("|")), key=len, reverse=True))


@cache
def openers() -> frozenset[str]:
    sources = (
        lexicon.UP,
        lexicon.DOWN,
        lexicon.MAKE,
        lexicon.BIAS,
        lexicon.USE,
        *(verbs for _, verbs in lexicon.DIRECT),
    )
    return frozenset(entry.split()[0] for source in sources for entry in source.split("|"))


@cache
def bare_verbs() -> frozenset[str]:
    """Those of the openers that name nothing: "light" and "display" are verbs and things."""
    return openers() - NOUNS - MODIFIERS


@cache
def gerunds() -> dict[str, str]:
    """The -ing forms of the verbs a command can start with, without what people and cars are seen doing."""
    seen = frozenset(
        "lighting clearing marking painting shading setting turning moving taking driving carrying running looking "
        "pointing watching following leading drawing pushing pulling leaning reading checking bending placing laying "
        "getting picking showing paying having giving leaving wanting needing trusting treating".split()
    )
    plain = {gerund(verb): verb for verb in sorted(openers()) if verb not in PREPOSITIONS and verb not in PRONOUNS}
    return {form: verb for form, verb in plain.items() if form not in seen}
