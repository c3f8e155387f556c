"""The form in which a phrase is shown to the detector, and the word of it that names the thing."""

from __future__ import annotations

import re

# After these words comes what the thing stands by, wears or does.
_BEHIND_THE_NOUN = frozenset(
    "above across against along among apart around aside at beneath behind below beside between beyond but by during "
    "except excepting excluding for from in into inside near next of off on onto opposite outside over past that "
    "through to towards under underneath up which who whose with without".split()
)
_PARTICIPLE = re.compile(r"\w{3,}ing")
# Nouns that end like a participle.
_NOUNS_IN_ING = frozenset("building ceiling clothing crossing lightning marking opening paving railing wing".split())
_IRREGULAR_PLURALS = frozenset("people men women children feet pedestrians folk cattle sheep mice both".split())
_SINGULARS_IN_S = frozenset("bus gas glass grass cross lens canvas class moss".split())


def caption(phrase: str) -> str:
    """The phrase as GroundingDINO was trained to read it: lower case, closed by a full stop, none inside."""
    words = re.sub(r"[.?!,;]+", " ", phrase.lower()).split()
    return f"{' '.join(words)} ."


def head_span(phrase: str) -> tuple[int, int]:
    """Where the word stands that names the thing: "cone" in "the color cone on the road".

    Returns:
        Begin and end in the phrase; an empty span at 0 where there is no word.
    """
    words = list(re.finditer(r"[\w'-]+", phrase))
    if not words:
        return 0, 0
    last = words[0]
    for word in words[1:]:
        if ends_noun(word.group().lower(), is_last=word is words[-1]):
            break
        last = word
    return last.span()


def ends_noun(word: str, is_last: bool = False) -> bool:
    """Whether with this word, in lower case, begins what a thing stands by, wears or does.

    The last word of a phrase does not, if it only ends like a participle.
    """
    is_doing = _PARTICIPLE.fullmatch(word) is not None and word not in _NOUNS_IN_ING and not is_last
    return is_doing or word in _BEHIND_THE_NOUN


def is_plural(phrase: str) -> bool:
    """Whether the phrase names several things, as far as its head noun tells."""
    begin, end = head_span(phrase)
    head = phrase[begin:end].lower()
    if head in _IRREGULAR_PLURALS:
        return True
    return head.endswith("s") and not head.endswith("ss") and head not in _SINGULARS_IN_S
