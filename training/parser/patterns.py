"""A small notation for many ways to say one thing, and the random walk through it.

`(a|b)` is one of the alternatives, `[a]` is a or nothing, `$NAME` is an entry of a vocabulary (one of its list, itself
written in the notation). Alternatives are equally likely; `[ ]` is even.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from functools import cache

_SYMBOL = re.compile(r"\$[A-Z_0-9]+|[()\[\]|]|[^\s()\[\]|$]+")
Vocabulary = Mapping[str, Sequence[str]]
_Node = tuple


def expand(pattern: str, rng: random.Random, vocabulary: Vocabulary) -> str:
    """One way to say a pattern.

    Raises:
        KeyError: The vocabulary lacks a name of the pattern.
    """
    words: list[str] = []
    _walk(_compiled(pattern), rng, vocabulary, words)
    return " ".join(words)


def _walk(node: _Node, rng: random.Random, vocabulary: Vocabulary, words: list[str]) -> None:
    kind, content = node
    if kind == "word":
        words.append(content)
    elif kind == "name":
        _walk(_compiled(rng.choice(vocabulary[content])), rng, vocabulary, words)
    elif kind == "all":
        for part in content:
            _walk(part, rng, vocabulary, words)
    elif kind == "one":
        _walk(content[int(rng.random() * len(content))], rng, vocabulary, words)
    elif rng.random() < 0.5:
        _walk(content, rng, vocabulary, words)


@cache
def _compiled(pattern: str) -> _Node:
    node, rest = _choice(_SYMBOL.findall(pattern))
    if rest:
        raise ValueError(f"unbalanced pattern: {pattern}")
    return node


def _choice(symbols: list[str]) -> tuple[_Node, list[str]]:
    options = []
    while True:
        parts = []
        while symbols and symbols[0] not in ("|", ")", "]"):
            part, symbols = _part(symbols)
            parts.append(part)
        options.append(("all", parts))
        if symbols[:1] != ["|"]:
            break
        symbols = symbols[1:]
    return (options[0] if len(options) == 1 else ("one", options)), symbols


def _part(symbols: list[str]) -> tuple[_Node, list[str]]:
    symbol, symbols = symbols[0], symbols[1:]
    if symbol in ("(", "["):
        inner, symbols = _choice(symbols)
        if symbols[:1] != [")" if symbol == "(" else "]"]:
            raise ValueError(f"unbalanced brackets before {symbols[:3]}")
        return (inner if symbol == "(" else ("maybe", inner)), symbols[1:]
    if symbol.startswith("$"):
        return ("name", symbol[1:]), symbols
    return ("word", symbol), symbols
