"""Nouns of phrases: which name the same kind of thing, and one or several of it."""

from __future__ import annotations

from engines.regions.phrases import head_span, is_plural

_PLURALS = {"person": "people", "man": "men", "woman": "women", "child": "children"}
_SINGULARS = {plural: singular for singular, plural in _PLURALS.items()}
_PEOPLE = frozenset(
    "person people man men woman women child children boy boys girl girls pedestrian pedestrians cyclist cyclists "
    "rider riders worker workers driver drivers passenger passengers everyone everybody anyone".split()
)


def head_noun(phrase: str) -> str:
    """The word that names the thing, in lower case; empty where there is none."""
    begin, end = head_span(phrase)
    return phrase[begin:end].lower()


def is_person(noun: str) -> bool:
    """Whether a noun names one person or several."""
    return noun in _PEOPLE


def same_kind(a: str, b: str) -> bool:
    """Whether two nouns name things of one kind, whatever their number: "car" and "cars", "men" and "cyclist"."""
    return singular(a) == singular(b) or is_person(a) and is_person(b)


def singular(noun: str) -> str:
    """A noun, in lower case, for one of the things."""
    if noun in _SINGULARS:
        return _SINGULARS[noun]
    if not is_plural(noun):
        return noun
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    return noun[:-2] if noun.endswith(("ses", "xes", "ches", "shes")) else noun[:-1]


def plural(noun: str) -> str:
    """A noun, in lower case, for several of the things."""
    if noun in _PLURALS or is_plural(noun):
        return _PLURALS.get(noun, noun)
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"
