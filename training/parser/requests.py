"""One request for one effect: a clause around X, the place of the region."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import cache

from training.parser.patterns import Vocabulary, expand
from training.parser.wording import DEGREES, DOWN, REMOVE, UP, VOCABULARY, WORDING, ways

# Marks in a pattern where a degree may stand: before a comparative, a verb, at the end, before a plain quality, and
# between object and direction.
_PLACES = {"%c": "comparative", "%a": "verb", "%e": "end", "%p": "plain", "%d": "verb"}
_ACTS = frozenset("stand pop jump stick catch come shine show be draw attract look appear have glow the".split())
_DOUBLED = frozenset("dim get put let set cut run tip spot drag spin".split())
_PARTICIPLES = {
    "show": "shown", "bring": "brought", "find": "found", "light": "lit", "put": "put", "shed": "shed",
    "throw": "thrown",
    "draw": "drawn", "give": "given", "take": "taken", "run": "run", "cast": "cast", "do": "done", "set": "set",
    "keep": "kept", "shine": "shone", "have": "had", "make": "made", "cut": "cut", "get": "got", "let": "let",
}  # fmt: skip

# Commands: start with a verb, so that "please" or "could you" may stand before them.
_COMMANDS = ways(
    """%a $VERB X %e; %a $VERB X %e; %a $VERB X %e; %a $VERB X %e; %a $VERB X %e; $VERB X %a; $SPLIT %e;
    (make|make|make|make|render|get|turn|keep) X %c $BETTER %e; make X %c $BETTER; make X %c $BETTER; make X
    (look|appear|become|be|seem) %c $BETTER; (make|make|render|get|keep) X %p $PLAIN; (let|have|make|help|get) X
    $ACT %e; let X (be|look|appear|become) %c $BETTER; (let|make) X (be|look|appear|become) %p $PLAIN; make X a %c
    little bit $BETTER; %a $UP [the] $MORE (of|of|of|in|on|for|at|around) X %e; %a $UP [the] $MORE (of|in|on) X %e;
    %a $UP X 's $MORE %e; %a $DOWN [the] $LESS (of|of|in|on|for|at|around|from) X %e; %a $DOWN [the] $LESS
    (of|in|on|from) X %e; %a $DOWN X 's $LESS %e; give X %c more $MORE; give X (some|extra|additional|a bit
    of|higher|better|stronger|plenty of|a little) $MORE; give X %c less $LESS; add (more|some|extra|additional|a
    bit of|%c more|a little|) $MORE (to|to|in|on|for) X; bring (more|some|extra) $MORE (to|into|in|on) X; put
    (more|some) $MORE (on|in|into|onto) X; $UP X (in|with respect to) $MORE %e; (provide|apply|use|introduce)
    (more|some|extra|%c more) $MORE (to|for|on|in) X; change X to be %c $BETTER; adjust X so that (it is|they
    are|it's) %c $BETTER; $UP the level of $MORE (of|in|for) X; keep the $LESS (of|in|on) X (low|down|to a
    minimum); (have|see|get|let) the $MORE (of|in) X (increased|raised|enhanced|improved|boosted) %e;
    (have|see|get) the $LESS (of|in) X (reduced|lowered|decreased|cut) %e; turn X into something %c $BETTER; =3
    make X as $BARE as (possible|you can|it gets|can be|it can be); =3 make X as $BARE as possible; =2 make X
    (twice|two times) as $BARE [as (before|now|it is|it was)]; =3 make X three times as $BARE [as (before|it is)];
    =2 double the $MORE (of|in) X; =2 halve the $LESS (of|in) X; =3 (triple|maximise|maximize) the $MORE
    (of|in|for|on) X; =3 $UP the $MORE of X to the (maximum|max); =3 make X as $BARE as you possibly can; =2 $UP X
    's $MORE by a lot; get X to (be|look|appear) %c $BETTER; get X to $ACT; set X to (be|look) %c $BETTER; improve
    X by making it %c $BETTER"""
)
_SPECIAL_COMMAND = "$SPECIAL"
_STATEMENTS = ways(
    """X (should|should|must|needs to|need to|has to|have to|ought to|could|shall|may|can|might) be %c $BETTER; X
    (should|must|needs to|need to|could|ought to) (look|appear|become|get|be made|be rendered) %c $BETTER; X
    (should|must|could|has to) be %p $PLAIN; X (should|must|needs to|has to|ought to|could) $ACT %e; X
    (needs|need|requires|deserves|wants|could use) %c more $MORE; X (needs|need|requires|could use|should
    have|should get) less $LESS; X (should|must|could|needs to) have %c more $MORE; X (should|must) have %c less
    $LESS; X (lacks|lack|is lacking|are lacking|is short of|is missing) $MORE; X (has|have) (too little| not
    enough|hardly any|insufficient) $MORE; X (has|have|shows|gets) too much $LESS; X
    (is|are|looks|look|seems|appears|is a bit| are somewhat|is just|is still) too $COMPLAINT; X (is|are|looks|look)
    (way|far|much|a bit|a little|really|rather|simply) too $COMPLAINT; X (is|are) too $COMPLAINT; X
    (is|are|looks|look|seems|seem|appears|comes out|turned out) $FAULT; X (is|are) $FAULT; X (isn't|aren't|is
    not|are not|doesn't look|do not look) $BARE enough; X (isn't|is not|are not) (really|very) $BARE; why (is| are)
    X so $COMPLAINT ?; why (is|are|does|do) X (look|) (so|too) $COMPLAINT ?; the $MORE (of|in|on) X (is|are|seems)
    too (low| weak|poor|small); the $LESS (of|in|on) X (is|are|seems) too (high|strong|heavy|much|visible); the
    $MORE (of|in|on) X (should| must|has to|needs to|ought to) be
    (increased|raised|enhanced|improved|boosted|higher|better|lifted|amplified|strengthened) %e; the $LESS
    (of|in|on) X (should|must|has to|needs to) be (reduced|lowered|decreased|lower|cut|diminished|weaker|toned
    down|less) %e; I (want|need|would like|'d like|wish|prefer) X (to be|to look|to appear|) %c $BETTER; I
    (want|would like|'d like|need) X %p $PLAIN; I (want|need|would like|'d like) X to $ACT %e; I (want|need|'d
    like|would like|wish for) %c more $MORE (for|on|in| at) X; I (want|need|'d like|would like) %c less $LESS
    (on|in|for) X; (can|could|should|would|may) X be %c $BETTER ?; (can|could) X be made %c $BETTER ?;
    (can|could|should) X $ACT ?; I (want|need|would like) X (to be|to get|) $VERBED %e; X (should|must| needs
    to|has to|ought to) be %a $VERBED %e; (let|have|get) X [be] %a $VERBED; (can|could|may) X be $VERBED ?; X to be
    %a $VERBED; would you mind %a $VERBING X ?; how about %a $VERBING X ?; (try|consider|start by|begin by|I
    suggest|what about| I am thinking of|please start) %a $VERBING X; (is it|would it be) possible to %a $VERB X ?;
    there is (too little|not enough) $MORE (on|in|at) X; there is too much $LESS (on|in|at) X; there
    (should|must|has to) be %c more $MORE (on|in|for) X; there (should|must) be less $LESS (on|in) X; (make
    sure|ensure|see to it) that X (is|are|becomes|looks) %c $BETTER; it would (help| be great|be nice|be good) if X
    (were|was|became) %c $BETTER; I (want|wish|would prefer) X (was|were) %c $BETTER; X (should|must) not be
    (so|too|that) $COMPLAINT; X (should|must|could) (look|be) less $COMPLAINT; don't let X be (so|too) $COMPLAINT;
    I (find|think) X too $COMPLAINT; I (find|think) X (is|are) too $COMPLAINT; (for my taste|to me|in my opinion) X
    (is| are) too $COMPLAINT; my problem is that X (is|are) too $COMPLAINT; =3 X should be as $BARE as possible; =2
    X should be twice as $BARE; =3 I want X as $BARE as possible; =3 X needs as much $MORE as possible; X wants
    $VERBING; X (needs|need|requires) (some|a bit of|) $VERBING; can we get X %c $BETTER ?; (could|can) I
    (have|get|see) X %c $BETTER ?; what X needs is %c more $MORE; what I want is X %c $BETTER; the goal is [to
    have] X %c $BETTER; X would (profit|benefit) from %c more $MORE"""
)
_NOMINALS = ways(
    """%c more $MORE (for|for|on|in|to|at|around|across) X; %c more $MORE (for|on|in|to) X;
    (some|extra|higher|better|stronger| additional|increased|enhanced|improved|maximum|a bit of|plenty of|lots of)
    $MORE (for|on|in|to|at) X; %c less $LESS (for|in|on|at| around) X; (lower|reduced|decreased|weaker|minimal|no)
    $LESS (for|in|on|at) X; X %c $BETTER; X : %c $BETTER; X - %c $BETTER; X -> %c $BETTER; X , %c $BETTER; X with
    %c more $MORE; X : %c more $MORE; X with less $LESS; X : less $LESS; X $MORE up; X %p $PLAIN; X too $COMPLAINT;
    X way too $COMPLAINT; $NOMINAL; $NOMINAL; $NOMINAL; =2 twice the $MORE (for|on|in) X; =3 maximum $MORE for X;
    =2 twice as much $MORE (on|in|for) X; (increase|increased|rise) in $MORE for X; reduction of $LESS in X; $VERB
    : X; $VERBING X; X => $BETTER; X = $BETTER; X / $BETTER; $VERB ( X ); task : $VERB X; target : X , effect :
    $BETTER; %c $SHORT X; $SHORT X; a %c $SHORT X; $SHORT X"""
)


@cache
def vocabulary(effect: str, held_out: bool = False) -> Vocabulary:
    """The names that clauses of an effect are written with; whole requests are split like the patterns."""
    wording = WORDING[effect]
    acts = tuple(way for way in wording.plain if way.split()[0] in _ACTS)
    bare = tuple(way for way in wording.plain if way not in acts)
    return {
        **VOCABULARY,
        "VERB": wording.verbs,
        "VERBING": tuple(_inflected(verb, _gerund) for verb in wording.verbs),
        "VERBED": tuple(_inflected(verb, _participle) for verb in wording.verbs if len(verb.split()) < 3),
        "SPLIT": tuple(f"%a {verb} X {particle}" for verb, particle in wording.split),
        "BETTER": wording.better,
        "SHORT": tuple(way for way in wording.better if " " not in way),
        "PLAIN": bare,
        "BARE": tuple(way for way in bare if " " not in way),
        "ACT": acts,
        "UP": UP,
        "DOWN": (*DOWN, *REMOVE, *REMOVE) if effect == "denoise" else DOWN,
        "MORE": wording.more,
        "LESS": wording.less,
        "COMPLAINT": wording.complaints,
        "FAULT": wording.faults,
        "SPECIAL": apart(wording.special, held_out),
        "NOMINAL": apart(wording.nominal, held_out),
    }


@cache
def _usable(effect: str, kind: str, held_out: bool) -> tuple[str, ...]:
    """The patterns of a kind that the effect has words for; every eleventh of them only for the held-out set."""
    words = vocabulary(effect)
    patterns = {"command": _COMMANDS, "statement": _STATEMENTS, "nominal": _NOMINALS}[kind]
    patterns = [pattern for pattern in patterns if all(words[name] for name in _names(pattern))]
    return apart(patterns, held_out)


def apart(patterns: Sequence[str], held_out: bool) -> tuple[str, ...]:
    """Every eleventh pattern for the held-out set, the others for training."""
    return tuple(pattern for i, pattern in enumerate(patterns) if (i % 11 == 7) == held_out)


def _names(pattern: str) -> list[str]:
    return [name for name in vocabulary("highlight") if f"${name}" in pattern]


def clause(effect: str, kind: str, strength: int, rng: random.Random, held_out: bool = False) -> tuple[str, int]:
    """A clause that asks for an effect in X.

    Args:
        effect: One of the six.
        kind: "command", "statement" or "nominal".
        strength: What is to be said; 0 to say nothing about it.
        rng: Where randomness comes from.
        held_out: Whether to take the patterns kept apart for the held-out set.

    Returns:
        The clause, and the strength it really says: 1, 2 or 3.
    """
    if kind == "command" and rng.random() < (0.45 if effect in ("infrared", "visible") else 0.2):
        pattern = _SPECIAL_COMMAND
    else:
        pattern = rng.choice(_usable(effect, kind, held_out))
    fixed = 0
    if pattern.startswith("="):
        fixed, pattern = int(pattern[1]), pattern[3:]
    words, said = place_degree(expand(pattern, rng, vocabulary(effect, held_out)), 0 if fixed else strength, rng)
    return words, fixed or said


def place_degree(words: str, strength: int, rng: random.Random) -> tuple[str, int]:
    """Fill one of the places for a degree and clear the others; says 1 where there is none."""
    parts = words.split(" ")
    places = [i for i, part in enumerate(parts) if part in _PLACES]
    said = 1
    if strength and places:
        chosen = rng.choice(places)
        degree = rng.choice(DEGREES[_PLACES[parts[chosen]]][strength])
        following = parts[chosen + 1] if chosen + 1 < len(parts) else ""
        if parts[chosen] == "%c" and following == "less" and degree in ("3x", "three times", "twice as much"):
            degree = "much" if strength == 2 else "extremely"
        parts[chosen], said = degree, strength
    return " ".join(part for part in parts if part and part not in _PLACES), said


def _inflected(verb: str, inflect: Callable[[str], str]) -> str:
    first, _, rest = verb.partition(" ")
    return f"{inflect(first)} {rest}".strip()


def _gerund(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    return verb + (verb[-1] if verb in _DOUBLED else "") + "ing"


def _participle(verb: str) -> str:
    if verb in _PARTICIPLES:
        return _PARTICIPLES[verb]
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeou":
        return verb[:-1] + "ied"
    return verb + (verb[-1] if verb in _DOUBLED else "") + "ed"
