"""Size of the TeRF fusion backbone."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from engines.errors import CheckpointError


@dataclass(frozen=True)
class TerfConfig:
    """Hyper-parameters of the fusion backbone; the defaults are the embedded scale.

    Attributes:
        channels: Feature channels before the attention blocks.
        growth: Channels each layer of a residual dense block adds.
        dense_layers: Layers per residual dense block.
        dense_blocks: Residual dense blocks; three in the paper.
        attention_channels: Channels after the expansion; a multiple of `heads`.
        attention_blocks: Transformer blocks with attention over channels.
        heads: Attention heads.
        feed_forward_channels: Hidden channels of the attention blocks' feed-forward part.
        scale: Factor of the pixel unshuffle in front and the pixel shuffle at the end.
        source_skip: The last convolution also sees both sources and their maximum at full size; False is the
            paper's structure.
        source_gates: It also weighs these three per pixel; needs `source_skip`.
        detail_channels: Channels of the dense blocks at half the size that correct the fused picture.
        detail_blocks: How many of them; 0, the paper's structure, for no correction.
        margin: Pixels repeated around the picture, so that the zero padding of the convolutions stays outside.
    """

    channels: int = 32
    growth: int = 16
    dense_layers: int = 3
    dense_blocks: int = 3
    attention_channels: int = 48
    attention_blocks: int = 2
    heads: int = 3
    feed_forward_channels: int = 64
    scale: int = 2
    source_skip: bool = True
    source_gates: bool = True
    detail_channels: int = 32
    detail_blocks: int = 2
    margin: int = 4

    def __post_init__(self) -> None:
        if self.attention_channels % self.heads:
            raise ValueError(
                f"attention_channels must be a multiple of heads ({self.heads}), but got {self.attention_channels}"
            )
        if self.source_gates and not self.source_skip:
            raise ValueError("source_gates needs source_skip")
        if self.detail_blocks and not self.source_skip:
            raise ValueError("detail_blocks needs source_skip")
        if self.margin % self.scale:
            raise ValueError(f"margin must be a multiple of scale ({self.scale}), but got {self.margin}")

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a weight file's metadata."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> TerfConfig:
        """The configuration stored with a checkpoint.

        Raises:
            CheckpointError: Unknown or unfitting values.
        """
        try:
            return cls(**values)
        except (TypeError, ValueError) as error:
            raise CheckpointError(f"The checkpoint's configuration is not one of TeRF's: {error}.") from error
