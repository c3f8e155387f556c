"""Swin Transformer blocks (Liu et al. 2021) with the published checkpoint's parameter names.

Token maps are channels-last: (B, H, W, C).
"""

from __future__ import annotations

from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import engines.torchvision_ops  # noqa: F401 (before timm)

from timm.layers import DropPath, Mlp, trunc_normal_  # isort: skip

# Large enough to switch a pair of tokens off in softmax; the published value.
_SHIFT_MASK = -100.0


def _relative_position_index(window: int) -> Tensor:
    """(window², window²) int64: which row of the bias table belongs to a pair of tokens."""
    axis = torch.arange(window)
    y, x = (grid.flatten() for grid in torch.meshgrid(axis, axis, indexing="ij"))
    dy = y[:, None] - y[None, :] + window - 1
    dx = x[:, None] - x[None, :] + window - 1
    return dy * (2 * window - 1) + dx


class WindowAttention(nn.Module):
    """Multi-head self-attention inside windows, with relative position bias."""

    def __init__(self, dim: int, heads: int, window: int) -> None:
        super().__init__()
        self.heads = heads
        self.relative_position_bias_table = nn.Parameter(torch.zeros((2 * window - 1) ** 2, heads))
        self.register_buffer("relative_position_index", _relative_position_index(window))
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)
        trunc_normal_(self.relative_position_bias_table, std=0.02)

    def forward(self, x: Tensor, shift_mask: Tensor | None) -> Tensor:
        """(B, windows, window², C) and, for shifted windows, an additive (windows, window², window²)."""
        b, windows, tokens, dim = x.shape
        qkv = self.qkv(x).reshape(b * windows, tokens, 3, self.heads, dim // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        index = self.relative_position_index.flatten()
        bias = self.relative_position_bias_table[index].view(tokens, tokens, self.heads).permute(2, 0, 1).to(q.dtype)
        mask = bias[None]
        if shift_mask is not None:
            mask = (mask + shift_mask[:, None].to(q.dtype)).repeat(b, 1, 1, 1)
        out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.proj(out.transpose(1, 2).reshape(b, windows, tokens, dim))


@lru_cache(maxsize=64)
def _shift_mask(height: int, width: int, window: int, shift: int) -> Tensor:
    """(windows, window², window²): −100 between tokens that the cyclic shift brought together."""
    region = torch.zeros(height, width)
    slices = (slice(0, -window), slice(-window, -shift), slice(-shift, None))
    for number, (rows, columns) in enumerate((r, c) for r in slices for c in slices):
        region[rows, columns] = number
    region = _windows(region.view(1, height, width, 1), window).squeeze(-1).squeeze(0)
    return torch.where(region[:, :, None] == region[:, None, :], 0.0, _SHIFT_MASK)


def _windows(x: Tensor, window: int) -> Tensor:
    """(B, H, W, C) -> (B, windows, window², C)."""
    b, h, w, c = x.shape
    x = x.view(b, h // window, window, w // window, window, c).transpose(2, 3)
    return x.reshape(b, -1, window * window, c)


def _unwindows(x: Tensor, window: int, height: int, width: int) -> Tensor:
    """The inverse of `_windows`."""
    b, _, _, c = x.shape
    x = x.view(b, height // window, width // window, window, window, c).transpose(2, 3)
    return x.reshape(b, height, width, c)


class SwinBlock(nn.Module):
    """Window attention (shifted in odd blocks) and MLP, both residual."""

    def __init__(self, dim: int, heads: int, window: int, shifted: bool, drop_path: float, local_mixing: bool) -> None:
        super().__init__()
        self.window = window
        self.shift = window // 2 if shifted else 0
        self.norm1 = nn.LayerNorm(dim)
        self.attn = WindowAttention(dim, heads, window)
        self.drop_path = DropPath(drop_path) if drop_path else nn.Identity()
        self.norm2 = nn.LayerNorm(dim)
        self.mlp = Mlp(dim, 4 * dim)
        self.local = nn.Conv2d(dim, dim, 3, padding=1, groups=dim) if local_mixing else None

    def forward(self, x: Tensor) -> Tensor:
        """(B, H, W, C) -> (B, H, W, C)."""
        if self.local is not None:
            x = x + self.local(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        x = x + self.drop_path(self._attend(self.norm1(x)))
        return x + self.drop_path(self.mlp(self.norm2(x)))

    def _attend(self, x: Tensor) -> Tensor:
        _, h, w, _ = x.shape
        x = F.pad(x, (0, 0, 0, -w % self.window, 0, -h % self.window))
        padded = x.shape[1:3]
        mask = None
        if self.shift:
            x = x.roll((-self.shift, -self.shift), dims=(1, 2))
            mask = _shift_mask(*padded, self.window, self.shift).to(x.device)
        x = _unwindows(self.attn(_windows(x, self.window), mask), self.window, *padded)
        if self.shift:
            x = x.roll((self.shift, self.shift), dims=(1, 2))
        return x[:, :h, :w]


class PatchMerging(nn.Module):
    """Halves the resolution: four neighbours side by side, norm, linear to twice the channels."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.reduction = nn.Linear(4 * dim, 2 * dim, bias=False)
        self.norm = nn.LayerNorm(4 * dim)

    def forward(self, x: Tensor) -> Tensor:
        """(B, H, W, C) -> (B, ⌈H/2⌉, ⌈W/2⌉, 2C); odd sizes are padded with zeros."""
        x = F.pad(x, (0, 0, 0, x.shape[2] % 2, 0, x.shape[1] % 2))
        parts = [x[:, 0::2, 0::2], x[:, 1::2, 0::2], x[:, 0::2, 1::2], x[:, 1::2, 1::2]]
        return self.reduction(self.norm(torch.cat(parts, dim=-1)))


class PatchEmbed(nn.Module):
    """Patches of 4×4 pixels to tokens."""

    def __init__(self, in_channels: int, dim: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(in_channels, dim, 4, stride=4)
        self.norm = nn.LayerNorm(dim)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C_in, H, W) -> (B, ⌈H/4⌉, ⌈W/4⌉, C); the picture is padded with zeros to a multiple of 4."""
        x = F.pad(x, (0, -x.shape[-1] % 4, 0, -x.shape[-2] % 4))
        return self.norm(self.proj(x).permute(0, 2, 3, 1))
