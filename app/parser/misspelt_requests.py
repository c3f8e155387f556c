"""Misspelt words of requests as the LLaMA is to read them: it takes "hightlight" for brightening, "claer" for clean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.parser.clauses import openers
from app.parser.lexicon import ADJECTIVE_WORDS
from app.parser.scene_words import ARTICLES, MODIFIERS, NOUNS
from app.parser.spelling import correct
from app.parser.units import Unit

# Words and marks that a request may follow.
_BEFORE = frozenset("and then please pls plz also now just but to you , . ; : ! ? & + - /".split())
# What may stand after a request's last word.
_AFTER = frozenset("and then please pls plz also but while , . ; : ! ? & + - /".split())


def with_requests_corrected(units: Sequence[Unit]) -> list[Unit]:
    """The units with verbs at the beginnings and adjectives at the ends of requests spelt right.

    Where they stand in the text stays, and so do the words between, which may name what is seen.
    """
    return [replace(unit, shown=_spelt(units, i)) for i, unit in enumerate(units)]


def _spelt(units: Sequence[Unit], i: int) -> str:
    word = units[i].shown
    before = units[i - 1].shown if i else ""
    after = units[i + 1].shown if i + 1 < len(units) else ""
    if not before or before in _BEFORE:
        verb = correct(word)
        # "light" and "display" are things as well, but not before an article.
        return verb if verb in openers() and (after in ARTICLES or verb not in NOUNS | MODIFIERS) else word
    if (not after or after in _AFTER) and before not in ARTICLES:
        adjective = correct(word)
        return adjective if adjective in ADJECTIVE_WORDS else word
    return word
