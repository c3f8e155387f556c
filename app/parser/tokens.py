"""A sentence as words that know where they stand in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_LENGTH = 300
# After these a line goes on; after any other word, its end is the end of a sentence.
UNFINISHED = frozenset(
    "the a an my your our their its and or but of in on at by for from with to towards as than very is are be make "
    "not".split()
)
# "no." before a number; a word with inner apostrophes, hyphens, or marks between digits; or a mark that separates.
_WORD = re.compile(
    r"(?i:\b(?:no|nr)\.(?=\s?\d))|\w+(?:['’\-‐‑]\w+|(?<=\d)[.,](?=\d)\w+)*|['’](?=\W|$)|[.,;:!?…&+/\n→>|]|[-–—]+"
)
_KEPT_WHOLE = frozenset("it's that's there's here's what's where's who's how's he's she's let's".split())


def within_limit(text: str) -> str:
    """The beginning of a text that is read: MAX_LENGTH characters at most, cut between words where it has spaces."""
    read = text[:MAX_LENGTH]
    if len(text) <= MAX_LENGTH or text[MAX_LENGTH].isspace():
        return read
    words = read.rsplit(None, 1)
    return words[0] if len(words) == 2 else read


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
    """Split a text; a line break that ends a sentence is ".", others and control characters are spaces, quotes and
    brackets are dropped."""
    lines = text.replace("\r", "\n")
    spaced = "".join(" " if c != "\n" and (ord(c) < 32 or ord(c) == 127) else c for c in lines)
    tokens: list[Token] = []
    for match in _WORD.finditer(spaced):
        word = match.group().lower().replace("’", "'").replace("‐", "-").replace("‑", "-")
        start, end = match.span()
        if word == "\n":
            if tokens and tokens[-1].word[-1].isalnum() and tokens[-1].word not in UNFINISHED:
                tokens.append(Token(".", start, end))
        elif word == "'":
            if tokens and tokens[-1].end == start and tokens[-1].word.endswith("s"):
                tokens.append(Token("'s", start, end))
        elif word.endswith("'s") and word not in _KEPT_WHOLE:
            tokens.append(Token(word[:-2], start, end - 2))
            tokens.append(Token("'s", end - 2, end))
        else:
            tokens.append(Token(word, start, end))
    return tokens
