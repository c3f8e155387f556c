"""The multi-level feature extractor (section 3.1 of the paper)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# The extractor works at half of the picture's size: nothing is lost on the way there, and it costs a quarter.
SCALE = 2


class MultiLevelExtractor(nn.Module):
    """3×3 convolutions that each see all earlier ones, and a weighted sum of all of them (eq. 1)."""

    def __init__(self, channels: int, blocks: int) -> None:
        super().__init__()
        self.initial = nn.Sequential(nn.PixelUnshuffle(SCALE), nn.Conv2d(SCALE**2, channels, 3, padding=1), nn.ReLU())
        self.blocks = nn.ModuleList(nn.Conv2d(channels * (i + 1), channels, 3, padding=1) for i in range(blocks))
        # W_i and b_i of eq. 1, one value a channel.
        self.weights = nn.Parameter(torch.full((blocks, channels), blocks**-0.5))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, picture: Tensor) -> Tensor:
        """Features of one source.

        Args:
            picture: (B, 1, H, W) in [0, 1]; sides are multiples of SCALE.

        Returns:
            (B, channels, H/SCALE, W/SCALE), 0 or more.
        """
        seen = [self.initial(picture)]
        total = self.bias[None, :, None, None]
        for block, weight in zip(self.blocks, self.weights, strict=True):
            level = F.relu(block(torch.cat(seen, dim=1)))
            seen.append(level)
            total = total + weight[None, :, None, None] * level
        return F.relu(total)
