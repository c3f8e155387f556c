"""RIS-FUSION: fusion network and referring head in one module, trained jointly without detaching (section 2.3)."""

from __future__ import annotations

from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor, nn

from engines.ris_fusion.compact_net import CompactSegmentationNet
from engines.ris_fusion.config import CompactConfig, RisFusionConfig
from engines.ris_fusion.fusion_net import FusionNet
from engines.ris_fusion.segmentation_net import SegmentationNet


@dataclass
class RisFusionOutput:
    """What one pass gives.

    Attributes:
        rgb: Fused picture (B, 3, H, W) in [0, 1].
        y: Fused luma (B, 1, H, W) in [0, 1].
        logits: (B, 2, h, w) at the size the head saw; class 1 is the referred object.
        gates: α per level, (B, 1, H/4, W/4) and (B, 1, H/8, W/8).
    """

    rgb: Tensor
    y: Tensor
    logits: Tensor
    gates: dict[str, Tensor]


class RisFusionModel(nn.Module):
    """Both stages; the submodule names are the published checkpoint's top-level keys."""

    def __init__(self, config: RisFusionConfig) -> None:
        super().__init__()
        self.config = config
        self.prefusion_model = FusionNet(config.fusion)
        compact = isinstance(config.segmentation, CompactConfig)
        self.model = CompactSegmentationNet(config.segmentation) if compact else SegmentationNet(config.segmentation)

    def forward(
        self,
        visible: Tensor,
        infrared: Tensor,
        words: Tensor,
        word_mask: Tensor,
        fusion_word_mask: Tensor | None = None,
        mask_size: tuple[int, int] | None = None,
    ) -> RisFusionOutput:
        """Fuse, then segment the fused picture.

        Args:
            visible: (B, 3, H, W), RGB in [0, 1].
            infrared: (B, 1, H, W) in [0, 1].
            words: (B, N, text_dim).
            word_mask: (B, N) bool.
            fusion_word_mask: What the fusion stage sees instead of `word_mask`, e.g. no word at all.
            mask_size: Size at which the head works; None for the pictures' own.
        """
        fusion_mask = word_mask if fusion_word_mask is None else fusion_word_mask
        rgb, y, gates = self.prefusion_model.fuse(visible, infrared, words, fusion_mask)
        seen = rgb
        if mask_size is not None and mask_size != tuple(rgb.shape[-2:]):
            seen = F.interpolate(rgb, size=mask_size, mode="bilinear", align_corners=False, antialias=True)
        logits = self.model(self.prefusion_model.normalise(seen), words, word_mask)
        return RisFusionOutput(rgb=rgb, y=y, logits=logits, gates=gates)
