"""Configuration of RIS-FUSION: one code, two scales.

`PUBLISHED` has the published checkpoint's sizes, `EMBEDDED` those of the small one in this repository.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from engines.ris_fusion.outline import Outline


@dataclass(frozen=True)
class FusionConfig:
    """The text-driven fusion network.

    Attributes:
        width: Channels of the first of four levels; each deeper level has twice as many.
        text_dim: Width of the frozen text encoder's word features.
        attention_dim: Width of pixel–word attention, split over `attention_heads`.
        attention_heads: Heads of pixel–word attention.
        gate_dim: Hidden width of the gate and FiLM convolutions.
        film_scale: λ of eq. 5.
        language: False replaces LangGatedFusion by the mean (Table 2, first and second row).
    """

    width: int = 32
    text_dim: int = 768
    attention_dim: int = 256
    attention_heads: int = 4
    gate_dim: int = 128
    film_scale: float = 0.1
    language: bool = True


@dataclass(frozen=True)
class SegmentationConfig:
    """The Swin-based referring segmentation network.

    Attributes:
        width: Channels of the first Swin stage; each later stage has twice as many.
        depths: Blocks per stage.
        heads: Attention heads per stage.
        window: Side of an attention window in tokens.
        text_dim: Width of the frozen text encoder's word features.
        drop_path: Stochastic depth at the deepest block, in training.
    """

    width: int = 128
    depths: tuple[int, ...] = (2, 2, 18, 2)
    heads: tuple[int, ...] = (4, 8, 16, 32)
    window: int = 12
    text_dim: int = 768
    drop_path: float = 0.3

    def __post_init__(self) -> None:
        if len(self.depths) != len(self.heads):
            raise ValueError(f"depths and heads must be equally long, but got {self.depths} and {self.heads}")
        for stage, heads in enumerate(self.heads):
            if (self.width << stage) % heads:
                raise ValueError(f"stage {stage} has {self.width << stage} channels, not divisible by {heads} heads")


@dataclass(frozen=True)
class CompactConfig:
    """The embedded referring network, see `engines.ris_fusion.compact_net`.

    Attributes:
        trunk: timm's name of the convolutional trunk.
        pyramid_width: Channels of each level of the feature pyramid.
        classes: Dense classes that the pyramid is supervised with.
        width: Channels of the Swin stage at stride 16; the one at stride 32 has twice as many.
        depths: Swin blocks of the two stages.
        heads: Attention heads of the two stages.
        windows: Sides of their attention windows in tokens.
        text_dim: Width of the frozen text encoder's word features.
        decoder_widths: Channels of the decoder at strides 16, 8 and 4.
        drop_path: Stochastic depth at the deepest block, in training.
    """

    trunk: str = "tf_efficientnet_lite2"
    pyramid_width: int = 96
    classes: int = 30
    width: int = 128
    depths: tuple[int, int] = (2, 2)
    heads: tuple[int, int] = (4, 8)
    windows: tuple[int, int] = (12, 12)
    text_dim: int = 384
    decoder_widths: tuple[int, int, int] = (128, 96, 64)
    drop_path: float = 0.1


@dataclass(frozen=True)
class RisFusionConfig:
    """Both networks, the text encoder and the sizes they were trained for.

    Attributes:
        fusion: The fusion network.
        segmentation: The referring head, as published or compact.
        text_encoder: "minilm" (embedded) or "bert-base-uncased" (published).
        max_words: Word pieces kept, special tokens included.
        keeps_end: Whether [SEP] is one of them when a text has more; the published program loses it.
        mask_size: Height and width at which the referring head sees the fused picture.
        mirrored: Whether the head also sees the picture's mirror image, with left and right swapped in the words, and
            the mean of both counts; not for words that a mirror makes false.
        asks_noun: Whether a phrase that singles out one thing by comparison ("leftmost person") is also read without
            the words of comparison ("person"), and the mean of both counts.
        outline: Where the head's logits end the object.
        edge_radius: Window in which the logits are fitted to the fused picture's edges, in pixels of the head's output;
            0 enlarges them as the paper does.
        lifts_dark: Whether dark rims and blots that neither picture has are lifted, see `engines.dark_rims`.
    """

    fusion: FusionConfig = field(default_factory=FusionConfig)
    segmentation: SegmentationConfig | CompactConfig = field(default_factory=SegmentationConfig)
    text_encoder: str = "bert-base-uncased"
    max_words: int = 20
    keeps_end: bool = True
    mask_size: tuple[int, int] = (480, 480)
    mirrored: bool = False
    asks_noun: bool = False
    outline: Outline = field(default_factory=Outline)
    edge_radius: int = 0
    lifts_dark: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> RisFusionConfig:
        """The configuration that `to_dict` describes."""
        values = dict(values)
        fusion = FusionConfig(**values.pop("fusion"))
        segmentation = values.pop("segmentation")
        kind = CompactConfig if "trunk" in segmentation else SegmentationConfig
        segmentation = kind(
            **{key: tuple(value) if isinstance(value, list) else value for key, value in segmentation.items()}
        )
        values["mask_size"] = tuple(values["mask_size"])
        # Weight files and conversions of before had one threshold for all objects.
        one_margin = {"margin": values.pop("mask_margin", 0.0)}
        outline = Outline(**values.pop("outline", one_margin))
        # Nor did they say this, which the fusion network trained with the compact head needs.
        values.setdefault("lifts_dark", kind is CompactConfig)
        return cls(fusion=fusion, segmentation=segmentation, outline=outline, **values)


PUBLISHED = RisFusionConfig(keeps_end=False)

EMBEDDED = RisFusionConfig(
    fusion=FusionConfig(width=12, text_dim=384, attention_dim=128, attention_heads=4, gate_dim=64),
    segmentation=CompactConfig(),
    text_encoder="minilm",
    max_words=32,
    mask_size=(480, 640),
    # Every tenth sentence of msrs_ris's validation part: mean IoU 53.7 without, 55.0 with it. Looking at 576×768 as
    # well brought 0.2 more, and at 696×928 nothing.
    mirrored=True,
    asks_noun=True,
    # Chosen on a quarter of the sentences of msrs_ris's validation part; there and on two other quarters mean IoU was
    # 46.3, 46.6 and 48.1 with one threshold of 0.8, 48.2, 47.1 and 48.6 so (`sure` and `least` cost 0.1 on the last).
    # Around small things 0.6 closer: mean IoU with the weights of today 52.7 -> 53.2 on msrs_ris's validation part
    # (1,335), 62.9 -> 63.3 on classes of its train part (524), 44.8 -> 44.7 on roadscene_ris's looser masks (660).
    outline=Outline(margin=0.4, temperature=0.7, sure=0.8, least=0.3, lowest=0.2, highest=0.8, closer=0.6),
    # 273 references spread over the validation parts of msrs_ris and roadscene_ris, mean IoU: 44.4 and 41.2 without it,
    # 45.5 and 41.8 with it. At full size, eight pixels brought less: 45.2 and 41.5.
    edge_radius=2,
    lifts_dark=True,
)
