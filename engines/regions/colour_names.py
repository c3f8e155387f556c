"""Words for colours, and which of them mean the same."""

from __future__ import annotations

import re

WHITE, DARK, GREY, BEIGE = "white", "dark", "grey", "beige"
HUED = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown")
_OTHER_WORDS = {
    "light": WHITE,
    "bright": WHITE,
    "pale": WHITE,
    "black": DARK,
    "gray": GREY,
    "silver": GREY,
    "khaki": BEIGE,
    "cream": BEIGE,
    "violet": "purple",
    "jeans": "blue",
}
_NAMES = {name: name for name in (*HUED, WHITE, DARK, GREY, BEIGE)} | _OTHER_WORDS


def named_colours(phrase: str) -> list[str]:
    """The colours a phrase names, in its order, each by one name."""
    return [_NAMES[word] for word in re.findall(r"[a-z]+", phrase.lower()) if word in _NAMES]
