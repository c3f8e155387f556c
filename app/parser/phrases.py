"""Noun phrases: what a run of words refers to, and which "and" stays inside one phrase."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from app.parser.scene_words import (
    ARTICLES,
    COLOURS,
    GARMENTS,
    MODIFIERS,
    NOUNS,
    POSITIONS,
    PREPOSITIONS,
    PRONOUNS,
    QUANTIFIERS,
    RELATIVES,
    REMARK_WORDS,
    TALK_WORDS,
    WHOLE_HEADS,
    WHOLE_MODIFIERS,
)
from app.parser.tokens import Token


class Reference(Enum):
    """A target that is no phrase of its own."""

    WHOLE = "the whole picture, named"
    PRONOUN = "what was named before"


@dataclass(frozen=True)
class Phrase:
    """A region's words: indices into the text, end exclusive."""

    start: int
    end: int


Target = Phrase | Reference
_WRAPPER = re.compile(
    r"^(?:(?:the|a) )?(?:(?:overall|visual|fused|fusion|general) )*"
    r"(?:effects?|results?|fusion|appearance|look|outcome|rendering|rendition|fused result|tendency|quality) of "
)
_WRAPPED = re.compile(
    r" (?:'s )?(?:(?:overall|visual|fused|fusion) )*"
    r"(?:(?<='s )(?:effects?|results?|appearance|look|rendering|quality|fusion)|"
    r"fusion (?:effects?|results?|quality|outcome|tendency)|fusion)$"
)
_PRONOUN_PHRASES = frozenset(
    (
        "all of them",
        "both of them",
        "them all",
        "them both",
        "each of them",
        "the same",
        "the same area",
        "the same region",
    )
    + (
        "the same object",
        "the same objects",
        "the same one",
        "the same place",
        "the same part",
        "those ones",
        "that one",
    )
    + ("this one", "these ones", "all of it", "that area", "this area", "that region", "this region", "all of these")
)
_POSITION_COMPANIONS = frozenset("side sides hand of the edge half corner and part end".split())
_PLACING = frozenset(
    "at near next beside behind under below above by with wearing holding carrying between opposite nearest "
    "closest".split()
)
_CLOTHING_PREPOSITIONS = frozenset("in wearing with carrying holding pushing".split())


def words(tokens: Sequence[Token]) -> str:
    """The tokens' words with single spaces."""
    return " ".join(token.word for token in tokens)


def target(tokens: Sequence[Token]) -> Target | None:
    """What a run of tokens refers to: its phrase without leading articles, demonstratives and possessive pronouns.

    Quantifiers ("two", "both", "all") belong to the phrase: they change what is referred to.
    """
    tokens = list(tokens)
    text = words(tokens)
    if match := _WRAPPER.match(text):
        tokens = tokens[match.group().count(" ") :]
    elif (match := _WRAPPED.search(text)) and text[: match.start()] not in ARTICLES:
        tokens = tokens[: text[: match.start()].count(" ") + 1]
    text = words(tokens)
    if text in _PRONOUN_PHRASES or text in PRONOUNS:
        return Reference.WHOLE if text == "all of it" else Reference.PRONOUN
    while tokens and tokens[0].word in ("only", "just", "'s", "also", "especially", "particularly"):
        tokens = tokens[1:]
    if len(tokens) > 2 and tokens[0].word == "both" and tokens[1].word in ARTICLES:
        tokens = tokens[1:]
    while tokens and tokens[0].word in ARTICLES:
        tokens = tokens[1:]
    while tokens and tokens[-1].word in ("and", "or", "the", "a", "an", "'s"):
        tokens = tokens[:-1]
    if not tokens or not any(character.isalnum() for token in tokens for character in token.word):
        return None
    if tokens[-1].word in WHOLE_HEADS and all(t.word in WHOLE_MODIFIERS or t.word in WHOLE_HEADS for t in tokens):
        return Reference.WHOLE
    return Phrase(tokens[0].start, tokens[-1].end)


def as_typed(text: str, phrase: Phrase) -> str:
    """The phrase's span of the text, with the mark that opens or closes a quotation it cuts in two."""
    region = text[phrase.start : phrase.end]
    for opening, closing in ('""', "“”", "()", "[]"):
        if opening == closing:
            unbalanced = region.count(opening) % 2 == 1
        else:
            unbalanced = region.count(opening) != region.count(closing)
        if unbalanced and closing in region and text[: phrase.start].endswith(opening):
            return opening + region
        if unbalanced and opening in region and text[phrase.end :].startswith(closing):
            return region + closing
    return region


def is_phrase(tokens: Sequence[Token]) -> bool:
    """Whether a run of tokens can close as a noun phrase: it does not end in a word that wants another one."""
    if not tokens:
        return False
    last = tokens[-1].word
    before = [token.word for token in tokens[:-1]]
    if last in ("on", "off") and set(before) & {"with", "that", "whose"}:
        return True
    if last in ("behind", "above", "below") and before[-1:] == ["from"]:
        return True
    if last.endswith("ing") and before[-1:] and before[-1] in ("is", "are", "was", "were", "'s"):
        return True
    return last not in _DANGLING


_DANGLING = (
    (
        PREPOSITIONS
        - POSITIONS
        - {
            "past",
            "off",
            "down",
            "up",
            "out",
            "about",
            "ahead",
            "across",
            "along",
            "over",
            "close",
            "away",
            "far",
            "adjacent",
            "like",
        }
    )
    | (RELATIVES - {"that"})
    | (ARTICLES - {"that", "this", "these", "those", "her"})
    | frozenset("and or very more less most is are not too be so only 's some extra additional any".split())
)


def is_referring(tokens: Sequence[Token]) -> bool:
    """Whether a text without a verb of change can be a referring expression ("tree beside the car").

    It names something that can be seen, or opens like a noun phrase; and it is no remark: no "I", "is" or "hello"
    outside a relative clause, and no article after a word that no noun phrase has there ("open the door").
    """
    if not tokens or not is_phrase(tokens):
        return False
    inside_relative = False
    determined = tokens[0].word in ARTICLES
    for i, token in enumerate(tokens):
        word = token.word
        reduced = determined and word in ("the", "a") and i > 1 and tokens[i - 1].word in NOUNS
        inside_relative = inside_relative or (i > 0 and word in RELATIVES) or reduced
        if word in REMARK_WORDS and not inside_relative and word not in NOUNS:
            return False
        if word in TALK_WORDS and not inside_relative and not determined and word not in NOUNS:
            return False
        if word in RELATIVES and i == 0 and word != "that":
            return False
        before = tokens[i - 1].word if i else ""
        if (
            word in ("the", "a", "an")
            and i
            and not inside_relative
            and before not in PREPOSITIONS | QUANTIFIERS
            and before not in ("and", "or", ",", "'s", "no", "as", "half", "next")
            and not before.endswith(("ing", "ed"))
        ):
            return False
    first = tokens[0].word
    if first in ARTICLES or (first in QUANTIFIERS and first not in ("no", "other", "others")):
        return len(tokens) > 1
    head = [token.word for token in tokens]
    return any(word in NOUNS for word in head) or (first in POSITIONS - {"next", "right", "well"} and len(head) > 1)


def joins(left: Sequence[Token], right: Sequence[Token], comma: bool) -> bool:
    """Whether the separator between two runs of one clause stands inside a noun phrase.

    Adjective lists ("black and white car"), "between A and B", clothes ("in a red coat and boots"), coordinated
    positions ("on the left and right"), participles and relative clauses.
    """
    if not left or not right:
        return False
    before, after = [token.word for token in left], [token.word for token in right]
    if "between" in before and not comma and "and" not in before[_last(before, "between") :]:
        return True
    bare = after[1:] if after[0] in ARTICLES and len(after) > 1 else after
    if before[-1] in POSITIONS and _is_position(bare):
        return True
    if after[0] in PREPOSITIONS - POSITIONS and _is_position([word for word in after[1:3] if word not in ARTICLES]):
        return before[-1] in POSITIONS or before[-1] in _POSITION_COMPANIONS
    if _is_modifier(before[-1]) and _is_modifier(bare[0]) and _modifier_run_opens(before):
        return after[0] not in ARTICLES or not any(word in NOUNS for word in before)
    if after[0] in RELATIVES and after[0] != "that":
        return True
    if comma and after[0] in _PLACING and any(word in NOUNS for word in before):
        return True
    worn = max((i for i, word in enumerate(before) if word in _CLOTHING_PREPOSITIONS), default=-1)
    if (
        worn >= 0
        and after[0] != "the"
        and any(word in GARMENTS for word in bare[:4])
        and not set(bare[:4]) & (NOUNS - GARMENTS - COLOURS)
    ):
        return True
    participle = after[0].endswith("ing") and after[0] not in NOUNS and not after[0].endswith("thing")
    return participle and not comma and any(word in NOUNS for word in before)


def _is_modifier(word: str) -> bool:
    return word in COLOURS or (word in MODIFIERS and word not in NOUNS)


def _last(items: Sequence[str], item: str) -> int:
    return len(items) - 1 - items[::-1].index(item)


def _is_position(bare: Sequence[str]) -> bool:
    if not bare or bare[0] not in POSITIONS:
        return False
    rest = [word for word in bare[1:] if word not in POSITIONS]
    return not rest or rest[0] in _POSITION_COMPANIONS or rest[0] not in NOUNS


def _modifier_run_opens(before: Sequence[str]) -> bool:
    """Whether the modifiers at the end of `before` open a phrase rather than close one ("on the left", "in red")."""
    start = len(before)
    while start and _is_modifier(before[start - 1]):
        start -= 1
    if not start:
        return True
    opener = before[start - 1]
    if before[-1] in POSITIONS and start > 1 and opener in ARTICLES and before[start - 2] in PREPOSITIONS:
        return False
    return (
        opener in ARTICLES
        or opener in QUANTIFIERS
        or opener in PREPOSITIONS
        or opener not in NOUNS
        and before[-1] in COLOURS
    )
