"""Restormer blocks as Text-IF has them (Zamir et al., CVPR 2022), and the layers between its levels."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engines.terf.attention import ChannelNorm
from engines.text_if.whole import Share


class ChannelAttention(nn.Module):
    """Multi-head attention whose map is channels × channels; no biases."""

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.temperature = nn.Parameter(torch.ones(heads, 1, 1))
        self.qkv = nn.Conv2d(channels, 3 * channels, 1, bias=False)
        self.qkv_dwconv = nn.Conv2d(3 * channels, 3 * channels, 3, padding=1, groups=3 * channels, bias=False)
        self.project_out = nn.Conv2d(channels, channels, 1, bias=False)

    def forward(self, x: Tensor, share: Share) -> Tensor:
        """(B, C, H, W) to the same shape."""
        b, c, h, w = x.shape
        q, k, v = self.qkv_dwconv(self.qkv(x)).reshape(b, 3, self.heads, c // self.heads, h * w).unbind(dim=1)

        def attention() -> Tensor:
            # Dividing the small map by both norms equals normalising q and k, without two passes over all pixels.
            norms = q.norm(dim=-1).unsqueeze(-1) * k.norm(dim=-1).unsqueeze(-2)
            return (q @ k.transpose(-2, -1) / norms.clamp(min=1e-12) * self.temperature).softmax(dim=-1)

        return self.project_out((share(attention).to(v.dtype) @ v).reshape(b, c, h, w))


class FeedForward(nn.Module):
    """1×1, full 3×3 (though the published name says depthwise), GELU, 1×1; no gate, no biases."""

    def __init__(self, channels: int, expansion: int) -> None:
        super().__init__()
        hidden = channels * expansion
        self.project_in = nn.Conv2d(channels, hidden, 1, bias=False)
        self.dwconv = nn.Conv2d(hidden, hidden, 3, padding=1, bias=False)
        self.project_out = nn.Conv2d(hidden, channels, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) to the same shape."""
        return self.project_out(F.gelu(self.dwconv(self.project_in(x))))


class RestormerBlock(nn.Module):
    """Channel attention and feed-forward, each behind a norm and a skip."""

    def __init__(self, channels: int, heads: int, expansion: int) -> None:
        super().__init__()
        self.norm1 = nn.ModuleDict({"body": ChannelNorm(channels)})
        self.attn = ChannelAttention(channels, heads)
        self.norm2 = nn.ModuleDict({"body": ChannelNorm(channels)})
        self.ffn = FeedForward(channels, expansion)

    def forward(self, x: Tensor, share: Share) -> Tensor:
        """(B, C, H, W) to the same shape."""
        x = x + self.attn(self.norm1["body"](x), share)
        return x + self.ffn(self.norm2["body"](x))


class Blocks(nn.ModuleList):
    """Restormer blocks one after the other."""

    def __init__(self, count: int, channels: int, heads: int, expansion: int) -> None:
        super().__init__(RestormerBlock(channels, heads, expansion) for _ in range(count))

    def forward(self, x: Tensor, share: Share) -> Tensor:
        """(B, C, H, W) to the same shape."""
        for block in self:
            x = block(x, share)
        return x


class Down(nn.Module):
    """(B, C, H, W) to (B, 2C, H/2, W/2)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(channels, channels // 2, 3, padding=1, bias=False), nn.PixelUnshuffle(2))

    def forward(self, x: Tensor) -> Tensor:
        """Halve the sides."""
        return self.body(x)


class Up(nn.Module):
    """(B, C, H, W) to (B, C/2, 2H, 2W)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(channels, 2 * channels, 3, padding=1, bias=False), nn.PixelShuffle(2))

    def forward(self, x: Tensor) -> Tensor:
        """Double the sides."""
        return self.body(x)
