"""A sentence as the LLaMA sees it: units in lower case with single spaces, each knowing its place in the text.

Giving the model one canonical form (no capitals, accents, odd spacing or control characters) makes a region in its
answer the same tokens as in the sentence, so that copying words it has never seen is easy for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from app.parser.tokens import UNFINISHED

# Accents that follow their letter as a character of their own, as "é" may be typed.
_ACCENTS = "\u0300-\u036f"
# A word with inner apostrophes, hyphens or decimal marks; a line break; or any other visible character by itself.
_LETTERS = rf"\w[\w{_ACCENTS}]*"
_UNIT = re.compile(rf"{_LETTERS}(?:['\-]{_LETTERS}|(?<=\d)[.,](?=\d)\w+)*|\n|[^\w\s]", re.UNICODE)
_ACCENT = re.compile(f"[{_ACCENTS}]")
_KEPT_WHOLE = frozenset("it's that's there's here's what's where's who's how's he's she's let's".split())
_STRAIGHT = str.maketrans("’‘´`“”„‐‑–—…\r\v\f\x85\u2028\u2029", "''''\"\"\"----.\n\n\n\n\n\n")
# Letters of Latin alphabets that Unicode does not take apart.
_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "ı": "i"})
# What the characters of a word may come to on average, in bytes of UTF-8: as many as one of them may have as typed.
_LONGEST_FORM = 4
# Control characters, lone surrogates and invisible format characters, which UTF-8 or a grammar cannot carry.
_INVISIBLE = frozenset(("Cc", "Cs", "Cf"))


@dataclass(frozen=True)
class Unit:
    """One word or mark.

    Attributes:
        shown: What the model reads: lower case, no accents, straight quotes; "'s" is a unit of its own; "." for a line
            break that ends a sentence.
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
    """Split a text; a line break after a whole phrase ends a sentence, other invisible characters are spaces."""
    visible = "".join(
        " " if c != "\n" and unicodedata.category(c) in _INVISIBLE else c for c in text.translate(_STRAIGHT)
    )
    units: list[Unit] = []
    broken: Unit | None = None
    for match in _UNIT.finditer(visible):
        start, end = match.span()
        if match.group() == "\n":
            ends = units and units[-1].is_word and units[-1].shown not in UNFINISHED
            broken = Unit(".", start, end) if ends else None
            continue
        shown = _folded(match.group())
        if broken and shown[0].isalnum():
            units.append(broken)
        broken = None
        if shown.endswith("'s") and shown not in _KEPT_WHOLE:
            units += [Unit(shown[:-2], start, end - 2), Unit("'s", end - 2, end)]
        else:
            units.append(Unit(shown, start, end))
    return units


def _folded(word: str) -> str:
    """In lower case, compatibility characters as the usual ones ("ﬁ" as "fi"), without accents and without spaces.

    A sign that stands for a phrase ("㍿", "ﷺ") stays one: what the model reads must not outgrow what was typed.
    """
    taken_apart = unicodedata.normalize("NFKD", word.lower().translate(_PLAIN)).lower()
    folded = "".join(unicodedata.normalize("NFC", _ACCENT.sub("", taken_apart)).split())
    return folded if 0 < len(folded.encode()) <= _LONGEST_FORM * len(word) else word.lower()


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
