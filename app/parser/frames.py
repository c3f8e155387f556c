"""What a matched frame means: handlers from the words a frame captured to a Reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from app.parser import grammar as g
from app.parser import lexicon
from app.parser.notation import Clause, Pattern
from app.parser.phrases import Reference, target
from app.parser.reading import Kind, Match, Reading
from app.parser.scene_words import ARTICLES, POSITIONS, PRONOUNS, QUANTIFIERS
from app.parser.tokens import Token
from engines.types import EFFECTS

Handler = Callable[[Match], Reading | None]


def measured(direction: str) -> Handler:
    """A verb that moves an effect noun "up" or "down"."""

    def read(match: Match) -> Reading | None:
        effect = g.noun_effect(match.noun, direction)
        valid, region = match.region()
        if effect is None or not valid:
            return None
        if "shown" in match and effect not in ("infrared", "visible"):
            return None
        if "cleaned" in match and not (effect == "denoise" or match.noun in _DARKNESS):
            return None
        if match.noun == _BRIGHTNESS and match.text(f"noun-{_BRIGHTNESS}") == "light" and _is_place(match.tokens()):
            return None
        verb = match.text("verb")
        strength = 3 if verb in lexicon.THRICE_VERBS.split("|") else 2 if verb in lexicon.TWICE_VERBS.split("|") else 1
        return Reading(Kind.COMMAND, (effect,), region, False, match.noun, direction, strength)

    return read


_BRIGHTNESS = next(i for i, (_, up, down) in enumerate(lexicon.EFFECT_NOUNS) if (up, down) == ("brighten", "darken"))
_DARKNESS = [i for i, (_, up, down) in enumerate(lexicon.EFFECT_NOUNS) if up != "denoise" and down == "brighten"]
_COMPOUND_STOP = frozenset(
    "light lights heat static visible rgb shadow shadows structure focus stress accent spotlight highlight colour "
    "color".split()
)


def _is_place(group: Sequence[Token]) -> bool:
    """Whether a phrase is only a position ("the left"): then "light on the left" is a lamp, not an amount of light."""
    return bool(group) and all(
        token.word in POSITIONS or token.word in ARTICLES or token.word in ("side", "corner", "edge") for token in group
    )


def compound(direction: str) -> Handler:
    """ "increase the road brightness": the region stands before the effect noun."""
    read_measured = measured(direction)

    def read(match: Match) -> Reading | None:
        noun = next(match.text(f"noun-{i}") for i in range(len(lexicon.EFFECT_NOUNS)) if f"noun-{i}" in match)
        group = match.tokens()
        if noun in _COMPOUND_STOP or all(token.word in ARTICLES for token in group):
            return None
        return read_measured(match)

    return read


def quantified(match: Match) -> Reading | None:
    """More or less of an effect noun."""
    direction = "down" if "less" in match else "up"
    effect = g.noun_effect(match.noun, direction)
    valid, region = match.region()
    return Reading(Kind.COMMAND, (effect,), region, False, match.noun, direction) if effect and valid else None


def predicate_effect(match: Match) -> str | None:
    """The effect of a matched PREDICATE, or None where no effect does that."""
    if "adjective" in match:
        return g.adjective_effect(match.text("adjective"), "not" in match)
    if "standout" in match or "easy" in match:
        return "highlight"
    if match.has_noun:
        return g.noun_effect(match.noun, "down" if "less" in match else "up")
    return "infrared" if "infrared" in match else "visible"


def predicated(kind: Kind) -> Handler:
    """A region and a predicate: "the sky darker"."""

    def read(match: Match) -> Reading | None:
        group = match.tokens()
        if "adjective" in match and group:
            negated = "not" in match
            moved = _moved_noun(group, "less" if negated else match.text("adjective"))
            if moved is None and not negated and predicate_effect(match) in ("visible", "highlight"):
                moved = _moved_noun(group, "higher", ("visible",))
            if moved is not None:
                return moved
        effect = predicate_effect(match)
        valid, region = match.region()
        if effect is None or not valid:
            return None
        return Reading(kind, (effect,), region, elided=not group)

    return read


_HIGH = frozenset("higher stronger better greater high strong increased raised boosted enhanced improved up".split())
_LOW = frozenset(
    "lower weaker less low weak reduced lowered decreased removed eliminated smaller gone suppressed down "
    "disappear vanish".split()
)


def _moved_noun(group: Sequence[Token], how: str, effects: Sequence[str] = EFFECTS) -> Reading | None:
    """ "the brightness of the road" (group) "higher" (how): the phrase is an effect noun of a region."""
    direction = "up" if how in _HIGH else "down" if how in _LOW or how == "go away" else ""
    owned = next(_owned_noun().full(Clause([token.word for token in group])), None)
    if not direction or owned is None:
        return None
    match = Match(group, owned)
    effect = g.noun_effect(match.noun, direction)
    if effect not in effects or (match.text(f"noun-{_BRIGHTNESS}") == "light" and _is_place(match.tokens("of"))):
        return None
    named = match.tokens("of") or match.tokens("owner")
    region = target(named) if named else None
    return Reading(Kind.COMMAND, (effect,), region, False, match.noun, direction)


@cache
def _owned_noun() -> Pattern:
    return g.grammar().pattern("NOUN PLACE of:NP | owner:NP 's CORE | NOUN")


def level(match: Match) -> Reading | None:
    """ "the brightness of the road higher"."""
    return _moved_noun(match.tokens(), match.text("level"))


def too_much(match: Match) -> Reading | None:
    """ "the brightness of the sky is too high"."""
    return _moved_noun(
        match.tokens(), "low" if match.text("level") in ("high", "strong", "harsh", "heavy", "great") else "high"
    )


def direct(effect: str) -> Handler:
    """A verb whose object is the region: "brighten the road"."""

    def read(match: Match) -> Reading | None:
        verb, group = match.text("verb"), match.tokens()
        if verb in lexicon.AMBIGUOUS_VERBS and not _opens_object(group, effect):
            return None
        if not group and verb in _NEEDS_OBJECT:
            return None
        if group and group[0].word in ("of", "in", "on", "at", "to", "for", "from", "behind", "under", "by"):
            return None
        valid, region = match.region()
        return Reading(Kind.COMMAND, (effect,), region, elided=not group) if valid else None

    return read


_NEEDS_OBJECT = frozenset("show see find lift read check mark view present detail light feature track spot".split())


def _opens_object(group: Sequence[Token], effect: str) -> bool:
    if not group:
        return effect in ("denoise", "darken")
    first = group[0].word
    return first in ARTICLES or first in PRONOUNS or first in QUANTIFIERS or first in ("everything", "only")


def sourced(match: Match) -> Reading | None:
    """A region and the source to take it from."""
    valid, region = match.region()
    effect = "infrared" if "infrared" in match else "visible"
    return Reading(Kind.COMMAND, (effect,), region, elided=region is None) if valid else None


def complaint(match: Match) -> Reading | None:
    """What is wrong with a region: "the truck is too dark"."""
    valid, region = match.region()
    if "enough" in match:
        effect = g.adjective_effect(match.text("enough"), False)
    elif match.text("bad") in g.MILD_COMPLAINTS and "too" not in match:
        return None
    else:
        effect = g.complaint_effect(match.text("bad"))
    return Reading(Kind.COMPLAINT, (effect,), region or Reference.PRONOUN) if valid and effect else None


_GAPPED = frozenset("noisy grainy overexposed underexposed over-exposed under-exposed".split())


def gapped_complaint(match: Match) -> Reading | None:
    """ "… and the sky overexposed", "sky too bright": a complaint without its verb."""
    return complaint(match) if "too" in match or match.text("bad") in _GAPPED else None


def present(match: Match) -> Reading | None:
    """There is too much, or too little, of an effect noun; noise is always too much."""
    valid, region = match.region()
    effect = g.noun_effect(match.noun, "up" if "little" in match else "down")
    if not valid or effect is None or not (effect == "denoise" or "little" in match or "much" in match):
        return None
    return Reading(Kind.COMPLAINT, (effect,), region)


def measure(match: Match) -> Reading | None:
    """An effect noun, maybe of a region, without a verb: "and the noise in the sky"."""
    valid, region = match.region()
    return Reading(Kind.MEASURE, (), region, noun=match.noun) if valid else None


def inherited(direction: str) -> Handler:
    """ "lower that of the sky": a verb whose effect noun was said before."""

    def read(match: Match) -> Reading | None:
        valid, region = match.region()
        return Reading(Kind.MEASURE, (), region, direction=direction) if valid else None

    return read


def attributive(match: Match) -> Reading | None:
    """ "brighter road, less noisy sky": the adjective comes first."""
    valid, region = match.region()
    effect = g.adjective_effect(match.text("adjective"), "not" in match)
    return Reading(Kind.COMMAND, (effect,), region) if effect and valid and region else None


def inverted(match: Match) -> Reading | None:
    """ "make clear the man behind the tree": the region comes last, with its article."""
    first = match.tokens()[0].word
    return attributive(match) if first in ARTICLES or first in QUANTIFIERS else None


def simple(kind: Kind, *effects: str) -> Handler:
    """Fixed effects on the frame's region."""

    def read(match: Match) -> Reading | None:
        valid, region = match.region()
        return Reading(kind, effects, region) if valid else None

    return read
