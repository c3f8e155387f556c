"""What stands in a text and says nothing: pictograms, "um" and "uh"."""

from __future__ import annotations

import re
import unicodedata

_UM = re.compile(r"\b(?:u+h+m*|u+m+|e+rm+|h+m+)\b(?:\s*(?:,|\.{2,}|…))?", re.IGNORECASE)
# Symbols and what joins or colours them; "°" is a unit.
_PICTOGRAMS = frozenset(("So", "Sk", "Cs"))
_JOINERS = frozenset("\u200d\ufe0e\ufe0f\u20e3")


def without_fillers(text: str) -> str:
    """A text with spaces in the place of its fillers, of the same length, so that places in it stay."""
    plain = "".join(" " if _is_pictogram(character) else character for character in text)
    return _UM.sub(lambda match: " " * len(match.group()), plain)


def _is_pictogram(character: str) -> bool:
    return character in _JOINERS or character != "°" and unicodedata.category(character) in _PICTOGRAMS
