"""The classical rules behind the engine interface."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engines.classical.guided import fuse_guided
from engines.classical.pixelwise import fuse_high_pass, fuse_maximum, fuse_mean
from engines.classical.pyramid import fuse_laplacian
from engines.color import image_luma, with_luma
from engines.types import FusionResult, ImagePair, Instruction, Progress


@dataclass(frozen=True)
class ClassicalEngine:
    """A rule that fuses luma with infrared and keeps the visible picture's colour; no weights, no text.

    Attributes:
        name: The registry's name.
        title: What a person reads.
        paper: Where the rule comes from.
        rule: Maps luma and infrared, float32 (H, W) in [0, 1], to the fused luma.
    """

    name: str
    title: str
    paper: str
    rule: Callable[[np.ndarray, np.ndarray], np.ndarray]

    def fuse(self, pair: ImagePair, instruction: Instruction, progress: Progress | None = None) -> FusionResult:
        """Fuse a pair; edits of the instruction are not carried out, which a note says.

        Args:
            pair: The aligned pictures, any size.
            instruction: Its edits are ignored.
            progress: Called before and after the fusion.

        Returns:
            The fused picture without mask, regions or maps.

        Raises:
            Cancelled: Raised by `progress`.
        """
        if progress is not None:
            progress(0.0, f"fusing with {self.title.lower()}")
        start = time.perf_counter()
        luma = self.rule(image_luma(pair.visible), pair.infrared.astype(np.float32))
        image = with_luma(pair.visible, luma)
        seconds = {"fuse": time.perf_counter() - start}
        notes = [f"{self.title} ignores the text: it has no regions and no effects."] if instruction.edits else []
        if progress is not None:
            progress(1.0, "done")
        return FusionResult(image=image, seconds=seconds, notes=notes)


def mean() -> ClassicalEngine:
    """The mean of both sources."""
    return ClassicalEngine("mean", "Mean", "pixel-wise mean", fuse_mean)


def maximum() -> ClassicalEngine:
    """The brighter source per pixel."""
    return ClassicalEngine("max", "Maximum", "pixel-wise maximum", fuse_maximum)


def laplacian() -> ClassicalEngine:
    """Laplacian pyramid fusion."""
    return ClassicalEngine("laplacian", "Laplacian pyramid", "Burt and Adelson 1983", fuse_laplacian)


def guided() -> ClassicalEngine:
    """Two-scale guided-filter fusion."""
    return ClassicalEngine("guided", "Guided filter", "Li, Kang and Hu 2013", fuse_guided)


def msx() -> ClassicalEngine:
    """Infrared with the visible picture's fine detail."""
    return ClassicalEngine("msx", "MSX-style high-pass", "high-pass injection as in thermal cameras", fuse_high_pass)
