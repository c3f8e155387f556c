"""A sentence as the LLaMA sees it: units in lower case with single spaces, each knowing its place in the text.

Giving the model one canonical form (no capitals, no odd spacing, no control characters) makes a region in its answer
the same tokens as in the sentence, so that copying words it has never seen is easy for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# A word with inner apostrophes, hyphens or decimal marks; or any other visible character by itself.
_UNIT = re.compile(r"\w+(?:['\-]\w+|(?<=\d)[.,](?=\d)\w+)*|[^\w\s]", re.UNICODE)
_KEPT_WHOLE = frozenset("it's that's there's here's what's where's who's how's he's she's let's".split())
_STRAIGHT = str.maketrans("’‘´`“”„‐‑–—", "''''\"\"\"----")
# Control characters, lone surrogates and invisible format characters, which UTF-8 or a grammar cannot carry.
_INVISIBLE = frozenset(("Cc", "Cs", "Cf"))


@dataclass(frozen=True)
class Unit:
    """One word or mark.

    Attributes:
        shown: What the model reads: lower case, straight quotes; "'s" is a unit of its own.
        start: Index of its first character in the text.
        end: Index after its last character.
    """

    shown: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it has a letter or digit."""
        return any(character.isalnum() for character in self.shown)


def split_units(text: str) -> list[Unit]:
    """Split a text; invisible characters count as spaces."""
    visible = "".join(" " if unicodedata.category(c) in _INVISIBLE else c for c in text).translate(_STRAIGHT)
    units: list[Unit] = []
    for match in _UNIT.finditer(visible):
        start, end = match.span()
        shown = match.group().lower()
        if shown.endswith("'s") and shown not in _KEPT_WHOLE:
            units += [Unit(shown[:-2], start, end - 2), Unit("'s", end - 2, end)]
        else:
            units.append(Unit(shown, start, end))
    return units


def shown(units: Sequence[Unit]) -> str:
    """The units with a space before each."""
    return "".join(f" {unit.shown}" for unit in units)


def find_span(units: Sequence[Unit], phrase: Sequence[str]) -> tuple[int, int] | None:
    """The first run of units that reads as the phrase: indices, end exclusive; None where there is none."""
    length = len(phrase)
    words = [unit.shown for unit in units]
    for i in range(len(words) - length + 1):
        if length and words[i : i + length] == list(phrase):
            return i, i + length
    return None
