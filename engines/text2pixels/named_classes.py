"""Which of the detector's classes a phrase is about, if any."""

from __future__ import annotations

import re

from engines.regions.phrases import head_span

_WORDS = {
    "person": "person persons people pedestrian pedestrians human humans man men woman women child children boy boys "
    "girl girls rider riders cyclist cyclists everyone everybody someone",
    "car": "car cars vehicle vehicles automobile automobiles taxi taxis sedan sedans",
    "bicycle": "bicycle bicycles bike bikes cycle cycles",
}
_CLASS_OF = {word: name for name, words in _WORDS.items() for word in words.split()}
_BARE = re.compile(r"(?:(?:the|all|all the|every|each|any|a|an)\s+)?[\w'-]+", re.IGNORECASE)


def class_named(phrase: str) -> str | None:
    """The class of the thing the phrase names: "person" for "the people on the left"; None for any other thing."""
    begin, end = head_span(phrase)
    return _CLASS_OF.get(phrase[begin:end].lower())


def names_whole_class(phrase: str) -> bool:
    """Whether the phrase means whatever there is of a class: "all cars", but not "red cars" or "cars on the left"."""
    return class_named(phrase) is not None and _BARE.fullmatch(phrase.strip()) is not None
