"""What a decoder of features at a fraction of the size cannot say: detail, at half size and full size (ours)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engines.terf.model import ResidualDenseBlock
from engines.tesg.config import TesgConfig

# The branch works at 1/STEP of the resolution.
STEP = 2


class Refinement(nn.Module):
    """Corrects fused luma with dense blocks at half size that see it, both sources and the decoder's features.

    Like the decoder's own last layer, it says how much more of each source, of their maximum and of the luma fused so
    far goes into every pixel, and what is added. It begins by correcting nothing.
    """

    def __init__(self, config: TesgConfig) -> None:
        super().__init__()
        c, full = config.refinement_channels, config.shuffled_channels
        enlarged = (config.scale // STEP) ** 2
        self.features = nn.Sequential(
            nn.Conv2d(config.channels, full * enlarged, 1), nn.PixelShuffle(config.scale // STEP)
        )
        self.entry = nn.Sequential(
            nn.Conv2d(full + 3 * STEP**2, c, 3, padding=1), nn.PReLU(), nn.Conv2d(c, c, 3, padding=1), nn.PReLU()
        )
        self.dense = nn.Sequential(*(ResidualDenseBlock(c, c // 2, 3) for _ in range(config.refinement_blocks)))
        self.shuffle = nn.Sequential(nn.Conv2d(c, full * STEP**2, 3, padding=1), nn.PixelShuffle(STEP))
        self.output = nn.Conv2d(full + 4, 5, 3, padding=1)
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)

    def forward(self, features: Tensor, fused: Tensor, y: Tensor, infrared: Tensor) -> Tensor:
        """Corrected luma.

        Args:
            features: The decoder's, (B, C, H/scale, W/scale).
            fused: Luma so far (B, 1, H, W), not clamped.
            y: Visible luma (B, 1, H, W).
            infrared: (B, 1, H, W).

        Returns:
            (B, 1, H, W), not clamped.
        """
        seen = torch.cat([fused, y, infrared], dim=1)
        x = self.entry(torch.cat([self.features(features), F.pixel_unshuffle(seen, STEP)], dim=1))
        x = self.shuffle(self.dense(x))
        # Sixteen-bit floats have too few digits for a picture.
        with torch.autocast(features.device.type, enabled=False):
            shares = torch.cat([fused, y, infrared, torch.maximum(y, infrared)], dim=1)
            correction = self.output(torch.cat([x.float(), shares], dim=1))
            return fused + correction[:, :1] + (correction[:, 1:] * shares).sum(dim=1, keepdim=True)
