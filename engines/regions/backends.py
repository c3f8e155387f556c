"""Builds the region masker a person asked for, and lets everybody who asks for the same share it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from engines.regions import RegionMasker
from engines.regions.embedded import EmbeddedMasker
from engines.regions.grounded_sam import GroundedSamMasker
from engines.regions.needed import needed
from engines.regions.options import RegionOptions
from engines.types import ImagePair, Region


class AutoMasker:
    """grounded-sam where its checkpoints are here, else the embedded head, which is then said."""

    def __init__(self, options: RegionOptions, device: str) -> None:
        """Remember both; neither is loaded before it is needed."""
        self.sam = options.sam
        self.grounded = GroundedSamMasker(options, device)
        self.embedded = EmbeddedMasker(device=device)

    def mask(self, phrase: str, pair: ImagePair, fused: np.ndarray | None = None) -> Region:
        """Locate a phrase with what is here.

        Raises:
            CheckpointError: A checkpoint is damaged or does not fit.
        """
        missing = [entry for entry in needed(self.sam) if not entry.present]
        if not missing:
            return self.grounded.mask(phrase, pair, fused)
        region = self.embedded.mask(phrase, pair, fused)
        names = " and ".join(entry.name for entry in missing)
        note = (
            f"Regions were found by the embedded head, as {names} {'is' if len(missing) == 1 else 'are'} not here "
            f"(see `python -m app checkpoints`)."
        )
        return replace(region, notes=(*region.notes, note))


@lru_cache(maxsize=8)
def build_masker(options: RegionOptions, device: str = "auto") -> RegionMasker:
    """The masker of these options; the same options give the same object, and so the same loaded networks."""
    if options.backend == "embedded":
        return EmbeddedMasker(device=device)
    if options.backend == "grounded-sam":
        return GroundedSamMasker(options, device)
    return AutoMasker(options, device)
