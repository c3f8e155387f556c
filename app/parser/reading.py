"""What a clause was read as, and what a frame captured of its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from app.parser import lexicon
from app.parser.phrases import Target, is_phrase, target, words
from app.parser.scene_words import MODIFIERS, NOUNS, PREPOSITIONS
from app.parser.tokens import Token


class Kind(Enum):
    """What a clause does."""

    COMMAND = auto()
    PREDICATE = auto()
    COMPLAINT = auto()
    MEASURE = auto()
    SAME = auto()
    TOPIC = auto()
    PHRASE = auto()


@dataclass(frozen=True)
class Reading:
    """How a clause was understood.

    Attributes:
        kind: COMMAND has a verb; PREDICATE lacks one ("the sky darker"); MEASURE is an effect noun whose direction
        comes
            from the clause before; SAME repeats effects; TOPIC and PHRASE only name a region.
        effects: In the order said.
        target: The region, WHOLE or PRONOUN; None where none is named.
        elided: Whether a missing region must stand elsewhere ("brighten and denoise the road") rather than be the whole
            picture ("remove noise").
        noun: The effect noun (index into EFFECT_NOUNS), for clauses that inherit it; None without.
        direction: "up" or "down", likewise; empty without.
        strength: What the verb itself says ("double" is 2).
    """

    kind: Kind
    effects: tuple[str, ...] = ()
    target: Target | None = None
    elided: bool = False
    noun: int | None = None
    direction: str = ""
    strength: int = 1


class Match:
    """A clause's tokens and what a frame captured of them."""

    def __init__(self, tokens: Sequence[Token], captures: dict[str, tuple[int, int]]) -> None:
        self._tokens = tokens
        self._captures = captures

    def __contains__(self, name: str) -> bool:
        start, end = self._captures.get(name, (0, 0))
        return end > start

    def tokens(self, name: str = "np") -> Sequence[Token]:
        """The captured tokens; empty when the frame captured none."""
        start, end = self._captures.get(name, (0, 0))
        return self._tokens[start:end]

    def text(self, name: str) -> str:
        """The captured words."""
        return words(self.tokens(name))

    @property
    def noun(self) -> int:
        """The index of the captured effect noun, the first if several."""
        first = min((span, name) for name, span in self._captures.items() if name.startswith("noun-"))
        return int(first[1].removeprefix("noun-"))

    @property
    def has_noun(self) -> bool:
        """Whether an effect noun was captured."""
        return any(name.startswith("noun-") for name in self._captures)

    def region(self, name: str = "np") -> tuple[bool, Target | None]:
        """Whether the captured noun phrase can stand, and what it refers to; (True, None) when there is none."""
        group = self.tokens(name)
        if not group:
            return True, None
        if group[0].word in _QUESTIONS or group[0] is self._tokens[0] and group[0].word in verbs():
            return False, None
        found = target(group) if is_phrase(group) else None
        return found is not None, found


_QUESTIONS = frozenset(
    "why what how when who i you we is are am do does did can could will would let if that's it's".split()
)


@cache
def verbs() -> frozenset[str]:
    """First words of commands that cannot open a noun phrase."""
    sources = (
        lexicon.UP,
        lexicon.DOWN,
        lexicon.MAKE,
        lexicon.BIAS,
        lexicon.USE,
        *(verbs for _, verbs in lexicon.DIRECT),
    )
    openers = {entry.split()[0] for source in sources for entry in source.split("|")}
    return frozenset(
        (openers | {"give", "lend", "grant", "fuse", "combine", "blend", "merge"})
        - NOUNS
        - MODIFIERS
        - PREPOSITIONS
        - lexicon.AMBIGUOUS_VERBS
    )
