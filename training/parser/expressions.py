"""Referring expressions: what a region is called, without its leading article."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from training.parser import nouns

_ARTICLES = ("the", "a", "the", "the", "")
_HELD_OUT_SHARE = 9


@dataclass
class Expressions:
    """Draws expressions; two splits share no head noun of the lists.

    Attributes:
        rng: Where randomness comes from.
        real: Expressions of a data set, without articles; a part of the draws.
        held_out: Whether to draw from the nouns kept apart for the held-out set.
    """

    rng: random.Random
    real: Sequence[str] = ()
    held_out: bool = False
    _common: list[str] = field(init=False)
    _rare: list[str] = field(init=False)
    _people: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self._people = self._mine(nouns.PEOPLE)
        self._common = self._mine([*nouns.PEOPLE, *nouns.VEHICLES, *nouns.THINGS, *nouns.THINGS])
        self._rare = self._mine([*nouns.RARE, *nouns.PARTS])

    def _mine(self, words: Sequence[str]) -> list[str]:
        """Every ninth word is kept apart for the held-out set."""
        return [word for i, word in enumerate(words) if (i % _HELD_OUT_SHARE == 4) == self.held_out]

    def draw(self, plain: bool = False) -> str:
        """One expression; a plain one is a noun, perhaps with an adjective."""
        if plain:
            return " ".join([*self._adjectives(0.25), self.noun()]).replace("~", " ")
        if self.real and self.rng.random() < 0.15:
            return self.rng.choice(self.real)
        if self.rng.random() < 0.03:
            return self.rng.choice(_WHOLE_PARTS).replace("~", " ")
        return self._phrase(depth=0)

    def _phrase(self, depth: int) -> str:
        rng = self.rng
        words: list[str] = []
        if rng.random() < 0.12:
            words.append(self._pick(nouns.NUMBERS))
        if rng.random() < 0.12:
            words.append(self._pick(nouns.POSITIONS))
        words += self._adjectives()
        words.append(self.noun())
        if rng.random() < 0.06:
            words = [*words[:-1], self.noun() + "'s", *self._adjectives(0.2), self._pick(nouns.PARTS)]
        elif rng.random() < 0.06:
            words = [self._pick(nouns.PARTS), "of", rng.choice(("the", "the", "a")), *words]
        if rng.random() < (0.42 if depth == 0 else 0.12):
            words += self._modifier(depth)
        if depth == 0 and rng.random() < 0.05:
            words += self._modifier(depth)
        return " ".join(words).replace("~", " ")

    def noun(self) -> str:
        """A head noun, one word in four rare or invented."""
        chance = self.rng.random()
        if chance < 0.13:
            head = nouns.invented_word(self.rng)
        else:
            head = self.rng.choice(self._rare if chance < 0.28 else self._common)
        if self.rng.random() < 0.24:
            # Compounds ("roof tiles"): any word may stand before the head.
            kind = self.rng.random()
            before = (
                nouns.invented_word(self.rng)
                if kind < 0.2
                else self.rng.choice(self._rare if kind < 0.4 else self._common)
            )
            return f"{before} {head}"
        if self.rng.random() < 0.03:
            return f"{head} {self.rng.choice(('area', 'region', 'part', 'zone', 'section', 'side', 'surface', 'edge'))}"
        return head

    def person(self) -> str:
        """A head noun for somebody."""
        return self.rng.choice(self._people)

    def _pick(self, words: Sequence[str]) -> str:
        return self.rng.choice(words)

    def _adjectives(self, chance: float = 0.3) -> list[str]:
        rng = self.rng
        found: list[str] = []
        if rng.random() < chance:
            found.append(self._pick(nouns.COLOURS if rng.random() < 0.55 else nouns.ADJECTIVES))
            if rng.random() < 0.2:
                if rng.random() < 0.15:
                    found[0] += ","
                found.append(self._pick(nouns.COLOURS if rng.random() < 0.5 else nouns.ADJECTIVES))
        elif rng.random() < 0.04:
            found.append(f'"{self._pick(nouns.NAMES)}"')
        elif rng.random() < 0.02:
            found += [self._pick(("upper", "left", "first", "front")), "and", self._pick(("lower", "right", "rear"))]
        return found

    def _modifier(self, depth: int) -> list[str]:
        options: Sequence[tuple[int, Callable[[int], list[str]]]] = (
            (30, self._place),
            (28, self._relation),
            (10, self._clothes),
            (7, self._carrying),
            (9, self._posture),
            (6, self._relative),
            (3, self._between),
            (3, self._with_part),
            (2, self._aside),
        )
        weights = [weight for weight, _ in options]
        return self.rng.choices([option for _, option in options], weights)[0](depth)

    def _place(self, depth: int) -> list[str]:
        return [self._pick(nouns.PLACES)]

    def _other(self, depth: int) -> list[str]:
        article = self.rng.choice(_ARTICLES)
        if depth < 1 and self.rng.random() < 0.25:
            return [article, self._phrase(depth + 1)] if article else [self._phrase(depth + 1)]
        return [article, *self._adjectives(0.25), self.noun()] if article else [*self._adjectives(0.25), self.noun()]

    def _relation(self, depth: int) -> list[str]:
        if self.rng.random() < 0.06:
            return [
                self._pick(nouns.RELATIONS),
                self.rng.choice(("it", "them", "him", "her", "us", "me", "you", "that")),
            ]
        return [self._pick(nouns.RELATIONS), *self._other(depth)]

    def _clothes(self, depth: int) -> list[str]:
        rng = self.rng
        style = rng.random()
        if style < 0.15:
            return [rng.choice(("in", "dressed in", "wearing")), self._pick(nouns.COLOURS)]
        worn = [
            rng.choice(("in", "wearing", "with", "in", "dressed in")),
            rng.choice(("a", "the", "")),
            self._coloured(),
        ]
        if style < 0.35:
            worn += [rng.choice(("and", "and", ",")), rng.choice(("", "a")), self._coloured()]
        return [word for word in worn if word]

    def _coloured(self) -> str:
        colour = self._pick(nouns.COLOURS) + " " if self.rng.random() < 0.75 else ""
        return colour + self._pick(nouns.WORN)

    def _carrying(self, depth: int) -> list[str]:
        verb = self.rng.choice(("carrying", "holding", "with", "pushing", "and holding", "wearing a hat and carrying"))
        return [verb, self.rng.choice(("a", "an", "the", "two")), self._pick(nouns.CARRIED)]

    def _posture(self, depth: int) -> list[str]:
        return [self._pick(nouns.POSTURES if self.rng.random() < 0.6 else nouns.STATES)]

    def _relative(self, depth: int) -> list[str]:
        rng = self.rng
        style = rng.random()
        if style < 0.4:
            return [
                rng.choice(("who is", "that is", "which is", "who are", "that are", "that's", "which are", "who's"))
            ] + ([self._pick(nouns.POSTURES)] if rng.random() < 0.6 else [rng.choice(_IS)])
        if style < 0.6:
            return [
                rng.choice(("that has", "which has", "with")),
                rng.choice(("a", "the", "two")),
                *self._adjectives(0.6),
                self._pick(nouns.PARTS),
            ]
        if style < 0.8:
            return [rng.choice(_ACTS)]
        return [rng.choice(("where", "whose")), "the", self._pick(nouns.PARTS), "is", rng.choice(_IS)]

    def _between(self, depth: int) -> list[str]:
        rng = self.rng
        if rng.random() < 0.3:
            return ["between", rng.choice(("the two", "two", "the")), self.noun()]
        return [
            "between",
            rng.choice(("the", "a")),
            *self._adjectives(0.2),
            self.noun(),
            "and",
            rng.choice(("the", "a", "")),
            self.noun(),
        ]

    def _with_part(self, depth: int) -> list[str]:
        return ["with", self.rng.choice(("a", "the", "two", "its")), *self._adjectives(0.8), self._pick(nouns.PARTS)]

    def _aside(self, depth: int) -> list[str]:
        if self.rng.random() < 0.5:
            return ["(", self.rng.choice(("the one", "not the", "only the", "the ones")), self._pick(nouns.PLACES), ")"]
        return [
            ",",
            self.rng.choice(("the one", "wearing a", "next to the", "behind the")),
            self._pick((*nouns.WORN, *nouns.THINGS)),
        ]


_IS = (
    "parked~behind~the~van hidden open broken lit very~close~to~the~camera hard~to~see almost~hidden the~closest "
    "next~to~the~pole too~dark~to~recognise in~the~shadow not~moving on~fire driving~towards~us barely~visible"
).split()
_ACTS = tuple(
    "that stands alone|who walks on the left|that leads to the bridge|we see on the right|that moves|which stands out|"
    "that looks hot|which hides behind the tree|who carries a bag|that I parked|you can see in the corner|"
    "who just left|"
    "that runs along the wall|that glows|which covers the ground|that looks like a dog|that leaves the frame|"
    "which makes a turn|that has been cut off|that shows the time|who wants to cross".split("|")
)
_WHOLE_PARTS = (
    "rest of the image|left side of the image|upper half of the picture|center of the image|rest|everything else|"
    "area around the lamp|bottom of the photo|right half|top left corner|lower part of the scene|"
    "left half of the image|"
    "edges of the picture|corners|everything behind the car|everything except the sky|everything on the left|"
    "everything but the road|background of the image|remaining area|dark areas|bright regions|dark parts of the image|"
    "other objects|all objects|hot objects|thermal targets|warm targets|area near the door|region of the engine|"
    "upper left part of the picture|image center|middle of the picture|everything around the house|whole left side|"
    "entire background|hot spots|shadowed areas|people in the image|object in the middle|salient objects"
).split("|")
