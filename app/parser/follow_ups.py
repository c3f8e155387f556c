"""Sentences that only name further things for what the sentence before asked: "and the trees too", "same for the road".

Parsers, who see one sentence, read them as asking to highlight; `app.pipeline` knows the one before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from engines.types import Edit, Instruction

# One of these says that a request goes on.
_GOES_ON = re.compile(
    r"^\W*(?:and|also|plus|now|then|next|ditto|likewise|what about|how about)\b|\b(?:same|ditto|likewise)\b|"
    r"\b(?:too|as well|also)\W*$",
    re.IGNORECASE,
)
# Beside things nothing else may be said.
_SAYS_NOTHING = frozenset(
    "and also plus now then next ditto likewise what about how same thing effect change edit goes do apply it please "
    "the a an all for to with on in too as well or".split()
)
NOTE = "As in the sentence before: {effects}."


def with_earlier_effects(instruction: Instruction, latest: Sequence[Edit]) -> Instruction:
    """An instruction with the effects of the one before, where it only names further things for them.

    Args:
        instruction: As parsed.
        latest: The edits of the sentence before on the same pair.
    """
    regions = list(dict.fromkeys(edit.region for edit in instruction.edits if edit.region))
    effects = list(dict.fromkeys((edit.effect, edit.strength) for edit in latest))
    asks_itself = any(edit.effect != "highlight" or edit.region is None for edit in instruction.edits)
    if not regions or not effects or asks_itself or not _only_names(instruction.text, regions):
        return instruction
    edits = tuple(Edit(region, effect, strength) for region in regions for effect, strength in effects)
    if edits == instruction.edits:
        return instruction
    note = NOTE.format(effects=", ".join(dict.fromkeys(effect for effect, _ in effects)))
    return replace(instruction, edits=edits, notes=(*instruction.notes, note))


def _only_names(text: str, regions: Sequence[str]) -> bool:
    if not _GOES_ON.search(text):
        return False
    for region in regions:
        text = text.replace(region, " ")
    return _SAYS_NOTHING.issuperset(re.findall(r"[\w'’]+", text.lower()))
