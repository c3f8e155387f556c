"""Regions from the embedded referring segmentation of the RIS-FUSION engine."""

from __future__ import annotations

import numpy as np

import engines
from engines.types import ImagePair, Region


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
        return engines.build("ris-fusion", checkpoint=self.checkpoint, device=self.device).locate(phrase, pair)
