"""The embedded referring head: a pretrained convolutional trunk, Swin stages fused with the words, a light decoder.

The published head is a Swin-B that 14 million labelled pictures taught to see. Nothing like it can be learnt from some
hundred pairs, nor does it fit 20 MB, so the two finer Swin stages give way to a small ImageNet network with a feature
pyramid. The two deeper ones stay as published: Swin blocks, pixel–word attention after each stage, gated residual.
What does not depend on the words is computed once per picture, whatever number of sentences is asked about it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engines.ris_fusion.config import CompactConfig
from engines.ris_fusion.segmentation_net import LanguageFusion, SwinStage
from engines.ris_fusion.trunk import Pyramid, Trunk


@dataclass
class Scenery:
    """What the head knows of a picture before it reads a word.

    Attributes:
        levels: Pyramid at strides 4, 8, 16 and 32, each (B, pyramid_width, h, w).
        classes: Logits of the dense classes at stride 4, (B, classes, h, w).
        size: Height and width of the picture.
    """

    levels: list[Tensor]
    classes: Tensor
    size: tuple[int, int]


class SentenceFilm(nn.Module):
    """The sentence as a whole scales and shifts features; identity at first."""

    def __init__(self, text_dim: int, channels: int) -> None:
        super().__init__()
        self.project = nn.Linear(text_dim, 2 * channels)
        nn.init.zeros_(self.project.weight)
        nn.init.zeros_(self.project.bias)

    def forward(self, x: Tensor, sentence: Tensor) -> Tensor:
        """(B, C, H, W) and the mean word (B, text_dim) -> (B, C, H, W)."""
        scale, shift = self.project(sentence)[:, :, None, None].chunk(2, dim=1)
        return x * (1 + scale) + shift


class ClassPrior(nn.Module):
    """Which dense classes the sentence is about, as a map of how likely each place is one of them."""

    def __init__(self, text_dim: int, classes: int) -> None:
        super().__init__()
        self.query = nn.Sequential(nn.Linear(text_dim, 128), nn.ReLU(), nn.Linear(128, classes))

    def forward(self, probabilities: Tensor, sentence: Tensor, index: Tensor) -> Tensor:
        """(P, classes, h, w) of the pictures, (S, text_dim), picture of each sentence -> (S, 1, h, w) in [0, 1]."""
        about = torch.sigmoid(self.query(sentence)).to(probabilities.dtype)
        flat = probabilities.flatten(2)[index]
        return torch.bmm(about[:, None], flat).view(len(about), 1, *probabilities.shape[-2:])


class UpStage(nn.Module):
    """Project and resize, add the picture's own level and the class prior, FiLM by the sentence, convolve."""

    def __init__(self, below: int, skip: int, width: int, text_dim: int) -> None:
        super().__init__()
        # 1×1 before resizing: the same as after it, at a quarter of the work.
        self.below = nn.Conv2d(below, width, 1, bias=False)
        self.skip = nn.Conv2d(skip, width, 3, padding=1, bias=False)
        self.prior = nn.Parameter(torch.zeros(width))
        self.norm1 = nn.GroupNorm(8, width)
        self.film = SentenceFilm(text_dim, width)
        self.conv = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm2 = nn.GroupNorm(8, width)

    def forward(self, x: Tensor, level: Tensor, index: Tensor, prior: Tensor, sentence: Tensor) -> Tensor:
        """What the coarser stage and the level know, for every sentence.

        Args:
            x: (S, below, h, w) of S sentences.
            level: (P, skip, H, W) of P pictures.
            index: Picture of each sentence, (S,).
            prior: (S, 1, H', W').
            sentence: (S, text_dim).

        Returns:
            (S, width, H, W).
        """
        size = level.shape[-2:]
        x = F.interpolate(self.below(x), size=size, mode="bilinear", align_corners=False)
        if prior.shape[-2:] != size:
            prior = F.interpolate(prior, size=size, mode="area")
        x = x + self.skip(level)[index] + self.prior[:, None, None].to(x.dtype) * prior.to(x.dtype)
        return F.relu(self.norm2(self.conv(F.relu(self.film(self.norm1(x), sentence)))))


class CompactSegmentationNet(nn.Module):
    """Fused picture and words to a mask."""

    def __init__(self, config: CompactConfig) -> None:
        super().__init__()
        self.trunk = Trunk(config.trunk)
        self.pyramid = Pyramid(self.trunk.channels, config.pyramid_width)
        self.classes = nn.Conv2d(config.pyramid_width, config.classes, 1)
        self.prior = ClassPrior(config.text_dim, config.classes)

        width, text_dim = config.width, config.text_dim
        # The pyramid's level, x and y of the place, and the class prior.
        self.entry = nn.Linear(config.pyramid_width + 3, width)
        self.entry_norm = nn.LayerNorm(width)
        self.read = LanguageFusion(width, text_dim, attention_norm=False)
        rates = [config.drop_path * i / max(1, sum(config.depths) - 1) for i in range(sum(config.depths))]
        self.layers = nn.ModuleList()
        for i, (depth, heads, window) in enumerate(zip(config.depths, config.heads, config.windows, strict=True)):
            start, last = sum(config.depths[:i]), i == len(config.depths) - 1
            drop_path = rates[start : start + depth]
            stage = SwinStage(
                width << i,
                depth,
                heads,
                window,
                drop_path,
                text_dim,
                last,
                attention_norm=False,
                local_mixing=True,
            )
            self.layers.append(stage)
            self.add_module(f"norm{i}", nn.LayerNorm(width << i))

        w16, w8, w4 = config.decoder_widths
        self.up16 = UpStage(2 * width, width, w16, text_dim)
        self.up8 = UpStage(w16, config.pyramid_width, w8, text_dim)
        self.up4 = UpStage(w8, config.pyramid_width, w4, text_dim)
        self.out = nn.Conv2d(w4, 2, 1)

    def look(self, picture: Tensor) -> Scenery:
        """What does not depend on the words; (P, 3, H, W), ImageNet-normalised."""
        # Depthwise convolutions are faster in float32 than in bf16 on a CPU, above all backwards.
        with torch.autocast(picture.device.type, enabled=False):
            features = self.trunk(picture.float())
        levels = self.pyramid(features)
        return Scenery(levels, self.classes(levels[0]), tuple(picture.shape[-2:]))

    def refer(self, scenery: Scenery, words: Tensor, word_mask: Tensor, index: Tensor | None = None) -> Tensor:
        """Masks of sentences about pictures already looked at.

        Args:
            scenery: Of P pictures.
            words: (S, N, text_dim).
            word_mask: (S, N) bool.
            index: Picture of each sentence, int64 (S,); None where every picture has one sentence.

        Returns:
            Logits (S, 2, ⌈H/4⌉, ⌈W/4⌉); class 1 is the referred object.
        """
        if index is None:
            index = torch.arange(len(words), device=words.device)
        mask = word_mask[:, None, :].to(words.dtype)
        words = words.transpose(1, 2)
        sentence = (words * mask).sum(dim=2) / mask.sum(dim=2).clamp(min=1)

        p4, p8, p16, _ = scenery.levels
        prior = self.prior(scenery.classes.float().softmax(dim=1), sentence, index)
        size = p16.shape[-2:]
        place = _coordinates(p16).expand(len(index), -1, -1, -1)
        coarse = F.interpolate(prior, size=size, mode="area")
        x = torch.cat([p16[index], place, coarse.to(p16.dtype)], dim=1).permute(0, 2, 3, 1)
        x = self.entry_norm(self.entry(x))
        x = x + self.read(x, words, mask)
        mixed = []
        for i, layer in enumerate(self.layers):
            fused, x = layer(x, words, mask)
            mixed.append(getattr(self, f"norm{i}")(fused).permute(0, 3, 1, 2))
        own = torch.arange(len(index), device=index.device)
        y = self.up16(mixed[1], mixed[0], own, prior, sentence)
        y = self.up8(y, p8, index, prior, sentence)
        y = self.up4(y, p4, index, prior, sentence)
        return self.out(y)

    def forward(self, picture: Tensor, words: Tensor, word_mask: Tensor) -> Tensor:
        """Segment, one sentence a picture.

        Args:
            picture: (B, 3, H, W), ImageNet-normalised.
            words: (B, N, text_dim) features of the frozen text encoder.
            word_mask: (B, N) bool, True for a real word.

        Returns:
            Logits (B, 2, H, W); class 1 is the referred object.
        """
        logits = self.refer(self.look(picture), words, word_mask)
        return F.interpolate(logits.float(), size=picture.shape[-2:], mode="bilinear", align_corners=False)


def _coordinates(x: Tensor) -> Tensor:
    """(1, 2, H, W): x and y of each place, from −1 to 1."""
    h, w = x.shape[-2:]
    ys, xs = torch.meshgrid(
        torch.linspace(-1, 1, h, device=x.device), torch.linspace(-1, 1, w, device=x.device), indexing="ij"
    )
    return torch.stack([xs, ys])[None].to(x.dtype)
