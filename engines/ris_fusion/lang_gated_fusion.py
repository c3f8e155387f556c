"""LangGatedFusion: words decide, pixel by pixel, how much of each modality goes on (RIS-FUSION, section 2.2)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engines.ris_fusion.config import FusionConfig


class PixelWordAttention(nn.Module):
    """Language-Guided Attention (eq. 1 and 2): every pixel attends to the words of the expression."""

    def __init__(self, in_channels: int, config: FusionConfig) -> None:
        super().__init__()
        dim = config.attention_dim
        self.heads = config.attention_heads
        self.q_proj = nn.Conv2d(in_channels, dim, 1)
        self.k_proj = nn.Linear(dim, dim)
        self.v_proj = nn.Linear(dim, dim)
        self.out_proj = nn.Conv2d(dim, dim, 1)

    def forward(self, x: Tensor, words: Tensor, word_mask: Tensor) -> Tensor:
        """Context map.

        Args:
            x: (B, C, H, W), visible and infrared features side by side.
            words: (B, N, d) projected text.
            word_mask: (B, N) bool, True for a real word. A sample without any word attends to nothing: its
                attention output is zero, so the context is the bias of the output projection.

        Returns:
            (B, d, H, W).
        """
        b, _, h, w = x.shape
        split, q, k = self._compared(x, words)
        v = self.v_proj(words).reshape(split).transpose(1, 2)
        named = word_mask.any(dim=1)
        visible_words = word_mask | ~named[:, None]
        context = F.scaled_dot_product_attention(q, k, v, attn_mask=visible_words[:, None, None, :])
        context = context * named[:, None, None, None]
        context = context.transpose(1, 2).reshape(b, h * w, -1).transpose(1, 2).reshape(b, -1, h, w)
        return self.out_proj(context)

    def attention(self, x: Tensor, words: Tensor) -> Tensor:
        """What every pixel attends to (the softmax of eq. 1), for display.

        Args:
            x: (B, C, H, W), as in `forward`.
            words: (B, N, d) projected text, all of them real words.

        Returns:
            (B, N, H, W), the mean of the heads; 1 over N.
        """
        b, _, h, w = x.shape
        _, q, k = self._compared(x, words)
        weights = torch.softmax(q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5, dim=-1).mean(dim=1)
        return weights.transpose(1, 2).reshape(b, -1, h, w)

    def _compared(self, x: Tensor, words: Tensor) -> tuple[tuple[int, ...], Tensor, Tensor]:
        """The shape that splits heads, queries (B, heads, HW, d / heads) and keys (B, heads, N, d / heads)."""
        split = (x.shape[0], -1, self.heads, self.k_proj.out_features // self.heads)
        q = self.q_proj(x).flatten(2).transpose(1, 2).reshape(split).transpose(1, 2)
        return split, q, self.k_proj(words).reshape(split).transpose(1, 2)


class LangGatedFusion(nn.Module):
    """Gate α and FiLM γ, β from the context map; eq. 3 to 5."""

    def __init__(self, channels: int, config: FusionConfig) -> None:
        super().__init__()
        self.film_scale = config.film_scale
        self.pwam = PixelWordAttention(2 * channels, config)
        self.fuse_gate = self._head(config, outputs=1)
        self.film = self._head(config, outputs=2)

    @staticmethod
    def _head(config: FusionConfig, outputs: int) -> nn.Sequential:
        return nn.Sequential(
            nn.Conv2d(config.attention_dim, config.gate_dim, 1),
            nn.ReLU(inplace=True),
            nn.Conv2d(config.gate_dim, outputs, 1),
        )

    def forward(self, visible: Tensor, infrared: Tensor, words: Tensor, word_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Fused features (B, C, H, W) and the gate α (B, 1, H, W) in [0, 1], 1 for infrared."""
        context = self.pwam(torch.cat([visible, infrared], dim=1), words, word_mask)
        alpha = torch.sigmoid(self.fuse_gate(context))
        gamma, beta = self.film(context).chunk(2, dim=1)
        mixed = (1 - alpha) * visible + alpha * infrared
        return (1 + self.film_scale * gamma) * mixed + beta, alpha
