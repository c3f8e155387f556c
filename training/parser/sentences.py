"""Whole instructions with their readings: requests combined, introduced, softened, misspelt, or none at all."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from engines.types import EFFECTS
from training.parser import idle
from training.parser.expressions import Expressions
from training.parser.patterns import expand
from training.parser.requests import apart, clause, place_degree, vocabulary
from training.parser.slips import misspell
from training.parser.wording import VOCABULARY, WORDING, ways

Reading = tuple[str | None, str, int]
_FIRST_MARK = 0xE000
_WEIGHTS = {"highlight": 5, "infrared": 4, "visible": 4, "brighten": 4, "darken": 4, "denoise": 4}


@dataclass(frozen=True)
class Sample:
    """One sentence with its intended reading.

    Attributes:
        text: As a person would type it.
        edits: (region, effect, strength) in the order typed.
        category: What kind of sentence it is.
    """

    text: str
    edits: tuple[Reading, ...]
    category: str


@dataclass
class Draft:
    """A sentence whose regions are marks; edits name regions by index, None for the whole picture."""

    words: str
    edits: list[tuple[int | None, str, int]] = field(default_factory=list)


_COMMAND_OPENERS = ways(
    """please; please; please; could you [please]; can you [please]; can you; would you [please|kindly]; will you
    [please]; kindly; I want you to; I'd like you to; I would like you to; I need you to; I want to; I'd like to; I
    would like to; we need to; let's; let us; hey ,; hi ,; hello ,; ok ,; okay ,; now; now please; next ,; also;
    also ,; just; simply; try to; help me [to]; go ahead and; it would be (nice|great|good|helpful) if you could;
    it'd be great to; your task is to; you should; you must; you need to; make sure to; be sure to; first ,; first;
    then; finally ,; finally; maybe; perhaps; do me a favour and; feel free to; can we; could we; can I; may I ask
    you to; is it possible to; would it be possible to; how (can|do) I; I think you should; so ,; well ,; pls; plz;
    could u; can u pls; please just; I wish to; I'd love to; we want to; we would like to; the task is to; the goal
    is to; in this (picture|image|scene) ,; here ,; for better visibility ,; in the fused image ,; in the result ,;
    for this pair ,; hi there ,; good morning ,; dear assistant ,; if possible ,; if you can ,; as a first step ,;
    start by asking to; I was wondering if you could; mind to; don't forget to; remember to; please make sure to;
    could you possibly; might you; I'd appreciate it if you could; I'm trying to; I am going to; you have to; we
    should; we must; I have to; why don't you; why not; now I want to; once more ,; again ,; additionally ,;
    moreover ,; furthermore ,; only; above all ,; at the same time ,; yes ,; alright ,; before anything else ,; for
    safety reasons ,; for the report ,; as discussed ,"""
)
_OPENERS = ways(
    """I think; I feel that; it seems [that]; in my opinion ,; hey ,; hi ,; ok ,; well ,; please ,; also ,; now; hmm
    ,; honestly ,; in this picture ,; for me ,; so ,; in the fused image; I believe; as you can see ,;
    unfortunately; sorry , but; first of all ,; note that; here; you know ,; I noticed that; actually ,; to my eye;
    it looks like; right now"""
)
_NOMINAL_OPENERS = ways(
    """I want; I'd like; I would like; I need; could I (have|get); can I (have|get); may I have; please; give me; we
    need; let's have; let me have; I'd prefer; show me; how about; what about; maybe; just; there should be; try;
    add; I wish for; get me; do; I would love; we want; now; next :; also; please :; wanted :; request :"""
)
_CLOSERS = ways(
    """please; please; , please; , please; pls; thanks; , thanks; , thank you; thank you; for me; , if possible; if
    you can; now; would you; , ok; , will you; , would you; again; too; as well; instead; right now; asap; , thank
    you very much; if you could; in the fused image; in the result; in the final image; in the output; , cheers;
    thx; for me please; , that would be great; first; accordingly; in the fusion result; at once; , if you don't
    mind; , okay; today; in this picture; for a better view; for clarity; so that I can see (it|them) [better]; so
    I can see it; so that (it|they) can be seen; because (it is|it's|they are) hard to see; because it matters;
    since I can't see (it|them); in order to see (it|them) better; to see it better; for my presentation; before
    printing; so the driver can react; as it is important; , it is important; but keep the rest [as it is]; and
    nothing else; , and leave the rest alone; and leave everything else as it is; without touching the rest;
    without changing anything else; but not the rest; and keep the others unchanged; to help the
    (driver|viewer|detector); than before; than (it is|they are) now"""
)
_PREAMBLES = ways(
    """Hi !; Hello .; Hello there !; Hey .; Good evening .; I have two pictures of a street .; Here is a night scene
    .; This is a photo from my thermal camera .; Thanks for the last one .; The result is nice so far .; I took
    this at night .; We are looking at a parking lot .; I work in surveillance .; Look at this picture .; Nice
    picture !; The fusion is ok .; Ok .; I am not happy with the result .; Great .; That looks good .; Not bad .;
    Sorry to bother you .; Next one ."""
)
WHOLES = ways(
    """the image; the image; the picture; the picture; everything; everything; it; the whole image; the whole picture;
    the whole scene; the scene; the entire image; the entire picture; the photo; the whole photo; this image; this
    picture; the fused image; the fused picture; the fusion; the fusion result; the result; the output; all of it;
    the frame; the whole thing; all; the entire scene; the complete image; the full image; the final image; the
    full picture; the overall image; the overall picture; the fusion image; this photo; the view; the shot; my
    picture; my image; this; the resulting image; the pictures; the images; both images; image; picture; the
    complete picture; the entire frame; the overall scene; every part of the image; the whole frame; the
    composition"""
)
_ARTICLES = ("the",) * 14 + (
    "",
    "",
    "",
    "",
    "a",
    "an",
    "this",
    "that",
    "these",
    "those",
    "my",
    "our",
    "teh",
    "your",
    "its",
    "their",
)
_DETERMINERS = frozenset("all both some several many every each any a one most half another everything".split())
_CONTRACTIONS = (" it's", " that's")
_AND = ("and",) * 8 + ("as well as", "&", "plus", "along with", "and also", "together with", "and then")
_LINKS = (
    *ways(
        """and; and; and; and; , and; , and; ,; ,; .; .; then; and then; , then; , and then; but; , but; while; , while;
        and also; . Also ,; . Then; . And; and at the same time; whereas; plus; . After that ,; &; and please; , please;
        . Please; , also; , plus; /; |; +; afterwards; , after that; . Next ,; . Finally ,; ! And; followed by;
        , however ,; - and; -; yet; additionally; . Furthermore ,; then; , as well as; . Oh , and; , and finally;
        as well as"""
    ),
    ";",
    ";",
    "; then",
)
_SIMULTANEOUS = (
    "while you",
    "when you",
    "before you",
    "after you",
    "besides , please",
    "as you",
    "once you",
    "not only",
)
_HARD_LINKS = (
    ".",
    ". Then",
    ". Also ,",
    ". Please",
    ";",
    "! And",
    ". Next ,",
    ", then",
    "and then",
    ", and",
    "and",
    ",",
)
_PRONOUNS = ("it", "it", "it", "them", "them", "this", "that", "these", "him", "her", "this one")


class Sentences:
    """Draws instructions with their readings.

    Args:
        seed: Two instances of one seed draw the same sentences.
        real: Referring expressions of a data set, without articles, mixed into the drawn ones.
        held_out: Draw with the patterns and nouns kept apart for the held-out set.
    """

    def __init__(self, seed: int, real: Sequence[str] = (), held_out: bool = False) -> None:
        self.rng = random.Random(seed)
        self.expressions = Expressions(self.rng, real, held_out)
        self.held_out = held_out
        self._kinds: tuple[tuple[str, int, Callable[[], Draft]], ...] = (
            ("one edit", 28, self._single),
            ("whole picture", 7, self._whole),
            ("bare expression", 8, self._bare),
            ("several regions", 9, self._regions),
            ("several effects", 9, self._effects),
            ("several requests", 22, self._several),
            ("shared verb", 12, self._gapped),
            ("pronoun", 7, self._pronoun),
            ("left alone", 6, self._negated),
            ("topic first", 3, self._topic),
            ("nothing asked", 9, self._nothing),
        )

    def draw(self) -> Sample:
        """The next sentence."""
        rng = self.rng
        category, _, write = rng.choices(self._kinds, [weight for _, weight, _ in self._kinds])[0]
        self._phrases: list[str] = []
        draft = write()
        sample = self._finished(draft, category)
        # "beneath it" + "'s" reads as "it is", which no span can cut.
        if any(
            region and f"{region}'s".endswith(_CONTRACTIONS) and f"{region}'s" in sample.text
            for region, *_ in sample.edits
        ):
            return self.draw()
        return sample

    # Parts of sentences

    def _effect(self) -> str:
        return self.rng.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]

    def _strength(self) -> int:
        return self.rng.choices((0, 1, 2, 3), (66, 10, 14, 10))[0]

    def _kind(self) -> str:
        return self.rng.choices(("command", "statement", "nominal"), (60, 22, 18))[0]

    def _region(self) -> tuple[str, int]:
        """A new region: its words with an article, and its index."""
        plain = self.rng.random() < (0.65 if self._phrases else 0.35)
        self._phrases.append(self.expressions.draw(plain))
        index = len(self._phrases) - 1
        return self._named(index), index

    def _named(self, index: int) -> str:
        first = self._phrases[index].split(" ")[0]
        article = "" if first in _DETERMINERS and self.rng.random() < 0.97 else self.rng.choice(_ARTICLES)
        return f"{article} {chr(_FIRST_MARK + index)}".strip()

    def _list(self, count: int) -> tuple[str, list[int]]:
        """Several new regions as one noun phrase."""
        rng = self.rng
        named = [self._region() for _ in range(count)]
        texts = [text for text, _ in named]
        if rng.random() < 0.25:
            texts = [texts[0], *(text.split(" ")[-1] for text in texts[1:])]
        link = rng.choice(_AND)
        head = f" {rng.choice((',', ',', ',', link))} ".join(texts[:-1]) if count > 2 else texts[0]
        last = f", {link}" if count > 2 and rng.random() < 0.4 else link
        if rng.random() < 0.06:
            last = ","
        both = "both " if count == 2 and last == "and" and rng.random() < 0.08 else ""
        return f"{both}{head} {last} {texts[-1]}", [index for _, index in named]

    def _request(self, effect: str, target: str, kind: str | None = None) -> tuple[str, int, str]:
        """A clause about a target, its strength and kind."""
        kind = kind or self._kind()
        words, strength = clause(effect, kind, self._strength(), self.rng, self.held_out)
        return put(words, target), strength, kind

    def _opened(self, words: str, kind: str, chance: float = 0.28) -> str:
        rng = self.rng
        if rng.random() < chance:
            openers = {"command": _COMMAND_OPENERS, "statement": _OPENERS, "nominal": _NOMINAL_OPENERS}[kind]
            if kind != "statement" or not words.lower().startswith(("i ", "can ", "could ", "why ", "would ", "where")):
                words = f"{expand(rng.choice(openers), rng, VOCABULARY)} {words}"
        if rng.random() < 0.13:
            words = f"{words} {expand(rng.choice(_CLOSERS), rng, VOCABULARY)}"
        return words

    # Kinds of sentences

    def _single(self) -> Draft:
        effect = self._effect()
        target, index = self._region()
        words, strength, kind = self._request(effect, target)
        words = self._opened(words, kind)
        if self.rng.random() < 0.03:
            words = (
                expand(self.rng.choice(idle.COMMANDED), self.rng, VOCABULARY)
                .replace(idle.BAR, "|")
                .replace("REQUEST", words)
            )
        return Draft(words, [(index, effect, strength)])

    def _whole(self) -> Draft:
        rng = self.rng
        effect = self._effect()
        if rng.random() < 0.4:
            pattern = rng.choice(apart(WORDING[effect].whole, self.held_out))
            words = expand(pattern, rng, vocabulary(effect))
            strength = 1
            if rng.random() < 0.15 and words.split(" ")[-1] not in ("please", "?"):
                words, strength = place_degree(f"{words} %e", rng.choice((1, 2, 3)), rng)
            elif (
                words.startswith(("more ", "less ", "brighter", "darker", "sharper", "cleaner")) and rng.random() < 0.3
            ):
                words, strength = place_degree(f"%c {words}", rng.choice((1, 2, 2, 3)), rng)
            opener = rng.choice(("please", "", "", "", "", "", "ok ,", "now", "can you", "just"))
            return Draft(f"{opener} {words}".strip(), [(None, effect, strength)])
        words, strength, kind = self._request(effect, rng.choice(WHOLES))
        return Draft(self._opened(words, kind), [(None, effect, strength)])

    def _bare(self) -> Draft:
        rng = self.rng
        if rng.random() < 0.25:
            target, indices = self._list(rng.choice((2, 2, 3)))
        else:
            target, index = self._region()
            indices = [index]
        if rng.random() < 0.12:
            target = rng.choice(
                (f'" {target} "', f"{target} please", f"{target} , please", f"( {target} )", f"{target} , thanks")
            )
        return Draft(target, [(index, "highlight", 1) for index in indices])

    def _regions(self) -> Draft:
        effect = self._effect()
        target, indices = self._list(self.rng.choices((2, 3, 4), (70, 25, 5))[0])
        words, strength, kind = self._request(effect, target)
        return Draft(self._opened(words, kind), [(index, effect, strength) for index in indices])

    def _target(self) -> tuple[str, list[int | None]]:
        """One region, now and then two or the whole picture."""
        chance = self.rng.random()
        if chance < 0.12:
            return self._list(2)
        if chance < 0.2:
            return self.rng.choice(WHOLES), [None]
        target, index = self._region()
        return target, [index]

    def _effects(self) -> Draft:
        """Several effects on one region: the verbs, qualities or quantities are coordinated."""
        rng = self.rng
        effects = rng.sample(EFFECTS, rng.choices((2, 3), (85, 15))[0])
        target, indices = self._target()
        style = rng.random()
        if style < 0.3:
            effects = [effect for effect in effects if WORDING[effect].verbs]
            parts, strengths = zip(*(self._word("%a $VERB", effect) for effect in effects), strict=True)
            words, kind = f"{self._enumerated(parts)} {target}", "command"
        elif style < 0.6:
            parts, strengths = zip(*(self._word("%c $BETTER", effect) for effect in effects), strict=True)
            frame = rng.choice(
                (
                    "make X Y",
                    "make X Y",
                    "make X look Y",
                    "X should be Y",
                    "I want X Y",
                    "X Y",
                    "X : Y",
                    "X must be Y",
                    "get X Y",
                )
                + (
                    "X should look Y",
                    "X needs to be Y",
                    "could X be Y ?",
                    "render X Y",
                    "I'd like X to be Y",
                    "X - Y",
                    "let X be Y",
                )
            )
            words = put(frame, target).replace("Y", self._enumerated(parts))
            kind = "command" if frame.startswith(("make", "get", "render", "let")) else "statement"
        elif style < 0.82:
            parts, strengths = zip(*(self._quantity(effect) for effect in effects), strict=True)
            frame = rng.choice(
                (
                    "give X Y",
                    "Y for X",
                    "X needs Y",
                    "I want Y in X",
                    "Y on X",
                    "X should have Y",
                    "Y in X",
                    "X with Y",
                    "add Y to X",
                )
                + ("I'd like Y for X", "X could use Y", "show X with Y", "render X with Y", "X : Y", "bring Y to X")
            )
            words, kind = put(frame, target).replace("Y", self._enumerated(parts)), "statement"
            kind = "command" if frame.startswith(("give", "add", "show", "render", "bring")) else kind
        else:
            effects, parts, strengths = self._moved(effects)
            words, kind = f"{self._enumerated(parts)} {rng.choice(('of', 'of', 'in', 'on', 'for'))} {target}", "command"
        edits = [(k, effect, strength) for effect, strength in zip(effects, strengths, strict=True) for k in indices]
        return Draft(self._opened(words, kind), edits)

    def _moved(self, effects: Sequence[str]) -> tuple[list[str], list[str], list[int]]:
        """ "reduce the noise and raise the brightness", or one verb for both."""
        rng = self.rng
        rising = rng.random() < 0.6
        alike = [e for e in effects if (WORDING[e].more if rising else WORDING[e].less)]
        if len(alike) > 1 and rng.random() < 0.6:
            names = [expand("$MORE" if rising else "$LESS", rng, vocabulary(effect)) for effect in alike]
            verb = expand("$UP" if rising else "(reduce|lower|decrease|diminish|cut|lessen)", rng, vocabulary(alike[0]))
            article = rng.choice(("the ", "the ", ""))
            second = rng.choice((article, ""))
            return alike, [f"{verb} {article}{names[0]}", *(f"{second}{name}" for name in names[1:])], [1] * len(alike)
        parts = []
        for effect in effects:
            falls = not WORDING[effect].more or (WORDING[effect].less and effect != "highlight" and rng.random() < 0.4)
            parts.append(expand("$DOWN the $LESS" if falls else "$UP the $MORE", rng, vocabulary(effect)))
        return list(effects), parts, [1] * len(effects)

    def _word(self, pattern: str, effect: str) -> tuple[str, int]:
        """A verb or quality of an effect, with its strength."""
        rng = self.rng
        strength = rng.choices((0, 1, 2, 3), (82, 5, 8, 5))[0]
        return place_degree(expand(pattern, rng, vocabulary(effect)), strength, rng)

    def _quantity(self, effect: str) -> tuple[str, int]:
        """ "more light" or "less noise", with its strength."""
        falls = (
            not WORDING[effect].more or (effect in ("darken",)) or (WORDING[effect].less and self.rng.random() < 0.2)
        )
        return self._word("%c less $LESS" if falls else "%c more $MORE", effect)

    def _enumerated(self, parts: Sequence[str]) -> str:
        rng = self.rng
        link = rng.choice(
            ("and",) * 7 + ("& ", "but", ",", ", and", "as well as", "plus", "and also", "and at the same time", "then")
        )
        return f"{' , '.join(parts[:-1])} {link} {parts[-1]}" if len(parts) > 1 else parts[0]

    def _several(self) -> Draft:
        """Independent requests one after another."""
        rng = self.rng
        count = rng.choices((2, 3, 4), (80, 17, 3))[0]
        words, edits = "", []
        link = rng.choice(_LINKS)
        for i in range(count):
            effect = self._effect()
            target, indices = self._target()
            kind = rng.choices(("command", "statement", "nominal"), (72, 14, 14))[0]
            part, strength, kind = self._request(effect, target, kind)
            part = self._opened(part, kind, 0.2 if i == 0 else 0.05)
            if i:
                words = f"{words} {link if rng.random() < 0.7 else rng.choice(_LINKS)} {part}"
            else:
                words = f"{rng.choice(_SIMULTANEOUS)} {part}" if kind == "command" and rng.random() < 0.03 else part
            edits += [(index, effect, strength) for index in indices]
        if rng.random() < 0.1:
            words = self._while(words, edits)
        return Draft(words, edits)

    def _while(self, words: str, edits: list) -> str:
        """Add "while darkening the sky"."""
        effect = self.rng.choice(("brighten", "darken", "denoise", "visible", "highlight"))
        target, index = self._region()
        verb, strength = self._word("%a $VERBING", effect)
        edits.append((index, effect, strength))
        return f"{words} {self.rng.choice(('while', 'and', 'whilst', 'while also'))} {verb} {target}"

    def _gapped(self) -> Draft:
        """One frame for several regions, each with an effect of its own: "make A brighter and B darker"."""
        rng = self.rng
        count = rng.choices((2, 3), (80, 20))[0]
        targets = [self._region() if rng.random() > 0.06 else (rng.choice(WHOLES[:12]), None) for _ in range(count)]
        style = rng.random()
        if style < 0.12:
            return self._same(targets[:2])
        if style < 0.2:
            return self._inherited(targets)
        effects = [self._effect() for _ in targets]
        if style < 0.27:
            return self._attributed(targets, effects)
        if style < 0.46:
            head, tail = rng.choice(
                (
                    ("make", ""),
                    ("make", ""),
                    ("make", ""),
                    ("I want", ""),
                    ("", ""),
                    ("", ""),
                    ("let", "be"),
                    ("I'd like", ""),
                )
                + (
                    ("render", ""),
                    ("get", ""),
                    ("", "should be"),
                    ("", "must be"),
                    ("can you make", ""),
                    ("have", ""),
                    ("", ":"),
                )
            )
            plain = rng.random() < 0.15
            qualities = [
                self._word("%p $BARE" if plain and vocabulary(e)["BARE"] else "%c $BETTER", e) for e in effects
            ]
            repeat = rng.random() < 0.4 or tail == ":"
            parts = [
                f"{target} {tail if i == 0 or repeat else ''} {quality}"
                for i, ((target, _), (quality, _)) in enumerate(zip(targets, qualities, strict=True))
            ]
            strengths = [strength for _, strength in qualities]
        elif style < 0.62:
            if rng.random() < 0.5:
                effects = rng.choice((["infrared", "visible", "infrared"], ["visible", "infrared", "visible"]))[:count]
            else:
                effects = [rng.choice(("infrared", "visible")) for _ in targets]
            return self._sources(targets, effects)
        elif style < 0.82:
            quantities = [self._quantity(effect) for effect in effects]
            strengths = [strength for _, strength in quantities]
            if rng.random() < 0.35:
                head = rng.choice(("give", "give", "please give", ""))
                parts = [f"{target} {quantity}" for (target, _), (quantity, _) in zip(targets, quantities, strict=True)]
            else:
                head = rng.choice(("", "", "", "I want", "I'd like", "add", "we need", "please"))
                parts = [
                    f"{quantity} {rng.choice(('for', 'on', 'in', 'for'))} {target}"
                    for (target, _), (quantity, _) in zip(targets, quantities, strict=True)
                ]
        elif style < 0.92:
            rising = rng.random() < 0.6
            options = [
                e
                for e in EFFECTS
                if (WORDING[e].more if rising else WORDING[e].less) and (e, rising) != ("darken", True)
            ]
            effects = [rng.choice(options) for _ in targets]
            head = expand(
                "$UP" if rising else "(reduce|lower|decrease|diminish|cut|weaken)", rng, vocabulary("brighten")
            )
            parts = [
                " ".join(
                    (
                        "the",
                        expand("$MORE" if rising else "$LESS", rng, vocabulary(effect)),
                        rng.choice(("of", "of", "in", "on")),
                        target,
                    )
                )
                for effect, (target, _) in zip(effects, targets, strict=True)
            ]
            strengths = [1] * count
        else:
            head = ""
            qualities = [self._word("too $COMPLAINT" if WORDING[e].complaints else "%c $BETTER", e) for e in effects]
            verb = rng.choice(("is", "are", "looks", "is"))
            parts = [
                f"{target} {verb if i == 0 or rng.random() < 0.5 or not quality.startswith('too') else ''} {quality}"
                if quality.startswith("too")
                else f"{target} should be {quality}"
                for i, ((target, _), (quality, _)) in enumerate(zip(targets, qualities, strict=True))
            ]
            strengths = [strength for _, strength in qualities]
        words = f"{head} {self._joined(parts)}".strip()
        edits = [(index, e, s) for (_, index), e, s in zip(targets, effects, strengths, strict=True)]
        return Draft(self._opened(words, "statement" if head != "make" else "command", 0.15), edits)

    def _attributed(self, targets: Sequence[tuple[str, int | None]], effects: Sequence[str]) -> Draft:
        """ "brighter windows and a darker sky"."""
        rng = self.rng
        qualities = [self._word("%c $SHORT" if vocabulary(e)["SHORT"] else "%c $BETTER", e) for e in effects]
        parts = []
        for (target, _), (quality, _) in zip(targets, qualities, strict=True):
            article, _, phrase = target.rpartition(" ") if "\ue000" <= target[-1] < "\uf8ff" else ("", "", target)
            parts.append(f"{article if article in ('a', 'the', 'my', 'their') else ''} {quality} {phrase}")
        head = rng.choice(("", "", "", "I want", "I'd like", "please ,", "we need", "give me", "there should be"))
        edits = [(k, e, s) for (_, k), e, (_, s) in zip(targets, effects, qualities, strict=True)]
        return Draft(f"{head} {self._joined(parts)}".strip(), edits)

    def _joined(self, parts: Sequence[str]) -> str:
        rng = self.rng
        link = rng.choice(
            ("and",) * 6 + (",", ", and", "but", "while", ", but", ";", ", while", "and also", "whereas", "&")
        )
        inner = rng.choice((",", ",", ",", ";", "and"))
        return f" {inner} ".join(parts[:-1]) + f" {link} {parts[-1]}"

    def _sources(self, targets: Sequence[tuple[str, int | None]], effects: Sequence[str]) -> Draft:
        """ "use infrared for A and visible for B", "A infrared, B visible"."""
        rng = self.rng
        names = {"infrared": "$IR_SOURCE", "visible": "$VIS_SOURCE"}
        sources = [expand(names[effect], rng, VOCABULARY) for effect in effects]
        short = [
            {
                "infrared": rng.choice(("infrared", "thermal", "infrared", "ir")),
                "visible": rng.choice(("visible", "rgb", "visible")),
            }[e]
            for e in effects
        ]
        style = rng.random()
        pairs = list(zip([target for target, _ in targets], sources, strict=True))
        if style < 0.35:
            head = rng.choice(("use", "use", "take", "", "prefer", "choose", "I want", "rely on", "apply", "pick"))
            where = rng.choice(("for", "for", "in", "on"))
            parts = [f"{source} {where} {target}" for target, source in pairs]
        elif style < 0.62:
            head = expand("$BIAS", rng, VOCABULARY)
            towards = expand("$TOWARDS", rng, VOCABULARY)
            parts = [f"{target} {towards} {source}" for target, source in pairs]
        elif style < 0.75:
            head = rng.choice(("show", "render", "display", "", "I want", "draw", "fuse", "present"))
            where = rng.choice(("in", "in", "as", "from", "with"))
            parts = [f"{target} {where} {source}" for target, source in pairs]
        else:
            head = rng.choice(("", "", "make", "", "keep", "I want"))
            mark = rng.choice(("", "", ":", "->", "=", "-", "in"))
            parts = [f"{target} {mark} {source}" for (target, _), source in zip(targets, short, strict=True)]
        edits = [(index, effect, 1) for (_, index), effect in zip(targets, effects, strict=True)]
        return Draft(self._opened(f"{head} {self._joined(parts)}".strip(), "command", 0.15), edits)

    def _same(self, targets: Sequence[tuple[str, int | None]]) -> Draft:
        """ "brighten A and do the same for B"."""
        rng = self.rng
        effect = self._effect()
        (first, a), (second, b) = targets
        words, strength, kind = self._request(effect, first, rng.choice(("command", "command", "statement")))
        link = rng.choice(
            (
                "and do the same (for|with|to) Y",
                "and (also|) Y",
                "and Y too",
                ", Y too",
                "and Y as well",
                ". Same for Y",
                ", same (for|with) Y",
            )
            + (
                ". Do the same with Y",
                "and the same (for|goes for) Y",
                ", and also Y",
                ", as well as Y",
                "; likewise Y",
                ". Y too",
            )
        )
        words = self._opened(words, kind, 0.2) if rng.random() < 0.3 else words
        words = f"{words} {put(expand(link, rng, VOCABULARY), second, 'Y')}"
        return Draft(words, [(a, effect, strength), (b, effect, strength)])

    def _inherited(self, targets: Sequence[tuple[str, int | None]]) -> Draft:
        """ "raise the brightness of A and lower that of B"."""
        rng = self.rng
        (first, a), (second, b) = targets[:2]
        up = expand("$UP", rng, vocabulary("brighten"))
        down = expand("(lower|reduce|decrease|diminish|cut|turn down|dial down)", rng, VOCABULARY)
        noun = rng.choice(("brightness", "illumination", "luminance", "exposure", "light", "lighting"))
        rises = rng.random() < 0.5
        verbs, effects = ((up, down), ("brighten", "darken")) if rises else ((down, up), ("darken", "brighten"))
        link, that = rng.choice(_LINKS[:8]), rng.choice(("that of", "that of", "it for", "that in", "the one of"))
        words = f"{verbs[0]} the {noun} of {first} {link} {verbs[1]} {that} {second}"
        return Draft(words, [(a, effects[0], 1), (b, effects[1], 1)])

    def _pronoun(self) -> Draft:
        """A second clause speaks of "it": what is wrong and what to do, or two things to do."""
        rng = self.rng
        target, indices = self._target()
        pronoun = rng.choice(_PRONOUNS)
        effect = self._effect()
        style = rng.random()
        if style < 0.4 and WORDING[effect].complaints:
            fault = expand(
                rng.choice(
                    (
                        "X (is|are|looks|seems) [way] too $COMPLAINT",
                        "X (is|are|looks) $FAULT",
                        "X (is|are) too $COMPLAINT",
                        "X isn't $BARE enough",
                    )
                ),
                rng,
                vocabulary(effect),
            )
            wish, strength, _ = self._request(effect, pronoun, "command")
            link = rng.choice(
                (
                    ",",
                    ", so",
                    ".",
                    ", please",
                    ". Please",
                    "-",
                    ";",
                    "and I want you to",
                    ". Can you",
                    ", can you",
                    ", could you",
                    "so",
                )
            )
            words = f"{put(fault, target)} {link} {wish}"
            return Draft(words, [(index, effect, strength) for index in indices])
        other = self._effect()
        while other == effect:
            other = self._effect()
        first, strength, kind = self._request(effect, target, rng.choice(("command", "command", "statement")))
        second, again, _ = self._request(other, pronoun, "command")
        words = f"{self._opened(first, kind, 0.2) if rng.random() < 0.3 else first} {rng.choice(_HARD_LINKS)} {second}"
        edits = [(i, effect, strength) for i in indices] + [(i, other, again) for i in indices]
        return Draft(words, edits)

    def _negated(self) -> Draft:
        """Something is to stay as it is."""
        rng = self.rng
        spared, spared_index = self._region()
        effect = self._effect()
        verbs = WORDING[effect].verbs or WORDING["brighten"].verbs
        verb = rng.choice(verbs)
        untouched = put(
            expand(
                rng.choice(idle.LEFT_ALONE)
                .replace("$SAME", f"{verb} X")
                .replace("$QUALITY", rng.choice(WORDING[effect].better).split("(")[0].strip() or "better"),
                rng,
                VOCABULARY,
            ),
            spared,
        )
        if rng.random() < 0.25:
            return Draft(untouched)
        if rng.random() < 0.2:
            other = self._effect()
            wish, strength, _ = self._request(other, rng.choice(_PRONOUNS), "command")
            quality = expand(rng.choice(WORDING[effect].better), rng, VOCABULARY)
            refused = put(rng.choice((f"don't make X {quality}", f"do not {verb} X", f"don't {verb} X")), spared)
            words = f"{refused} {rng.choice((',', ', but', 'but', '.', ';', ', just', 'and instead'))} {wish}"
            return Draft(words, [(spared_index, other, strength)])
        target, index = self._region()
        words, strength, kind = self._request(
            effect, target, rng.choice(("command", "command", "command", "statement"))
        )
        edits = [(index, effect, strength)]
        if rng.random() < 0.3:
            short = put(
                expand(
                    rng.choice(
                        (
                            ", not X",
                            "but not X",
                            "and not X",
                            "instead of X",
                            "rather than X",
                            ", but not X",
                            ", except for X",
                            ", not on X",
                        )
                    ),
                    rng,
                    VOCABULARY,
                ),
                spared,
            )
            return Draft(f"{words} {short}", edits)
        if rng.random() < 0.7:
            link = rng.choice(("but", ", but", "and", ".", ";", ",", ". Please", ", and"))
            return Draft(f"{self._opened(words, kind, 0.2)} {link} {untouched}", edits)
        return Draft(
            f"{untouched} {rng.choice(('but', ', but', 'and', '.', ';', ',', ', just', 'and only'))} {words}", edits
        )

    def _topic(self) -> Draft:
        """The region first: "for the sky, use infrared"."""
        rng = self.rng
        effect = self._effect()
        target, index = self._region()
        opener = rng.choice(
            (
                "for",
                "for",
                "in",
                "on",
                "as for",
                "regarding",
                "concerning",
                "about",
                "when it comes to",
                "at",
                "with",
                "with regard to",
                "",
            )
        )
        if rng.random() < 0.45:
            words, strength, _ = self._request(effect, rng.choice(("it", "it", "them", "this")), "command")
        else:
            if rng.random() < 0.4 and effect in ("infrared", "visible"):
                source = expand(
                    "(use|take|prefer|choose|rely on|pick|) (more|mostly|) "
                    + ("$IR_SOURCE" if effect == "infrared" else "$VIS_SOURCE"),
                    rng,
                    VOCABULARY,
                )
                words, strength = source, 1
            elif WORDING[effect].more and rng.random() < 0.5:
                words, strength = self._word(
                    rng.choice(
                        ("%c more $MORE", "%a $UP the $MORE %e", "I want %c more $MORE", "use more $MORE", "%c $BETTER")
                    ),
                    effect,
                )
            elif WORDING[effect].less:
                words, strength = self._word(
                    rng.choice(
                        ("%c less $LESS", "%a $DOWN the $LESS %e", "I want %c less $LESS", "there is too much $LESS")
                    ),
                    effect,
                )
            else:
                words, strength = self._word("%c $BETTER", effect)
        return Draft(
            f"{opener} {target} {rng.choice((',', ',', ',', ':', ''))} {words}".strip(), [(index, effect, strength)]
        )

    def _nothing(self) -> Draft:
        rng = self.rng
        pattern, fill = idle.draw(rng, self.held_out)
        if fill:
            target, index = self._region()
            return Draft(put(pattern, target), [])
        return Draft(pattern)

    # From a draft to what a person types

    def _finished(self, draft: Draft, category: str) -> Sample:
        rng = self.rng
        words = " ".join(draft.words.split())
        phrases = list(self._phrases)
        if draft.edits and rng.random() < 0.03 and category != "bare expression":
            words = f"{expand(rng.choice(_PREAMBLES), rng, VOCABULARY)} {words}"
        if rng.random() < 0.2:
            words = misspell(words, rng)
        if rng.random() < 0.07:
            phrases = [misspell(phrase, rng) for phrase in phrases]
        words = self._ended(words, category)
        for index, phrase in enumerate(phrases):
            words = words.replace(chr(_FIRST_MARK + index), phrase)
        merged: dict[tuple[str | None, str], Reading] = {}
        for index, effect, strength in draft.edits:
            region = None if index is None else _tidy(phrases[index])
            key = (region.lower() if region else None, effect)
            strongest = max(strength, merged[key][2] if key in merged else 1)
            merged[key] = (merged[key][0] if key in merged else region, effect, strongest)
        return Sample(_tidy(words), tuple(merged.values()), category)

    def _ended(self, words: str, category: str) -> str:
        rng = self.rng
        last = words[-1:]
        if last in "?!.:":
            return words if rng.random() < 0.7 else words[:-1].strip()
        chance = rng.random()
        if category == "bare expression":
            return words + (" ." if chance < 0.15 else " ?" if chance < 0.02 else "")
        asks = words.lower().startswith(
            ("can ", "could ", "would ", "will ", "is it", "may ", "why ", "how ", "where ")
        )
        if asks and chance < 0.6:
            return words + " ?"
        return words + (
            " ."
            if chance < 0.25
            else " !"
            if chance < 0.31
            else " ..."
            if chance < 0.32
            else " !!!"
            if chance < 0.33
            else ""
        )


def put(words: str, target: str, slot: str = "X") -> str:
    """Fill the place of the region."""
    filled = " ".join(target if part == slot else part for part in words.split(" "))
    return filled


def _tidy(words: str) -> str:
    """Marks join the word before them, as people type; brackets and quotes join what they enclose."""
    text = " ".join(words.split())
    for mark in (",", ".", ";", "?", "!", ":", ")", "'s", "...", "!!!"):
        text = text.replace(f" {mark}", mark)
    text = text.replace("( ", "(")
    pieces = text.split('" ')
    if len(pieces) == 3 and not pieces[0]:
        text = f'"{pieces[1].strip()}"{pieces[2]}'
    elif text.startswith('" ') and text.endswith(' "'):
        text = f'"{text[2:-2]}"'
    return text
