"""What a sentence says the pictures suffer from: "the visible image has low light degradation", "a noisy picture".

So Text-IF is asked (figure 4 of its paper), and so people put it who describe a picture instead of a change. Read as a
request, such a sentence has no verb, and its "visible" and "infrared" look like one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from app.parser.remarks import left_out, nothing_understood
from app.parser.tokens import within_limit
from engines.types import Edit, Effect, Instruction

_SENTENCE = re.compile(r"[^.!?;\n]+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_POOR = r"(?:low|poor|weak|bad|insufficient|reduced|diminished|limited)"
_SUFFERED: tuple[tuple[re.Pattern[str], Effect], ...] = tuple(
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), effect)
    for words, effect in (
        (
            rf"{_POOR}[-\s]?(?:light|lighting|illumination|brightness|exposure)|(?:poor|bad|dim)ly[-\s](?:lit|illuminated)|"
            r"under[-\s]?expos(?:ed|ure)|dark(?:ness)?|dim",
            "brighten",
        ),
        (r"over[-\s]?expos(?:ed|ure)|blown[-\s]out|excessive\s+brightness", "darken"),
        (r"nois(?:e|y|ed)|grain|grainy", "denoise"),
        (rf"{_POOR}[-\s]contrast|lacks?\s+contrast|(?:lack\s+of|lacking)\s+contrast", "highlight"),
    )
)
_PICTURE = re.compile(
    r"\b(?:images?|pictures?|photos?|photographs?|frames?|captures?|scenes?|inputs?|sources?)\b", re.IGNORECASE
)
_FUSION = re.compile(r"\b(?:fus(?:e|ed|ing|ion)|combin(?:e|ing)|merg(?:e|ing)|blend(?:ing)?)\b", re.IGNORECASE)
# "fusion, where the images are dark" says of what kind it is; "infrared where the image is dark" says where.
_OF_WHICH = re.compile(r"(?<=fusion)\s*,?\s*(?:where|in\s+which|whose)\b", re.IGNORECASE)
# A light source is a thing, visible light a camera's.
_KIND_OF_LIGHT = re.compile(r"\b(?:visible|infrared)[-\s]light\b", re.IGNORECASE)
_SAID_OF_PICTURES = frozenset(
    """
    a an the this that these those it its it's we we're we’re our is are was were be been being has have having may
    might can of in on at to for with by from under into during and but while both which two some please here as
    well also image images picture pictures photo photos photograph photographs frame frames capture captures scene
    scenes input inputs source sources pair infrared visible visual thermal ir rgb optical task tasks challenge
    context them together just simply plain plainly normal normally standard case scenario scenarios condition
    conditions environment environments performing doing handling handle tackling addressing address dealing deal
    working pertains emphasis focus focusing specific special particular consideration considerations attention
    suffer suffers suffering affected affecting affect affects reduced degraded degrading impaired corrupted
    contaminated susceptible subject prone quality problem problems issue issues degradation degradations captured
    taken shot recorded night nighttime daytime
    """.split()
)


def with_conditions(text: str, read: Callable[[str], Instruction]) -> Instruction:
    """Read a text of which some sentences may say what the pictures suffer from.

    Args:
        text: As typed.
        read: Reads a text without such sentences.

    Returns:
        The edits of both, those of the whole picture first; what was asked for in words is not done twice. No region is
        a mere word for the pictures.
    """
    suffered, asked = take_conditions(within_limit(text))
    asked += text[len(asked) :]
    instruction = read(asked)
    edits = [replace(edit, region=None) if _is_picture(edit.region) else edit for edit in instruction.edits]
    known = {edit.effect for edit in edits if edit.region is None}
    suffered = [edit for edit in suffered if edit.effect not in known]
    notes = instruction.notes
    if suffered and not edits and asked.strip():
        notes = (*(note for note in notes if note != nothing_understood(asked)), left_out(asked.strip(" .!?;\n")))
    return replace(instruction, text=text, edits=(*suffered, *edits), notes=notes)


def take_conditions(text: str) -> tuple[list[Edit], str]:
    """What is to be done about what the pictures are said to suffer from, and the text without those sentences.

    A sentence counts where each of its words is about pictures or what they suffer from; one that only says that they
    are to be fused asks for nothing.

    Returns:
        Edits of the whole picture in the order said, each effect once; the text with spaces in the place of what was
        read, of the same length, so that places in it stay, and nothing but spaces where no word is left.
    """
    edits: dict[Effect, Edit] = {}
    asked = text
    for sentence in _SENTENCE.finditer(text):
        said = list(_suffered(sentence.group()))
        fused = _FUSION.search(sentence.group()) is not None
        if not (fused or said and _PICTURE.search(sentence.group())) or not _is_about_pictures(sentence.group()):
            continue
        edits |= {effect: Edit(None, effect) for effect in said if effect not in edits}
        start, end = sentence.span()
        asked = asked[:start] + " " * (end - start) + asked[end:]
    return list(edits.values()), asked if asked == text or _WORD.search(asked) else " " * len(text)


def _is_picture(region: str | None) -> bool:
    """Whether a region is no more than a word for the pictures: "visible image", "dark and noisy photo"."""
    last = _WORD.findall(region or "")[-1:]
    return bool(last) and _PICTURE.fullmatch(last[0]) is not None and _is_about_pictures(region)


def _is_about_pictures(words: str) -> bool:
    """Whether words only say which pictures are meant, and what they are like."""
    rest = _KIND_OF_LIGHT.sub(" ", _OF_WHICH.sub(" ", words))
    for told in (_FUSION, *(suffered for suffered, _ in _SUFFERED)):
        rest = told.sub(" ", rest)
    return all(word.lower() in _SAID_OF_PICTURES for word in _WORD.findall(rest))


def _suffered(sentence: str) -> Iterator[Effect]:
    found = [(match.start(), effect) for words, effect in _SUFFERED for match in words.finditer(sentence)]
    return (effect for _, effect in sorted(found))
