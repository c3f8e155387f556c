"""Text-Driven Attentional Fusion (section 3.4 of the paper, eq. 7 to 10)."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class TextInformed(nn.Module):
    """Eq. 7: every pixel's multimodal features look at the words.

    What they read is added to the features, so that a picture without words is fused all the same.
    """

    def __init__(self, channels: int, heads: int, text_dim: int) -> None:
        super().__init__()
        self.heads = heads
        self.join = nn.Conv2d(2 * channels, channels, 1)
        self.text_norm = nn.LayerNorm(text_dim)
        self.query = nn.Conv2d(channels, channels, 1)
        self.key_value = nn.Linear(text_dim, 2 * channels)
        self.project = nn.Conv2d(channels, channels, 1, bias=False)

    def forward(self, visible: Tensor, infrared: Tensor, words: Tensor, word_mask: Tensor) -> Tensor:
        """F_r.

        Args:
            visible: F_vi, (B, C, H, W).
            infrared: F_iv, likewise.
            words: F_t, (B, N, text_dim).
            word_mask: (B, N) bool, True for a real word; a sample without any is not changed by text.

        Returns:
            (B, C, H, W).
        """
        x = self.join(torch.cat([visible, infrared], dim=1))
        b, c, h, w = x.shape
        split = (b, -1, self.heads, c // self.heads)
        q = self.query(x).flatten(2).transpose(1, 2).reshape(split).transpose(1, 2)
        k, v = (t.reshape(split).transpose(1, 2) for t in self.key_value(self.text_norm(words)).chunk(2, dim=-1))
        named = word_mask.any(dim=1)
        seen = word_mask | ~named[:, None]
        read = F.scaled_dot_product_attention(q, k, v, attn_mask=seen[:, None, None, :])
        read = (read * named[:, None, None, None]).transpose(1, 2).reshape(b, h * w, c)
        return x + self.project(read.transpose(1, 2).reshape(b, c, h, w))


class Fused(NamedTuple):
    """What the module gives.

    Attributes:
        features: F of eq. 10, (B, C, H, W).
        alpha: Mean over the channels of the spatial attention α, 1 for visible, (B, 1, H, W).
        visible_gate: Mean over the channels of G_v, (B, 1, H, W).
        infrared_gate: Of G_i, likewise.
    """

    features: Tensor
    alpha: Tensor
    visible_gate: Tensor
    infrared_gate: Tensor


class TextDrivenFusion(nn.Module):
    """Gates of each source and attention driven by the words weigh the two sources."""

    def __init__(self, channels: int, heads: int, text_dim: int) -> None:
        super().__init__()
        self.informed = TextInformed(channels, heads, text_dim)
        self.visible_gate = nn.Conv2d(channels, channels, 1)
        self.infrared_gate = nn.Conv2d(channels, channels, 1)
        self.attention = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU(), nn.Conv2d(channels, channels, 1)
        )

    def forward(
        self,
        visible: Tensor,
        infrared: Tensor,
        rebuilt: tuple[Tensor, Tensor],
        words: Tensor,
        word_mask: Tensor,
    ) -> Fused:
        """Fuse features.

        Args:
            visible: F_v, (B, C, H, W).
            infrared: F_i, likewise.
            rebuilt: F_vi and F_iv of `MaskGuidedCrossAttention`.
            words: F_t, (B, N, text_dim).
            word_mask: (B, N) bool.
        """
        alpha = torch.sigmoid(self.attention(self.informed(*rebuilt, words, word_mask)))  # eq. 7 and 9
        visible, infrared = visible + rebuilt[0], infrared + rebuilt[1]
        visible_gate = torch.sigmoid(self.visible_gate(visible))  # eq. 8
        infrared_gate = torch.sigmoid(self.infrared_gate(infrared))
        fused = alpha * (1 + visible_gate) * visible + (1 - alpha) * (1 + infrared_gate) * infrared  # eq. 10
        maps = (x.mean(dim=1, keepdim=True) for x in (alpha, visible_gate, infrared_gate))
        return Fused(fused, *maps)
