"""Masks of what is left, once what a phrase leaves out is taken away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from engines.masks import INSIDE, certain, mask_box
from engines.regions.geometry import read_choice
from engines.regions.mask_pieces import mask_of, pieces_of
from engines.regions.nouns import head_noun, same_kind
from engines.regions.phrases import is_plural
from engines.regions.remainder import FOREGROUND, Remainder
from engines.types import Region

# Of several things those are left out that are covered by at least this share of what the most covered one is.
_MOST = 0.5
# Where less than this share of things would be left, nothing is left out.
_LEAST = 0.1


def find_remainder(
    phrase: str, remainder: Remainder, shape: tuple[int, int], locate: Callable[[str], Region]
) -> Region:
    """The region of a phrase that leaves something out.

    Args:
        phrase: As typed, the region's label.
        remainder: How it was read.
        shape: (H, W) of the picture.
        locate: Finds one phrase in the picture.

    Returns:
        The mask of the whole less those of what is left out; what of it was not found is told in the notes.
    """
    whole = Region(phrase, np.ones(shape, np.float32), 1.0, None) if remainder.of is None else locate(remainder.of)
    spared = [locate(part) for part in remainder.without]
    notes = list(dict.fromkeys(note for region in (whole, *spared) for note in region.notes))
    if not remainder.without:
        notes.append(f"“{phrase}” was taken for the whole picture, as nothing else is named.")
    elif remainder.without is FOREGROUND:
        notes.append(f"“{phrase}” was taken for all but the {', '.join(FOREGROUND)} that were found.")
    else:
        notes += [
            f"“{region.label}” was not found, so it was not left out of “{phrase}”."
            for region in spared
            if region.box is None
        ]
    found = [region for region in spared if region.box is not None]
    if remainder.of is None:
        mask = np.minimum.reduce([whole.mask, *(1.0 - certain(region.mask) for region in found)])
    else:
        mask, said = _without_things(whole, found)
        notes += said
    score = min(region.score for region in (whole, *found))
    return replace(whole, label=phrase, mask=mask, score=score, box=mask_box(mask), parts=(), notes=tuple(notes))


def _without_things(whole: Region, spared: Sequence[Region]) -> tuple[np.ndarray, list[str]]:
    """A mask of things without some of them, float32 (H, W), and notes.

    Things of the same kind go as a whole, since two masks of one person never have the same rim; of others, as a car
    without its wheels, goes what is left out. Where nothing would be left, all stay, as the masker could not tell them
    apart.
    """
    mask, notes = whole.mask, []
    for region in spared:
        if same_kind(head_noun(whole.label), head_noun(region.label)):
            left = _without_pieces(mask, region)
        else:
            left = np.minimum(mask, 1.0 - certain(region.mask))
        if np.count_nonzero(left >= INSIDE) < _LEAST * np.count_nonzero(mask >= INSIDE):
            notes.append(f"“{region.label}” could not be told from “{whole.label}”, so nothing was left out for it.")
        else:
            mask = left
    return mask, notes


def _without_pieces(mask: np.ndarray, spared: Region) -> np.ndarray:
    """A mask without the pieces that a region means: for one thing that which has most of it, else all it covers."""
    pieces = pieces_of(mask)
    covered = [np.count_nonzero(piece.on(spared.mask) >= INSIDE) for piece in pieces]
    if not any(covered):
        return mask
    choice = read_choice(spared.label)
    if choice.count is None and not is_plural(spared.label):
        gone = {int(np.argmax(covered))}
    else:
        shares = [pixels / piece.size for pixels, piece in zip(covered, pieces, strict=True)]
        gone = {i for i, share in enumerate(shares) if share >= _MOST * max(shares)}
    return mask_of((piece for i, piece in enumerate(pieces) if i not in gone), mask)
