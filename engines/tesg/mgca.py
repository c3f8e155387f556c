"""Mask-Guided Cross-Attention (section 3.3 of the paper, eq. 4 to 6)."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class CrossAttention(nn.Module):
    """CA(x, y) of eq. 4 and 5: x is made anew out of y's features.

    The map is channels × channels, as in the transformer blocks, so that its cost is linear in the pixels. It is a sum
    over all pixels: taken over the foreground alone, it says how the two sources relate there.
    """

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.temperature = nn.Parameter(torch.ones(heads, 1, 1))
        self.query = nn.Sequential(
            nn.Conv2d(channels, channels, 1), nn.Conv2d(channels, channels, 3, padding=1, groups=channels)
        )
        self.key_value = nn.Sequential(
            nn.Conv2d(channels, 2 * channels, 1),
            nn.Conv2d(2 * channels, 2 * channels, 3, padding=1, groups=2 * channels),
        )
        self.project = nn.Conv2d(channels, channels, 1)

    def attention_map(self, q: Tensor, k: Tensor) -> Tensor:
        """Softmax over the channels of `k`: (B, heads, c, N) twice to (B, heads, c, c)."""
        norms = q.norm(dim=-1).unsqueeze(-1) * k.norm(dim=-1).unsqueeze(-2)
        return (q @ k.transpose(-2, -1) / norms.clamp(min=1e-6) * self.temperature).softmax(dim=-1)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Both (B, C, H, W) to the same shape."""
        b, c, h, w = x.shape
        split = (b, self.heads, c // self.heads, h * w)
        q = self.query(x).reshape(split)
        k, v = (part.reshape(split) for part in self.key_value(y).chunk(2, dim=1))
        return self.project((self.attention_map(q, k) @ v).reshape(b, c, h, w))


class MaskGuidedCrossAttention(nn.Module):
    """Rebuilds each source's features out of the other's, foreground and background apart.

    Foreground and background have weights of their own: with shared ones, eq. 6 would stay the same when the mask is
    turned inside out.
    """

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        parts = ("visible_foreground", "visible_background", "infrared_foreground", "infrared_background")
        self.attentions = nn.ModuleDict({part: CrossAttention(channels, heads) for part in parts})

    def forward(self, visible: Tensor, infrared: Tensor) -> tuple[Tensor, Tensor]:
        """F_vi and F_iv.

        Args:
            visible: (2B, C, H, W), the B foregrounds F_v^m, then the B backgrounds.
            infrared: (2B, C, H, W), likewise.

        Returns:
            Eq. 6, the sums over foreground and background, each (B, C, H, W).
        """
        cuts = list(zip(("foreground", "background"), visible.chunk(2), infrared.chunk(2), strict=True))
        rebuilt_visible = (self.attentions[f"visible_{cut}"](v, i) for cut, v, i in cuts)  # eq. 4
        rebuilt_infrared = (self.attentions[f"infrared_{cut}"](i, v) for cut, v, i in cuts)  # eq. 5
        return sum(rebuilt_visible), sum(rebuilt_infrared)
