"""Size of the TeSG network."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from engines.errors import CheckpointError
from engines.terf.config import TerfConfig


@dataclass(frozen=True)
class TesgConfig:
    """Hyper-parameters of the network; the defaults are the embedded scale.

    Attributes:
        channels: Feature channels; a multiple of `heads`.
        encoder_blocks: Transformer blocks of each encoder; four in the paper.
        decoder_blocks: Transformer blocks of the decoder; four in the paper.
        heads: Attention heads.
        feed_forward_channels: Hidden channels of the blocks' feed-forward part.
        scale: Factor of the pixel unshuffle in front and the pixel shuffle at the end.
        shuffled_channels: Channels that the decoder hands to the last convolutions at full size.
        output_channels: Hidden channels of the last two convolutions.
        detail_channels: Channels of the detail path, a TeRF backbone; 0 for no such path.
        detail_blocks: Its residual dense blocks.
        margin: Pixels repeated around the picture, so that the zero padding of the convolutions stays outside.
        text_dim: Of the frozen text encoder's word features.
        text_encoder: Its name, see `engines.text_encoder`.
        max_words: Word pieces it keeps.
    """

    channels: int = 48
    encoder_blocks: int = 2
    decoder_blocks: int = 2
    heads: int = 4
    feed_forward_channels: int = 64
    scale: int = 4
    shuffled_channels: int = 8
    output_channels: int = 24
    detail_channels: int = 32
    detail_blocks: int = 3
    margin: int = 8
    text_dim: int = 384
    text_encoder: str = "minilm"
    max_words: int = 32

    def __post_init__(self) -> None:
        if self.channels % self.heads:
            raise ValueError(f"channels must be a multiple of heads ({self.heads}), but got {self.channels}")
        if self.margin % self.scale:
            raise ValueError(f"margin must be a multiple of scale ({self.scale}), but got {self.margin}")

    @property
    def detail(self) -> TerfConfig | None:
        """Size of the detail path, in TeRF's proportions; None for no such path."""
        c = self.detail_channels
        if not c:
            return None
        return TerfConfig(
            channels=c,
            growth=c // 2,
            dense_blocks=self.detail_blocks,
            attention_channels=3 * c // 2,
            feed_forward_channels=2 * c,
            detail_blocks=0,
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a weight file's metadata."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> TesgConfig:
        """The configuration stored with a checkpoint.

        Raises:
            CheckpointError: Unknown or unfitting values.
        """
        try:
            return cls(**values)
        except (TypeError, ValueError) as error:
            raise CheckpointError(f"The checkpoint's configuration is not one of TeSG's: {error}.") from error
