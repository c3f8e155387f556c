"""What of an instruction Text-IF reads: all of it inside the places it names, the rest of it everywhere else.

Of a plan that the person set, the edits are read in place of the words: these still say what was taken out or changed.
"""

from __future__ import annotations

import re

from engines.text_if.places import is_place
from engines.text_if.sentences import DEFAULT_SENTENCE
from engines.types import Edit, Instruction

# The parser's name where a person changed the plan or its regions.
_EDITED = "edited"
_BETWEEN_CLAUSES = re.compile(r"\s*(?:[,;.!]+(?:\s+|$)|\b(?:and|but|then|while|also)\b)\s*", re.IGNORECASE)


def is_edited(instruction: Instruction) -> bool:
    """Whether the edits are what the person set, so that the words no longer count."""
    return instruction.parser == _EDITED


def repeats(edit: Edit) -> bool:
    """Whether an edit goes further by being done again: beyond the picture without noise lies its negative."""
    return edit.effect == "denoise" and edit.strength > 1


def places_of(instruction: Instruction) -> list[Edit]:
    """The edits whose regions can be looked for in the scene."""
    return [edit for edit in instruction.edits if edit.region and is_place(edit.region, edit.effect)]


def others_of(instruction: Instruction) -> list[Edit]:
    """The edits of the whole picture, those that only seem to name a place among them."""
    places = places_of(instruction)
    return [edit for edit in instruction.edits if edit not in places]


def whole_sentence(instruction: Instruction) -> str:
    """The person's words, those of edits set without any or changed, or the default sentence."""
    words = "" if is_edited(instruction) else instruction.text.strip()
    return words or _said(instruction.edits) or DEFAULT_SENTENCE


def sentences_inside(instruction: Instruction) -> list[tuple[str, list[Edit]]]:
    """What is read inside places, each with the edits it serves.

    Words as typed are one sentence for all. Of an edited plan every effect gets its own, so that what is darkened here
    is not brightened there; what is asked of the whole picture is part of each.
    """
    places = places_of(instruction)
    if not is_edited(instruction):
        return [(whole_sentence(instruction), places)] if places else []
    others = others_of(instruction)
    groups = []
    for effect in dict.fromkeys(edit.effect for edit in places):
        mine = [edit for edit in places if edit.effect == effect]
        groups.append((_said([edit for edit in instruction.edits if edit in mine or edit in others]), mine))
    return groups


def sentence_elsewhere(instruction: Instruction) -> str:
    """What is asked of the picture as a whole beside its places; the default sentence where nothing is.

    Of the person's words, those are read that lie between "and", commas and the like and name no place.
    """
    others = others_of(instruction)
    if not others:
        return DEFAULT_SENTENCE
    if is_edited(instruction):
        return _said(others)
    named = [edit.region.lower() for edit in places_of(instruction)]
    clauses = [clause for clause in _BETWEEN_CLAUSES.split(instruction.text) if clause]
    kept = [clause for clause in clauses if not any(place in clause.lower() for place in named)]
    # A single word is the rest of a clause that was cut: "denoise and brighten the car".
    return " and ".join(clause for clause in kept if " " in clause) or _said(others)


def _said(edits: list[Edit] | tuple[Edit, ...]) -> str:
    return " and ".join(_in_words(edit) for edit in edits)


def _in_words(edit: Edit) -> str:
    region = f"the {edit.region}" if edit.region else "the image"
    if edit.effect in ("infrared", "visible"):
        return f"bias {region} towards {edit.effect}"
    return f"{edit.effect} {region}"
