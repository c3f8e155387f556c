"""A convolutional trunk with a feature pyramid: what the picture shows, before any word is read."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import engines.torchvision_ops  # noqa: F401 (before timm)

import timm  # isort: skip

from engines.ris_fusion.normalisation import IMAGENET_MEAN, IMAGENET_STD  # isort: skip

# Strides of the pyramid's levels.
STRIDES = (4, 8, 16, 32)
# How the EfficientNet-Lite weights want their pictures: (8-bit value − 127) / 128.
_MEAN, _STD = 127 / 255, 128 / 255


class Trunk(nn.Module):
    """An ImageNet network of timm without its classifier; its batch norms keep their ImageNet statistics.

    A batch of two or three street pictures says less about a channel's mean than a million photographs do.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.net = timm.create_model(name, pretrained=False, features_only=True, out_indices=(1, 2, 3, 4))
        self.channels = self.net.feature_info.channels()
        mean, std = torch.tensor(IMAGENET_MEAN), torch.tensor(IMAGENET_STD)
        self.register_buffer("scale", (std / _STD).view(1, 3, 1, 1))
        self.register_buffer("shift", ((mean - _MEAN) / _STD).view(1, 3, 1, 1))

    def train(self, mode: bool = True) -> Trunk:
        """Switch mode for everything but the batch norms."""
        super().train(mode)
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        return self

    def forward(self, picture: Tensor) -> list[Tensor]:
        """(B, 3, H, W), ImageNet-normalised -> one map a stride in STRIDES, (B, C_i, ⌈H/s⌉, ⌈W/s⌉)."""
        return self.net(picture * self.scale + self.shift)


class Pyramid(nn.Module):
    """Feature pyramid (Lin et al. 2017): every level as wide, coarse meaning added to fine detail."""

    def __init__(self, channels: list[int], width: int) -> None:
        super().__init__()
        self.lateral = nn.ModuleList(nn.Conv2d(c, width, 1) for c in channels)
        self.smooth = nn.ModuleList(
            nn.Sequential(nn.Conv2d(width, width, 3, padding=1), nn.GroupNorm(8, width), nn.ReLU()) for _ in channels
        )

    def forward(self, features: list[Tensor]) -> list[Tensor]:
        """The trunk's maps, finest first -> as many of (B, width, h, w)."""
        levels = [lateral(feature) for lateral, feature in zip(self.lateral, features, strict=True)]
        for i in range(len(levels) - 2, -1, -1):
            above = F.interpolate(levels[i + 1], size=levels[i].shape[-2:], mode="bilinear", align_corners=False)
            levels[i] = levels[i] + above
        return [smooth(level) for smooth, level in zip(self.smooth, levels, strict=True)]
