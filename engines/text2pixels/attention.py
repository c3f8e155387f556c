"""Text-guided attention: an intra-domain unit and an inter-domain one (section 3.2, eq. 2–4)."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn


class MultiHeadAttention(nn.Module):
    """Eq. 3 in several heads, with queries from one domain and keys and values from the same or another."""

    def __init__(self, channels: int, source_channels: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(channels, channels)
        self.key_value = nn.Linear(source_channels, 2 * channels)
        self.output = nn.Linear(channels, channels)

    def forward(self, x: Tensor, source: Tensor, mask: Tensor | None = None) -> Tensor:
        """Attend.

        Args:
            x: (B, T, channels), where the queries come from.
            source: (B, N, source_channels), where keys and values come from.
            mask: (B, N) bool, True for what may be looked at; None for everything. Nothing at all gives zeros.

        Returns:
            (B, T, channels).
        """
        b, t, c = x.shape
        heads = (b, -1, self.heads, c // self.heads)
        q = self.query(x).view(heads).transpose(1, 2)
        k, v = (part.reshape(heads).transpose(1, 2) for part in self.key_value(source).chunk(2, dim=-1))
        if mask is None:
            mixed = F.scaled_dot_product_attention(q, k, v)
            return self.output(mixed.transpose(1, 2).reshape(b, t, c))
        some = mask.any(dim=1)
        # A softmax over nothing is not a number.
        allowed = (mask | ~some[:, None])[:, None, None, :]
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=allowed)
        return self.output(mixed.transpose(1, 2).reshape(b, t, c)) * some[:, None, None]


class AttentionUnit(nn.Module):
    """Attention and a feed-forward part, each behind a norm and a skip."""

    def __init__(self, channels: int, source_channels: int | None, heads: int, hidden: int) -> None:
        """Build.

        Args:
            channels: Of the queries' domain.
            source_channels: Of the other domain; None attends within the same (self-attention).
            heads: Attention heads.
            hidden: Width of the feed-forward part.
        """
        super().__init__()
        self.within = source_channels is None
        self.norm = nn.LayerNorm(channels)
        self.attention = MultiHeadAttention(channels, source_channels or channels, heads)
        self.norm_feed_forward = nn.LayerNorm(channels)
        self.feed_forward = nn.Sequential(nn.Linear(channels, hidden), nn.GELU(), nn.Linear(hidden, channels))

    def forward(self, x: Tensor, source: Tensor | None = None, mask: Tensor | None = None) -> Tensor:
        """(B, T, channels) to the same shape; `source` and `mask` as in `MultiHeadAttention`, where there is one."""
        normed = self.norm(x)
        x = x + self.attention(normed, normed if self.within else source, mask)
        return x + self.feed_forward(self.norm_feed_forward(x))
