"""The TeRF fusion backbone (section 2.2, figure 4 of the paper)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engines.color import luma
from engines.terf.attention import AttentionBlock
from engines.terf.config import TerfConfig
from engines.terf.dense import ResidualDenseBlock
from engines.terf.detail import DetailRefinement

# Channels between the pixel shuffle and the last convolution.
FULL_SIZE_CHANNELS = 8


def image_luma(visible: Tensor) -> Tensor:
    """Y (B, 1, H, W) of RGB (B, 3, H, W)."""
    return luma(visible[:, 0:1], visible[:, 1:2], visible[:, 2:3])


def recolor(y: Tensor, visible: Tensor) -> Tensor:
    """RGB (B, 3, H, W) with luma `y` (B, 1, H, W) and the visible picture's Cb and Cr, not clamped.

    Equal chroma means that all three channels move by the same amount.
    """
    return visible + (y - image_luma(visible))


class FusionBackbone(nn.Module):
    """Visible RGB and infrared to fused luma.

    The paper's order of parts. Its pixel shuffle enlarges the picture, so the features live at 1/scale of the
    resolution: a pixel unshuffle in front loses nothing and makes a step four times cheaper at scale 2. With
    `source_skip` the last convolution also sees the sources and their maximum, and training starts at mean fusion.
    (At maximum fusion, the target of eq. 6's first term, its absolute value has a kink that holds training there.)
    With `source_gates` it also says how much more of each of these three goes into every pixel: choosing a source and
    raising its contrast are products, which sums of features can only approximate. With `detail_blocks` the picture so
    made is corrected where edges are.
    """

    def __init__(self, config: TerfConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or TerfConfig()
        c, wide, scale = config.channels, config.attention_channels, config.scale
        self.extraction = nn.Sequential(
            nn.PixelUnshuffle(scale),
            nn.Conv2d(4 * scale**2, c, 3, padding=1),
            nn.PReLU(),
            nn.Conv2d(c, c, 3, padding=1),
            nn.PReLU(),
            nn.Conv2d(c, c, 3, padding=1),
            nn.PReLU(),
        )
        self.dense = nn.Sequential(
            *(ResidualDenseBlock(c, config.growth, config.dense_layers) for _ in range(config.dense_blocks))
        )
        self.refinement = nn.Sequential(
            nn.Conv2d(c, c, 3, padding=1),
            nn.Conv2d(c, c, 3, padding=1),
            nn.Conv2d(c, c, 3, padding=1),
            nn.ReLU(),
        )
        self.expansion = nn.Conv2d(c, wide, 1)
        self.attention = nn.Sequential(
            *(AttentionBlock(wide, config.heads, config.feed_forward_channels) for _ in range(config.attention_blocks))
        )
        self.shuffle = nn.Sequential(
            nn.Conv2d(wide, FULL_SIZE_CHANNELS * scale**2, 3, padding=1), nn.PixelShuffle(scale)
        )
        skipped, gates = 3 * config.source_skip, 3 * config.source_gates
        self.output = nn.Conv2d(FULL_SIZE_CHANNELS + skipped, 1 + gates, 3, padding=1)
        self.detail = None
        if config.detail_blocks:
            self.detail = DetailRefinement(FULL_SIZE_CHANNELS, config.detail_channels, config.detail_blocks)
        if config.source_skip:
            with torch.no_grad():
                self.output.weight[:, :FULL_SIZE_CHANNELS] *= 0.1
                self.output.weight[:, FULL_SIZE_CHANNELS:] = 0.0
                self.output.weight[0, FULL_SIZE_CHANNELS : FULL_SIZE_CHANNELS + 2, 1, 1] = 0.5
                self.output.weight[1:] = 0.0
                self.output.bias.zero_()

    def features(self, sources: Tensor) -> Tensor:
        """What the last convolution sees of visible RGB and infrared.

        Args:
            sources: (B, 4, H, W) in [0, 1], sides multiples of the scale.

        Returns:
            (B, FULL_SIZE_CHANNELS, H, W).
        """
        features = self.refinement(self.dense(self.extraction(sources)))
        return self.shuffle(self.attention(self.expansion(features)))

    def weights(self, features: Tensor, compared: Tensor) -> Tensor:
        """What is added to every pixel and, with `source_gates`, how much of each of `compared`.

        Args:
            features: Of `features`.
            compared: Luma of the visible, infrared and their maximum, (B, 3, H, W).

        Returns:
            (B, 1 or, with `source_gates`, 4, H, W) in 32-bit floats.
        """
        # Sixteen-bit floats have too few digits for a picture, so the last convolution leaves autocast.
        with torch.autocast(compared.device.type, enabled=False):
            return self.output(torch.cat([features.float(), compared], dim=1))

    def forward(self, visible: Tensor, infrared: Tensor) -> Tensor:
        """Fuse.

        Args:
            visible: (B, 3, H, W), RGB in [0, 1], any size.
            infrared: (B, 1, H, W) in [0, 1].

        Returns:
            Fused luma (B, 1, H, W), not clamped.
        """
        height, width = infrared.shape[-2:]
        margin, scale = self.config.margin, self.config.scale
        sources = torch.cat([visible, infrared], dim=1)
        padding = (margin, margin + -width % scale, margin, margin + -height % scale)
        sources = F.pad(sources, padding, mode="replicate")
        features = self.features(sources)
        if self.config.source_skip:
            y, heat = image_luma(sources), sources[:, 3:4]
            compared = torch.cat([y, heat, torch.maximum(y, heat)], dim=1)
            fused = self.weights(features, compared)
            if self.config.source_gates:
                fused = weighed(fused, compared)
        else:
            with torch.autocast(sources.device.type, enabled=False):
                fused = self.output(features.float())
        if self.detail is not None:
            fused = self.detail(features, compared, fused)
        return fused[..., margin : margin + height, margin : margin + width]


def weighed(weights: Tensor, compared: Tensor) -> Tensor:
    """Luma (B, 1, H, W) of what `FusionBackbone.weights` says of `compared`."""
    return weights[:, :1] + (weights[:, 1:] * compared).sum(dim=1, keepdim=True)
