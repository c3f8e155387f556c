"""Typing errors: letters swapped, dropped, doubled or struck beside the right key, and what people type in haste."""

from __future__ import annotations

import random

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {key: "".join(row[max(i - 1, 0) : i] + row[i + 1 : i + 2]) for row in _ROWS for i, key in enumerate(row)}
_HASTY = {
    "the": "teh", "please": "plz", "you": "u", "and": "adn", "make": "mkae", "brighter": "brigther",
    "infrared": "infared", "visible": "visable", "highlight": "higlight", "noise": "nosie", "towards": "towrads",
    "brightness": "brightnes", "illumination": "ilumination", "luminance": "luminence", "denoise": "de noise",
    "darken": "darkn", "brighten": "brigthen", "noticeable": "noticable", "salient": "saliant",
    "emphasise": "emphasize", "with": "wiht", "more": "mroe", "less": "les", "texture": "textur",
    "increase": "incrase", "reduce": "redcue", "remove": "remvoe", "thermal": "termal", "detail": "deatil",
    "to": "too", "for": "fro", "can't": "cant", "don't": "dont", "it's": "its", "i'd": "id", "isn't": "isnt",
    "clear": "claer", "image": "iamge", "picture": "pictrue", "their": "thier", "from": "form", "of": "fo",
    "are": "r",
}  # fmt: skip


def misspell(words: str, rng: random.Random) -> str:
    """One or two slips in words of at least four letters; words with marks of regions are left alone."""
    parts = words.split(" ")
    for _ in range(rng.choice((1, 1, 2))):
        i = rng.randrange(len(parts))
        lower = parts[i].lower()
        if lower in _HASTY and rng.random() < 0.7:
            parts[i] = _HASTY[lower]
        elif len(parts[i]) >= 4 and parts[i].isascii() and parts[i].isalpha():
            parts[i] = _slip(parts[i], rng)
    return " ".join(parts)


def _slip(word: str, rng: random.Random) -> str:
    i = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(5)
    if kind == 0:
        return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    if kind == 1:
        return word[:i] + word[i + 1 :]
    if kind == 2:
        return word[:i] + word[i] + word[i:]
    if kind == 3:
        beside = _NEIGHBOURS.get(word[i].lower(), "")
        return word[:i] + (rng.choice(beside) if beside else word[i]) + word[i + 1 :]
    return word[:i] + rng.choice("aeioulnrst") + word[i:]
