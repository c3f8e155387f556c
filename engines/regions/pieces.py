"""Words of position, obeyed on a mask: of the pieces that a referring head marked, those the phrase singles out.

The head marks every person for "the leftmost person". What the words say of position is therefore taken from the phrase
once more, and the mask's pieces are chosen by it.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from engines.masks import INSIDE, mask_box
from engines.regions.geometry import Choice, choose, read_choice
from engines.types import Region

# Smaller pieces of a mask, as shares of the picture, are its frayed rim rather than things of their own: 18 pixels of
# 640×480, about one of the head's.
_MIN_SHARE = 6e-5
_CHOSEN_HERE = frozenset({"left", "right", "near"})


def kept_pieces(region: Region) -> Region:
    """A region without the pieces of its mask that its label does not mean, and a note that says so.

    Args:
        region: A label and the mask that was found for it.

    Returns:
        The region as it is where the label has no words of position that are obeyed here, where the mask has one
        piece, or where it has fewer than the words count.
    """
    choice = read_choice(region.label)
    if not _is_obeyed(choice):
        return region
    count, pieces, statistics, _ = cv2.connectedComponentsWithStats((region.mask >= INSIDE).astype(np.uint8))
    smallest = _MIN_SHARE * region.mask.size
    numbers = [number for number in range(1, count) if statistics[number, cv2.CC_STAT_AREA] >= smallest]
    if len(numbers) < 2:
        return region
    corners, sizes = statistics[numbers, :2], statistics[numbers, 2:4]
    chosen = choose(choice, np.hstack([corners, corners + sizes]), region.mask.shape)
    if not chosen or len(chosen) == len(numbers):
        return region
    mask = np.where(np.isin(pieces, [numbers[index] for index in chosen]), region.mask, 0.0).astype(np.float32)
    note = (
        f"“{region.label}”: of {len(numbers)} pieces found, {len(chosen)} {'was' if len(chosen) == 1 else 'were'} kept "
        "by what the words say of position."
    )
    score = float(mask[mask >= INSIDE].mean())
    return replace(region, mask=mask, score=score, box=mask_box(mask), notes=(*region.notes, note))


def _is_obeyed(choice: Choice) -> bool:
    return choice.order in _CHOSEN_HERE
