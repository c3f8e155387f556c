"""Phrases for a share of the picture or of a thing: "the left half", "the bottom right corner", "the top of the tree".

A masker marks next to nothing, or the whole thing, for such words; where a share lies follows from the frame, or from
the box of the thing, see `engines.regions.share_masks`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engines.regions.geometry import FRAME
from engines.regions.nouns import head_noun, is_person
from engines.regions.phrases import is_plural

# From and to, as shares of the width or the height.
Span = tuple[float, float]
# Across and down.
Rectangle = tuple[Span, Span]

_ALL: Span = (0.0, 1.0)
_ACROSS = {"left": False, "right": True}
_DOWN = {"top": False, "upper": False, "uppermost": False, "bottom": True, "lower": True, "lowermost": True}
_MIDDLE = frozenset({"middle", "center", "centre", "central"})
# How far from its side a share reaches; "part" and the like say nothing.
_AMOUNTS = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "edge": 1 / 8, "border": 1 / 8, "margin": 1 / 8}
_UNSAID = frozenset({"side", "part", "portion", "section", "area", "region", "quadrant"})
_CORNER = 1 / 3
# Of a thing or a picture without a word for how much: its side, its part, its top or bottom.
_SIDE, _PART, _END = 1 / 2, 1 / 2, 1 / 3
_CENTRE: Span = (1 / 4, 3 / 4)
_BEFORE = frozenset({"the", "a", "whole", "entire", "far", "very", "extreme"})

_EVERYTHING = re.compile(
    r"(?:(?:all\s+of\s+)?it|all|everything|anything|what(?:ever)?|(?:all\s+)?(?:the\s+)?(?:things|stuff))"
    r"(?:\s+(?:that|which))?(?:\s+(?:is|are|lies)|['’]s)?\s+(?:on|in|at|to|within|inside|along)\s+",
    re.IGNORECASE,
)
_OF = re.compile(r"(?:of|in)\s+(?:the\s+|this\s+|that\s+)?(?P<thing>.+)", re.IGNORECASE)
_FRAME = re.compile(rf"(?:(?:whole|entire)\s+)?{FRAME}", re.IGNORECASE)
_ALL_ROUND = re.compile(
    r"(?:all\s+)?(?:of\s+)?(?:the\s+)?(?:four\s+)?(?:outer\s+)?(?P<what>corners|edges|borders|margins)"
    rf"(?P<of>\s+of\s+(?:the\s+|this\s+)?{FRAME})?",
    re.IGNORECASE,
)
# Of a standing person, from the top of the head to the soles.
_BODY: dict[str, Span] = {
    **dict.fromkeys(("head", "heads", "face", "faces"), (0.0, 0.15)),
    **dict.fromkeys(("upper body", "upper bodies"), (0.0, 0.5)),
    **dict.fromkeys(("torso", "torsos", "chest", "chests"), (0.15, 0.5)),
    **dict.fromkeys(("legs", "lower body", "lower bodies"), (0.5, 1.0)),
    **dict.fromkeys(("feet",), (0.92, 1.0)),
}
_BODY_PART = "|".join(sorted(_BODY, key=len, reverse=True))
_BODY_OF = re.compile(
    rf"(?:the\s+)?(?:(?P<part>{_BODY_PART})(?:\s+of\s+(?P<owner>.+))?|(?P<whose>.+?)(?:['’]s|s['’])\s+(?P<its>{_BODY_PART}))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Share:
    """A share of something.

    Attributes:
        of: What it is a share of; None for the picture.
        rectangles: Where it lies in the box of that, as shares of the box.
        each: Whether every single thing has its own.
        guessed: Whether it is a part that usually lies there, such as a head.
    """

    of: str | None
    rectangles: tuple[Rectangle, ...]
    each: bool = False
    guessed: bool = False


def read_share(phrase: str) -> Share | None:
    """What share of what a phrase means; None for a phrase that means no share."""
    phrase = " ".join(phrase.split())
    if found := _ALL_ROUND.fullmatch(phrase):
        return _all_round(found["what"].lower(), found["of"] is not None)
    if found := _BODY_OF.fullmatch(phrase):
        return _of_body(found)
    if everything := _EVERYTHING.match(phrase):
        share = _read_place(phrase[everything.end() :])
        return share if share is not None and share.of is None else None
    return _read_place(phrase)


def _read_place(phrase: str) -> Share | None:
    words = phrase.replace("-", " ").split()
    while words and words[0].lower() in _BEFORE:
        words = words[1:]
    across = down = None
    middle = False
    while words:
        word = words[0].lower()
        if word in _ACROSS and across is None:
            across = _ACROSS[word]
        elif word in _DOWN and down is None:
            down, ends = _DOWN[word], word in ("top", "bottom")
        elif word in _MIDDLE and not middle:
            middle = True
        elif not (word == "hand" and across is not None):
            break
        words = words[1:]
    if across is None and down is None and not middle or middle and (across is not None or down is not None):
        return None
    amount = words[0].lower() if words and words[0].lower() in {*_AMOUNTS, *_UNSAID, "corner", "end"} else None
    rest = " ".join(words[1:] if amount else words)
    of = None
    if rest:
        found = _OF.fullmatch(rest)
        if found is None:
            return None
        of = None if _FRAME.fullmatch(found["thing"]) else found["thing"]
    if of is not None and amount is None and across is not None:
        # "left of the car" is beside it.
        return None
    if middle:
        rectangle = _middle(amount)
    elif across is not None and down is not None:
        reach = _CORNER if amount == "corner" else _AMOUNTS.get(amount or "", _PART)
        reach = _PART if amount == "quarter" else reach
        rectangle = (_from_side(across, reach), _from_side(down, reach))
    elif across is not None:
        reach = _END if amount == "end" else _AMOUNTS.get(amount or "", _SIDE)
        rectangle = (_from_side(across, reach), _ALL)
    else:
        unsaid = _END if amount in (None, "end") and ends else _PART
        rectangle = (_ALL, _from_side(down, _AMOUNTS.get(amount or "", unsaid)))
    if amount == "corner" and (across is None or down is None):
        return None
    return Share(of, (rectangle,), each=of is not None and is_plural(of))


def _middle(amount: str | None) -> Rectangle:
    if amount in _AMOUNTS:
        reach = _AMOUNTS[amount]
        return ((1.0 - reach) / 2.0, (1.0 + reach) / 2.0), _ALL
    return _CENTRE, _CENTRE


def _from_side(from_end: bool, reach: float) -> Span:
    return (1.0 - reach, 1.0) if from_end else (0.0, reach)


def _all_round(what: str, of_picture: bool) -> Share | None:
    """All corners or edges of the picture; "edges" alone are those of things."""
    if what == "corners":
        spans = [_from_side(end, 1 / 4) for end in (False, True)]
        return Share(None, tuple((across, down) for across in spans for down in spans))
    if what == "edges" and not of_picture:
        return None
    spans = [_from_side(end, _AMOUNTS["edge"]) for end in (False, True)]
    return Share(None, (*((span, _ALL) for span in spans), *((_ALL, span) for span in spans)))


def _of_body(found: re.Match[str]) -> Share | None:
    part = (found["part"] or found["its"]).lower()
    owner = found["owner"] or found["whose"]
    if owner is None:
        # One head might be that of a bolt.
        owner = "people" if is_plural(part) or part == "legs" else None
    if owner is None or not is_person(head_noun(owner)):
        return None
    return Share(re.sub(r"^(?:the|a|an)\s+", "", owner, flags=re.IGNORECASE), ((_ALL, _BODY[part]),), True, True)
