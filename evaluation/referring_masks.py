"""How an engine is judged by reference: it fuses, and the referring head segments the result (RIS-FUSION, Table 1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

import engines
from engines.errors import InputError
from engines.registry import ENGINES
from engines.types import Edit, ImagePair, Instruction
from evaluation.weights import weights_of

HEAD = "ris-fusion"
# What Table 1 compares fusion with: a source as it is.
SOURCES = ("visible", "infrared")
# Height and width at which pictures are fused, segmented and scored; None is the pair's own.
PROTOCOLS: dict[str, tuple[int, int] | None] = {"native": None, "480": (480, 480)}

_ARTICLE = re.compile(r"^(?:the|an|a)\s+(?=\S)", re.IGNORECASE)


def highlight(sentence: str) -> Instruction:
    """The instruction that asks for what a referring expression means: highlight it, without a leading article."""
    region = _ARTICLE.sub("", sentence.strip())
    return Instruction(text=sentence, edits=(Edit(region, "highlight"),), parser="none")


@dataclass(frozen=True)
class Method:
    """What fuses and what segments.

    Attributes:
        engine: The engine that fuses, or one of SOURCES.
        checkpoint: Its weights; None for its default ones.
        without_text: Whether the text is withheld from the fusion; the head reads it always.
        protocol: One of PROTOCOLS: "native" keeps each picture's size and aspect, "480" is the paper's.
    """

    engine: str
    checkpoint: str | None = None
    without_text: bool = False
    protocol: str = "native"

    def __post_init__(self) -> None:
        if self.protocol not in PROTOCOLS:
            raise InputError(f"The protocol must be one of {', '.join(PROTOCOLS)}, but got {self.protocol!r}.")
        known = (*ENGINES, *SOURCES)
        if self.engine not in known:
            raise InputError(f"The engine must be one of {', '.join(known)}, but got {self.engine!r}.")

    def described(self) -> dict[str, Any]:
        """The method as a report tells it, with the files and digests of the weights."""
        told: dict[str, Any] = {"engine": self.engine, "weights": weights_of(self.engine, self.checkpoint)}
        if self.engine != HEAD:
            told["head"] = weights_of(HEAD)
        return told | {"without_text": self.without_text, "protocol": self.protocol}

    def segment(self, pair: ImagePair, sentences: Sequence[str]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Fuse and segment for one sentence after the other; what does not change with the text is done once.

        Args:
            pair: As `fitted` gives it.
            sentences: Referring expressions.

        Yields:
            The fused picture, float32 (H, W, 3), and the mask, bool (H, W).

        Raises:
            InputError: Unknown engine, or a pair it cannot fuse.
            CheckpointError: Weights are missing, damaged or do not fit.
        """
        size = PROTOCOLS[self.protocol]
        instructions = [highlight(sentence) for sentence in sentences]
        phrases = [instruction.edits[0].region for instruction in instructions]
        head = engines.build(HEAD, checkpoint=self.checkpoint if self.engine == HEAD else None, device="auto")
        if self.engine == HEAD and not self.without_text:
            results = head.refer(pair, phrases, size)
        elif self._reads_text():
            engine = engines.build(self.engine, checkpoint=self.checkpoint, device="auto")
            images = (engine.fuse(pair, instruction).image for instruction in instructions)
            results = (
                (image, next(iter(head.segment(image, [phrase], size))))
                for image, phrase in zip(images, phrases, strict=True)
            )
        else:
            image = self._plain(pair)
            results = ((image, region) for region in head.segment(image, phrases, size))
        for image, region in results:
            yield image, region.mask >= 0.5

    def _reads_text(self) -> bool:
        """Whether the fused picture may differ from sentence to sentence."""
        return not self.without_text and self.engine not in SOURCES and ENGINES[self.engine].learned

    def _plain(self, pair: ImagePair) -> np.ndarray:
        if self.engine == "visible":
            return pair.visible
        if self.engine == "infrared":
            return np.repeat(pair.infrared[..., None], 3, axis=2)
        engine = engines.build(self.engine, checkpoint=self.checkpoint, device="auto")
        return engine.fuse(pair, Instruction()).image

    def fitted(self, pair: ImagePair) -> ImagePair:
        """The pair at the size the protocol asks for, resampled bilinearly as the published program does."""
        size = PROTOCOLS[self.protocol]
        if size is None:
            return pair
        channels = [_resized(pair.visible[..., i], size, Image.Resampling.BILINEAR) for i in range(3)]
        return ImagePair(np.stack(channels, axis=-1), _resized(pair.infrared, size, Image.Resampling.BILINEAR))

    def fitted_mask(self, mask: np.ndarray) -> np.ndarray:
        """A bool mask (H, W) at the size the protocol asks for."""
        size = PROTOCOLS[self.protocol]
        return mask if size is None else _resized(mask.astype(np.uint8), size, Image.Resampling.NEAREST) > 0


def _resized(plane: np.ndarray, size: tuple[int, int], how: Image.Resampling) -> np.ndarray:
    return np.array(Image.fromarray(plane).resize(size[::-1], how))
