"""Attention over positions at the deepest level: between the two pictures (eq. 4 and 5), then of the fused one."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engines.text_if.whole import Share


class SharedGroupNorm(nn.GroupNorm):
    """Group norm whose mean and variance may come from another picture."""

    def forward(self, x: Tensor, share: Share) -> Tensor:
        """(B, C, H, W) to the same shape."""
        grouped = x.reshape(x.shape[0], self.num_groups, -1)
        var, mean = share(lambda: torch.var_mean(grouped.float(), dim=-1, keepdim=True, correction=0))
        normed = ((grouped - mean) * (var + self.eps).rsqrt()).reshape(x.shape)
        return normed * self.weight[:, None, None] + self.bias[:, None, None]


def _attend(q: Tensor, keys: Tensor, values: Tensor, share: Share) -> Tensor:
    """softmax(q·kᵀ / √C) v over positions, one head.

    Args:
        q: (B, C, H, W).
        keys: (B, C, H, W).
        values: (B, C, H, W).
        share: Gives keys and values.
    """
    flat = [x.flatten(2).transpose(1, 2).contiguous() for x in (q, keys, values)]
    keys, values = share(lambda: (flat[1], flat[2]))
    attended = F.scaled_dot_product_attention(flat[0], keys, values)
    return attended.transpose(1, 2).reshape(q.shape)


class CrossAttention(nn.Module):
    """Each picture's features read by the other's queries."""

    def __init__(self, channels: int, groups: int) -> None:
        super().__init__()
        self.norm_A = SharedGroupNorm(groups, channels)
        self.norm_B = SharedGroupNorm(groups, channels)
        self.qkv_A = nn.Conv2d(channels, 3 * channels, 1, bias=False)
        self.out_A = nn.Conv2d(channels, channels, 1)
        self.qkv_B = nn.Conv2d(channels, 3 * channels, 1, bias=False)
        self.out_B = nn.Conv2d(channels, channels, 1)

    def forward(self, visible: Tensor, infrared: Tensor, share: Share) -> tuple[Tensor, Tensor]:
        """Two (B, C, H, W) to two of the same shape."""
        visible, infrared = self.norm_A(visible, share), self.norm_B(infrared, share)
        q_a, k_a, v_a = self.qkv_A(visible).chunk(3, dim=1)
        q_b, k_b, v_b = self.qkv_B(infrared).chunk(3, dim=1)
        return (
            self.out_A(_attend(q_b, k_a, v_a, share)) + visible,
            self.out_B(_attend(q_a, k_b, v_b, share)) + infrared,
        )


class SpatialAttention(nn.Module):
    """Self-attention over positions with a skip around its norm."""

    def __init__(self, channels: int, groups: int) -> None:
        super().__init__()
        self.norm = SharedGroupNorm(groups, channels)
        self.qkv = nn.Conv2d(channels, 3 * channels, 1, bias=False)
        self.out = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor, share: Share) -> Tensor:
        """(B, C, H, W) to the same shape."""
        return x + self.out(_attend(*self.qkv(self.norm(x, share)).chunk(3, dim=1), share))
