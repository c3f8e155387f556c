"""Corrects slips in words of the instruction language, never in words that name what is seen.

Deletion neighbourhoods (symmetric delete): two words within distance d share a form with at most d letters deleted.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations

from app.parser import lexicon, scene_words
from app.parser.frame_table import grammar_words

_EXTRA = "make look please brighter darker clearer than that should towards toward image picture whole everything with from"
# Everyday words one or two slips away from a word of the vocabulary.
_NEIGHBOURS = (
    "nose hose noose remote boots boast raisin shark shard lightning lightly while where there these those they them then "
    "being made make every even ever never other after under over seen been bring brings string spring strong along among "
    "leave leaves lead leads reach teach beach bench branch mare care store score share scare fresh flesh brush crush focal"
)
_GERUND_STEMS = "brighten darken denoise highlight reduce remove increase enhance improve emphasise sharpen boost lower raise"


def correct(word: str) -> str:
    """The word of the instruction language this one is a slip of, or the word itself.

    Distance counts insertions, deletions, substitutions and swaps of neighbours. Four letters allow a swap, five and six
    one slip, seven or more two; the first letter must stay, unless the first two are swapped.
    """
    if len(word) < 4 or not word.isalpha() or word in _known():
        return word
    allowed = 1 if len(word) < 7 else 2
    candidates: set[str] = set()
    for form in _deletions(word, allowed):
        candidates |= _index().get(form, frozenset())
    best = None
    for candidate in sorted(candidates):
        if candidate[0] != word[0] and candidate[:2] != word[1::-1]:
            continue
        distance = _distance(word, candidate)
        if distance > allowed or (len(word) == 4 and sorted(word) != sorted(candidate)):
            continue
        if distance == 2 and len(candidate) < 7:
            continue
        if best is None or distance < best[0]:
            best = (distance, candidate)
    return best[1] if best else word


@cache
def _vocabulary() -> frozenset[str]:
    sources = [lexicon.UP, lexicon.DOWN, lexicon.MAKE, lexicon.BIAS, _EXTRA.replace(" ", "|")]
    sources += [words for _, words in lexicon.DIRECT]
    sources += [words for words, _, _ in lexicon.ADJECTIVES]
    sources += [words for _, words in lexicon.DEGREES]
    sources += [
        "brightness|illumination|luminance|luminosity|lightness|exposure|lighting|darkness|noise|grain|graininess|"
        "infrared|thermal|visible|detail|details|detailed|texture|textures|textured|sharpness|visibility|saliency|clarity|"
        "contrast|colours|colors|natural|fusion"
    ]
    sources.append("|".join(gerund(stem) for stem in _GERUND_STEMS.split()))
    words = {word for source in sources for entry in source.split("|") for word in entry.split()}
    return frozenset(word for word in words if len(word) >= 4 and word.isalpha())


def gerund(verb: str) -> str:
    """The -ing form of a regular verb: "reduce" -> "reducing"."""
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    return verb + (verb[-1] if verb in ("cut", "get", "set", "let", "put", "dim", "strip", "spot", "drop", "pop") else "") + "ing"


@cache
def _known() -> frozenset[str]:
    plain = scene_words.NOUNS | scene_words.MODIFIERS | scene_words.QUANTIFIERS | scene_words.ARTICLES
    plain |= scene_words.PREPOSITIONS | scene_words.RELATIVES | scene_words.PRONOUNS | scene_words.REMARK_WORDS
    plain |= scene_words.WHOLE_HEADS | scene_words.WHOLE_MODIFIERS
    entries = "|".join((lexicon.PREFIX, lexicon.TRAILING, lexicon.NEGATION, lexicon.UNCHANGED, lexicon.LINKS))
    letters = "".join(character if character.isalpha() else " " for character in entries)
    plain |= frozenset(letters.split()) | grammar_words() | _vocabulary()
    inflected = {form for word in _vocabulary() for form in (word + "s", word + "ed", word + "d", word + "ly", gerund(word))}
    return plain | inflected | frozenset(_NEIGHBOURS.split())


@cache
def _index() -> dict[str, frozenset[str]]:
    index: dict[str, set[str]] = {}
    for word in _vocabulary():
        for form in _deletions(word, 1 if len(word) < 6 else 2):
            index.setdefault(form, set()).add(word)
    return {form: frozenset(words) for form, words in index.items()}


def _deletions(word: str, count: int) -> set[str]:
    forms = {word}
    for deleted in range(1, count + 1):
        for kept in combinations(range(len(word)), len(word) - deleted):
            forms.add("".join(word[i] for i in kept))
    return forms


def _distance(a: str, b: str) -> int:
    """Optimal string alignment distance."""
    before, last = [], list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
