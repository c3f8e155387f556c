"""Tells sentences in another language than English, which no parser here reads."""

from __future__ import annotations

import unicodedata

from app.parser.spelling import is_known
from app.parser.tokens import tokenize

# Fewer words may be English ones that are merely new.
_LEAST_WORDS = 3
# Of the words of another language so many look like English ones: "plus", "visible", "die".
_SHARED = 0.4


def is_other_language(text: str) -> bool:
    """Whether a text in which nothing was understood is likely not English.

    Most of its letters are of no Latin alphabet, or hardly any of its words is known.
    """
    letters = [character for character in text if character.isalpha()]
    foreign = sum("LATIN" not in unicodedata.name(letter, "") for letter in letters)
    if 2 * foreign > len(letters):
        return True
    words = [token.word for token in tokenize(text) if any(character.isalpha() for character in token.word)]
    known = sum(is_known(word) for word in words)
    return len(words) >= _LEAST_WORDS and known <= _SHARED * len(words)
