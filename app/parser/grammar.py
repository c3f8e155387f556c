"""Building blocks of the clause grammar, in the notation of `notation`, and the effects they stand for."""

from __future__ import annotations

from functools import cache

from app.parser import lexicon
from app.parser.notation import Grammar

# Verbs that name their object rather than change a quantity: with these, only detail, texture, colour and the two
# sources are effects ("show the texture of the wall", but "show the light on the left" is a lamp).
_SHOWING = (
    "show|show me|see|highlight|reveal|focus on|display|expose|use|keep|maintain|want|need|have|get|concentrate on|"
    "rely on|"
    "rely more on|draw out|emphasise|emphasize|stress|accentuate|prefer|favour|favor|prioritise|prioritize|preserve|"
    "retain|"
    "restore|recover|bring out|bring back|exploit|direct|perform|do|carry out|run|include"
)
# Verbs that only take noise and shadows away.
_CLEANING = (
    "clean|clean up|clean away|clean off|clear|clear up|clear away|clear out|smooth|smooth out|fix|handle|deal with|"
    "treat|"
    "filter|filter out|tidy up|iron out|screen out|mitigate|dim|dim down|strip|scrub|wipe|take off|lighten"
)
_POSITIVE_COMPARATIVES = "stronger|better|nicer|finer|bolder"
# Plain properties of things: a complaint only after "too".
MILD_COMPLAINTS = frozenset("black white light dirty soft flat shiny dull harsh hidden bright saturated faint".split())

_LISTS = {
    "KIND": lexicon.KIND,
    "SHOW": _SHOWING,
    "CLEAN": _CLEANING,
    "RAISED": lexicon.RAISED,
    "LOWERED": lexicon.LOWERED,
    "MAKE": lexicon.MAKE,
    "BIAS": lexicon.BIAS,
    "USE": lexicon.USE,
    "SEE": lexicon.SEE,
    "STANDOUT": lexicon.STAND_OUT,
    "MORE": lexicon.MORE,
    "LESS": lexicon.LESS,
    "GAIN": "get|have|see|want|need|use|apply|add|bring|give|put|keep|show|show me|provide|introduce|allow|let|with",
    "EDIT": "fix|treat|process|edit|adjust|modify|correct|improve|enhance|work on|deal with|touch up|handle|change",
    "PLACE": "of|in|on|from|for|at|around|within|across|over|to|into|inside|along|throughout|off|onto|upon|out of|"
    "about|near|under|beneath",
    "THE": "the|its|their|his|her|a|an|our",
    "COPULA": "be made to look|be made|be made|be rendered|be more|look|looks|appear|appears|seem|be|become|becomes|"
    "get|gets|turn|"
    "come out|feel|show up|being|stay|remain|end up|come across",
    "NOT": "less|not so|not as|not that|not too|not very|not quite|not|no longer|never",
    "DESCRIBED": "overall|general|current|fused|local|perceived|apparent|excess|excessive|unwanted|own|ambient|"
    "surrounding|"
    "remaining|residual|global|fine|low|high|poor|weak|strong|existing|relative",
    "LEANING": "bias|biased|be biased|lean|leaning|tilt|tilted|incline|inclined|tend|tending|shift|shifted|move|"
    "moved|closer|"
    "more similar|similar|resemble|resembling|like|more like|follow|match|come from|from|taken from|in|as in|toward|"
    "towards|"
    "dominated by|be dominated by|based on|using|with|more of|look like|as|rely on|skew|skewed|pulled|pushed|drift|"
    "be closer|"
    "mimic|show|in the style of",
    "MODAL": "should|must|need to|needs to|has to|have to|ought to|could|can|shall|might|may|would|will|is to|are to|"
    "to|"
    "is supposed to|are supposed to",
    "BE": "is|are|'s|look|looks|seem|seems|appear|appears|was|were|remain|remains|stay|stays|comes out|come out|"
    "feels|feel|"
    "gets|get|became|has become|have become",
    "HEDGE": "to be|still|just|all|both|currently|now|quite|rather|pretty|fairly|very|really|a bit|a little|somewhat|"
    "way|far|"
    "much|slightly|almost|kind of|simply|probably|that|how",
    "NEED": "need|needs|could use|require|requires|deserve|deserves|want|wants|lack|lacks|is lacking|are lacking|"
    "is missing|"
    "are missing|is short of|are short of|call for|calls for|could do with|can use|lacks in",
    "TOO": "too|so|overly|way too|far too|much too|excessively|simply too|all too",
}
_RULES = {
    "INFRARED": "(infrared|thermal|ir|heat|infra red|infra-red|temperature|thermographic|lwir) [fusion] {KIND}",
    "VISIBLE": "(visible|vis|rgb|optical|visual|visible-light|photographic|eo) [fusion] {KIND} | "
    "(natural|daylight|colour|color|normal|true|full|real) [fusion] KIND {KIND} | colour | color | daylight",
    "SOURCE": "[the|a|an|its|their|pure|some] (infrared:INFRARED | visible:VISIBLE) [one|version]",
    "AMOUNT": "[the] (level|levels|amount|degree|strength|quantity|impact|effect|presence|overall level) of",
    "QUANTITY": "(all|any|every|most|some|more|much|even more|a lot|lots|plenty|a bit|a little|a little more|"
    "a bit more|excess|"
    "extra|additional|excessive|further|too much|that|this|greater|higher|enough|tons|better) [of]",
    "QUANTIFIED": "[a|an|the] (more:MORE | less:LESS) [of] [the|a] {DESCRIBED} CORE [look|feel]",
    "NOUN": "[QUANTITY] [AMOUNT] [THE] [QUANTITY] {DESCRIBED} CORE",
    "WHOM": "to (SEE|me|us|the eye|everyone|anyone|the viewer|my eyes|notice it|see them|see it) | looking | enough | "
    "in (appearance|colour|color|brightness|tone|texture) | against NP | "
    "from (the|its|their) (background|surroundings|rest) [of NP] | for (me|us|the viewer|detection) | than NP | as NP",
    "QUALIFIED": "[not:NOT] {more|even|much|the most|most|too|so|very|the|a} adjective:ADJECTIVE {WHOM}",
    "EASY": "(more easily|easy|easier|simpler|simple|better|possible|more clearly|more easy|clearly|easily) "
    "[[for me|for us] to [be]] (SEE|seen|spotted|noticed|recognised|recognized|read|identified|detected|visible|"
    "distinguished|discerned|found) [(against|from|in|among) NP]",
    "LEAN": "[more] LEANING [more|closer] [toward|towards|to|like|on|from|in] [the|a] [more] SOURCE [does]",
    "PREDICATE": "[[to] COPULA] [as] QUALIFIED"
    " | [[to] COPULA] [as] standout:([more] STANDOUT {more|better|clearly|visually} [(against|from|in|among) NP])"
    " | [[to] COPULA] [as] easy:EASY"
    " | [[to] COPULA] LEAN"
    " | [to] [have|has|show|get|contain|with|gain|carry|receive|exhibit|be given|keep] QUANTIFIED"
    " | [to] (have|has|show|get|gain|with|carry|receive|exhibit|be given|keep|retain|be in) [THE] CORE",
}


@cache
def grammar() -> Grammar:
    """The word lists and rules that frames are written with."""
    built = Grammar()
    for name, entries in _LISTS.items():
        built.list(name, entries)
    built.list("RAISE", _without(lexicon.UP, _SHOWING))
    built.list("LOWER", _without(lexicon.DOWN, _CLEANING))
    adjectives = "|".join(entry for entry, _, _ in lexicon.ADJECTIVES)
    built.list("ADJECTIVE", adjectives)
    comparatives = [word for word in adjectives.split("|") if word.endswith("er")]
    built.list("COMPARATIVE", _without("|".join(comparatives), _POSITIVE_COMPARATIVES))
    built.list("COMPLAINT", "|".join(entry for _, entry in lexicon.COMPLAINTS))
    for index, (expression, _, _) in enumerate(lexicon.EFFECT_NOUNS):
        built.rule(f"NOUN_{index}", expression)
    cores = " | ".join(f"noun-{index}:NOUN_{index}" for index in range(len(lexicon.EFFECT_NOUNS)))
    built.rule("CORE", f"({cores}) [level|levels]")
    for name, expression in _RULES.items():
        built.rule(name, expression)
    return built


def noun_effect(noun: int, direction: str) -> str | None:
    """The effect of moving an effect noun (its index in EFFECT_NOUNS) "up" or "down", or None."""
    _, up, down = lexicon.EFFECT_NOUNS[noun]
    return up if direction == "up" else down


def adjective_effect(adjective: str, negated: bool) -> str | None:
    """The effect of making something (less) so, or None."""
    more, less = _adjectives()[adjective]
    return less if negated else more


def complaint_effect(complaint: str) -> str:
    """The effect that answers a complaint."""
    return next(effect for effect, entry in lexicon.COMPLAINTS if complaint in entry.split("|"))


@cache
def _adjectives() -> dict[str, tuple[str | None, str | None]]:
    return {word: (more, less) for entry, more, less in lexicon.ADJECTIVES for word in entry.split("|")}


def _without(entries: str, dropped: str) -> str:
    return "|".join(entry for entry in entries.split("|") if entry not in dropped.split("|"))
