"""Frames: one pattern for each way to say something about a region, in the order they are tried on a clause."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from app.parser import lexicon
from app.parser.frames import (
    Handler,
    attributive,
    complaint,
    compound,
    direct,
    gapped_complaint,
    inherited,
    inverted,
    level,
    measure,
    measured,
    predicated,
    present,
    quantified,
    simple,
    sourced,
    too_much,
)
from app.parser.grammar import grammar
from app.parser.notation import Clause, Pattern
from app.parser.reading import Kind, Match, Reading
from app.parser.tokens import Token

_LEVEL = (
    "level:(higher|lower|up|down|increased|raised|reduced|lowered|boosted|decreased|weaker|disappear|vanish|go away)"
)
_CANNOT_SEE = (
    "[i|we|you|one|nobody] (can't|cannot|can not|can barely|can hardly|can scarcely|could not|couldn't|hardly|barely|"
    "am unable to|struggle to|have trouble|don't|do not) {really|clearly|even|properly|well} (see|seeing|make out|"
    "recognise|"
    "recognize|find|spot|read|identify|distinguish|notice|detect|tell|discern)"
)
_SUBJECT = "(np:NP BE | it's | they're | that's | it is | its)"
_TAIL = (
    "{to (see|me|us|be seen|make out|recognise|read) | for me | for us | there | here | at night | in the dark | "
    "in this light | in places | right now}"
)
_NEEDED = {
    "brighten": "brightening|lightening|illuminating|lighting up|a brightness boost|to be lit",
    "darken": "darkening|dimming|toning down|shading",
    "denoise": "denoising|cleaning|cleaning up|smoothing|a clean-up|a cleanup|noise reduction|noise removal|de-noising",
    "visible": "sharpening",
    "highlight": "highlighting|emphasising|emphasizing|emphasis|enhancement|enhancing|attention|accentuating",
}
_SPLIT = {
    "brighten": "(light|brighten|lighten|turn|bring) np:NP up",
    "darken": "(tone|turn|dim|bring|darken) np:NP down",
    "denoise": "(clean|smooth|clear|tidy) np:NP (up|out)",
    "highlight": "(point|bring|single|pick|call|mark) np:NP (out|forward)",
}


def _measures() -> list[tuple[str, Handler]]:
    frames: list[tuple[str, Handler]] = [
        (
            "(lift|raise|open|open up|boost|brighten) [the] (shadow|shadows) PLACE np:NP",
            simple(Kind.COMMAND, "brighten"),
        ),
        (
            "(lift|raise|open|open up|boost|fill|fill in|recover|rescue) [the] np:shadows",
            simple(Kind.COMMAND, "brighten"),
        ),
        (
            "(recover|pull back|pull down|bring down|tame|reduce|lower|tone down|turn down|rein in|dim) [the] "
            "np:highlights",
            simple(Kind.COMMAND, "darken"),
        ),
        ("(get|take|pull|keep) NOUN (out of|off|away from|out from|from) np:NP", measured("down")),
    ]
    move = "(turn|bring|take|dial|bump|crank|push|pull|put|scale|move|drive)"
    for way in ("up", "down"):
        frames.append((f"{move} NOUN [PLACE np:NP] {way}", measured(way)))
        frames.append((f"{move} np:NP 's NOUN {way}", measured(way)))
    verbs = (("verb:RAISE", "up"), ("verb:LOWER", "down"), ("shown:SHOW", "up"), ("cleaned:CLEAN", "down"))
    for verb, direction in verbs:
        frames.append((f"{verb} NOUN [PLACE np:NP]", measured(direction)))
        frames.append((f"{verb} np:NP 's NOUN", measured(direction)))
    for participle, direction in (("RAISED", "up"), ("LOWERED", "down")):
        frames.append((f"[have|get|see] NOUN [PLACE np:NP] [MODAL] [be] {participle}", measured(direction)))
        frames.append((f"[have|get|see] NOUN [MODAL] [be] {participle} PLACE np:NP", measured(direction)))
    return frames


def _gifts() -> list[tuple[str, Handler]]:
    give = "(give|lend|grant|offer|bring|provide|feed|add|get)"
    look = "(look|appearance|feel|touch|tone|style|impression|view|image)"
    return [
        ("[GAIN] QUANTIFIED [PLACE np:NP]", quantified),
        (f"{give} np:NP QUANTIFIED", quantified),
        (f"{give} np:NP NOUN (reduction|cut|decrease)", measured("down")),
        (f"{give} np:NP NOUN [boost|lift|increase|enhancement|improvement|bump]", measured("up")),
        (f"{give} np:NP [a|an] PREDICATE {look}", predicated(Kind.COMMAND)),
        (f"MAKE [np:NP] {_LEVEL}", level),
        ("MAKE [np:NP] PREDICATE", predicated(Kind.COMMAND)),
        ("MAKE [more|not:less] adjective:ADJECTIVE np:NP", inverted),
    ]


def _sources() -> list[tuple[str, Handler]]:
    toward = "(toward|towards|to|in favour of|in favor of|in the direction of|into|onto|more to|closer to|over to)"
    more = "{more|mainly|mostly|only|just|further|closer|primarily|purely|even|rather}"
    place = (
        "(for|in|on|at|over|to|within|of|around|across|inside|as the source for|to represent|to show|to display|"
        "to render|"
        "when it comes to)"
    )
    shown = (
        "(show|show me|display|render|present|see|fuse|view|depict|draw|take|get|have|keep|give|visualise|visualize|"
        "reproduce|fill|want|represent|replace|switch|swap|combine|blend|mix|overlay|cover|look at)"
    )
    via = (
        "(in|with|using|from|via|as in|as|like|by|through|as it is in|the way it is in|based on|on the basis of|for|to)"
    )
    dominate = (
        "(dominate|prevail|take over|lead|win|be used|be preferred|be dominant|be stronger|be taken|show through|"
        "come through)"
    )
    return [
        (f"BIAS np:NP {more} {toward} {more} SOURCE", sourced),
        (f"BIAS {more} {toward} {more} SOURCE [{place} np:NP]", sourced),
        (f"USE {more} [more of|of] SOURCE [{place} np:NP]", sourced),
        (f"{shown} np:NP {more} {via} {more} [more] SOURCE", sourced),
        (
            f"[let|make|have] SOURCE [should|to|must|shall|can] {dominate} [in|on|at|for|over|within|through] np:NP",
            sourced,
        ),
        ("(let|make|have) np:NP [be] dominated by SOURCE", sourced),
        (f"(fuse|combine|blend|merge) {via} {more} [more] SOURCE", sourced),
        (
            "(give|put|assign|attach|place|lay) [a] [more|higher|greater|most|full] (weight|priority|emphasis|"
            "importance|preference|"
            f"influence|stress) (to|on) SOURCE [{place} np:NP]",
            sourced,
        ),
        ("SOURCE (for|to) np:NP", sourced),
    ]


def _shown() -> list[tuple[str, Handler]]:
    seeing = "(see|show|show me|show us|display|present|view|have|get|want|need|like)"
    plainly = "(better|more clearly|more easily|easier|clearer|clearly|easily|well|more)"
    return [
        ("RAISE (that|the one|those|it) (of|in|on|from|for) np:NP", inherited("up")),
        ("LOWER (that|the one|those|it) (of|in|on|from|for) np:NP", inherited("down")),
        (
            f"{seeing} np:NP in [more|greater|better|finer|full|fine|high|higher|good|sharp] "
            "(detail|details|colour|color|definition)",
            simple(Kind.COMMAND, "visible"),
        ),
        (f"{seeing} [more of] np:NP {plainly}", simple(Kind.COMMAND, "highlight")),
        (f"{seeing} np:NP PREDICATE", predicated(Kind.COMMAND)),
    ]


def _directs() -> list[tuple[str, Handler]]:
    frames: list[tuple[str, Handler]] = [
        ("verb:RAISE np:NP CORE", compound("up")),
        ("verb:LOWER np:NP CORE", compound("down")),
    ]
    frames += [(pattern, simple(Kind.COMMAND, effect)) for effect, pattern in _SPLIT.items()]
    frames += [(f"verb:({verbs}) [np:NP]", direct(effect)) for effect, verbs in lexicon.DIRECT]
    frames.append(
        (
            "[do|apply] [the] same [thing|effect|change|edit|treatment] (for|to|with|on|goes for|applies to|in) np:NP",
            simple(Kind.SAME),
        )
    )
    frames.append(("(show|show me|tell me|find|find out) where np:NP (is|are)", simple(Kind.COMMAND, "highlight")))
    frames.append(
        (
            "(where is|where are|where's|is there|are there|do you see|have you seen) np:NP",
            simple(Kind.COMMAND, "highlight"),
        )
    )
    return frames


def _statements() -> list[tuple[str, Handler]]:
    much = (
        "[much:(too much|too many|excessive|excess|so much)] "
        "[little:(too little|not enough|hardly any|little|no|insufficient)] "
        "{a lot of|lots of|much|some|plenty of|heavy|strong|a bit of|many|visible|annoying|severe}"
    )
    very = "{very|so|that|really|quite|particularly|look}"
    return [
        ("np:NP MODAL {also|all|both|really|definitely|rather|then} PREDICATE", predicated(Kind.COMMAND)),
        ("(can|could|should|may|would) np:NP PREDICATE", predicated(Kind.COMMAND)),
        (f"np:NP MODAL [be] {_LEVEL}", level),
        *[
            (f"np:NP NEED [some|a bit of|a little|more] ({entry})", simple(Kind.COMMAND, effect))
            for effect, entry in _NEEDED.items()
        ],
        ("np:NP NEED NOUN", measured("up")),
        (
            f"(there is|there's|there are|i see|we see|i can see|you can see|it has|"
            f"it contains) {much} NOUN [PLACE np:NP]",
            present,
        ),
        (
            f"np:NP (has|have|contain|contains|suffer from|suffers from|is full of|are full of|show|shows|"
            f"is covered in|"
            f"are covered in|exhibits) {much} NOUN",
            present,
        ),
        ("(too much|too many) NOUN [PLACE np:NP]", measured("down")),
        (
            f"np:NP (is not|are not|was not|looks not|isn't|aren't|wasn't|does not look|doesn't look|not) {very} "
            f"enough:ADJECTIVE [enough] {_TAIL}",
            complaint,
        ),
        (f"(it's|they're) not {very} enough:ADJECTIVE [enough] {_TAIL}", complaint),
        (f"{_SUBJECT} {{HEDGE}} [too:TOO] bad:COMPLAINT {_TAIL}", complaint),
        ("too:TOO bad:COMPLAINT", complaint),
        (f"why (is|are|does|do) np:NP [look|appear] {{HEDGE}} [too:TOO] bad:COMPLAINT {_TAIL}", complaint),
        (
            "NOUN [PLACE np:NP] (is|are|looks|gets) {HEDGE} [too] (annoying|disturbing|distracting|terrible|ugly|"
            "visible|"
            "strong|bad|noticeable|heavy|high|everywhere|severe|awful)",
            present,
        ),
        (
            "(make sure|ensure|see to it|make certain) [that] np:NP [is|are|become|becomes|look|looks] PREDICATE",
            predicated(Kind.COMMAND),
        ),
        ("np:NP (was|were) adjective:COMPARATIVE", predicated(Kind.COMMAND)),
        ("np:NP BE {HEDGE} [too] level:(high|low|strong|weak|harsh|heavy|great)", too_much),
    ]


def _rest() -> list[tuple[str, Handler]]:
    return [
        (
            "[a] (clear|clearer|better|good|closer|sharp|sharper) (view|look|picture|sight) (of|at|on) np:NP",
            simple(Kind.COMMAND, "highlight"),
        ),
        (
            "[a|an] [more|not:less] adjective:ADJECTIVE (look|appearance|feel|style) (for|on|of|in|to) np:NP",
            attributive,
        ),
        ("[a|some] (not:less | more | much more) adjective:ADJECTIVE np:NP", attributive),
        ("[a|some] adjective:COMPARATIVE np:NP", attributive),
        (f"np:NP {_LEVEL}", level),
        ("np:NP [too:TOO] bad:COMPLAINT", gapped_complaint),
        ("np:NP PREDICATE", predicated(Kind.PREDICATE)),
        ("PREDICATE", predicated(Kind.PREDICATE)),
        ("NOUN [(of|in|on|from|for|at) np:NP]", measure),
        ("(that|the one|those) (of|in|on|from|for) np:NP", inherited("")),
        ("(MAKE | BIAS | EDIT | USE | give|lend|grant|offer) np:NP", simple(Kind.COMMAND)),
        (
            "(for|in|on|at|as for|regarding|concerning|with regard to|when it comes to|about|around|within|inside|"
            "over|to|"
            "of|from) np:NP",
            simple(Kind.TOPIC),
        ),
    ]


@cache
def _frames() -> tuple[tuple[Pattern, Handler], ...]:
    free = "(rid|free|clean|clear|strip|cleanse|purge|relieve) [up] np:NP (of|from) [its] NOUN"
    table = [
        (
            f"{_CANNOT_SEE} np:NP {{well|clearly|properly|at all|very well|enough|easily}}",
            simple(Kind.COMPLAINT, "highlight"),
        ),
        (free, measured("down")),
        *_measures(),
        *_gifts(),
        *_sources(),
        *_shown(),
        *_directs(),
        *_statements(),
        *_rest(),
    ]
    return tuple((grammar().pattern(pattern), handler) for pattern, handler in table)


@cache
def grammar_words() -> frozenset[str]:
    """Every word the grammar knows, including those of the frames."""
    _frames()
    return frozenset(grammar().words)


def read_frames(tokens: Sequence[Token]) -> Reading | None:
    """The first frame that fits a clause, or None."""
    clause = Clause([token.word for token in tokens])
    for pattern, handler in _frames():
        for captures in pattern.full(clause):
            reading = handler(Match(tokens, captures))
            if reading is not None:
                return reading
    return None
