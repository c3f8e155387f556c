"""The semantic information generator: where to look (mask semantics) and what is meant (text semantics).

The paper reads a caption off the visible picture and gets masks of key classes out of a diffusion model
(`engines.tesg.paper_generator`). Here the region masker finds what the instruction names, or the key classes without
one, and the frozen text encoder reads a sentence that says what is wanted there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from engines.masks import INSIDE
from engines.regions import RegionMasker
from engines.types import Edit, ImagePair, Region

# What detection and segmentation of streets look for (V* of the paper), and the phrase the masker knows each by.
KEY_CLASSES = {"person": "people", "car": "cars"}
# Of the soft rim that masks get, in pixels.
RIM_SIGMA = 1.5
# What the network was taught to do inside a mask, by the words that ask for it.
REQUESTS = {
    "highlight": "highlight {named}",
    "infrared": "more infrared for {named}",
    "visible": "more visible for {named}",
}


@dataclass(frozen=True)
class Semantics:
    """What guides one pass of the network.

    Attributes:
        mask: M, float32 (H, W) in [0, 1], 0 and 1 but for a soft rim.
        text: T, whose word features are F_t; empty for none.
        regions: What the mask is the union of.
    """

    mask: np.ndarray
    text: str
    regions: tuple[Region, ...] = ()


class SemanticGenerator(RegionMasker, Protocol):
    """Makes mask and text semantics of a pair that comes without an instruction, and finds what one names."""

    def describe(self, pair: ImagePair) -> Semantics:
        """Caption and masks of the key classes."""
        ...


def caption(classes: Sequence[str]) -> str:
    """The text semantics of a picture that shows these key classes."""
    return f"a picture of {' and '.join(f'a {name}' for name in classes)}" if classes else "a picture"


def request(effect: str, phrases: Sequence[str]) -> str:
    """The text semantics of an instruction: what is wanted of the phrases; `effect` is one of REQUESTS."""
    return REQUESTS[effect].format(named=" and ".join(phrases))


def soft_rim(mask: np.ndarray) -> np.ndarray:
    """A float mask (H, W) cut at one half, its edge blurred, float32 (H, W) in [0, 1]; zero from 7 pixels on."""
    inside = (mask >= INSIDE).astype(np.float32)
    return cv2.GaussianBlur(inside, (13, 13), RIM_SIGMA, borderType=cv2.BORDER_REPLICATE)


def union(regions: Sequence[Region], shape: tuple[int, int]) -> np.ndarray:
    """Eq. 3: the mask of all regions together, float32 (H, W); zeros for none."""
    return np.maximum.reduce([np.zeros(shape, np.float32), *(region.mask for region in regions)])


class RegionSemantics:
    """The generator that needs nothing beside a region masker."""

    def __init__(self, masker: RegionMasker) -> None:
        self.masker = masker

    def describe(self, pair: ImagePair) -> Semantics:
        """Masks of the key classes that are there, and a caption that names them."""
        found = {name: self.masker.mask(phrase, pair, pair.visible) for name, phrase in KEY_CLASSES.items()}
        found = {name: region for name, region in found.items() if region.box is not None}
        regions = tuple(found.values())
        return Semantics(soft_rim(union(regions, pair.shape)), caption(list(found)), regions)

    def mask(self, phrase: str, pair: ImagePair, fused: np.ndarray | None = None) -> Region:
        """Where a phrase refers to."""
        return self.masker.mask(phrase, pair, fused)


def wanted(edits: Sequence[Edit]) -> tuple[dict[str, list[int]], list[str]]:
    """Which edits the network is asked for together.

    Returns:
        Positions of edits by effect, in the order typed; what is asked for beyond REQUESTS is highlighted, and a note
        says so.
    """
    groups: dict[str, list[int]] = {}
    notes = []
    for index, edit in enumerate(edits):
        effect = edit.effect
        if effect not in REQUESTS:
            named = edit.region or "the picture"
            notes.append(f"TeSG cannot {effect}: “{named}” was highlighted instead.")
            effect = "highlight"
        groups.setdefault(effect, []).append(index)
    return groups, notes
