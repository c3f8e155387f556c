"""The sentences of training: those of `sentences`, and further kinds that people write and that it lacks.

They stand apart so that the committed evaluation sets, which hang on every list of `sentences`, stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from training.parser import further_wording, names, nouns
from training.parser.patterns import expand
from training.parser.requests import apart, place_degree, vocabulary
from training.parser.sentences import WHOLES, Draft, Sample, Sentences, put
from training.parser.slips import spelt_as_heard
from training.parser.wording import VOCABULARY, WORDING, ways

# Regions that the further kinds read otherwise: everything but a thing is the picture.
_EXCEPTED = re.compile(r"\beverything (except|but)\b", re.IGNORECASE)
_POINTING = re.compile(r"\b(it|this|that|them|all|these)\b", re.IGNORECASE)
# Asking whether something is there is asking to see it; among the idle texts it asks for nothing, and the committed
# sets hang on those.
_ASKED_FOR = re.compile(r"\b(is|are) there\b")
_SECOND_ARTICLE = re.compile(
    r"\b(a|an|any|some) (?:a|an|the|teh|this|that|these|those|my|our|your|its|their) (?=[\ue000-\uf8ff])"
)
_FURTHER_SHARE = 0.2
_NAMED_SHARE = 0.09
_COLLIDING_SHARE = 0.03
_WHOSE_SHARE = 0.02
# Things whose names begin with words that ask for something, and what a place hides.
_COLLIDING = ways(
    """(light|dimmer|power) switch; light (bulb|pole|beam|fitting|shaft); (noise|sound) (barrier|wall); heat
    (pump|exchanger|shield|sink); (infrared|thermal|visible|colour|night vision) (camera|sensor|lamp|goggles);
    (detail|grain) (drawing|silo|elevator|sack); (focus|contrast) (ring|knob|strip); (show|clear|bright)
    (room|window|case|patch|spot|lane); (dark|shadow|shady) (corner|side|alley|spot|figure|patch); (mark|marked)
    (crossing|bay|lane|post); (highlight|highlighted) (area|text|box|zone); (exposure|brightness|volume)
    (meter|dial|knob|sensor); (sharp|clean|cleaning|smooth) (bend|edge|stone|cart|truck|wall);
    (track|point|spot|search|flood|flash|head|tail) (light|lights|lamp|marker);
    (litter|dust|rubbish|recycling|glass|paper) (bin|bins|container|basket); (garden|tool|bike|boat|cattle|coal)
    (shed|sheds|house|gate|rack|pen); (turn|turning|turn-off) (lane|signal|arrow); (lift|lifting)
    (door|shaft|bridge|barrier|arm); (make-up|cover|cut|pull|push) (mirror|plate|stone|rod|bar|button);
    (cold|warm|hot) (spot|spots|pipe|pipes|water tap|engine|tyre); fire
    (extinguisher|alarm|hose|escape|door|engine|exit|truck|wall); (thermometer|thermostat|lightning|lightship|lightbox|
    darkroom|cleaner|sharpener|hothouse|hotel|heater|warmer|headlamp|moonlight|skylight|nightclub|brightwork|visor|visitor|
    marker|market|highlighter|dimmer|noisemaker|clearing|detailer|naturalist|sunshade|lampshade)
    [(door|corner|edge|rail|man|window|flame|case|sign)]; (kitchen|corridor|stage|wall|gas|oil|paper)
    (lightship|skylight|lighter|dimmer|heater|lamplight|thermometer|marker)"""
)
_HIDDEN = ways(
    """(what|whatever) is (hidden|hiding|lurking) (in|behind|under) the (bushes|tree|dark|fog|smoke|wall);
    (who|whoever) is (hidden|hiding|standing) (behind|beside|near) the (tree|van|door|car); (what|whatever) is
    (parked|left) (on|beside) the road; (what|whatever|anything that|everything that) (glows|moves|is warm|is
    hot|gives off heat) [(in the dark|on the left|behind the fence)]; (what|whatever) (stands|lies) (there|on the
    (left|right)|in the corner); (what|whatever|who) is (there|on the left|in the middle); (what|whatever|whoever)
    is (behind it|in front of the (house|car|gate)); (who|whoever) (walks|stands|waits) (there|on the
    (left|right)|at the door); (what|whatever|who) is in the background; anything [that is] (warm|cold|hot|moving)
    [in the (scene|picture)]"""
)
_HEARD_SHARE = 0.04
_THEN = ways("and; and; and; and; , and; and then; , then; then; .; .; , and please; . Then; ; and also; , and also; &")
_THEN_IT = ("it", "it", "it", "it", "them", "them", "him", "her", "this", "that", "this one", "these")
_STOPS = (".", ".", ".", ".", ".", ";", "!", ". And", ", and", ",", "and")
_AMOUNTS: dict[int, tuple[str, ...]] = {
    1: ways(
        """by NUMBER %; by NUMBER %; by NUMBER percent; by NUMBER per cent; NUMBER %; by a (third|quarter|half|fifth);
        by half; by (one|half a|1|0.5) stop; by (2|two|three|1.5) stops; by (1|0.5|2) ev; + NUMBER %; - NUMBER %; by
        about NUMBER %; (NUMBER|10) percent; by up to NUMBER %; by one step; by NUMBER units; by NUMBER points; to
        NUMBER %"""
    ),
    2: ways("x2; 2x; x 2; twice; two times; by a factor of 2; by 2x; times two; by factor two; two-fold; 2 times"),
    3: ways(
        """x3; 3x; x 3; thrice; three times; by a factor of 3; by 3x; times three; x4; 4x; by a factor of (4|5|10);
        (four|five|ten) times; 5 times; 10x; three-fold; 3 times"""
    ),
}
_LIMITS = ways(
    """$UP the $MORE of X to (a|the) maximum; $UP the $MORE of X all the way; $UP X 's $MORE to the (limit|max); $DOWN
    the $LESS of X to (a|the) minimum; $DOWN the $LESS of X to zero; $DOWN X 's $LESS to (a|the) minimum; $DOWN the
    $LESS of X as far as (possible|it goes); $UP the $MORE of X as far as (possible|it goes)"""
)
_SIDES = ways(
    """on the left/on the right; on the right/on the left; in front/behind it; in the middle/on the left; on the far
    left/in the middle; at the top/at the bottom; near the (car|door|tree)/further away; in the foreground/in the
    background; next to the (wall|bus)/across the street"""
)
_NUMBERINGS = (("1. ", "2. ", "3. "), ("1) ", "2) ", "3) "), ("- ", "- ", "- "), ("(1) ", "(2) ", "(3) "))
_PURPOSES = ways(
    """so that X (stand|stands) out [(more|better|clearly)]; so X (stand|stands) out [(more|better)]; so that X
    (is|are) (easier to see|clearer|better visible|more visible|easy to spot|clearly visible); so X can be seen
    [better]; so that I can see X [(better|well)]; so I can see X [better]; in order to see X [better]; to see X
    better; to make X stand out; to make X (clearer|more visible|pop|easier to see); so that X (pop|pops|catches the
    eye|becomes visible|can be recognised); for X to stand out; in order to make X stand out [more]; because X
    should stand out; so that we notice X; to help me see X; so as to make X stand out; such that X (stand|stands)
    out; so that X (is|are) not lost; in favour of X; to draw attention to X; so that X (get|gets) more attention"""
)
_MEANS = ways(
    """make X (stand out|pop|clearer|more visible|easier to see|more prominent) by VERBING Y; highlight X by VERBING Y;
    emphasise X by VERBING Y; let X stand out by VERBING Y; get X to stand out by VERBING Y; by VERBING Y , make X
    stand out; X should stand out by VERBING Y; bring out X by VERBING Y; help me see X by VERBING Y"""
)
_BECAUSE = ways(
    """, they are FAULT; , it is FAULT; , it's FAULT; , they're FAULT; because it is FAULT; because they are FAULT; ,
    he is FAULT; , she is FAULT; . It is FAULT; . They are FAULT; - it's FAULT; , since it is FAULT; as it is FAULT;
    ; they look FAULT; , it looks FAULT; , because it's FAULT; . It's FAULT now; , which is FAULT; , which are FAULT"""
)
_ONLY = ways(
    """VERB only X; only VERB X; VERB just X; just VERB X; VERB X only; VERB X and nothing else; VERB X alone; please
    VERB only X; I want you to VERB only X; you should only VERB X; VERB nothing but X; only X , VERB it; just X ,
    VERB it; just X , make it BETTER; only X , make it BETTER; make only X BETTER; only make X BETTER; make just X
    BETTER; only X should be BETTER; just X should be BETTER; only X BETTER; just X BETTER; it is only X that should
    be BETTER; X , and only X , should be BETTER; only for X : make it BETTER; nothing but X should be BETTER; make
    X BETTER , only X"""
)
_EXCEPT = ways(
    """except; except; except for; but; but not; apart from; besides; save; other than; with the exception of;
    excluding; without; bar; aside from; only not"""
)
_EVERYTHING = ways(
    """everything; everything; everything; all; the whole picture; the picture; the image; the whole image; it all; all
    of it; the entire scene; the scene; the whole scene; all parts"""
)
_EXCEPTIONS = ways(
    """VERB Y EXCEPT X; VERB Y EXCEPT X; VERB Y EXCEPT X; VERB Y , EXCEPT X; make Y EXCEPT X BETTER; make Y BETTER
    EXCEPT X; make Y BETTER , EXCEPT X; Y EXCEPT X should be BETTER; Y EXCEPT X needs to be BETTER; EXCEPT X , VERB
    Y; I want Y EXCEPT X BETTER; Y BETTER EXCEPT X; please VERB Y , just not X; VERB Y but leave X out; VERB Y , not
    X; Y should be BETTER , EXCEPT X; VERB Y EXCEPT X , please"""
)
_REFUSED = ways(
    """neither X nor Y BETTER; neither X nor Y should be BETTER; make neither X nor Y BETTER; VERB neither X nor Y;
    neither VERB X nor Y; X should be neither BETTER nor BETTER; don't VERB X or Y; neither X nor Y; I want neither
    X nor Y BETTER; do not make X or Y BETTER; don't VERB X and don't VERB Y; VERB neither X , nor Y"""
)
_INSTEAD = ways(
    """not X , Y : make it BETTER; not X , but Y should be BETTER; not X , Y should be BETTER; VERB Y , not X; not X
    but Y : VERB it; VERB not X but Y; don't VERB X , VERB Y; don't VERB X but Y; not X ! VERB Y; not X . Make Y
    BETTER; make not X but Y BETTER; instead of X , VERB Y; rather than X , make Y BETTER; leave X and VERB Y; VERB
    Y instead of X; no , not X , VERB Y; I said Y , not X : VERB it; I meant Y , not X , make it BETTER; X is fine ,
    make Y BETTER; X is ok but Y should be BETTER; Y , not X , should be BETTER; make Y BETTER , not X; not X , Y ,
    VERB it"""
)
_QUOTES = (
    ('"', '"'),
    ("'", "'"),
    ("(", ")"),
    ("“", "”"),
    ("„", "“"),
    ("[", "]"),
    ("«", "»"),
    ('"', ""),
    ("", '"'),
    ("- ", ""),
)


class Everyday(Sentences):
    """Draws instructions of all kinds; arguments as in `Sentences`."""

    def __init__(self, seed: int, real: Sequence[str] = (), held_out: bool = False) -> None:
        super().__init__(seed, real, held_out)
        self._kinds = (
            *self._kinds,
            ("named, then it", 8, self._named_then),
            ("a reason", 4, self._reasoned),
            ("only", 5, self._only),
            ("short sentences", 8, self._short_sentences),
            ("a purpose", 5, self._purpose),
            ("an amount", 6, self._amount),
            ("the other one", 2, self._other_one),
            ("numbered", 2, self._numbered),
            ("an exception", 4, self._exception),
            ("one instead of another", 4, self._instead),
            ("further wording", 14, self._further),
            ("further whole picture", 4, self._further_whole),
            ("nothing asked", 6, self._further_nothing),
        )

    def draw(self) -> Sample:
        """The next sentence; one whose reading the further kinds contradict is drawn again."""
        while True:
            sample = super().draw()
            regions = [region for region, *_ in sample.edits]
            if any(region and _EXCEPTED.search(region) for region in regions):
                continue
            # "it" beside a named thing is that thing, not the picture.
            if None in regions and any(regions) and _POINTING.search(sample.text):
                continue
            if not regions and _ASKED_FOR.search(sample.text.lower()):
                continue
            return sample

    # Parts of sentences

    def _region(self) -> tuple[str, int]:
        chance = self.rng.random()
        if chance < _NAMED_SHARE:
            phrase = names.draw(self.rng, self.expressions.noun)
        elif chance < _NAMED_SHARE + _COLLIDING_SHARE:
            phrases = _HIDDEN if self.rng.random() < 0.2 else _COLLIDING
            phrase = expand(self.rng.choice(apart(phrases, self.held_out)), self.rng, {})
        elif chance < _NAMED_SHARE + _COLLIDING_SHARE + _WHOSE_SHARE:
            phrase = self._whose()
        else:
            return super()._region()
        self._phrases.append(phrase)
        index = len(self._phrases) - 1
        return self._named(index), index

    def _whose(self) -> str:
        """ "man whose jacket is red": what is told of a part stays within the region."""
        rng = self.rng
        if rng.random() < 0.5:
            owner, part = self.expressions.person(), rng.choice(nouns.WORN)
        else:
            owner, part = self.expressions.noun(), rng.choice(nouns.PARTS)
        told = rng.choice(nouns.COLOURS if rng.random() < 0.6 else nouns.ADJECTIVES)
        verb = rng.choice(("are", "look")) if nouns.is_plural(part) else rng.choice(("is", "looks"))
        return " ".join((owner, "whose", part, verb, told)).replace("~", " ")

    def _named(self, index: int) -> str:
        words, phrase = super()._named(index), self._phrases[index]
        stands_alone = names.stands_alone(phrase) or phrase.startswith(("what", "who", "anything", "everything"))
        return words.rpartition(" ")[2] if stands_alone else words

    def _finished(self, draft: Draft, category: str) -> Sample:
        if self.rng.random() < _HEARD_SHARE:
            draft = Draft(spelt_as_heard(draft.words, self.rng), draft.edits)
        return super()._finished(draft, category)

    def _plain_region(self) -> tuple[str, int]:
        """A short region with "the"; what people say most often."""
        if self.rng.random() < 0.25:
            return self._region()
        self._phrases.append(self.expressions.draw(plain=True))
        index = len(self._phrases) - 1
        mark = self._named(index).rpartition(" ")[2]
        return f"{self.rng.choice(('the', 'the', 'the', 'the', 'my', 'this', ''))} {mark}".strip(), index

    def _request(self, effect: str, target: str, kind: str | None = None) -> tuple[str, int, str]:
        rng = self.rng
        if rng.random() >= _FURTHER_SHARE:
            return super()._request(effect, target, kind)
        if kind is None:
            kind = rng.choice(("command", "command", "statement"))
        if kind == "nominal":
            return super()._request(effect, target, kind)
        patterns = (further_wording.COMMANDS if kind == "command" else further_wording.STATEMENTS)[effect]
        return self._asked(patterns, effect, target), 1, kind

    def _asked(self, patterns: Sequence[str], effect: str, target: str) -> str:
        """One of the patterns about a target, which has no second article after "is there a"."""
        pattern = self.rng.choice(apart(patterns, self.held_out))
        return _SECOND_ARTICLE.sub(r"\1 ", put(expand(pattern, self.rng, vocabulary(effect)), target))

    def _say(self, pattern: str, effect: str) -> str:
        """Fill VERB, VERBING and BETTER of a pattern with words of an effect."""
        named = vocabulary(effect)
        for word in ("VERBING", "VERB", "BETTER"):
            pattern = re.sub(rf"\b{word}\b", f"${word}", pattern)
        return expand(pattern, self.rng, named)

    def _verbal(self) -> str:
        """An effect that has verbs of its own."""
        return self.rng.choice(
            ("highlight", "brighten", "brighten", "darken", "darken", "denoise", "denoise", "visible")
        )

    # Further kinds

    def _named_then(self) -> Draft:
        """ "find the dog and denoise it": both are about the dog."""
        rng = self.rng
        target, index = self._plain_region()
        first, second = self._effect(), self._effect()
        while second == first:
            second = self._effect()
        if rng.random() < 0.5:
            first = "highlight"
            second = rng.choice([effect for effect in WORDING if effect != first])
        words, strength = self._short(first, target)
        again, other = self._short(second, rng.choice(_THEN_IT))
        edits = [(index, first, strength), (index, second, other)]
        words = f"{words} {rng.choice(_THEN)} {again}"
        if rng.random() < 0.12:
            third = rng.choice([effect for effect in WORDING if effect not in (first, second)])
            more, strength = self._short(third, rng.choice(_THEN_IT[:6]))
            words, edits = f"{words} {rng.choice(_THEN)} {more}", [*edits, (index, third, strength)]
        return Draft(self._opened(words, "command", 0.15), edits)

    def _short(self, effect: str, target: str) -> tuple[str, int]:
        """The shortest ways to ask: a verb, or "make X better"."""
        rng = self.rng
        words = vocabulary(effect)
        pattern = "make X %c $BETTER %e" if not words["VERB"] or rng.random() < 0.35 else "%a $VERB X %e"
        if effect in ("infrared", "visible") and rng.random() < 0.5:
            return self._request(effect, target, "command")[:2]
        strength = rng.choices((0, 2, 3), (86, 9, 5))[0]
        said, strength = place_degree(expand(pattern, rng, words), strength, rng)
        return put(said, target), strength

    def _reasoned(self) -> Draft:
        """ "brighten the people, they are too dark": the reason is no other edit."""
        rng = self.rng
        effect = rng.choice([effect for effect, wording in WORDING.items() if wording.complaints])
        target, index = self._plain_region()
        words, strength = self._short(effect, target)
        fault = expand(
            rng.choice(("too $COMPLAINT", "too $COMPLAINT", "so $COMPLAINT", "$FAULT")), rng, vocabulary(effect)
        )
        reason = rng.choice(_BECAUSE).replace("FAULT", fault)
        return Draft(f"{words} {reason}", [(index, effect, strength)])

    def _only(self) -> Draft:
        effect = self._verbal()
        target, index = self._plain_region()
        return Draft(put(self._say(self.rng.choice(apart(_ONLY, self.held_out)), effect), target), [(index, effect, 1)])

    def _short_sentences(self) -> Draft:
        """Three to five short sentences, each a verb and its object."""
        rng = self.rng
        words, edits = "", []
        stop = rng.choice(_STOPS)
        for i in range(rng.choices((2, 3, 4, 5), (15, 50, 25, 10))[0]):
            effect = self._effect()
            target, index = self._plain_region()
            said, strength = self._short(effect, target)
            words = f"{words} {stop} {said}" if i else said
            edits.append((index, effect, strength))
        if rng.random() < 0.6:
            words += " ."
        return Draft(words, edits)

    def _purpose(self) -> Draft:
        """ "darken the sky so that the people stand out" darkens; "make them stand out by darkening" does both."""
        rng = self.rng
        effect = rng.choice(("darken", "darken", "darken", "brighten", "denoise"))
        if rng.random() < 0.4:
            pattern = self._say(rng.choice(apart(_MEANS, self.held_out)), effect)
            drawn = {slot: self._plain_region() for slot in sorted("XY", key=pattern.split(" ").index)}
            words = pattern
            for slot, (target, _) in drawn.items():
                words = put(words, target, slot)
            edits = [(index, "highlight" if slot == "X" else effect, 1) for slot, (_, index) in drawn.items()]
            return Draft(words, edits)
        if rng.random() < 0.15:
            words, strength, changed = *self._short(effect, rng.choice(WHOLES)), None
        else:
            target, changed = self._plain_region()
            words, strength = self._short(effect, target)
        seen, _ = self._plain_region()
        purpose = put(expand(rng.choice(apart(_PURPOSES, self.held_out)), rng, VOCABULARY), seen)
        return Draft(f"{words} {rng.choice(('', '', '', ','))} {purpose}", [(changed, effect, strength)])

    def _other_one(self) -> Draft:
        """ "make the car on the left brighter and the one on the right darker": "one on the right" is a region."""
        rng = self.rng
        here, there = expand(rng.choice(apart(_SIDES, self.held_out)), rng, VOCABULARY).split("/")
        first = self._effect()
        second = rng.choice([effect for effect in WORDING if effect != first])
        several = rng.random() < 0.15
        noun = self.expressions.noun()
        self._phrases += [f"{noun} {here}", f"{'ones' if several else 'one'} {there}"]
        one, other = (f"the {self._named(index).rpartition(' ')[2]}" for index in (0, 1))
        if rng.random() < 0.5:
            words = put(put(self._say("make X BETTER and Y OTHERWISE", first), one), other, "Y")
            words = put(words, self._say("BETTER", second), "OTHERWISE")
            return Draft(self._opened(words, "command", 0.1), [(0, first, 1), (1, second, 1)])
        (said, strength), (also, degree) = self._short(first, one), self._short(second, other)
        return Draft(f"{said} {rng.choice(_THEN[:8])} {also}", [(0, first, strength), (1, second, degree)])

    def _numbered(self) -> Draft:
        """ "1. denoise the sky 2. highlight the car": the numbers are no words of the regions."""
        rng = self.rng
        marks, stop = rng.choice(_NUMBERINGS), rng.choice(("", "", " .", " ,", " ;"))
        parts, edits = [], []
        for mark in marks[: rng.choice((2, 2, 3))]:
            effect = self._effect()
            target, index = self._plain_region()
            said, strength = self._short(effect, target)
            parts.append(f"{mark}{said}")
            edits.append((index, effect, strength))
        return Draft(f"{stop} ".join(parts), edits)

    def _amount(self) -> Draft:
        """ "brighten the car by 20 %": an amount is how much, no region."""
        rng = self.rng
        strength = rng.choice((1, 1, 1, 2, 3))
        amount = expand(rng.choice(_AMOUNTS[strength]), rng, VOCABULARY)
        amount = amount.replace("NUMBER", str(rng.choice((5, 10, 15, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 100))))
        effect = rng.choice(("brighten", "brighten", "darken", "darken", "denoise", "highlight", "visible", "infrared"))
        words, measured = vocabulary(effect), WORDING[effect]
        patterns = ["$VERB X AMOUNT"] if words["VERB"] else []
        patterns += ["$UP the $MORE of X AMOUNT", "$UP X 's $MORE AMOUNT"] if measured.more else []
        patterns += ["$DOWN the $LESS of X AMOUNT", "$DOWN $LESS in X AMOUNT"] if measured.less else []
        if amount.endswith("%") and not amount.startswith(("+", "-")):
            patterns += [f"make X {amount.split(' ')[-2]} % $BETTER", f"X {amount.split(' ')[-2]} % $BETTER"]
        said = expand(rng.choice(patterns), rng, words).replace("AMOUNT", amount)
        limits = [way for way in apart(_LIMITS, self.held_out) if words["MORE" if "$MORE" in way else "LESS"]]
        if limits and rng.random() < 0.12:
            said, strength = expand(rng.choice(limits), rng, words), 3
        if rng.random() < 0.2:
            whole = rng.choice(WHOLES)
            return Draft(put(said, whole), [(None, effect, strength)])
        target, index = self._plain_region()
        return Draft(self._opened(put(said, target), "command", 0.1), [(index, effect, strength)])

    def _exception(self) -> Draft:
        """ "brighten everything except the sky": the whole picture; the exception is nobody's edit."""
        rng = self.rng
        effect = self._verbal()
        words = self._say(rng.choice(apart(_EXCEPTIONS, self.held_out)), effect)
        spared, _ = self._plain_region()
        words = put(put(words, rng.choice(_EVERYTHING), "Y"), rng.choice(_EXCEPT), "EXCEPT")
        return Draft(put(words, spared), [(None, effect, 1)])

    def _instead(self) -> Draft:
        """One thing is refused for another, or both are."""
        rng = self.rng
        effect = self._verbal()
        refused = rng.random() < 0.3
        pattern = self._say(rng.choice(apart(_REFUSED if refused else _INSTEAD, self.held_out)), effect)
        (first, _), (second, wanted) = self._plain_region(), self._plain_region()
        words = put(put(pattern, first), second, "Y")
        return Draft(words, [] if refused else [(wanted, effect, 1)])

    def _further(self) -> Draft:
        """One request in further wording."""
        rng = self.rng
        effect = self._effect()
        kind = rng.choice(("command", "statement"))
        target, index = self._region()
        patterns = (further_wording.COMMANDS if kind == "command" else further_wording.STATEMENTS)[effect]
        words = self._opened(self._asked(patterns, effect, target), kind, 0.15)
        if rng.random() < 0.12:
            before, after = rng.choice(_QUOTES)
            words = f"{before} {words} {after}".strip()
        return Draft(words, [(index, effect, 1)])

    def _further_whole(self) -> Draft:
        rng = self.rng
        effect = self._effect()
        pattern = rng.choice(apart(further_wording.WHOLES[effect], self.held_out))
        return Draft(expand(pattern, rng, VOCABULARY), [(None, effect, 1)])

    def _further_nothing(self) -> Draft:
        rng = self.rng
        if rng.random() < 0.4:
            return Draft(expand(rng.choice(apart(further_wording.IDLE, self.held_out)), rng, {}))
        target, _ = self._region()
        return Draft(put(expand(rng.choice(apart(further_wording.IDLE_WITH_X, self.held_out)), rng, {}), target))
