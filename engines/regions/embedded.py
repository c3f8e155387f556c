"""Regions from the embedded referring segmentation of the RIS-FUSION engine."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

import engines
from engines.masks import INSIDE, mask_box
from engines.regions.geometry import choose, read_choice
from engines.regions.phrases import is_plural
from engines.types import ImagePair, Region

# Smaller pieces of a mask, in pixels, are its frayed rim rather than things of their own.
_MIN_PIECE = 20
# Where the head marks several things for one of these words, choosing among its pieces brings it nearer to the truth
# (mean IoU on the template references of msrs_ris's validation part: left 18.9 -> 21.9, right 18.0 -> 27.7, but
# nearest 32.6 -> 26.7, so that one is left to the head).
_CHOSEN_HERE = frozenset({"left", "right"})


class EmbeddedMasker:
    """Asks the `ris-fusion` engine, which is loaded at the first phrase and shared with everyone who builds it."""

    def __init__(self, checkpoint: str | None = None, device: str = "auto") -> None:
        """Remember what to load.

        Args:
            checkpoint: A RIS-FUSION checkpoint; None for the embedded one.
            device: "auto", "cpu" or "cuda".
        """
        self.checkpoint, self.device = checkpoint, device

    def mask(self, phrase: str, pair: ImagePair, fused: np.ndarray | None = None) -> Region:
        """Locate a phrase in the pair; the fused picture is not looked at, as the engine fuses for itself.

        Raises:
            CheckpointError: The checkpoint is missing, damaged or does not fit.
        """
        region = engines.build("ris-fusion", checkpoint=self.checkpoint, device=self.device).locate(phrase, pair)
        return outermost_piece(region)


def outermost_piece(region: Region) -> Region:
    """Only the leftmost or rightmost piece of a mask whose label asks for it; any other region as it is."""
    choice = read_choice(region.label)
    asked = choice.compares and choice.order in _CHOSEN_HERE and choice.rank == 1 and choice.count is None
    if not asked or is_plural(choice.noun):
        return region
    count, pieces, statistics, _ = cv2.connectedComponentsWithStats((region.mask >= INSIDE).astype(np.uint8))
    numbers = [number for number in range(1, count) if statistics[number, cv2.CC_STAT_AREA] >= _MIN_PIECE]
    if len(numbers) < 2:
        return region
    corners, sizes = statistics[numbers, :2], statistics[numbers, 2:4]
    chosen = choose(choice, np.hstack([corners, corners + sizes]), region.mask.shape)
    mask = np.where(np.isin(pieces, [numbers[index] for index in chosen]), region.mask, 0.0).astype(np.float32)
    return replace(region, mask=mask, box=mask_box(mask))
