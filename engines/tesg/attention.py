"""Attention over channels, of a source to itself or to the other, whose map may be taken over a part of the picture."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engines.terf.attention import ChannelNorm, GatedFeedForward


class CrossAttention(nn.Module):
    """CA(x, y) of eq. 4 and 5: x is made anew out of y's features.

    The map is channels × channels (Restormer, Zamir et al., CVPR 2022), so that its cost is linear in the pixels. It is
    a sum over pixels: taken over the foreground alone, it says how the two sources relate there, however small the
    foreground is.
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

    def parts(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Query of `x`, key and value of `y`, both (B, C, H, W): each (B, heads, C / heads, H·W)."""
        b, c, h, w = x.shape
        return tuple(
            part.reshape(b, self.heads, c // self.heads, h * w)
            for part in (self.query(x), *self.key_value(y).chunk(2, dim=1))
        )

    def attention_map(self, q: Tensor, k: Tensor, where: Tensor | None = None) -> Tensor:
        """Softmax over the channels of `k`, (B, heads, c, c), taken over the pixels that `where` weighs."""
        if where is not None:
            weights = where.flatten(2).unsqueeze(1).to(q.dtype)
            q, k = q * weights, k * weights
        norms = q.norm(dim=-1).unsqueeze(-1) * k.norm(dim=-1).unsqueeze(-2)
        return (q @ k.transpose(-2, -1) / norms.clamp(min=1e-6) * self.temperature).softmax(dim=-1)

    def mixed(self, attention_map: Tensor, v: Tensor, shape: torch.Size) -> Tensor:
        """The values mixed by the map, projected, as (B, C, H, W) of that shape."""
        return self.project((attention_map.to(v.dtype) @ v).reshape(shape))

    def forward(self, x: Tensor, y: Tensor, where: Tensor | None = None) -> Tensor:
        """Rebuild x.

        Args:
            x: (B, C, H, W).
            y: Likewise.
            where: Weight of each pixel in the map, (B, 1, H, W) in [0, 1]; None for all alike.

        Returns:
            (B, C, H, W).
        """
        q, k, v = self.parts(x, y)
        return self.mixed(self.attention_map(q, k, where), v, x.shape)


class TransformerBlock(nn.Module):
    """Attention to itself and gated feed-forward, each behind a norm and a skip."""

    def __init__(self, channels: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.norm_attention = ChannelNorm(channels)
        self.attention = CrossAttention(channels, heads)
        self.norm_feed_forward = ChannelNorm(channels)
        self.feed_forward = GatedFeedForward(channels, hidden)

    def forward(self, x: Tensor, where: Tensor | None = None) -> Tensor:
        """(B, C, H, W), and what `CrossAttention.forward` calls `where`, to the same shape."""
        normed = self.norm_attention(x)
        x = x + self.attention(normed, normed, where)
        return x + self.feed_forward(self.norm_feed_forward(x))
