"""What a phrase says a thing is next to, behind or under, and which of several things is there."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import NamedTuple

import cv2
import numpy as np

from engines.regions.phrases import ends_noun

# Which way from the anchor the thing is, x and y; none for words that do not say.
_WAYS = {"left": (-1, 0), "right": (1, 0), "below": (0, 1), "above": (0, -1)}
_WORDS = {
    "next to": None,
    "beside": None,
    "near": None,
    "close to": None,
    "closer to": None,
    "closest to": None,
    "nearest": None,
    "nearest to": None,
    "by": None,
    "at": None,
    "on": None,
    "against": None,
    "between": None,
    "inside": None,
    "opposite": None,
    "behind": None,
    "in front of": None,
    "left of": "left",
    "right of": "right",
    "to the left of": "left",
    "to the right of": "right",
    "on the left of": "left",
    "on the right of": "right",
    "under": "below",
    "underneath": "below",
    "below": "below",
    "beneath": "below",
    "above": "above",
    "over": "above",
}
_RELATION = re.compile(rf"\b(?P<words>{'|'.join(sorted(_WORDS, key=len, reverse=True))})\b")
_ARTICLE = re.compile(r"^(?:the|an?|its|his|her|their|this|that)\s+")
# Places and people that are no thing in the picture.
_NO_THING = re.compile(
    r"^(?:(?:far|very|upper|lower|top|bottom|left|right|middle|cent(?:er|re)|front|back)\b.*|(?:left|right)most|"
    r"distance|background|foreground|picture|image|camera|viewer|us|them|others?|edges?|corners?|sides?|end|own)$"
)
# In pixels of the head's maps, a quarter of what it sees: how fast nearness ends, and how far to a side counts in full.
_REACH, _SIDEWAYS = 8.0, 10.0
_LEAST = 0.02


class Anchor(NamedTuple):
    """Something that a phrase places its thing by.

    Attributes:
        thing: What it is.
        way: On which side of it the thing is: one of left, right, above, below; None where the phrase does not say.
    """

    thing: str
    way: str | None


def own_words(phrase: str) -> str:
    """What a phrase says of its thing itself, without what it stands beside."""
    found = _RELATION.search(phrase.lower())
    return phrase[: found.start()] if found and found.start() else phrase


def anchors(phrase: str) -> list[Anchor]:
    """The things that a phrase places its own by: the hedge in "person behind the hedge"."""
    text = phrase.lower()
    found = list(_RELATION.finditer(text))
    ends = [relation.start() for relation in found[1:]] + [len(text)]
    named = []
    for relation, end in zip(found, ends, strict=False):
        words = takewhile(lambda word: not ends_noun(word), re.findall(r"[\w'-]+", text[relation.end() : end]))
        thing = _ARTICLE.sub("", " ".join(words).removesuffix(" and"))
        if thing and not _NO_THING.match(thing):
            named.append(Anchor(thing, _WORDS[relation["words"]]))
    return named


def nearness(thing: np.ndarray, anchor: np.ndarray) -> float:
    """How near a thing is to where an anchor is likely.

    Args:
        thing: bool (h, w), not empty.
        anchor: How likely each pixel is the anchor, float (h, w) in [0, 1].

    Returns:
        A logarithm, up to about 0.
    """
    away = cv2.distanceTransform((~thing).astype(np.uint8), cv2.DIST_L2, 3)
    return float(np.log((anchor * np.exp(-away / _REACH)).sum() / (anchor.sum() + 1e-3) + _LEAST))


def on_that_side(thing: np.ndarray, anchor: np.ndarray, way: str) -> float:
    """How far a thing is on one side of an anchor, from −1 (on the other) to 1; maps as in `nearness`."""
    rows, columns = np.mgrid[: thing.shape[0], : thing.shape[1]]
    total = anchor.sum() + 1e-3
    across = columns[thing].mean() - (anchor * columns).sum() / total
    down = rows[thing].mean() - (anchor * rows).sum() / total
    x, y = _WAYS[way]
    return float(np.tanh((across * x + down * y) / _SIDEWAYS))
