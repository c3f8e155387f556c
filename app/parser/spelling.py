"""Corrects slips in words of the instruction language, never in words that name what is seen.

Deletion neighbourhoods (symmetric delete): two words within distance d share a form with at most d letters deleted.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import combinations

from app.parser import request_words, scene_words
from app.parser.frame_table import grammar_words
from app.parser.tokens import Token, tokenize

# The words that carry a request; others are left as typed, so that few names of things are near one.
_CARRIERS = frozenset(
    """make please image picture whole everything toward towards much slightly strongly extremely significantly
    considerably brighten brightens brightening bright brighter brightness lighten lighter light illuminate
    illumination luminance luminosity exposure lighting darken darkening dark darker dimmer darkness shadows denoise
    denoising noise noisy noisier grain grainy remove removing reduce reducing eliminate suppress clean cleaner clear
    clearer clearly visible visibility salient saliency prominent noticeable conspicuous distinct highlight
    highlighting emphasise emphasize emphasis focus stand contrast clarity infrared thermal bias fusion detail details
    detailed texture textures textured sharpen sharper sharpness natural colours colors increase increasing decrease
    decreasing enhance enhancing improve improving boost raise lower amplify elevate strengthen promote intensify
    lessen diminish weaken show concentrate accentuate""".split()
)
_LONGEST = max(map(len, _CARRIERS)) + 2
# Everyday words one or two slips away from a carrier.
_NEIGHBOURS = frozenset(
    """nose hose noose remote boots boast arise shark shard lightning lightly where there these those they them then
    being made every even ever never other after under over been bring grin groin train drain brain brighton cleat lover
    improper loser flower derail detain detailing blight wright textile textiles clarify natured fusing towed browner
    brightly brightest darkest clearest sharpest lightest clearing clears enhances improves removes reduces basis leaser
    lesson lessor weekend fission vision contract contrary contact distance district instinct focal prominence raises
    phrase raisin raising sand hand band land island boats stance salami saline thermos decease release market while
    these thin emphatic significant considerable show shows shown elevator strand maker whale gains intensely extreme
    shot shop stow slow snow much such muck mush grass graze gravel noisy notices""".split()
)
# "lite" and "hi" as they are heard: too many letters from "light" and "high" for slips.
_LITE = re.compile(r"ite$|it(?=en|ing)")
_HI = re.compile(r"^hi(?=l)")


def correct(word: str) -> str:
    """The word of the instruction language this one is a slip of, or the word itself.

    Distance counts insertions, deletions, substitutions and swaps of neighbours. Four letters allow a swap, five to
    six one slip, longer words two; the first letter must stay, unless the first two are swapped. "highlite" is
    "highlight" at any distance.
    """
    if not 4 <= len(word) <= _LONGEST or not word.isalpha() or word in _known():
        return word
    heard = _HI.sub("high", _LITE.sub("ight", word))
    if heard in _CARRIERS:
        return heard
    allowed = 1 if len(word) < 7 else 2
    candidates = {candidate for form in _deletions(word, allowed) for candidate in _index().get(form, ())}
    ranked = []
    for candidate in candidates:
        if candidate[0] != word[0] and candidate[:2] != word[1::-1]:
            continue
        distance = _distance(word, candidate)
        if distance == 2 and max(len(word), len(candidate)) < 8 or distance > allowed:
            continue
        if len(word) > 4 or sorted(word) == sorted(candidate):
            ranked.append((distance, -len(candidate), candidate[-1] != word[-1], candidate))
    return min(ranked)[-1] if ranked else word


def corrected_tokens(text: str) -> list[Token]:
    """The tokens of a text, their words spelt right; where they stand in it stays."""
    return [replace(token, word=correct(token.word)) for token in tokenize(text)]


def gerund(verb: str) -> str:
    """The -ing form of a regular verb: "reduce" -> "reducing"."""
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    return (
        verb
        + (verb[-1] if verb in ("cut", "get", "set", "let", "put", "dim", "strip", "spot", "drop", "pop") else "")
        + "ing"
    )


def is_known(word: str) -> bool:
    """Whether a word, in lower case, is one that sentences are made of here."""
    return word in _known()


@cache
def _known() -> frozenset[str]:
    plain = scene_words.NOUNS | scene_words.MODIFIERS | scene_words.QUANTIFIERS | scene_words.ARTICLES
    plain |= (
        scene_words.PREPOSITIONS
        | scene_words.RELATIVES
        | scene_words.PRONOUNS
        | scene_words.REMARK_WORDS
        | scene_words.TALK_WORDS
    )
    plain |= scene_words.WHOLE_HEADS | scene_words.WHOLE_MODIFIERS
    entries = "|".join(
        (
            request_words.PREFIX,
            request_words.TRAILING,
            request_words.NEGATION,
            request_words.UNCHANGED,
            request_words.LINKS,
        )
    )
    letters = "".join(character if character.isalpha() else " " for character in entries)
    plain |= frozenset(letters.split()) | grammar_words() | _CARRIERS
    stems = _CARRIERS | {word for word in grammar_words() if len(word) > 2}
    inflected = {form for word in stems for form in (word + "s", word + "ed", word + "d", word + "ly", gerund(word))}
    # "highlighter" and "reducer" are things.
    doers = {word + ("r" if word.endswith("e") else "er") for word in stems}
    return plain | inflected | doers | _NEIGHBOURS


@cache
def _index() -> dict[str, frozenset[str]]:
    index: dict[str, set[str]] = {}
    for word in _CARRIERS:
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
