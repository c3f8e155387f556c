"""Phrases that say what they leave out: "everything except the sky", "all people but the cyclist", "the background".

A region masker marks what such a phrase names, which is the opposite of what it means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engines.regions.colour_names import named_colours
from engines.regions.nouns import head_noun, singular

_PICTURE = r"(?:picture|image|photo|photograph|pic|scene|frame|view|shot)"
_LEAVES_OUT = re.compile(
    r"[\s,]+(?:except(?:\s+for)?|excepting|excluding|(?:apart|aside)\s+from|other\s+than|save\s+for|but\s+not|"
    r"with\s+the\s+exception\s+of)\s+",
    re.IGNORECASE,
)
# "but" leaves out only after a word for all of something.
_BUT = re.compile(r"(?<=\S)[\s,]+but\s+", re.IGNORECASE)
_ALL = re.compile(r"(?:all|any\w*|every\w*|each|both|the\s+(?:whole|entire))\b", re.IGNORECASE)
_EVERYTHING = re.compile(
    rf"(?:everything|anything|everywhere|all|(?:all\s+(?:of\s+)?)?(?:the\s+)?(?:whole|entire|full|complete|overall)?\s*"
    rf"(?:{_PICTURE}|whole|rest))(?:\s+(?:in|of)\s+(?:the\s+)?{_PICTURE})?",
    re.IGNORECASE,
)
_EVERYONE = re.compile(r"(?:everyone|everybody|anyone|anybody)\b", re.IGNORECASE)
_BACKGROUND = re.compile(
    rf"(?:the\s+)?(?:whole\s+|entire\s+)?back-?ground(?:\s+(?:in|of)\s+(?:the\s+)?{_PICTURE})?", re.IGNORECASE
)
_REST = re.compile(
    r"(?:everything|all|anything|everywhere)\s+else|elsewhere|(?:all\s+)?(?:the\s+)?(?:"
    rf"(?:rest|remainder|surroundings)(?:\s+of\s+(?:it|(?:the\s+)?{_PICTURE}))?|"
    rf"(?:other|remaining)\s+(?:parts?|areas?|regions?|pixels?|things?|{_PICTURE}))",
    re.IGNORECASE,
)
# What stands before a background in street scenes.
FOREGROUND = ("people", "cars", "bicycles")
_AND = re.compile(r"(\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+|\s*&\s*)", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:not\s+|for\s+)?(?:(?:the|a|an|those|these|its|their|his|her|my|our)\s+)?", re.IGNORECASE)
_ONE = re.compile(r"\bone(s?)\b", re.IGNORECASE)
# "the two on the left": a count that stands for counted things.
_COUNT = re.compile(
    r"(?:two|three|four|five|six|[2-9])(?=\s+(?:on|at|in|near|next|by|behind|with|from|to)\b)", re.IGNORECASE
)


@dataclass(frozen=True)
class Remainder:
    """What is left of something.

    Attributes:
        of: What it is left of; None for the whole picture.
        without: What is left out of that, one phrase each; none where the phrase only says that something is.
    """

    of: str | None
    without: tuple[str, ...]


def read_remainder(phrase: str) -> Remainder | None:
    """What a phrase leaves out of what; None for a phrase that leaves nothing out."""
    phrase = phrase.strip()
    if _BACKGROUND.fullmatch(phrase):
        return Remainder(None, FOREGROUND)
    if _REST.fullmatch(phrase):
        return Remainder(None, ())
    cut = _LEAVES_OUT.search(phrase)
    if cut is None and _ALL.match(phrase):
        cut = _BUT.search(phrase)
    if cut is None or not phrase[: cut.start()]:
        return None
    of: str | None = phrase[: cut.start()]
    if _EVERYTHING.fullmatch(of):
        of = None
    elif _EVERYONE.match(of):
        of = "people"
    without = tuple(_meant(part, of) for part in _parts(phrase[cut.end() :]))
    return Remainder(of, without) if without else None


def is_rest(phrase: str) -> bool:
    """Whether a phrase means all that is not named: "the rest", "the background"."""
    return any(pattern.fullmatch(phrase.strip()) for pattern in (_REST, _BACKGROUND))


def _parts(text: str) -> list[str]:
    """What is listed, one phrase each, without articles: "the sky and the road". Colours of one thing stay together."""
    pieces: list[str] = []
    joined = ""
    for part in _AND.split(text.strip()):
        if _AND.fullmatch(part):
            joined = part
        elif pieces and named_colours(pieces[-1].split()[-1]) and not _ARTICLE.match(part).group():
            pieces[-1] += joined + part
        elif part.strip():
            pieces.append(part)
    bare = (piece[_ARTICLE.match(piece).end() :].strip() for piece in pieces)
    return [piece for piece in bare if piece]


def _meant(part: str, of: str | None) -> str:
    """A part with the noun that it leaves unsaid: "red one" of "all cars", "two on the left"."""
    if of is None:
        return part
    noun = head_noun(of)
    if count := _COUNT.match(part):
        return f"{count.group()} {noun}{part[count.end() :]}"
    if one := _ONE.search(part):
        return f"{part[: one.start()]}{noun if one.group(1) else singular(noun)}{part[one.end() :]}"
    return part
