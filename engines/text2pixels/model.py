"""The fusion network: extractor, text-guided attention, codebook and a decoder that keeps the details.

Section 3 of the paper, with a detail path of ours: codes stand for 8×8 pixels each, so a picture made of them alone
would lose whatever is finer. The codes decide, the decoder carries it out on the extractor's full features and on the
sources themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engines.text2pixels.attention import AttentionUnit
from engines.text2pixels.codebook import Codebook, PictureNorm, Quantised
from engines.text2pixels.config import FusionConfig
from engines.text2pixels.extractor import SCALE, MultiLevelExtractor

# Pixels a code stands for, along each side.
STRIDE = 8
# Pixels repeated around the picture, so that the zero padding of the convolutions stays outside.
MARGIN = 8
# Channels between the pixel shuffle and the last convolution.
FULL_SIZE_CHANNELS = 8


@dataclass(frozen=True)
class Features:
    """What the extractor sees of a pair, words apart; everything includes the margin.

    Attributes:
        sources: Visible luma and infrared (B, 2, H', W').
        levels: Features of both (B, 2·channels, H'/2, W'/2).
        size: Height and width of the picture without the margin.
    """

    sources: Tensor
    levels: Tensor
    size: tuple[int, int]

    def repeated(self, times: int) -> Features:
        """The same pairs several times over in one batch, to be fused under several instructions."""
        return Features(torch.cat([self.sources] * times), torch.cat([self.levels] * times), self.size)


@dataclass(frozen=True)
class Guidance:
    """What attention and codebook say, a vector for every 8×8 pixels of the padded picture.

    Attributes:
        field: (B, guide_channels, H'/8, W'/8), for the decoder.
        quantised: Codes as tokens in rows, see `Quantised`.
    """

    field: Tensor
    quantised: Quantised

    @property
    def indices(self) -> Tensor:
        """int64 (B, H'/8, W'/8), which code stands where."""
        return self.quantised.indices.view(len(self.field), *self.field.shape[-2:])


def padded(x: Tensor) -> Tensor:
    """(B, C, H, W) with its edges repeated by MARGIN, and further to a multiple of STRIDE."""
    height, width = x.shape[-2:]
    return F.pad(x, (MARGIN, MARGIN + -width % STRIDE, MARGIN, MARGIN + -height % STRIDE), mode="replicate")


class Decoder(nn.Module):
    """Details and guidance to a picture: a sum of features, the sources and the place, each weighed per pixel.

    It begins at maximum fusion. Choosing a source, raising its contrast and lifting a place are products, which sums of
    features can only approximate; hence the weights.
    """

    def __init__(self, config: FusionConfig) -> None:
        super().__init__()
        wide = config.decoder_channels
        self.mix = nn.Sequential(
            nn.Conv2d(2 * config.channels + config.guide_channels + 1, wide, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(wide, wide, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(wide, FULL_SIZE_CHANNELS * SCALE**2, 3, padding=1),
            nn.PixelShuffle(SCALE),
        )
        self.output = nn.Conv2d(FULL_SIZE_CHANNELS + 4, 5, 3, padding=1)
        with torch.no_grad():
            self.output.weight[:, :FULL_SIZE_CHANNELS] *= 0.1
            self.output.weight[:, FULL_SIZE_CHANNELS:] = 0.0
            self.output.weight[0, FULL_SIZE_CHANNELS + 2, 1, 1] = 1.0
            self.output.weight[1:] = 0.0
            self.output.bias.zero_()

    def forward(self, sources: Tensor, levels: Tensor, field: Tensor, place: Tensor) -> Tensor:
        """Fuse.

        Args:
            sources: (B, 2, H, W), visible luma and infrared.
            levels: (B, 2·channels, H/2, W/2), of the extractor.
            field: (B, guide_channels, H/2, W/2), guidance at the details' size.
            place: (B, 1, H, W) in [0, 1], 1 where the words point.

        Returns:
            Luma (B, 1, H, W), not clamped.
        """
        there = F.avg_pool2d(place, SCALE)
        details = self.mix(torch.cat([levels, field.to(levels.dtype), there.to(levels.dtype)], dim=1))
        # Sixteen-bit floats have too few digits for a picture.
        with torch.autocast(sources.device.type, enabled=False):
            given = torch.cat([sources, sources.amax(dim=1, keepdim=True), place], dim=1)
            out = self.output(torch.cat([details.float(), given], dim=1))
            return out[:, :1] + (out[:, 1:] * given).sum(dim=1, keepdim=True)


class FusionNet(nn.Module):
    """Visible luma, infrared and words to fused luma."""

    def __init__(self, config: FusionConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or FusionConfig()
        tokens, wide = config.token_channels, config.decoder_channels
        self.visible = MultiLevelExtractor(config.channels, config.blocks)
        self.infrared = MultiLevelExtractor(config.channels, config.blocks)
        self.coarse = nn.Sequential(
            nn.Conv2d(2 * config.channels, wide, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(wide, tokens, 3, stride=2, padding=1),
        )
        self.words = nn.Linear(config.text_dim, tokens)
        self.sentence = nn.Linear(config.text_dim, tokens)
        self.intra_domain = AttentionUnit(tokens, None, config.heads, config.feed_forward_channels)
        self.inter_domain = AttentionUnit(tokens, tokens, config.heads, config.feed_forward_channels)
        self.norm = PictureNorm()
        self.codebook = Codebook(config.codes, tokens)
        self.guide = nn.Conv2d(tokens, config.guide_channels, 1)
        # What a code says of its 8×8 pixels, for training alone: mean and spread of either source.
        self.describe = nn.Linear(tokens, 4)
        self.decoder = Decoder(config)

    def extract(self, visible: Tensor, infrared: Tensor) -> Features:
        """Features of visible luma and infrared, each (B, 1, H, W) in [0, 1], of any size."""
        sources = padded(torch.cat([visible, infrared], dim=1))
        levels = torch.cat([self.visible(sources[:, :1]), self.infrared(sources[:, 1:])], dim=1)
        return Features(sources, levels, tuple(visible.shape[-2:]))

    def attend(self, features: Features, words: Tensor, word_mask: Tensor, place: Tensor) -> Guidance:
        """Text-guided attention and quantisation.

        Args:
            features: Of the pair.
            words: (B, N, text_dim).
            word_mask: (B, N) bool, True for a real word.
            place: (B, 1, H, W) in [0, 1], 1 where the words point, as far as that is known; zeros where it is not.
        """
        x = self.coarse(features.levels)
        height, width = x.shape[-2:]
        x = x.flatten(2).transpose(1, 2)
        # The sentence in the picture's own form (section 3.2): laid out over the place it points to.
        weight = word_mask.to(words.dtype)[..., None]
        sentence = self.sentence((words * weight).sum(dim=1) / weight.sum(dim=1).clamp(min=1.0))
        there = F.avg_pool2d(padded(place), STRIDE).flatten(2).transpose(1, 2)
        x = x + there * (sentence * word_mask.any(dim=1, keepdim=True))[:, None]
        x = self.inter_domain(self.intra_domain(x), self.words(words), word_mask)
        quantised = self.codebook(self.norm(x))
        field = self.guide(quantised.features.transpose(1, 2).unflatten(2, (height, width)))
        return Guidance(field, quantised)

    def decode(self, features: Features, guidance: Guidance, place: Tensor) -> Tensor:
        """Fused luma (B, 1, H, W), not clamped; `place` as in `attend`."""
        field = F.interpolate(guidance.field, scale_factor=STRIDE // SCALE, mode="bilinear", align_corners=False)
        y = self.decoder(features.sources, features.levels, field, padded(place))
        height, width = features.size
        return y[..., MARGIN : MARGIN + height, MARGIN : MARGIN + width]

    def forward(
        self, visible: Tensor, infrared: Tensor, words: Tensor, word_mask: Tensor, place: Tensor
    ) -> tuple[Tensor, Guidance]:
        """Fused luma (B, 1, H, W), not clamped, and the guidance it followed; arguments as above."""
        features = self.extract(visible, infrared)
        guidance = self.attend(features, words, word_mask, place)
        return self.decode(features, guidance, place), guidance


def no_words(batch: int, text_dim: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Words and mask of an instruction that says nothing."""
    return (
        torch.zeros(batch, 1, text_dim, device=device),
        torch.zeros(batch, 1, dtype=torch.bool, device=device),
    )
