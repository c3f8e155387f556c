"""A small notation for patterns over words, and its matcher.

    word            the word itself
    NAME            a named rule or word list
    NP              one or more words, as few as possible
    a b | c         one of two sequences
    [x]             x or nothing, x preferred
    {x}             x any number of times, as often as possible
    name:x          x, remembered under a name
    (x)             grouping

Alternatives are tried in order with full backtracking, as in a regular expression, but a word list of hundreds of
entries costs one dictionary look-up, and a rule is matched once per position of a clause however many patterns use it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

Captures = tuple[tuple[str, int, int], ...]
_Match = Callable[["Clause", int], Iterator[tuple[int, Captures]]]
_SYMBOL = re.compile(r"[\w'&-]+:|[\w'&-]+|[()\[\]{}|]")


class Clause:
    """The words of one clause with what rules matched where."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self.known: dict[tuple[str, int], tuple[tuple[int, Captures], ...]] = {}


class Pattern:
    """One compiled expression.

    Attributes:
        first: The words it can start with, or None when that is open.
    """

    def __init__(self, match: _Match, first: frozenset[str] | None, empty: bool = False) -> None:
        self.match = match
        self.first = first
        self.empty = empty

    def full(self, clause: Clause) -> Iterator[dict[str, tuple[int, int]]]:
        """The captures (word indices, end exclusive) of each match of the whole clause, the preferred one first."""
        if self.first is not None and (not clause.words or clause.words[0] not in self.first):
            return
        for end, captures in self.match(clause, 0):
            if end == len(clause.words):
                yield {name: (start, stop) for name, start, stop in captures}

    def prefix(self, clause: Clause) -> int:
        """The length in words of the longest match at the start of the clause; 0 without one."""
        return max((end for end, _ in self.match(clause, 0)), default=0)


class Grammar:
    """Named rules and word lists that patterns refer to.

    Attributes:
        words: Every word that occurs in a list or expression.
    """

    def __init__(self) -> None:
        self.words: set[str] = set()
        self._rules: dict[str, Pattern] = {"NP": Pattern(_np, None)}

    def list(self, name: str, entries: str) -> None:
        """Name a list of words and phrases separated by `|`."""
        phrases = [tuple(entry.split()) for entry in entries.split("|")]
        self.words.update(word for phrase in phrases for word in phrase)
        self._rules[name] = _phrases(phrases)

    def rule(self, name: str, expression: str) -> None:
        """Name an expression."""
        pattern = self.pattern(expression)
        self._rules[name] = Pattern(_remembered(name, pattern.match), pattern.first, pattern.empty)

    def pattern(self, expression: str) -> Pattern:
        """Compile an expression."""
        symbols = _SYMBOL.findall(expression)
        self.words.update(symbol for symbol in symbols if _is_word(symbol))
        compiled, rest = _choice(symbols, self._rules)
        if rest:
            raise ValueError(f"unbalanced expression: {expression}")
        return compiled


def _np(clause: Clause, i: int) -> Iterator[tuple[int, Captures]]:
    for j in range(i + 1, len(clause.words) + 1):
        yield j, ()


def _remembered(name: str, match: _Match) -> _Match:
    def run(clause: Clause, i: int) -> Iterator[tuple[int, Captures]]:
        key = (name, i)
        if key not in clause.known:
            clause.known[key] = tuple(match(clause, i))
        yield from clause.known[key]

    return run


def _phrases(entries: Sequence[tuple[str, ...]]) -> Pattern:
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for entry in sorted(set(entries), key=len, reverse=True):
        by_first.setdefault(entry[0], []).append(entry)

    def run(clause: Clause, i: int) -> Iterator[tuple[int, Captures]]:
        if i < len(clause.words):
            for entry in by_first.get(clause.words[i], ()):
                if clause.words[i : i + len(entry)] == entry:
                    yield i + len(entry), ()

    return Pattern(run, frozenset(by_first))


def _choice(symbols: list[str], rules: Mapping[str, Pattern]) -> tuple[Pattern, list[str]]:
    options, literal = [], []
    while True:
        start = symbols
        option, symbols = _sequence(symbols, rules)
        options.append(option)
        literal.append(tuple(start[: len(start) - len(symbols)]))
        if symbols[:1] != ["|"]:
            break
        symbols = symbols[1:]
    if len(options) == 1:
        return options[0], symbols
    if all(words and all(_is_word(word) for word in words) for words in literal):
        return _phrases(literal), symbols

    def run(clause: Clause, i: int) -> Iterator[tuple[int, Captures]]:
        word = clause.words[i] if i < len(clause.words) else None
        for option in options:
            if option.first is None or word in option.first:
                yield from option.match(clause, i)

    return Pattern(run, _union(options), any(option.empty for option in options)), symbols


def _sequence(symbols: list[str], rules: Mapping[str, Pattern]) -> tuple[Pattern, list[str]]:
    parts = []
    while symbols and symbols[0] not in ("|", ")", "]", "}"):
        part, symbols = _item(symbols, rules)
        parts.append(part)
    if len(parts) == 1:
        return parts[0], symbols
    matches = [part.match for part in parts]

    def run(clause: Clause, i: int, k: int = 0) -> Iterator[tuple[int, Captures]]:
        if k == len(matches):
            yield i, ()
            return
        for j, captures in matches[k](clause, i):
            for end, others in run(clause, j, k + 1):
                yield end, captures + others

    opening = []
    for part in parts:
        opening.append(part)
        if not part.empty:
            break
    return Pattern(run, _union(opening), all(part.empty for part in parts)), symbols


def _item(symbols: list[str], rules: Mapping[str, Pattern]) -> tuple[Pattern, list[str]]:
    symbol, symbols = symbols[0], symbols[1:]
    if symbol.endswith(":"):
        part, symbols = _item(symbols, rules)
        return Pattern(_named(symbol[:-1], part.match), part.first, part.empty), symbols
    if symbol in "([{":
        part, symbols = _choice(symbols, rules)
        if symbols[:1] != [{"(": ")", "[": "]", "{": "}"}[symbol]]:
            raise ValueError("unbalanced brackets in a pattern")
        symbols = symbols[1:]
        if symbol == "[":
            part = Pattern(_optional(part.match), part.first, True)
        elif symbol == "{":
            part = Pattern(_repeated(part.match), part.first, True)
        return part, symbols
    if _is_word(symbol):
        return _phrases([(symbol,)]), symbols
    return rules[symbol], symbols


def _is_word(symbol: str) -> bool:
    return symbol == symbol.lower() and symbol not in "()[]{}|" and not symbol.endswith(":")


def _union(options: Sequence[Pattern]) -> frozenset[str] | None:
    if any(option.first is None for option in options) or all(option.empty for option in options):
        return None
    return frozenset().union(*(option.first for option in options))


def _named(name: str, match: _Match) -> _Match:
    def run(clause: Clause, i: int) -> Iterator[tuple[int, Captures]]:
        for j, captures in match(clause, i):
            yield j, ((name, i, j), *captures)

    return run


def _optional(match: _Match) -> _Match:
    def run(clause: Clause, i: int) -> Iterator[tuple[int, Captures]]:
        yield from match(clause, i)
        yield i, ()

    return run


def _repeated(match: _Match) -> _Match:
    def run(clause: Clause, i: int) -> Iterator[tuple[int, Captures]]:
        for j, captures in match(clause, i):
            if j > i:
                for end, others in run(clause, j):
                    yield end, captures + others
        yield i, ()

    return run
