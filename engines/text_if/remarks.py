"""What Text-IF has to say to the person about an instruction and what became of it."""

from __future__ import annotations

import numpy as np

from engines.masks import INSIDE
from engines.text_if.places import is_place
from engines.text_if.requests import is_edited, others_of, repeats
from engines.types import Instruction, Region

# Mean change of luma inside a region below which nobody sees any.
_VISIBLE_CHANGE = 1.0 / 255.0


def remarks(instruction: Instruction, sentence: str, can_repeat: bool) -> list[str]:
    """Notes on what was read differently from what was typed, and on what cannot be done.

    Args:
        instruction: As given.
        sentence: What is read of it.
        can_repeat: Whether the network can be given the sources it restored once more, as denoising further takes.
    """
    notes = []
    if is_edited(instruction) and instruction.text.strip():
        read = f"so “{sentence}” was read in place of" if instruction.edits else "and is empty, so nothing was read of"
        notes.append(f"The plan was set by hand, {read} what was typed.")
    for edit in instruction.edits:
        if edit.region and not is_place(edit.region, edit.effect):
            notes.append(f"“{edit.region}” was taken to be about the pictures, so it was not looked for in the scene.")
        if repeats(edit) and not can_repeat:
            notes.append(
                f"These weights cannot denoise what is denoised already, so “{edit.region or 'the picture'}” was "
                "denoised as with strength 1."
            )
    if len({edit.strength for edit in others_of(instruction)}) > 1:
        notes.append("What is asked of the whole picture is done in one, as far as the strongest of it.")
    return list(dict.fromkeys(notes))


def unchanged(found: dict[str, Region], change: np.ndarray) -> list[str]:
    """A note on regions that were found and look as before.

    Args:
        found: By phrase.
        change: Of the luma, float32 (H, W).
    """
    inside = {phrase: change[region.mask >= INSIDE] for phrase, region in found.items()}
    same = [f"“{phrase}”" for phrase, part in inside.items() if part.size and part.mean() < _VISIBLE_CHANGE]
    if not same:
        return []
    return [
        f"Next to nothing changes in {', '.join(same)}: Text-IF undoes what a sentence says is wrong with a picture, "
        "such as “too dark” or “noisy”."
    ]
