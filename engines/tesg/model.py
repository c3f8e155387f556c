"""The TeSG network (section 3 and figure 2 of the paper): masks and words in, fused luma out."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engines.terf.model import FusionBackbone, image_luma, weighed
from engines.tesg.attention import TransformerBlock
from engines.tesg.config import TesgConfig
from engines.tesg.mgca import MaskGuidedCrossAttention
from engines.tesg.tdaf import TextDrivenFusion


class Encoder(nn.Module):
    """A source, whole or cut out with a mask, to features at 1/scale of the resolution."""

    def __init__(self, channels: int, config: TesgConfig) -> None:
        super().__init__()
        c = config.channels
        self.entry = nn.Sequential(
            nn.PixelUnshuffle(config.scale), nn.Conv2d((channels + 1) * config.scale**2, c, 3, padding=1)
        )
        self.blocks = nn.ModuleList(
            TransformerBlock(c, config.heads, config.feed_forward_channels) for _ in range(config.encoder_blocks)
        )

    def forward(self, picture: Tensor, role: Tensor, where: Tensor | None = None) -> Tensor:
        """Features of a picture.

        Args:
            picture: (B, channels, H, W), zero where it was cut away.
            role: (B, 1, H, W), what each pixel is taken for: 1 for foreground, −1 for background, 0 for neither.
            where: Which share of each feature's pixels was not cut away, (B, 1, H/scale, W/scale); None for a whole
                picture.

        Returns:
            (B, C, H/scale, W/scale).
        """
        x = self.entry(torch.cat([picture, role], dim=1))
        for block in self.blocks:
            x = block(x, where)
        return x


class Decoder(nn.Module):
    """Fused features to luma: how much of each source, and of their maximum, goes into every pixel, and what is added.

    The features live at 1/scale of the resolution, so the last two convolutions also see both sources at full size;
    they begin near maximum fusion. (At maximum fusion itself the paper's intensity term has a kink that would hold
    training there.) Where there is a detail path, its weights of the sources are added to these.
    """

    def __init__(self, config: TesgConfig) -> None:
        super().__init__()
        c = config.channels
        self.blocks = nn.Sequential(
            *(TransformerBlock(c, config.heads, config.feed_forward_channels) for _ in range(config.decoder_blocks))
        )
        self.shuffle = nn.Sequential(
            nn.Conv2d(c, config.shuffled_channels * config.scale**2, 3, padding=1), nn.PixelShuffle(config.scale)
        )
        self.hidden = nn.Conv2d(config.shuffled_channels + 3, config.output_channels, 3, padding=1)
        self.output = nn.Conv2d(config.output_channels, 4, 3, padding=1)
        with torch.no_grad():
            self.output.weight.mul_(0.05)
            self.output.bias.copy_(torch.tensor([0.0, 0.1, 0.1, 0.8]))

    def forward(self, features: Tensor, compared: Tensor, detail: Tensor | None = None) -> Tensor:
        """Fuse.

        Args:
            features: (B, C, H/scale, W/scale).
            compared: Luma of the visible, infrared and their maximum, (B, 3, H, W).
            detail: Weights of the detail path, (B, 4, H, W); None for no such path.

        Returns:
            Luma (B, 1, H, W).
        """
        features = self.shuffle(self.blocks(features))
        # Sixteen-bit floats have too few digits for a picture, so the last convolutions leave autocast.
        with torch.autocast(features.device.type, enabled=False):
            weights = self.output(F.relu(self.hidden(torch.cat([features.float(), compared], dim=1))))
            return weighed(weights if detail is None else weights + detail, compared)


class EncodedSources(NamedTuple):
    """What does not depend on masks and words.

    Attributes:
        visible: Padded, (B, 3, H', W'), RGB.
        infrared: Padded, (B, 1, H', W').
        detail: Weights of both and their maximum by the detail path, (B, 4, H', W'); None for no such path.
        visible_features: F_v, (B, C, H'/scale, W'/scale).
        infrared_features: F_i, likewise.
    """

    visible: Tensor
    infrared: Tensor
    detail: Tensor | None
    visible_features: Tensor
    infrared_features: Tensor


class Guided(NamedTuple):
    """A fused picture and what weighed its sources.

    Attributes:
        y: Fused luma (B, 1, H, W), not clamped.
        maps: α, G_v and G_i by name, each (B, 1, H, W) in [0, 1].
    """

    y: Tensor
    maps: dict[str, Tensor]


class TesgNet(nn.Module):
    """Two encoders, MGCA, TDAF and a decoder; beside them a detail path, which knows neither masks nor words.

    Edges to the pixel are the detail path's work, as the other parts see the picture at 1/scale of its resolution.
    """

    def __init__(self, config: TesgConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or TesgConfig()
        self.visible_encoder = Encoder(3, config)
        self.infrared_encoder = Encoder(1, config)
        self.mgca = MaskGuidedCrossAttention(config.channels, config.heads)
        self.tdaf = TextDrivenFusion(config.channels, config.heads, config.text_dim)
        self.decoder = Decoder(config)
        self.detail = None
        if config.detail is not None:
            self.detail = FusionBackbone(config.detail)
            # At first it changes nothing.
            nn.init.zeros_(self.detail.output.weight)
            nn.init.zeros_(self.detail.output.bias)

    def _padded(self, x: Tensor) -> Tensor:
        margin, scale = self.config.margin, self.config.scale
        height, width = x.shape[-2:]
        padding = (margin, margin + -width % scale, margin, margin + -height % scale)
        return F.pad(x, padding, mode="replicate")

    def encode(self, visible: Tensor, infrared: Tensor) -> EncodedSources:
        """The global features; (B, 3, H, W) RGB and (B, 1, H, W), both in [0, 1]."""
        visible, infrared = self._padded(visible), self._padded(infrared)
        neither = torch.zeros_like(infrared)
        detail = None
        if self.detail is not None:
            features = self.detail.features(torch.cat([visible, infrared], dim=1))
            detail = self.detail.weights(features, _compared(visible, infrared))
        return EncodedSources(
            visible,
            infrared,
            detail,
            self.visible_encoder(visible, neither),
            self.infrared_encoder(infrared, neither),
        )

    def decode(
        self, encoded: EncodedSources, masks: Tensor, words: Tensor, word_mask: Tensor, size: tuple[int, int]
    ) -> Guided:
        """The rest of `forward`: what changes with masks and words; `size` is that of the pictures."""
        masks = self._padded(masks)
        cuts, roles = torch.cat([masks, 1 - masks]), torch.cat([masks, masks - 1])
        where = F.avg_pool2d(cuts, self.config.scale)
        local = (
            encoder(torch.cat([picture, picture]) * cuts, roles, where)
            for encoder, picture in (
                (self.visible_encoder, encoded.visible),
                (self.infrared_encoder, encoded.infrared),
            )
        )
        rebuilt = self.mgca(*local, where)
        fused = self.tdaf(encoded.visible_features, encoded.infrared_features, rebuilt, words, word_mask)
        y = self.decoder(fused.features, _compared(encoded.visible, encoded.infrared), encoded.detail)
        margin = self.config.margin
        window = (..., slice(margin, margin + size[0]), slice(margin, margin + size[1]))
        named = {"α": fused.alpha, "gate visible": fused.visible_gate, "gate infrared": fused.infrared_gate}
        maps = {
            name: F.interpolate(x.float(), scale_factor=self.config.scale, mode="bilinear")[window]
            for name, x in named.items()
        }
        return Guided(y[window], maps)

    def forward(self, visible: Tensor, infrared: Tensor, masks: Tensor, words: Tensor, word_mask: Tensor) -> Guided:
        """Fuse.

        Args:
            visible: (B, 3, H, W), RGB in [0, 1], any size.
            infrared: (B, 1, H, W) in [0, 1].
            masks: The mask semantics M, (B, 1, H, W) in [0, 1]; all zero where there is no foreground.
            words: The text semantics F_t, (B, N, text_dim).
            word_mask: (B, N) bool, True for a real word.
        """
        return self.decode(self.encode(visible, infrared), masks, words, word_mask, tuple(infrared.shape[-2:]))


def _compared(visible: Tensor, infrared: Tensor) -> Tensor:
    """Luma of RGB (B, 3, H, W), infrared (B, 1, H, W) and their maximum, (B, 3, H, W)."""
    y = image_luma(visible)
    return torch.cat([y, infrared, torch.maximum(y, infrared)], dim=1)
