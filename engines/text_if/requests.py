"""What of an instruction Text-IF reads: all of it inside the places it names, the rest of it everywhere else."""

from __future__ import annotations

import re

from engines.text_if.places import is_place
from engines.text_if.sentences import DEFAULT_SENTENCE
from engines.types import Edit, Instruction

_BETWEEN_CLAUSES = re.compile(r"\s*(?:[,;.!]+(?:\s+|$)|\b(?:and|but|then|while|also)\b)\s*", re.IGNORECASE)


def places_of(instruction: Instruction) -> list[Edit]:
    """The edits whose regions can be looked for in the scene."""
    return [edit for edit in instruction.edits if edit.region and is_place(edit.region)]


def whole_sentence(instruction: Instruction) -> str:
    """The person's words, those of edits set without any, or the default sentence."""
    return instruction.text.strip() or _said(instruction.edits) or DEFAULT_SENTENCE


def sentence_elsewhere(instruction: Instruction) -> str:
    """What is asked of the picture as a whole beside its places; the default sentence where nothing is.

    Of the person's words, those are read that lie between "and", commas and the like and name no place.
    """
    places = places_of(instruction)
    others = [edit for edit in instruction.edits if edit not in places]
    if not others:
        return DEFAULT_SENTENCE
    named = [edit.region.lower() for edit in places]
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
