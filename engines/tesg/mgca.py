"""Mask-Guided Cross-Attention (section 3.3 of the paper, eq. 4 to 6)."""

from __future__ import annotations

from torch import Tensor, nn

from engines.tesg.attention import CrossAttention


class MaskGuidedCrossAttention(nn.Module):
    """Rebuilds each source's features out of the other's, foreground and background apart.

    Foreground and background have weights of their own: with shared ones, eq. 6 would stay the same when the mask is
    turned inside out.
    """

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        parts = ("visible_foreground", "visible_background", "infrared_foreground", "infrared_background")
        self.attentions = nn.ModuleDict({part: CrossAttention(channels, heads) for part in parts})

    def forward(self, visible: Tensor, infrared: Tensor, where: Tensor) -> tuple[Tensor, Tensor]:
        """F_vi and F_iv.

        Args:
            visible: (2B, C, H, W), the B foregrounds F_v^m, then the B backgrounds.
            infrared: (2B, C, H, W), likewise.
            where: Where each of them is, (2B, 1, H, W) in [0, 1]: M, then its complement.

        Returns:
            Eq. 6, the sums over foreground and background, each (B, C, H, W).
        """
        names = ("foreground", "background")
        cuts = list(zip(names, visible.chunk(2), infrared.chunk(2), where.chunk(2), strict=True))
        rebuilt_visible = (self.attentions[f"visible_{cut}"](v, i, m) for cut, v, i, m in cuts)  # eq. 4
        rebuilt_infrared = (self.attentions[f"infrared_{cut}"](i, v, m) for cut, v, i, m in cuts)  # eq. 5
        return sum(rebuilt_visible), sum(rebuilt_infrared)
