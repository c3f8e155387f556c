"""Words that choose among several things by where they are or how large: leftmost, nearest, second from the left, two.

Detectors read such words badly (they mark every lion for "the left lion"), so the words are taken out of the phrase and
obeyed here, on the boxes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engines.regions.phrases import is_plural

NUMBERS = {word: value for value, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
NUMBERS |= {"both": 2, "pair of": 2, "couple of": 2}
_ORDINALS = {
    word: value
    for value, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)
}
FRAME = r"(?:picture|image|photo|photograph|frame|scene|view)"
_OF_FRAME = rf"(?:\s+of\s+(?:the\s+)?{FRAME})?"
_WAY = r"(?:road|street|lane|path|way|track|pavement|sidewalk|square|yard)"
_OF_WAY = rf"(?:\s+of\s+(?:the\s+)?(?P<anchor>(?:\w+\s+)?{_WAY}))"
_OF_ANYTHING = rf"(?:\s+of\s+(?:the\s+|a\s+)?(?P<anchor>(?:\w+\s+)?{_WAY}|\w+))?"
_NOT_OF = r"(?!\s+of\b)"
_DETERMINER = r"(?:the|an?|this|that|these|those|his|her|its|their|another)"
_CAMERA = r"(?:camera|viewer|us|me)\b"
# Nearest of all, but not "nearest the car", "nearest to the car" or "nearest person to the car".
_TO_CAMERA = rf"(?:\s+(?:(?:to|from)\s+)?(?:the\s+)?{_CAMERA}|(?!\s+(?:to|from|{_DETERMINER})\b))"
_NO_OTHER_GOAL = rf"(?!.*\bto\s+{_DETERMINER}\s+(?!{_CAMERA}))"
_NO_OTHER_START = rf"(?!.*\bfrom\s+{_DETERMINER}\s+(?!{_CAMERA}))"
# A hand and a turn are left or right wherever they are in the picture.
_SIDED = (
    r"(?:hands?|arms?|foot|feet|legs?|knees?|elbows?|shoulders?|wrists?|ankles?|thumbs?|eyes?|ears?|shoes?|gloves?|"
    r"sleeves?|wings?|turn(?:s|ings?)?|arrows?)\b"
)
_HAND_SIDE = r"(?:-hand|\s+hand(?=\s+(?!(?:of|in|on|at|with|from|and|is|holding)\b)\w))?"
# So is the part of a thing ("left wheel of the car"), but not one of several ("left car of the two").
_SEVERAL = rf"(?:{'|'.join(NUMBERS)}|\d|pair|couple|group|row|line|trio|{FRAME}|(?:\w+\s+)?{_WAY})\b"
_OF_A_THING = (
    r"(?:\s+\w+)?\s+(?!(?:one|pair|couple|group|row|line|front|ahead|outside|inside)\b)\w+\s+"
    rf"of\s+{_DETERMINER}\s+(?!{_SEVERAL})"
)
_OF_ONE = rf"of\b(?!\s+(?:the\s+)?(?:{'|'.join(NUMBERS)}|\d)\b)"
_NO_SIDE = rf"(?:{_SIDED}|{_OF_ONE}|(?:side|half|part|edge|end|behind|over|unattended|drive|angled?)\b)"
_NO_MIDDLE = rf"(?:{_OF_ONE}|(?:aged?|class|finger|ground|name|school|heating|reservation|station)\b)"

# What is searched for, the order it asks for ("side" stands for the group of that name), and whether it singles out one
# thing by comparison. Tried from top to bottom.
_ORDER_PATTERNS: tuple[tuple[re.Pattern[str], str, bool], ...] = tuple(
    (re.compile(pattern), order, compares)
    for pattern, order, compares in (
        (r"\b(?P<side>left|right|top|bottom|upper|lower)[- ]?most\b", "side", True),
        (rf"\b(?:on|at|to)\s+the\s+(?:far|very|extreme)\s+(?P<side>left|right)(?:\s+(?:side|end|edge)\b)?{_OF_FRAME}",
         "side", True),
        (rf"\b(?:farthest|furthest)\s+(?:to\s+the\s+)?(?P<side>left|right)\b{_OF_FRAME}", "side", True),
        (rf"\b(?:nearest|closest){_TO_CAMERA}{_NO_OTHER_GOAL}", "near", True),
        (rf"\b(?:farthest|furthest|most\s+distant|remotest)(?:\s+away)?{_TO_CAMERA}{_NO_OTHER_START}", "far", True),
        (rf"\bin\s+(?:the\s+)?(?:foreground|front)\b{_NOT_OF}", "near", False),
        (r"\bin\s+the\s+(?:background|distance)\b", "far", False),
        (r"\b(?:largest|biggest|hugest)\b", "large", True),
        (r"\b(?:smallest|tiniest|littlest)\b", "small", True),
        (r"\btallest\b", "tall", True),
        (rf"\b(?:on|at|in|to)\s+the\s+(?P<side>left|right)(?:[- ]hand)?\s+(?:side|half|part|edge|end)\b{_OF_ANYTHING}",
         "side", False),
        (rf"\b(?:on|at|to)\s+the\s+(?P<side>left|right)\b"
         rf"(?:\s+of\s+(?:the\s+)?{FRAME}|{_OF_WAY}|{_HAND_SIDE}{_NOT_OF}(?!\s+{_SIDED}))", "side", False),
        (rf"\b(?:on|at|in)\s+the\s+(?P<side>top|bottom)\b(?:\s+of\s+(?:the\s+)?{FRAME}|{_NOT_OF})", "side", False),
        (rf"\b(?:on|at|in)\s+the\s+(?P<side>upper|lower)\s+(?:part|half){_OF_FRAME}", "side", False),
        (rf"\bin\s+the\s+(?:middle|cent(?:er|re))\b(?:\s+of\s+(?:the\s+)?{FRAME}|{_NOT_OF})", "middle", False),
        (rf"^(?P<side>left|right){_HAND_SIDE}(?=\s+(?!{_NO_SIDE})\w)(?!{_OF_A_THING})", "side", False),
        (rf"^(?:middle|central)(?=\s+(?!{_NO_MIDDLE})\w)", "middle", False),
    )
)  # fmt: skip
_SIDES = {"upper": "top", "lower": "bottom"}
_ORDINAL = rf"\b(?P<rank>{'|'.join(_ORDINALS)}|\d(?:st|nd|rd|th))\b"
_RANK = re.compile(rf"{_ORDINAL}(?P<noun>.*?)\s*\bfrom\s+(?:the\s+)?(?P<side>left|right|top|bottom)\b")
# As in "second largest" and "second-nearest".
_RANK_BEFORE = re.compile(rf"{_ORDINAL}[- ]$")
_ARTICLE = re.compile(r"^(?:the|a|an|all(?:\s+of)?(?:\s+the)?|every|each|those|these|some|any)\s+")
_COUNT = re.compile(rf"^(?P<count>{'|'.join(sorted(NUMBERS, key=len, reverse=True))}|[2-9])\s+(?!of\b)(?=\w)")

# Smaller comes first. Boxes are x0, y0, x1, y1; on the ground, what is nearer ends lower in the picture.
_KEYS: dict[str, Callable[[np.ndarray, tuple[int, int]], np.ndarray]] = {
    "left": lambda b, shape: b[:, 0] + b[:, 2],
    "right": lambda b, shape: -(b[:, 0] + b[:, 2]),
    "top": lambda b, shape: b[:, 1] + b[:, 3],
    "bottom": lambda b, shape: -(b[:, 1] + b[:, 3]),
    "near": lambda b, shape: -b[:, 3] - _areas(b) / (4.0 * shape[0] * shape[1]),
    "far": lambda b, shape: b[:, 3],
    "large": lambda b, shape: -_areas(b),
    "small": lambda b, shape: _areas(b),
    "tall": lambda b, shape: b[:, 1] - b[:, 3],
    "middle": lambda b, shape: np.abs(b[:, 0] + b[:, 2] - shape[1]),
}
_HALVES = frozenset({"left", "right", "top", "bottom"})


def _areas(boxes: np.ndarray) -> np.ndarray:
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


@dataclass(frozen=True)
class Choice:
    """A phrase, taken apart.

    Attributes:
        noun: What to look for, without article and without the words obeyed here.
        order: Which come first: a side (left, right, top, bottom), near, far, large, small, tall or middle; None for
            the detector's own order.
        rank: Which of that order, from 1.
        count: How many; None where the phrase gives no number.
        anchor: A thing that was named as having a side, which is taken for the picture's side; None without one.
        compares: Whether one thing is singled out by comparison (leftmost, nearest), not by a place (on the left).
    """

    noun: str
    order: str | None = None
    rank: int = 1
    count: int | None = None
    anchor: str | None = None
    compares: bool = False


def read_choice(phrase: str) -> Choice:
    """Take a phrase apart; one that would leave nothing to look for stays whole."""
    whole = " ".join(phrase.lower().split())
    text = _ARTICLE.sub("", whole)
    order, rank, count, anchor, compares = None, 1, None, None, False
    if found := _RANK.search(text):
        order, rank, compares = found["side"], _rank(found), True
        text = text[: found.start()] + found["noun"] + text[found.end() :]
    text = _ARTICLE.sub("", text.strip())
    if found := _COUNT.match(text):
        count = NUMBERS.get(found["count"]) or int(found["count"])
        text = text[found.end() :]
    for pattern, name, compares_by in _ORDER_PATTERNS if order is None else ():
        if found := pattern.search(text):
            groups = found.groupdict()
            order = _SIDES.get(groups["side"], groups["side"]) if name == "side" else name
            anchor, compares = groups.get("anchor"), compares_by
            before, after = text[: found.start()], text[found.end() :]
            if compares and (ranked := _RANK_BEFORE.search(before)):
                rank, before = _rank(ranked), before[: ranked.start()]
            text = f"{before} {after}"
            break
    text = _ARTICLE.sub("", " ".join(text.split()).strip(" ,"))
    if count is None and (found := _COUNT.match(text)):
        count = NUMBERS.get(found["count"]) or int(found["count"])
        text = text[found.end() :]
    noun = re.sub(r"^(?:of\s+)?(?:the\s+)|\s+(?:of|to|from|on|at|in|and)$", "", text)
    if not noun:
        return Choice(_ARTICLE.sub("", whole))
    if anchor is not None and re.fullmatch(FRAME, anchor.split()[-1]):
        anchor = None
    return Choice(noun, order, rank, count, anchor, compares)


def _rank(found: re.Match[str]) -> int:
    return _ORDINALS.get(found["rank"]) or int(found["rank"][0])


def thing_within(within: str | None) -> str | None:
    """What a phrase says places lie within, "road" of "the dark parts of the road"; None where that is the picture."""
    return None if within is None or re.fullmatch(FRAME, within, re.IGNORECASE) else within


def anchor_notes(phrase: str, choice: Choice) -> list[str]:
    """That a thing's side was taken for the picture's, for the person; empty where the phrase names no such side."""
    if choice.anchor is None:
        return []
    return [f"“{phrase}”: the {choice.order} of the {choice.anchor} was taken for that of the picture."]


def choose(choice: Choice, boxes: np.ndarray, shape: tuple[int, int], keys: np.ndarray | None = None) -> list[int]:
    """Which boxes a phrase means.

    Without a number, a word of order means one thing, but a whole side for a plural ("the people on the left").

    Args:
        choice: From `read_choice`.
        boxes: float (N, 4), x0, y0, x1, y1 in pixels, the most certain first.
        shape: Height and width of the picture.
        keys: What the order asked for goes by, smaller first; None for what the boxes say.

    Returns:
        Indices, in the order asked for; fewer than asked for where there are not so many.
    """
    everything = list(range(len(boxes)))
    if choice.order is None or not everything:
        return everything[: choice.count]
    keys = _KEYS[choice.order](np.asarray(boxes, dtype=float), shape) if keys is None else keys
    ordered = [int(index) for index in np.argsort(keys, kind="stable")]
    start = choice.rank - 1
    if choice.count is not None:
        return ordered[start : start + choice.count]
    if choice.rank > 1 or not is_plural(choice.noun):
        return ordered[start : start + 1]
    middle = _half(choice.order, keys, shape)
    return [index for index in ordered if keys[index] <= middle] or ordered[:1]


def _half(order: str, keys: np.ndarray, shape: tuple[int, int]) -> float:
    """The key up to which a plural counts: the picture's middle for a side, else the middle of those found."""
    if order in _HALVES:
        extent = shape[1] if order in ("left", "right") else shape[0]
        return float(extent if order in ("left", "top") else -extent)
    return math.fsum((keys.min(), keys.max())) / 2.0
