"""The Text-IF network (section 3 of the paper), its parameters named as in the published file."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engines.terf.model import image_luma, recolor
from engines.text_if.attention import CrossAttention, SpatialAttention
from engines.text_if.config import LEVELS, TextIfConfig
from engines.text_if.restormer import Blocks, Down, Up
from engines.text_if.stripes import Stripes, evened, stripes_of
from engines.text_if.whole import Share, at_hand


class PatchEmbed(nn.Module):
    """A 3×3 convolution without bias."""

    def __init__(self, in_channels: int, channels: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(in_channels, channels, 3, padding=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """(B, in_channels, H, W) to (B, channels, H, W)."""
        return self.proj(x)


class Encoder(nn.Module):
    """Eq. 3: four levels of one picture, each half as large as the one before."""

    def __init__(self, config: TextIfConfig) -> None:
        super().__init__()
        self.unshuffle = nn.PixelUnshuffle(config.scale)
        self.patch_embed = PatchEmbed(3 * config.scale**2, config.width)
        for level in range(1, LEVELS + 1):
            channels = config.width << (level - 1)
            blocks = Blocks(config.blocks[level - 1], channels, config.heads[level - 1], config.expansion)
            self.add_module(f"encoder_level{level}", blocks)
            if level < LEVELS:
                self.add_module(f"down{level}_{level + 1}", Down(channels))

    def forward(self, x: Tensor, share: Share) -> list[Tensor]:
        """(B, 3, H, W) to four levels, the first (B, width, H / scale, W / scale)."""
        x = self.patch_embed(self.unshuffle(x))
        levels = []
        for level in range(1, LEVELS + 1):
            x = getattr(self, f"encoder_level{level}")(x, share)
            levels.append(x)
            if level < LEVELS:
                x = getattr(self, f"down{level}_{level + 1}")(x)
        return levels


class LevelFusion(nn.Module):
    """Both pictures' features of one level, mixed by a 1×1 convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.fusion_proj = nn.Conv2d(2 * channels, channels, 1, bias=False)

    def forward(self, visible: Tensor, infrared: Tensor) -> Tensor:
        """Two (B, C, H, W) to one."""
        return self.fusion_proj(torch.cat([visible, infrared], dim=1))


class Guidance(nn.Module):
    """The semantic interaction guidance module (eq. 8 and 9)."""

    def __init__(self, text_dim: int, hidden: int, channels: int) -> None:
        super().__init__()
        self.MLP = nn.Sequential(nn.Linear(text_dim, hidden), nn.LeakyReLU(), nn.Linear(hidden, 2 * channels))

    def forward(self, x: Tensor, text: Tensor) -> Tensor:
        """(B, C, H, W) and (B, text_dim) to (B, C, H, W)."""
        gamma, beta = self.MLP(text)[..., None, None].chunk(2, dim=1)
        return (1 + gamma) * x + beta


# Gain and offset of the visible picture, gain and offset of the infrared one, what is added to their maximum.
_OUTPUTS = 1 + 3 + 1 + 1 + 3


class Composed(NamedTuple):
    """A fused picture and its sources, restored where the network restores them.

    Attributes:
        image: (B, 3, H, W), RGB, not clamped.
        visible: (B, 3, H, W), RGB, not clamped.
        infrared: (B, 1, H, W), not clamped.
    """

    image: Tensor
    visible: Tensor
    infrared: Tensor


class TextIf(nn.Module):
    """Visible RGB, infrared and a sentence's feature to fused RGB.

    With `restores_sources` the network starts at maximum fusion, and learns what a sentence changes about the sources:
    restoring light or contrast is a product, which sums of features can only approximate, and a small network need not
    learn to copy a picture.
    """

    def __init__(self, config: TextIfConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or TextIfConfig()
        self.encoder_A, self.encoder_B = Encoder(config), Encoder(config)
        deepest = config.width << (LEVELS - 1)
        self.cross_attention = CrossAttention(deepest, config.groups)
        self.attention_spatial = SpatialAttention(deepest, config.groups)
        for level in range(1, LEVELS + 1):
            channels, count, heads = config.width << (level - 1), config.blocks[level - 1], config.heads[level - 1]
            self.add_module(f"feature_fusion_{level}", LevelFusion(channels))
            self.add_module(f"prompt_guidance_{level}", Guidance(config.text_dim, config.guidance_dim, channels))
            if level < LEVELS:
                self.add_module(f"up{level + 1}_{level}", Up(2 * channels))
            if 1 < level < LEVELS:
                self.add_module(f"reduce_chan_level{level}", nn.Conv2d(2 * channels, channels, 1, bias=False))
            # The first level is not reduced after its skip.
            inside = 2 * channels if level == 1 else channels
            self.add_module(f"decoder_level{level}", Blocks(count, inside, heads, config.expansion))
        self.refinement = Blocks(config.refinement, 2 * config.width, config.heads[0], config.expansion)
        outputs = _OUTPUTS if config.restores_sources else 3
        self.output = nn.Conv2d(2 * config.width, outputs * config.scale**2, 3, padding=1, bias=False)
        self.shuffle = nn.PixelShuffle(config.scale)
        if config.restores_sources:
            with torch.no_grad():
                self.output.weight *= 0.1

    def forward(
        self,
        visible: Tensor,
        infrared: Tensor,
        text: Tensor,
        share: Share = at_hand,
        stripes: Stripes | None = None,
    ) -> Tensor:
        """Fuse.

        Args:
            visible: (B, 3, H, W), RGB in [0, 1], sides multiples of `config.multiple`.
            infrared: (B, 1, H, W) in [0, 1].
            text: (B, text_dim), one feature per sentence.
            share: What the layers take from the whole picture; by default from this one.
            stripes: Of the whole picture, cut to this piece; None estimates them here.

        Returns:
            Fused RGB (B, 3, H, W), not clamped.
        """
        features = self.encode(visible, infrared, share, stripes)
        return self.compose(self.decode(features, text, share), visible, infrared).image

    def encode(
        self, visible: Tensor, infrared: Tensor, share: Share = at_hand, stripes: Stripes | None = None
    ) -> list[Tensor]:
        """What no sentence changes: the fused features of every level; arguments as of `forward`."""
        levels_a = self.encoder_A(visible, share)
        if self.config.evens_stripes:
            infrared = evened(infrared, stripes_of(infrared) if stripes is None else stripes)
        levels_b = self.encoder_B(infrared.expand(-1, 3, -1, -1), share)
        crossed = self.cross_attention(levels_a[-1], levels_b[-1], share)
        pairs = [*zip(levels_a[:-1], levels_b[:-1], strict=True), crossed]
        features = [getattr(self, f"feature_fusion_{level}")(*pair) for level, pair in enumerate(pairs, start=1)]
        features[-1] = self.attention_spatial(features[-1], share)
        return features

    def decode(self, features: list[Tensor], text: Tensor, share: Share = at_hand) -> Tensor:
        """The semantic interaction fusion decoder (eq. 6) on what `encode` gives, for `compose`."""
        x = self.decoder_level4(self.prompt_guidance_4(features[-1], text), share)
        for level in range(LEVELS - 1, 0, -1):
            x = getattr(self, f"prompt_guidance_{level}")(getattr(self, f"up{level + 1}_{level}")(x), text)
            x = torch.cat([x, features[level - 1]], dim=1)
            if level > 1:
                x = getattr(self, f"reduce_chan_level{level}")(x)
            x = getattr(self, f"decoder_level{level}")(x, share)
        x = self.refinement(x, share)
        # Sixteen-bit floats have too few digits for a picture, so the last convolution leaves autocast.
        with torch.autocast(x.device.type, enabled=False):
            return self.shuffle(F.conv2d(x.float(), self.output.weight.float(), padding=1))

    def compose(self, decoded: Tensor, visible: Tensor, infrared: Tensor) -> Composed:
        """The fused picture of what `decode` gives, and the sources it is made of."""
        if not self.config.restores_sources:
            return Composed(decoded, visible, infrared)
        gain_visible, visible_offset, gain_infrared, infrared_offset, added = decoded.split((1, 3, 1, 1, 3), dim=1)
        visible = (1 + gain_visible) * visible + visible_offset
        infrared = (1 + gain_infrared) * infrared + infrared_offset
        image = recolor(torch.maximum(image_luma(visible), infrared), visible) + added
        return Composed(image, visible, infrared)
