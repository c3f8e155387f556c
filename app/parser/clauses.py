"""Cuts a sentence into clauses and reads each by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache

from app.parser import lexicon
from app.parser.degrees import take_degrees
from app.parser.frame_table import read_frames
from app.parser.frames import Kind, Reading, verbs
from app.parser.grammar import grammar
from app.parser.notation import Clause as Words
from app.parser.notation import Pattern
from app.parser.phrases import is_phrase, joins, target, words
from app.parser.scene_words import PREPOSITIONS, PRONOUNS
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


_STOPS = frozenset(". ; ! ? … | →".split())
_LINK_WORDS = {
    ",": Link.COMMA,
    ":": Link.COMMA,
    "->": Link.COMMA,
    ">": Link.COMMA,
    "and": Link.AND,
    "&": Link.AND,
    "+": Link.AND,
    "plus": Link.AND,
    "or": Link.AND,
    "/": Link.AND,
    "then": Link.AND,
    "afterwards": Link.AND,
    "while": Link.AND,
    "whilst": Link.AND,
    "whereas": Link.AND,
    "but": Link.BUT,
    "however": Link.BUT,
    "though": Link.BUT,
    "although": Link.BUT,
    "yet": Link.BUT,
    "because": Link.ASIDE,
    "until": Link.ASIDE,
    "since": Link.ASIDE,
}
_LINK_PHRASES = {
    ("as", "well", "as"): Link.AND,
    ("followed", "by"): Link.AND,
    ("after", "that"): Link.AND,
    ("so", "that"): Link.ASIDE,
    ("in", "order", "to"): Link.ASIDE,
    ("so", "as", "to"): Link.ASIDE,
    ("such", "that"): Link.ASIDE,
    ("due", "to"): Link.ASIDE,
}
_ASIDE_SUBJECTS = frozenset("i we it they you he she the that people one everyone it's they're i'm you're there".split())
_PURPOSES = frozenset(
    "see make help get improve reveal let reduce increase show avoid emphasise emphasize highlight brighten darken spot notice "
    "remove enhance find identify recognise recognize distinguish look prevent give ensure keep better make".split()
)
_PURPOSE_STOPPERS = frozenset(
    "want need like try possible able have easy easier hard difficult me you us love order is are due next close want wants "
    "needs used going it them harder simpler impossible how again attention priority closest nearest adjacent brightness "
    "similar according up forget remember wish prefer sure right left clearer ready".split()
)
_QUANTIFIED = frozenset("more less fewer no higher lower better greater extra additional reduced increased natural".split())
# Verbs that start a new clause without any separator ("darken sky brighten road").
_RUN_ON = frozenset(
    "brighten darken denoise highlight emphasise emphasize remove reduce increase sharpen lighten bias make decrease".split()
)
_COURTESY = frozenset(
    "please thanks thank you thx pls hello hi hey there ok okay yes cheers regards sir madam friend dear good morning evening "
    "afternoon day very much so again bye goodbye assistant now well then first second third finally kindly".split()
)


def clauses(tokens: Sequence[Token]) -> list[Clause]:
    """Read a sentence clause by clause; a separator inside a noun phrase does not cut."""
    return [_read(link, cut) for link, cut in _cut(_drop_contrasts(list(tokens)))]


def _drop_contrasts(tokens: list[Token]) -> list[Token]:
    """Take out "instead of visible", "rather than the thermal one": the source not to use."""
    for i in range(len(tokens) - 1, 0, -1):
        length = _contrast().prefix(Words([token.word for token in tokens[i : i + 8]]))
        if length:
            del tokens[i : i + length]
    return tokens


@cache
def _contrast() -> Pattern:
    return grammar().pattern("(instead of|rather than|as opposed to|over|and not|not|more than) SOURCE [one]")


def _cut(tokens: Sequence[Token]) -> list[tuple[Link, list[Token]]]:
    pieces: list[tuple[Link, list[Token]]] = [(Link.START, [])]
    i = 0
    while i < len(tokens):
        link, length = _link(tokens, i, pieces[-1][1])
        if link is None:
            pieces[-1][1].append(tokens[i])
            i += 1
            continue
        if not pieces[-1][1]:
            stronger = link if pieces[-1][0] is Link.COMMA else pieces[-1][0]
            pieces[-1] = (stronger, [])
        else:
            pieces.append((link, []))
        i += length
    pieces = [piece for piece in pieces if piece[1]]
    return _join(pieces, tokens)


def _link(tokens: Sequence[Token], i: int, before: Sequence[Token]) -> tuple[Link | None, int]:
    """The link that starts at a token, and how many tokens it takes; None inside a clause."""
    word = tokens[i].word
    following = [token.word for token in tokens[i + 1 : i + 5]]
    if word in _STOPS:
        return Link.STOP, 1
    if set(word) <= set("-–—"):
        return Link.COMMA, 1
    if word == "or" and before and before[-1].word in ("more", "less"):
        return None, 0
    for phrase, link in _LINK_PHRASES.items():
        if (word, *following[: len(phrase) - 1]) == phrase:
            return link, len(phrase)
    if word in _LINK_WORDS:
        return (_LINK_WORDS[word], 1) if following or word in (",", ".") else (Link.COMMA, 1)
    if not before or not following:
        return None, 0
    if word in _RUN_ON and _is_command(before) and _is_command(tokens[i : i + 12]):
        return Link.COMMA, 0
    if word == "so" and following[0] in _ASIDE_SUBJECTS:
        return Link.ASIDE, 1
    if word == "as" and following[0] in ("it", "they", "he", "she", "i", "it's") and set(following[1:]) & {"too", "so", "very", "can't", "hard"}:
        return Link.ASIDE, 1
    if word == "to" and following[0] in _PURPOSES and before[-1].word not in _PURPOSE_STOPPERS and _is_command(before):
        return Link.ASIDE, 1
    if word == "by" and following[0] in _gerunds():
        return Link.BY, 1
    if word == "without" and following[0].endswith("ing"):
        return Link.BUT, 0
    if word in ("instead", "rather") and following[0] in ("of", "than"):
        return Link.BUT, 0
    if word == "with" and following[0] in _QUANTIFIED and _measured_words() & set(following[1:3]):
        return Link.WITH, 1
    return None, 0


def _is_command(tokens: Sequence[Token]) -> bool:
    reading = _read(Link.START, list(tokens)).reading
    return reading is not None and reading.kind is Kind.COMMAND and bool(reading.effects) and reading.target is not None


def _join(pieces: list[tuple[Link, list[Token]]], tokens: Sequence[Token]) -> list[tuple[Link, list[Token]]]:
    """Put pieces together again whose separator stands inside a noun phrase."""
    joined: list[tuple[Link, list[Token]]] = []
    for link, piece in pieces:
        if joined and link in (Link.AND, Link.COMMA) and not _starts_anew(piece):
            left = joined[-1][1]
            if not _is_predicate(piece) and joins(left, piece, link is Link.COMMA):
                first, last = tokens.index(left[0]), tokens.index(piece[-1])
                joined[-1] = (joined[-1][0], list(tokens[first : last + 1]))
                continue
        joined.append((link, piece))
    return joined


def _starts_anew(piece: Sequence[Token]) -> bool:
    body = _strip(piece)
    if not body:
        return True
    if body[0].word.endswith("ing"):
        return body[0].word in _gerunds()
    reading = _read_body(take_degrees(body)[0])
    return reading is not None and (reading.kind is Kind.COMMAND or bool(reading.direction))


def _is_predicate(piece: Sequence[Token]) -> bool:
    reading = _read_body(take_degrees(_strip(piece))[0])
    return reading is not None and reading.kind is Kind.PREDICATE and reading.target is None


def _read(link: Link, tokens: Sequence[Token]) -> Clause:
    clause = Clause(link, tuple(tokens))
    if all(token.word in _COURTESY or token.word.isdigit() for token in tokens):
        return replace(clause, silent=True)
    body = _strip(tokens)
    if not body:
        return replace(clause, silent=True)
    if _is_negated(body):
        return replace(clause, negated=True)
    rest, strength = take_degrees([*body])
    if not rest or words(body) in _DEGREE_CLAUSES:
        return replace(clause, strength=_DEGREE_CLAUSES.get(words(body), strength), degree_only=True)
    reading = _read_body(rest)
    if reading is not None:
        strength = max(strength, reading.strength)
    return replace(clause, reading=reading, strength=strength)


_DEGREE_CLAUSES = {phrase: level for level, entry in lexicon.DEGREES for phrase in entry.split("|")} | {
    "not too much": 1,
    "not much": 1,
    "not a lot": 1,
    "not too strongly": 1,
}


def _read_body(body: Sequence[Token]) -> Reading | None:
    if not body:
        return None
    if body[0].word in _gerunds():
        first = Token(_gerunds()[body[0].word], body[0].start, body[0].end)
        reading = read_frames([first, *body[1:]])
        if reading is not None and reading.kind is Kind.COMMAND:
            return reading
    reading = _fronted(body) or read_frames(body)
    if reading is not None:
        return reading
    region = target(body) if is_phrase(body) and body[0].word not in verbs() else None
    return Reading(Kind.PHRASE, (), region) if region is not None else None


def _fronted(body: Sequence[Token]) -> Reading | None:
    """"for the sky use the visible image": the region comes first, without a comma."""
    if body[0].word not in ("for", "in", "on", "at"):
        return None
    for i in range(2, len(body)):
        if body[i].word not in _openers() or not is_phrase(body[1:i]):
            continue
        reading = read_frames(body[i:])
        if reading is not None and reading.kind is Kind.COMMAND and reading.effects and reading.target is None:
            return replace(reading, target=target(body[1:i]))
    return None


def _strip(tokens: Sequence[Token]) -> list[Token]:
    """Without what softens the request at either end."""
    tokens = list(tokens)
    while tokens:
        length = _prefix().prefix(Words([token.word for token in tokens[:14]]))
        if not length:
            break
        after = tokens[length].word if length < len(tokens) else ""
        if length == 1 and tokens[0].word in lexicon.ORDINAL_PREFIXES and after not in _openers():
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


def _is_negated(body: Sequence[Token]) -> bool:
    if any(True for _ in _unchanged().full(Words([token.word for token in body]))):
        return True
    length = _negation().prefix(Words([token.word for token in body]))
    rest = words(body[length:])
    return bool(length) and not (body[0].word == "not" and rest in _DEGREE_CLAUSES | {"too much": 1, "much": 1})


@cache
def _prefix() -> Pattern:
    return grammar().pattern(lexicon.PREFIX)


@cache
def _negation() -> Pattern:
    return grammar().pattern(lexicon.NEGATION)


@cache
def _unchanged() -> Pattern:
    return grammar().pattern(
        f"(leave|keep|let|leaving|keeping) NP ({lexicon.UNCHANGED}) | (leave|keep) NP (be|out) | ignoring NP | "
        "do nothing (to|with|about) NP | NP (shouldn't|should not|must not|mustn't|should stay|must stay|should remain) NP"
    )


@cache
def _trailing() -> tuple[tuple[str, ...], ...]:
    return tuple(sorted((tuple(entry.split()) for entry in lexicon.TRAILING.split("|")), key=len, reverse=True))


@cache
def _openers() -> frozenset[str]:
    sources = (lexicon.UP, lexicon.DOWN, lexicon.MAKE, lexicon.BIAS, lexicon.USE, *(verbs for _, verbs in lexicon.DIRECT))
    return frozenset(entry.split()[0] for source in sources for entry in source.split("|"))


@cache
def _gerunds() -> dict[str, str]:
    nouns = ("lighting", "clearing", "marking", "painting", "shading", "setting", "turning", "moving", "taking", "driving")
    plain = {gerund(verb): verb for verb in sorted(_openers()) if verb not in PREPOSITIONS and verb not in PRONOUNS}
    return {form: verb for form, verb in plain.items() if form not in nouns}


@cache
def _measured_words() -> frozenset[str]:
    return frozenset(
        "noise grain detail details texture textures light brightness colours colors colour color contrast exposure glare "
        "sharpness clarity visibility illumination luminance shadows".split()
    )
