"""Configuration of Text-IF: one code, two scales.

`PUBLISHED` has the published checkpoint's sizes, `EMBEDDED` those of the small one in this repository.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from engines.errors import CheckpointError

LEVELS = 4


@dataclass(frozen=True)
class TextIfConfig:
    """Hyper-parameters of the network and its text encoder; the defaults are the published ones.

    Attributes:
        width: Channels of the first of four levels; each deeper level has twice as many.
        blocks: Restormer blocks per level, the same in both encoders and the decoder.
        refinement: Blocks after the decoder, at the first level.
        heads: Heads of the channel attention per level.
        expansion: Hidden channels of a feed-forward part over its channels.
        groups: Of the group norms at the deepest level.
        text_dim: Width of a sentence's feature.
        guidance_dim: Hidden width of the semantic interaction guidance (eq. 8).
        scale: Factor of a pixel unshuffle in front and a pixel shuffle at the end; 1 is the paper's structure.
        restores_sources: The last convolution says how each source is to be restored, by a gain and an offset per
            pixel, and what is added to the maximum of both restored ones; False is the paper's structure, where it
            gives the picture itself.
        evens_stripes: The infrared encoder sees the picture as it is, with its columns and with its rows evened (see
            `engines.text_if.stripes`), in place of the picture three times.
        text_encoder: "clip" (published) or "minilm" (embedded).
        max_words: Word pieces kept, special tokens included.
    """

    width: int = 48
    blocks: tuple[int, ...] = (2, 2, 2, 2)
    refinement: int = 4
    heads: tuple[int, ...] = (1, 2, 4, 8)
    expansion: int = 2
    groups: int = 16
    text_dim: int = 512
    guidance_dim: int = 1024
    scale: int = 1
    restores_sources: bool = False
    evens_stripes: bool = False
    text_encoder: str = "clip"
    max_words: int = 77

    def __post_init__(self) -> None:
        if not len(self.blocks) == len(self.heads) == LEVELS:
            raise ValueError(f"blocks and heads must be {LEVELS} numbers each, but got {self.blocks} and {self.heads}")
        for level, heads in enumerate(self.heads):
            if (self.width << level) % heads:
                raise ValueError(f"level {level + 1} has {self.width << level} channels, no multiple of {heads} heads")
        if (self.width << (LEVELS - 1)) % self.groups:
            raise ValueError(
                f"the deepest level has {self.width << (LEVELS - 1)} channels, no multiple of {self.groups}"
            )

    @property
    def multiple(self) -> int:
        """What a picture's sides must be multiples of."""
        return self.scale << (LEVELS - 1)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a weight file's metadata."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> TextIfConfig:
        """The configuration stored with a checkpoint.

        Raises:
            CheckpointError: Unknown or unfitting values.
        """
        try:
            return cls(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})
        except (TypeError, ValueError) as error:
            raise CheckpointError(f"The checkpoint's configuration is not one of Text-IF's: {error}.") from error


PUBLISHED = TextIfConfig()

EMBEDDED = TextIfConfig(
    width=16,
    blocks=(1, 1, 1, 1),
    refinement=1,
    heads=(1, 2, 4, 8),
    text_dim=384,
    guidance_dim=256,
    scale=2,
    restores_sources=True,
    evens_stripes=True,
    text_encoder="minilm",
    max_words=48,
)
