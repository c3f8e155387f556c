"""Sizes of the From-Text-to-Pixels networks."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from engines.errors import CheckpointError

# What the detector knows, in the order of its outputs.
DETECTED_CLASSES = ("person", "car", "bicycle")


@dataclass(frozen=True)
class FusionConfig:
    """The fusion network; the defaults are the embedded scale.

    Attributes:
        channels: Of every convolution block of the extractor, and of its output (eq. 1).
        blocks: Convolution blocks; six in the paper.
        text_dim: Width of the frozen text encoder's word features.
        token_channels: Width of the attention units and of the codes; a multiple of `heads`.
        heads: Attention heads.
        feed_forward_channels: Hidden width behind either attention.
        codes: Vectors of the codebook.
        guide_channels: Channels in which the quantised features reach the decoder.
        decoder_channels: Of the decoder's convolutions.
    """

    channels: int = 16
    blocks: int = 6
    text_dim: int = 384
    token_channels: int = 64
    heads: int = 4
    feed_forward_channels: int = 128
    codes: int = 256
    guide_channels: int = 24
    decoder_channels: int = 32

    def __post_init__(self) -> None:
        if self.token_channels % self.heads:
            raise ValueError(
                f"token_channels must be a multiple of heads ({self.heads}), but got {self.token_channels}"
            )


@dataclass(frozen=True)
class DetectorConfig:
    """The detector.

    Attributes:
        trunk: timm's name of the convolutional trunk.
        width: Channels of the feature pyramid and of the head; a multiple of 8.
        pixels: Area at which it sees a picture, the aspect kept.
    """

    trunk: str = "tf_efficientnet_lite2"
    width: int = 96
    pixels: int = 384 * 512

    def __post_init__(self) -> None:
        if self.width % 8:
            raise ValueError(f"width must be a multiple of 8, but got {self.width}")


@dataclass(frozen=True)
class Text2PixelsConfig:
    """Both networks and the text encoder.

    Attributes:
        fusion: The fusion network.
        detector: The detector.
        text_encoder: Name of the frozen encoder, see `engines.text_encoder`.
        max_words: Word pieces kept, special tokens included.
        guide_pixels: Larger pictures are looked at in this area for attention and codes; details are fused in full.
    """

    fusion: FusionConfig = field(default_factory=FusionConfig)
    detector: DetectorConfig = field(default_factory=DetectorConfig)
    text_encoder: str = "minilm"
    max_words: int = 32
    guide_pixels: int = 480 * 640

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a weight file's metadata."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Text2PixelsConfig:
        """The configuration stored with a checkpoint.

        Raises:
            CheckpointError: Unknown or unfitting values.
        """
        try:
            values = dict(values)
            fusion, detector = FusionConfig(**values.pop("fusion")), DetectorConfig(**values.pop("detector"))
            return cls(fusion=fusion, detector=detector, **values)
        except (KeyError, TypeError, ValueError) as error:
            raise CheckpointError(
                f"The checkpoint's configuration is not one of From Text to Pixels: {error}."
            ) from error
