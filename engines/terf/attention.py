"""Transformer blocks whose attention runs over channels (Restormer, Zamir et al., CVPR 2022)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ChannelNorm(nn.LayerNorm):
    """Layer normalisation over the channels of each pixel, (B, C, H, W) to the same shape."""

    def forward(self, x: Tensor) -> Tensor:
        """Normalise."""
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class ChannelAttention(nn.Module):
    """Multi-head attention whose map is channels × channels, so that its cost is linear in the pixels."""

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.temperature = nn.Parameter(torch.ones(heads, 1, 1))
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.qkv_local = nn.Conv2d(3 * channels, 3 * channels, 3, padding=1, groups=3 * channels)
        self.project = nn.Conv2d(channels, channels, 1)

    def parts(self, x: Tensor) -> tuple[Tensor, ...]:
        """Query, key and value of (B, C, H, W): each (B, heads, C / heads, H·W)."""
        b, c, h, w = x.shape
        return self.qkv_local(self.qkv(x)).reshape(b, 3, self.heads, c // self.heads, h * w).unbind(dim=1)

    def attention_map(self, q: Tensor, k: Tensor) -> Tensor:
        """Softmax over the channels of `k`, (B, heads, c, c)."""
        # Dividing the small map by both norms equals normalising q and k, without two passes over all pixels.
        norms = q.norm(dim=-1).unsqueeze(-1) * k.norm(dim=-1).unsqueeze(-2)
        return (q @ k.transpose(-2, -1) / norms.clamp(min=1e-6) * self.temperature).softmax(dim=-1)

    def mixed(self, attention_map: Tensor, v: Tensor, shape: torch.Size) -> Tensor:
        """The values mixed by the map, projected, as (B, C, H, W) of that shape."""
        return self.project((attention_map.to(v.dtype) @ v).reshape(shape))

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) to the same shape."""
        q, k, v = self.parts(x)
        return self.mixed(self.attention_map(q, k), v, x.shape)


class GatedFeedForward(nn.Module):
    """Two depth-wise branches, one gating the other."""

    def __init__(self, channels: int, hidden: int) -> None:
        super().__init__()
        self.expand = nn.Conv2d(channels, 2 * hidden, 1)
        self.local = nn.Conv2d(2 * hidden, 2 * hidden, 3, padding=1, groups=2 * hidden)
        self.project = nn.Conv2d(hidden, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) to the same shape."""
        gate, value = self.local(self.expand(x)).chunk(2, dim=1)
        return self.project(F.gelu(gate) * value)


class AttentionBlock(nn.Module):
    """Channel attention and gated feed-forward, each behind a norm and a skip."""

    def __init__(self, channels: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.norm_attention = ChannelNorm(channels)
        self.attention = ChannelAttention(channels, heads)
        self.norm_feed_forward = ChannelNorm(channels)
        self.feed_forward = GatedFeedForward(channels, hidden)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) to the same shape."""
        x = x + self.attention(self.norm_attention(x))
        return x + self.feed_forward(self.norm_feed_forward(x))
