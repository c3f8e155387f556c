"""Correction of the fused picture where its edges are: nonlinear, which the last convolution of the backbone is not."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engines.terf.dense import ResidualDenseBlock

# Of the pixel unshuffle: dense blocks at half the size see every pixel in a channel of its own.
SCALE = 2
_GROWTH, _DENSE_LAYERS = 16, 3
_FULL_SIZE_CHANNELS, _HIDDEN = 8, 24


class DetailRefinement(nn.Module):
    """Residual dense blocks over features, sources and a fused picture correct the latter.

    The correction says how much more of each source, and of their maximum, goes into every pixel, and what is added.
    It is zero at first, so a trained network can be given one and goes on from where it was.
    """

    def __init__(self, features: int, channels: int, blocks: int) -> None:
        """A fresh refinement.

        Args:
            features: Channels of the features at full size.
            channels: Inside the dense blocks.
            blocks: How many of them.
        """
        super().__init__()
        self.entry = nn.Sequential(
            nn.PixelUnshuffle(SCALE), nn.Conv2d((features + 4) * SCALE**2, channels, 3, padding=1), nn.PReLU()
        )
        self.dense = nn.Sequential(*(ResidualDenseBlock(channels, _GROWTH, _DENSE_LAYERS) for _ in range(blocks)))
        self.shuffle = nn.Sequential(
            nn.Conv2d(channels, _FULL_SIZE_CHANNELS * SCALE**2, 3, padding=1), nn.PixelShuffle(SCALE)
        )
        self.hidden = nn.Conv2d(_FULL_SIZE_CHANNELS + 4, _HIDDEN, 3, padding=1)
        self.output = nn.Conv2d(_HIDDEN, 4, 3, padding=1)
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)

    def forward(self, features: Tensor, sources: Tensor, fused: Tensor) -> Tensor:
        """Correct a fused picture.

        Args:
            features: (B, `features`, H, W), both sides even.
            sources: Luma of the visible, infrared and their maximum, (B, 3, H, W) in [0, 1].
            fused: Luma, (B, 1, H, W), not clamped.

        Returns:
            Luma, likewise.
        """
        pictures = torch.cat([sources, fused], dim=1)
        detail = self.shuffle(self.dense(self.entry(torch.cat([features.to(pictures.dtype), pictures], dim=1))))
        # Sixteen-bit floats have too few digits for a picture, so the last convolutions leave autocast.
        with torch.autocast(pictures.device.type, enabled=False):
            weights = self.output(F.relu(self.hidden(torch.cat([detail.float(), pictures], dim=1))))
            return fused + weights[:, :1] + (weights[:, 1:] * sources).sum(dim=1, keepdim=True)


def reach(blocks: int) -> int:
    """How many pixels beyond its own a pixel of the corrected picture depends on."""
    # A pixel of the unshuffled picture stands for SCALE in a row; the last two convolutions are at full size.
    return SCALE * (1 + _DENSE_LAYERS * blocks + 1) + SCALE - 1 + 2
