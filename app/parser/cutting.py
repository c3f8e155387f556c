"""Cuts a sentence into clauses; a separator inside a noun phrase does not cut."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from app.parser import lexicon
from app.parser.clauses import Clause, Link, gerunds, read_body, read_clause, strip_request
from app.parser.degrees import take_degrees
from app.parser.grammar import grammar
from app.parser.notation import Clause as Words
from app.parser.notation import Pattern
from app.parser.phrases import joins
from app.parser.reading import Kind
from app.parser.scene_words import WHOLE_HEADS
from app.parser.tokens import Token

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
_ASIDE_SUBJECTS = frozenset(
    "i we it they you he she the that people one everyone it's they're i'm you're there".split()
)
_PURPOSES = frozenset(
    "see make help get improve reveal let reduce increase show avoid emphasise emphasize highlight brighten darken "
    "spot notice "
    "remove enhance find identify recognise recognize distinguish look prevent give ensure keep better make".split()
)
_PURPOSE_STOPPERS = frozenset(
    "want need like try possible able have easy easier hard difficult me you us love order is are due next close "
    "want wants "
    "needs used going it them harder simpler impossible how again attention priority closest nearest adjacent "
    "brightness "
    "similar according up forget remember wish prefer sure right left clearer ready".split()
)
_QUANTIFIED = frozenset(
    "more less fewer no higher lower better greater extra additional reduced increased natural".split()
)
# Verbs that start a new clause without any separator ("darken sky brighten road").
_RUN_ON = frozenset(
    "brighten darken denoise highlight emphasise emphasize remove reduce increase sharpen lighten bias make "
    "decrease".split()
)


def cut_clauses(tokens: Sequence[Token]) -> list[Clause]:
    """Read a sentence clause by clause; a separator inside a noun phrase does not cut."""
    return [read_clause(link, cut) for link, cut in _cut(_drop_contrasts(list(tokens)))]


def _drop_contrasts(tokens: list[Token]) -> list[Token]:
    """Take out "instead of visible", "rather than the thermal one": the source not to use."""
    for i in range(len(tokens) - 1, 0, -1):
        length = _contrast().prefix(Words([token.word for token in tokens[i : i + 8]]))
        if length and tokens[i - 1].word in _source_words():
            del tokens[i : i + length]
    return tokens


@cache
def _source_words() -> frozenset[str]:
    named = "infrared thermal ir heat visible vis rgb optical daylight visual one".split()
    return frozenset(lexicon.KIND.split("|")) | frozenset(named)


@cache
def _contrast() -> Pattern:
    return grammar().pattern("(instead of|rather than|as opposed to|over|and not|not|more than) SOURCE")


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
    if (
        word == "as"
        and following[0] in ("it", "they", "he", "she", "i", "it's")
        and set(following[1:]) & {"too", "so", "very", "can't", "hard"}
    ):
        return Link.ASIDE, 1
    if word == "to" and following[0] in _PURPOSES and before[-1].word not in _PURPOSE_STOPPERS and _is_command(before):
        return Link.ASIDE, 1
    if word == "by" and following[0] in gerunds():
        return Link.BY, 1
    if before[-1].word in WHOLE_HEADS and (
        word in ("except", "excluding") or (word, following[0]) == ("apart", "from")
    ):
        return (Link.BUT, 0) if _is_command(before) else (None, 0)
    if word == "without" and following[0].endswith("ing"):
        return Link.BUT, 0
    if word in ("instead", "rather") and following[0] in ("of", "than"):
        return Link.BUT, 0
    if word == "with" and following[0] in _QUANTIFIED and _measured_words() & set(following[1:3]):
        return Link.WITH, 1
    return None, 0


def _is_command(tokens: Sequence[Token]) -> bool:
    reading = read_clause(Link.START, list(tokens)).reading
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
    body = strip_request(piece)
    if not body:
        return True
    if body[0].word.endswith("ing"):
        return body[0].word in gerunds()
    reading = read_body(take_degrees(body)[0])
    return reading is not None and (reading.kind is Kind.COMMAND or bool(reading.direction))


def _is_predicate(piece: Sequence[Token]) -> bool:
    reading = read_body(take_degrees(strip_request(piece))[0])
    return reading is not None and reading.kind is Kind.PREDICATE and reading.target is None


@cache
def _measured_words() -> frozenset[str]:
    return frozenset(
        "noise grain detail details texture textures light brightness colours colors colour color contrast exposure "
        "glare "
        "sharpness clarity visibility illumination luminance shadows".split()
    )
