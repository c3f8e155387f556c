"""Phrases that say what they leave out: "everything except the sky", "all people but the cyclist", "the background".

A region masker marks what such a phrase names, which is the opposite of what it means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engines.masks import INSIDE, certain, mask_box
from engines.regions.colour_words import named_colours
from engines.regions.geometry import read_choice
from engines.regions.mask_pieces import pieces_of
from engines.regions.nouns import head_noun, same_kind, singular
from engines.regions.phrases import is_plural
from engines.types import Region

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
# Of several things those are left out that are covered by at least this share of what the most covered one is.
_MOST = 0.5
# Where less than this share of things would be left, nothing is left out.
_LEAST = 0.1


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


def find_remainder(
    phrase: str, remainder: Remainder, shape: tuple[int, int], locate: Callable[[str], Region]
) -> Region:
    """The region of a phrase that leaves something out.

    Args:
        phrase: As typed, the region's label.
        remainder: How it was read.
        shape: (H, W) of the picture.
        locate: Finds one phrase in the picture.

    Returns:
        The mask of the whole less those of what is left out; what of it was not found is told in the notes.
    """
    whole = Region(phrase, np.ones(shape, np.float32), 1.0, None) if remainder.of is None else locate(remainder.of)
    spared = [locate(part) for part in remainder.without]
    notes = list(dict.fromkeys(note for region in (whole, *spared) for note in region.notes))
    if not remainder.without:
        notes.append(f"“{phrase}” was taken for the whole picture, as nothing else is named.")
    elif remainder.without is FOREGROUND:
        notes.append(f"“{phrase}” was taken for all but the {', '.join(FOREGROUND)} that were found.")
    else:
        notes += [
            f"“{region.label}” was not found, so it was not left out of “{phrase}”."
            for region in spared
            if region.box is None
        ]
    found = [region for region in spared if region.box is not None]
    if remainder.of is None:
        mask = np.minimum.reduce([whole.mask, *(1.0 - certain(region.mask) for region in found)])
    else:
        mask, said = _without_things(whole, found)
        notes += said
    score = min(region.score for region in (whole, *found))
    return replace(whole, label=phrase, mask=mask, score=score, box=mask_box(mask), parts=(), notes=tuple(notes))


def _without_things(whole: Region, spared: Sequence[Region]) -> tuple[np.ndarray, list[str]]:
    """A mask of things without some of them, float32 (H, W), and notes.

    Things of the same kind go as a whole, since two masks of one person never have the same rim; of others, as a car
    without its wheels, goes what is left out. Where nothing would be left, all stay, as the masker could not tell them
    apart.
    """
    mask, notes = whole.mask, []
    for region in spared:
        if same_kind(head_noun(whole.label), head_noun(region.label)):
            left = _without_pieces(mask, region)
        else:
            left = np.minimum(mask, 1.0 - certain(region.mask))
        if np.count_nonzero(left >= INSIDE) < _LEAST * np.count_nonzero(mask >= INSIDE):
            notes.append(f"“{region.label}” could not be told from “{whole.label}”, so nothing was left out for it.")
        else:
            mask = left
    return mask, notes


def _without_pieces(mask: np.ndarray, spared: Region) -> np.ndarray:
    """A mask without the pieces that a region means: for one thing that which has most of it, else all it covers."""
    pieces = pieces_of(mask)
    covered = [np.count_nonzero(piece.on(spared.mask) >= INSIDE) for piece in pieces]
    if not any(covered):
        return mask
    choice = read_choice(spared.label)
    if choice.count is None and not is_plural(spared.label):
        gone = {int(np.argmax(covered))}
    else:
        shares = [pixels / piece.size for pixels, piece in zip(covered, pieces, strict=True)]
        gone = {i for i, share in enumerate(shares) if share >= _MOST * max(shares)}
    left = np.zeros(mask.shape, np.float32)
    for i, piece in enumerate(pieces):
        if i not in gone:
            np.copyto(piece.of(left), piece.of(mask), where=piece.inside)
    return left


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
