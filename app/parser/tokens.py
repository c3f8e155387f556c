"""A sentence as words that know where they stand in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_LENGTH = 300
# A word with inner apostrophes, hyphens, dots or commas between digits; or one punctuation mark that separates.
_WORD = re.compile(r"\w+(?:['’\-‐‑]\w+|(?<=\d)[.,](?=\d)\w+)*|['’](?=\W|$)|[.,;:!?…&+/\n→>|]|[-–—]+", re.UNICODE)
_KEPT_WHOLE = frozenset("it's that's there's here's what's where's who's how's he's she's let's".split())


@dataclass(frozen=True)
class Token:
    """One word or mark.

    Attributes:
        word: Lower case, straight apostrophes and hyphens, spelling corrected; "'s" for a possessive ending.
        start: Index of its first character in the text.
        end: Index after its last character.
    """

    word: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Split a text; control characters count as spaces, quotes and brackets are dropped."""
    spaced = "".join(" " if ord(character) < 32 or ord(character) == 127 else character for character in text)
    tokens: list[Token] = []
    for match in _WORD.finditer(spaced):
        word = match.group().lower().replace("’", "'").replace("‐", "-").replace("‑", "-")
        start, end = match.span()
        if word == "'":
            if tokens and tokens[-1].end == start and tokens[-1].word.endswith("s"):
                tokens.append(Token("'s", start, end))
        elif word.endswith("'s") and word not in _KEPT_WHOLE:
            tokens.append(Token(word[:-2], start, end - 2))
            tokens.append(Token("'s", end - 2, end))
        else:
            tokens.append(Token(word, start, end))
    return tokens
