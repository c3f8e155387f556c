"""Compares two readings of a sentence; where parsers differ, the person is told how."""

from __future__ import annotations

from collections.abc import Iterable

from engines.types import Edit

# What every hint starts with, for those who show hints apart from other notes.
HINT = "The rules read this differently: "
_ARTICLES = ("the ", "a ", "an ")


def same_reading(edits: Iterable[Edit], others: Iterable[Edit]) -> bool:
    """Whether two readings ask for the same, in the same order; case and articles of regions do not matter."""
    return [_key(edit) for edit in edits] == [_key(edit) for edit in others]


def bare_region(region: str | None) -> str | None:
    """A region in lower case with single spaces and without leading articles, for comparing."""
    if region is None:
        return None
    words = " ".join(region.lower().split())
    while article := next((article for article in _ARTICLES if words.startswith(article)), ""):
        words = words[len(article) :]
    return words


def disagreement(others: Iterable[Edit]) -> str:
    """The hint that tells the other reading."""
    told = [f"{edit.effect} {_quoted(edit.region)}{_degree(edit.strength)}" for edit in others]
    return f"{HINT}{'; '.join(told) or 'no change at all'}."


def _key(edit: Edit) -> tuple[str | None, str, int]:
    return bare_region(edit.region), edit.effect, edit.strength


def _quoted(region: str | None) -> str:
    return "the whole picture" if region is None else f"“{region}”"


def _degree(strength: int) -> str:
    return {1: "", 2: " strongly", 3: " extremely"}[strength]
