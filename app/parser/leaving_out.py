"""What a sentence keeps out of a region: "darken everything except the sky", "brighten the people, but not the rider".

It is taken out before a parser reads the sentence, which it reads better without, and put into the regions afterwards.
What such a region means is for `engines.regions.remainder` to find.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from app.parser.clauses import Link, bare_verbs, gerunds, openers, read_clause
from app.parser.degrees import take_degrees
from app.parser.fillers import without_fillers
from app.parser.grammar import grammar
from app.parser.notation import Clause as Words
from app.parser.notation import Pattern
from app.parser.phrases import Phrase, target
from app.parser.reading import Kind
from app.parser.references import with_references_resolved
from app.parser.request_words import UNCHANGED
from app.parser.scene_words import ARTICLES, MODIFIERS, NOUNS, PRONOUNS, QUANTIFIERS, WHOLE_HEADS
from app.parser.spelling import corrected_tokens
from app.parser.tokens import Token
from engines.regions.phrases import is_plural
from engines.regions.remainder import is_rest
from engines.regions.warmth import read_warmth
from engines.types import Edit

# "but" leaves out only what follows a word for all.
_MARK = re.compile(
    r"[\s,]*(?:(?<=\s)|(?<=,))(?:and\s+)?(?:except(?:\s+for)?|excepting|excluding|"
    r"(?:apart|aside)\s+from|other\s+than|save\s+for|but\s+not|with\s+the\s+exception\s+of|"
    r"(?:(?<=everything )|(?<=anything )|(?<=everyone )|(?<=everybody )|"
    r"(?<=\ball ))but)\s+|(?<=\ball )(?P<all>\w+)\s+but\s+(?=the\s)",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"\b(?:(?:all\s+(?:of\s+)?)?(?:the\s+)?(?:(?:whole|entire|full|complete|overall)\s+)?"
    rf"(?:{'|'.join(sorted(WHOLE_HEADS - {'it'}, key=len, reverse=True))})|all)\Z",
    re.IGNORECASE,
)
# "what is hotter than 30 °C" names things, which the parsers do not know it does; "what is on the left" only after a
# word, or it is a question.
_WHAT_IS = re.compile(
    r"\bwhat(?:ever)?(?:\s+is|['’]s)(?=\s+(?:above|over|below|under|between|\w+er than)\b)|"
    r"(?<=\w )what(?:ever)?(?:\s+is|['’]s)(?=\s+(?:in|on|at|inside|within)\b)",
    re.IGNORECASE,
)
# "where it is too dark" is said of places, as "in too dark areas" is, which is of the same length.
_WHERE_IT_IS = re.compile(
    r"\bwhere(?:ver)?\s+(?P<it>(?:the\s+)?(?:it|(?:visible|picture|image|photo|scene)(?:\s+(?:image|picture|photo))?)"
    r"(?:\s+is|['’]s))\s+(?P<how>(?:(?:too|very|so|really|quite|rather)\s+)?(?:dark|bright|overexposed|underexposed|hot|warm|"
    r"cold))\b",
    re.IGNORECASE,
)
# What is not asked for stays as it is anyway: "keep everything as it is, but make the people brighter".
_KEPT_ANYWAY = re.compile(
    r"\b(?:keep|leave)\s+(?:everything|all|the\s+rest)(?:\s+else)?(?:\s+(?:as\s+(?:it\s+)?is|the\s+same|unchanged|alone))?"
    r"\s*,?\s+(?:but|and\s+(?:only|just))\s+(?=(?:only\s+|just\s+)?(?P<verb>[\w-]+))",
    re.IGNORECASE,
)
# "only the cars", "what about the cars?" and "same for the cars too" name the cars.
_NAMING = re.compile(
    r"\A(?P<before>\s*(?:(?:and|also|plus|now|then|next)\s+)?(?:(?:only|just|what\s+about|how\s+about|"
    r"(?:(?:do|apply)\s+)?(?:the\s+)?same(?:\s+(?:thing|effect))?\s+(?:for|to|with|on))\s+)?)"
    r"(?P<named>[^.,;:!?\n]+?)(?P<after>(?:\s+(?:too|as\s+well|also))?)(?=[.!?]*\s*\Z)",
    re.IGNORECASE,
)
_STOPS = frozenset(". ; : ! ? … | → -> >".split())
_TURNS = frozenset("then while whilst whereas but though because since when".split())
_LINKS = frozenset(", and or & +".split())
_OPENS_THING = ARTICLES | NOUNS | MODIFIERS | QUANTIFIERS
# After "not" these say how much, not what: "but not too much", "not as bright", "not many".
_HOW_MUCH = frozenset("too so as very that many much more less only just necessarily".split())
_EVERYTHING = "everything"


@dataclass(frozen=True)
class LeftOut:
    """One exception.

    Attributes:
        start: Where its mark begins in the text, any comma and space before it included.
        end: Where its words end.
        words: What is left out, as typed: "the sky and the road".
        apart: Whether a comma or "and" stands before it.
    """

    start: int
    end: int
    words: str
    apart: bool


@dataclass(frozen=True)
class Reduced:
    """A text without its exceptions.

    Attributes:
        text: As typed.
        reduced: With spaces in the place of its exceptions and fillers, and "things" in that of "what is"; of the same
            length.
        found: The exceptions, in the order typed.
        where: The last "it is dark" after "where", as typed; empty without one.
    """

    text: str
    reduced: str
    found: tuple[LeftOut, ...]
    where: str = ""


def take_out(text: str) -> Reduced:
    """A text without its exceptions, for a parser to read."""
    found: list[LeftOut] = []
    reduced = _KEPT_ANYWAY.sub(_spaces_before_request, without_fillers(text))
    reduced = _NAMING.sub(_spaces_around_thing, reduced)
    wheres = list(_WHERE_IT_IS.finditer(reduced))
    reduced = _WHERE_IT_IS.sub(_in_areas, reduced)
    reduced = _WHAT_IS.sub(lambda match: "things".ljust(len(match.group())), reduced)
    for match in _MARK.finditer(text):
        start = match.end("all") if match["all"] else match.start()
        if not text[:start].strip() or found and start < found[-1].end:
            continue
        end = _end(text, match.end())
        if end is not None:
            apart = re.search(r",|\band\b", match.group()) is not None
            found.append(LeftOut(start, end, text[match.end() : end], apart))
            reduced = reduced[:start] + " " * (end - start) + reduced[end:]
    where = text[wheres[-1].start("it") : wheres[-1].end("how")] if wheres else ""
    return Reduced(text, reduced, tuple(found), where)


def _in_areas(match: re.Match[str]) -> str:
    areas = f"{match['how']} {'areas' if match['it'][-3].isspace() else 'area'}"
    return "in".ljust(len(match.group()) - len(areas)) + areas


def _spaces_before_request(match: re.Match[str]) -> str:
    return " " * len(match.group()) if match["verb"].lower() in bare_verbs() else match.group()


def _spaces_around_thing(match: re.Match[str]) -> str:
    before, named, after = match["before"], match["named"], match["after"]
    tokens = corrected_tokens(named) if (before + after).strip() else []
    reading = read_clause(Link.START, tokens).reading if tokens else None
    if reading is None or reading.kind is not Kind.PHRASE or not isinstance(reading.target, Phrase):
        return match.group()
    return " " * len(before) + named + " " * len(after)


def finished(edits: Sequence[Edit], read: Reduced, clauses: Sequence[str]) -> tuple[list[Edit], list[str]]:
    """The edits a parser found in a reduced text, with all that is to be left as it is kept out of their regions.

    Args:
        edits: Of `read.reduced`.
        read: The text.
        clauses: Those that say what is to stay as it is, as typed.

    Returns:
        The edits; and the clauses, exceptions from nothing that is edited among them.
    """
    named = read.text.strip(" \n.!?")
    if (warmth := read_warmth(named)) is not None and warmth.limits is not None and warmth.things is None:
        # "anything warmer than 25 °C" is no wish for more warmth.
        edits = [Edit(_bare(named), "highlight")]
    if read.where and all(edit.region is None for edit in edits):
        # "brighten the picture where it is dark": the picture is named, but not all of it is meant.
        edits = [replace(edit, region=read.where) for edit in edits]
    kept = [named for clause in clauses if (named := kept_as_it_is(clause))]
    found, from_nothing = _put_in(edits, read)
    if kept:
        found = list(with_references_resolved(_without_kept(found, kept), kept))
    return found, [*clauses, *from_nothing]


def _put_in(edits: Sequence[Edit], read: Reduced) -> tuple[list[Edit], list[str]]:
    """The edits of a reduced text with its exceptions in their regions, and those exceptions that are from none.

    An exception is from what stands right before it, where no comma parts one thing from it; else from the whole
    picture where that is edited, else from the last region before it that means several things. Where it stands
    elsewhere, the region becomes "everything except the sky".
    """
    text, reduced = read.text, read.reduced
    places = [-1 if edit.region is None else reduced.find(edit.region) for edit in edits]
    ends = [place + len(edit.region or "") for edit, place in zip(edits, places, strict=True)]
    # What stands on both sides of an exception is one phrase with it again, and no word is cut.
    regions = [
        edit.region if place < 0 else text[_word_start(text, place) : end]
        for edit, place, end in zip(edits, places, ends, strict=True)
    ]
    from_nothing = []
    for one in read.found:
        before = [i for i, place in enumerate(places) if 0 <= place < one.start]
        adjacent = [
            i
            for i in before
            if not reduced[ends[i] : one.start].strip() and (not one.apart or is_plural(edits[i].region))
        ]
        whole = [i for i, edit in enumerate(edits) if edit.region is None]
        several = [i for i in before if places[i] == max(places[k] for k in before) and is_plural(edits[i].region)]
        if any(ends[i] >= one.end for i in before):
            continue
        if adjacent:
            regions = [text[places[i] : one.end] if i in adjacent else region for i, region in enumerate(regions)]
        elif whole:
            named = _WHOLE.search(text[: one.start])
            said = _bare(text[named.start() : one.end]) if named else f"{_EVERYTHING} except {one.words}"
            for i in whole:
                regions[i] = said if regions[i] is None else f"{regions[i]} and {one.words}"
        elif several:
            for i in several:
                regions[i] = f"{regions[i]} except {one.words}"
        else:
            from_nothing.append(text[one.start : one.end].strip(" ,"))
    return [replace(edit, region=region) for edit, region in zip(edits, regions, strict=True)], from_nothing


def _word_start(text: str, place: int) -> int:
    while place and text[place - 1].isalnum() and text[place].isalnum():
        place -= 1
    return place


def kept_as_it_is(clause: str) -> str | None:
    """What a clause asks to leave as it is: "sky" of "don't touch the sky"; None for any other clause."""
    tokens = corrected_tokens(clause)
    for captures in _kept().full(Words([token.word for token in tokens])):
        start, end = captures["np"]
        named = target(tokens[start:end])
        if not isinstance(named, Phrase) or tokens[start].word in PRONOUNS | _HOW_MUCH:
            continue
        kept = clause[named.start : named.end]
        return None if is_rest(kept) else kept
    return None


def _without_kept(edits: Sequence[Edit], kept: Sequence[str]) -> list[Edit]:
    """The edits, those of the whole picture without what is to be left as it is."""
    edited = {edit.region.casefold() for edit in edits if edit.region}
    spared = [named for named in kept if named.casefold() not in edited]
    if not spared:
        return list(edits)
    region = f"{_EVERYTHING} except {' and '.join(spared)}"
    return [replace(edit, region=region) if edit.region is None else edit for edit in edits]


def _end(text: str, start: int) -> int | None:
    """Where what is left out ends: as far as it reads as a thing, before what is to be done. None where it is none."""
    tokens = corrected_tokens(text[start:])
    run: list[Token] = []
    for i, token in enumerate(tokens):
        if token.word in _STOPS | _TURNS or token.word in _LINKS and not _goes_on(tokens[i:]):
            break
        run.append(token)
    # Nothing is left out of "keep everything but make it brighter".
    if not run or run[0].word in _HOW_MUCH | bare_verbs() or not take_degrees(run)[0]:
        return None
    reading = read_clause(Link.START, run).reading
    named = None if reading is None else reading.target
    if not isinstance(named, Phrase) or is_rest(text[start + named.start : start + named.end]):
        return None
    return start + len(text[start : start + named.end].rstrip(" ,"))


def _goes_on(tokens: Sequence[Token]) -> bool:
    """Whether more things follow a comma or "and", and no further request."""
    following = next((token.word for token in tokens if token.word not in _LINKS), "")
    if tokens[0].word == "," and following not in _OPENS_THING:
        return False
    return bool(following) and following not in openers() | gerunds().keys() | PRONOUNS | _STOPS | _TURNS


def _bare(region: str) -> str:
    """Without a leading article."""
    return region.split(None, 1)[1] if region.lower().startswith("the ") else region


@cache
def _kept() -> Pattern:
    change = "touch|change|alter|modify|edit|affect|adjust|include"
    changing = "touching|changing|altering|modifying|editing|affecting|adjusting|including"
    return grammar().pattern(
        f"{{but|and|please|just}} ((leave|keep|let|leaving|keeping) np:NP ({UNCHANGED}) | (leave|keep) np:NP out | "
        f"[please] (don't|dont|do not|never) ({change}) np:NP | without ({changing}) np:NP | "
        "(leave out|ignore|ignoring|skip|spare|not|except|excluding) np:NP | do nothing (to|with|about) np:NP | "
        "no (change|changes) (to|in|of) np:NP | np:NP (should|must) (stay|remain) (" + UNCHANGED + "))"
    )
