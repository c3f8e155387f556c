"""Misspelt verbs of requests as the LLaMA is to read them: it takes "hightlight" for brightening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.parser.clauses import openers
from app.parser.scene_words import ARTICLES, MODIFIERS, NOUNS
from app.parser.spelling import correct
from app.parser.units import Unit

# Words and marks that a request may follow.
_BEFORE = frozenset("and then please pls plz also now just but to you , . ; : ! ? & + - /".split())


def with_verbs_corrected(units: Sequence[Unit]) -> list[Unit]:
    """The units with the verbs at the beginnings of requests spelt right; where they stand in the text stays."""
    return [replace(unit, shown=_verb(units, i)) for i, unit in enumerate(units)]


def _verb(units: Sequence[Unit], i: int) -> str:
    word = units[i].shown
    if i and units[i - 1].shown not in _BEFORE:
        return word
    verb = correct(word)
    # "light" and "display" are things as well, but not before an article.
    followed = i + 1 < len(units) and units[i + 1].shown in ARTICLES
    return verb if verb in openers() and (followed or verb not in NOUNS | MODIFIERS) else word
