"""The one mask that all results of a comparison are scored with, so that their columns compare."""

from __future__ import annotations

import numpy as np

from app.comparison.results import CommonRegion
from engines import ImagePair, Instruction
from engines.masks import INSIDE
from engines.regions import RegionMasker
from engines.regions.composed import region_of
from engines.regions.embedded import EmbeddedMasker

_NO_PHRASE = "The instruction names no region, so the metrics are of the whole picture only."
_WHOLE = "The instruction is about the whole picture, so there is nothing outside to score."
_NOTHING = "The region masker did not find {named}, so the metrics are of the whole picture only."
_FOUND = (
    "One mask for all methods, so that their columns compare: {named} as the embedded RIS-FUSION head finds it in the "
    "pair, {share:.1f} % of the picture, whichever mask a method used itself."
)
_KNOWN = "One mask for all methods, so that their columns compare: {named} as painted, {share:.1f} % of the picture."


def common_region(pair: ImagePair, instruction: Instruction, masker: RegionMasker | None = None) -> CommonRegion:
    """The union of the masks of all phrases of an instruction.

    A region that the instruction knows already is taken as it is. Where there is no mask, `source` says why.

    Args:
        pair: The aligned pictures.
        instruction: The parsed sentence.
        masker: Finds the phrases; None for the embedded head of RIS-FUSION.

    Raises:
        CheckpointError: The masker's checkpoint is missing, damaged or does not fit.
    """
    phrases = tuple(dict.fromkeys(edit.region for edit in instruction.edits if edit.region))
    if not phrases:
        return CommonRegion(None, (), _NO_PHRASE)
    masker = masker or EmbeddedMasker()
    named = " and ".join(f"“{phrase}”" for phrase in phrases)
    painted = instruction.regions
    regions = [region_of(phrase, pair, lambda said: masker.mask(said, pair), painted) for phrase in phrases]
    mask = np.logical_or.reduce([region.mask >= INSIDE for region in regions])
    if not mask.any():
        return CommonRegion(None, phrases, _NOTHING.format(named=named))
    if mask.all():
        return CommonRegion(None, phrases, _WHOLE)
    source = _KNOWN if all(map(instruction.known_region, phrases)) else _FOUND
    return CommonRegion(mask, phrases, source.format(named=named, share=100 * mask.mean()))
