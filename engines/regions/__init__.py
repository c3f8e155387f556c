"""From a phrase to a region of the picture, behind one interface."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from engines.types import ImagePair, Region


class RegionMasker(Protocol):
    """Finds what a phrase refers to; safe to call from several threads."""

    def mask(self, phrase: str, pair: ImagePair, fused: np.ndarray | None = None) -> Region:
        """Locate a phrase.

        Args:
            phrase: A noun phrase, e.g. "the two cones on the left".
            pair: The aligned pictures.
            fused: float32 (H, W, 3), the fused picture, for maskers that look at it (eq. 3 of TeRF).

        Returns:
            The region; an all-zero mask and no box where nothing was found. Its parts are the single masks, boxes and
            scores, where the masker tells several things apart.
        """
        ...
