"""Which of several things a phrase for one of them means: "the woman in a red jacket", "the sign above the bus".

A small referring head marks every person for "the woman in a red jacket", the one that is meant only a little more
surely. What else the phrase says is therefore weighed with it: colours against the picture, sizes against the pieces,
and what stands beside against what the head marks for that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from engines.regions.beside import anchors, nearness, on_that_side, own_words
from engines.regions.colour_names import named_colours
from engines.regions.colour_words import COLOURLESS, lab, lightest, likeness
from engines.regions.geometry import Choice
from engines.regions.mask_pieces import Piece
from engines.regions.phrases import head_span, is_plural

# Weights of a softmax over the pieces, learnt on 526 sentences for single things of msrs_ris's train part, rounded.
_SURE, _COLOUR, _COLOURLESS, _NEAR, _ON_THAT_SIDE, _PLACE, _SIZE = 0.6, 1.1, 0.4, 0.4, 0.5, 4.4, 0.5
# Likelier than this must the likeliest be, or all are kept. Where pieces are chosen so, on 154 sentences for single
# things of the validation part, mean IoU rose from 35.7 with everything that is marked to 49.3.
_LEAST = 0.5
# Likeness below which a colour is as good as absent.
_FAINT = 0.03
_LARGE = re.compile(r"\b(?:big(?:ger)?|large|larger|tall(?:er)?|huge|long(?:er)?|nearer|closer)\b")
_SMALL = re.compile(
    r"\b(?:small(?:er)?|tiny|short(?:er)?|little|distant|far(?:ther)?|in the (?:distance|background))\b"
)
_ALONE = re.compile(r"\b(?:only|single|lone|one)\b")
_EVERY = re.compile(r"^\s*(?:all|every|each|any)\b")
# Several things in one phrase: "person and car", but not "red and white cone".
_AND_ANOTHER, _AND = re.compile(r"\band\s+(?:the|an?)\b"), re.compile(r"(?P<first>[a-z]+)\s+and\b")
# What is in pieces although it is one thing, or is many things under one name.
_IN_PIECES = frozenset(
    "alley asphalt background bank building bush court courtyard crosswalk crowd curb facade fence field floor foliage "
    "forest forecourt glass grass greenery ground group hedge hill house kerb lane lawn leaf line meadow mountain "
    "pair park path pavement plaza puddle queue railing river road roadway roof row sand scenery shrub shrubbery "
    "sidewalk sky snow square street terrace tree undergrowth vegetation wall water wood yard".split()
)


@dataclass(frozen=True)
class Evidence:
    """What is known of the picture beside the mask.

    Attributes:
        picture: float32 (H, W, 3), RGB in [0, 1], that the head looked at.
        difference: float32 (h, w), the logits of what the phrase means less those of the rest.
        likely: How likely each of the head's pixels is what other words name, (h, w) in [0, 1].
    """

    picture: np.ndarray
    difference: np.ndarray
    likely: Callable[[str], np.ndarray]


def number_meant(phrase: str, choice: Choice) -> int | None:
    """How many things a phrase singles out; None where it does not: "people", "person", "sky" or "traffic light".

    Args:
        phrase: A referring expression.
        choice: What `read_choice` reads in it.
    """
    noun = choice.noun
    begin, end = head_span(noun)
    if noun[begin:end].lower() in _IN_PIECES or _EVERY.match(phrase.lower()) or _names_another(noun, begin):
        return None
    if choice.count is not None and choice.count > 1:
        return choice.count
    if is_plural(noun):
        return None
    says_more = bool(noun[end:].strip()) or choice.order is not None
    told = (named_colours(noun[:begin]), _LARGE.search(noun), _SMALL.search(noun), _ALONE.search(noun))
    return 1 if says_more or any(told) else None


def _names_another(noun: str, begin: int) -> bool:
    """Whether the head noun, which begins there, is one of several that "and" joins."""
    if _AND_ANOTHER.search(noun):
        return True
    joined = _AND.search(noun[:begin])
    return joined is not None and not (named_colours(joined["first"]) or _size_asked(joined["first"]))


def meant(phrase: str, choice: Choice, number: int, pieces: Sequence[Piece], evidence: Evidence) -> list[int] | None:
    """The pieces that a phrase for so many things means, as far as that can be said.

    Args:
        phrase: One that singles out something.
        choice: What `read_choice` reads in it.
        number: From `number_meant`.
        pieces: Things of the mask found for it, one or more.
        evidence: Of the same picture.

    Returns:
        So many indices, fewer where there are not so many; None where the rest is as likely.
    """
    shape = evidence.picture.shape[:2]
    scores = _SURE * _sureness(pieces, evidence.difference, shape)
    scores += _by_colour(phrase, pieces, evidence.picture)
    scores += _by_anchor(phrase, pieces, evidence, shape)
    scores += _PLACE * _by_place(choice.order, pieces, shape[1])
    scores += _SIZE * _size_asked(phrase) * np.log([piece.size for piece in pieces])
    order = np.argsort(-scores, kind="stable")
    best, others = order[:number].tolist(), order[number:]
    if number == 1:
        told_apart = 1.0 / np.exp(scores - scores[best[0]]).sum() > _LEAST
    else:
        told_apart = not len(others) or scores[best[-1]] > scores[others[0]]
    return best if told_apart else None


def _sureness(pieces: Sequence[Piece], difference: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """The head's largest logit on each piece."""
    full = cv2.resize(difference, shape[::-1])
    return np.array([float(piece.on(full).max()) for piece in pieces])


def _by_colour(phrase: str, pieces: Sequence[Piece], picture: np.ndarray) -> np.ndarray:
    """How much each piece has of the colours that the phrase gives its thing."""
    scores = np.zeros(len(pieces))
    names = named_colours(own_words(phrase))
    if names:
        white = lightest(picture)
        parts = [lab(piece.of(picture)) for piece in pieces]
        for name in names:
            alike = [
                float(likeness(name, p, white)[piece.inside].mean()) for p, piece in zip(parts, pieces, strict=True)
            ]
            scores += (_COLOURLESS if name in COLOURLESS else _COLOUR) * np.log(np.array(alike) + _FAINT)
    return scores


def _by_anchor(phrase: str, pieces: Sequence[Piece], evidence: Evidence, shape: tuple[int, int]) -> np.ndarray:
    """How near each piece is to what the phrase says it stands beside, and on the side it says."""
    told = [(way, evidence.likely(thing)) for thing, way in anchors(phrase)]
    found = [(way, likely) for way, likely in told if likely.any()]
    near, side = np.zeros(len(pieces)), np.zeros(len(pieces))
    small = [_shrunk(piece, shape, evidence.difference.shape) for piece in pieces] if found else []
    for way, likely in found:
        near += [nearness(one, likely) for one in small]
        if way is not None:
            side += [on_that_side(one, likely, way) for one in small]
    return _NEAR * near / max(len(found), 1) + _ON_THAT_SIDE * side


def _shrunk(piece: Piece, shape: tuple[int, int], size: tuple[int, int]) -> np.ndarray:
    """A piece in a picture of that shape, as bool (h, w); never empty."""
    full = np.zeros(shape, np.float32)
    piece.of(full)[piece.inside] = 1.0
    share = cv2.resize(full, size[::-1], interpolation=cv2.INTER_AREA)
    return share >= min(0.3, float(share.max()))


def _by_place(order: str | None, pieces: Sequence[Piece], width: int) -> np.ndarray:
    """How far each piece is where the phrase says without comparing, in widths of the picture."""
    across = np.array([(piece.box[0] + piece.box[2]) / (2.0 * width) for piece in pieces])
    if order == "middle":
        return -2.0 * np.abs(across - 0.5)
    return {"left": -across, "right": across}.get(order or "", np.zeros(len(pieces)))


def _size_asked(phrase: str) -> int:
    """1 for something large, −1 for something small."""
    text = phrase.lower()
    return bool(_LARGE.search(text)) - bool(_SMALL.search(text))
