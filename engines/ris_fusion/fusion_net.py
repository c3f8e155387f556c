"""The fusion stage of RIS-FUSION: two U-Net encoders, LangGatedFusion at the deeper two of four levels, one decoder.

Parameter names follow the published checkpoint, so that it loads.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engines.color import luma, rgb_to_ycbcr, ycbcr_to_rgb
from engines.ris_fusion.config import FusionConfig
from engines.ris_fusion.lang_gated_fusion import LangGatedFusion
from engines.ris_fusion.normalisation import IMAGENET_MEAN, IMAGENET_STD


class DoubleConv(nn.Module):
    """Twice: 3×3 convolution without bias, batch norm, ReLU."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.block = nn.Sequential(
            nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
        )

    def forward(self, x: Tensor) -> Tensor:
        """(B, C_in, H, W) -> (B, C_out, H, W)."""
        return self.block(x)


class Down(nn.Module):
    """Max pooling by 2, then DoubleConv."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.conv = DoubleConv(in_channels, out_channels)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C_in, H, W) -> (B, C_out, H // 2, W // 2)."""
        return self.conv(F.max_pool2d(x, 2))


class Up(nn.Module):
    """Transposed convolution by 2, padded or cropped to the skip, concatenated with it, then DoubleConv."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, out_channels, 2, stride=2)
        self.conv = DoubleConv(2 * out_channels, out_channels)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        """(B, C_in, h, w) and the skip (B, C_out, H, W) -> (B, C_out, H, W)."""
        x = self.up(x)
        dy, dx = skip.shape[-2] - x.shape[-2], skip.shape[-1] - x.shape[-1]
        x = F.pad(x, (dx // 2, dx - dx // 2, dy // 2, dy - dy // 2))
        return self.conv(torch.cat([skip, x], dim=1))


class TextProjection(nn.Module):
    """Word features of the frozen encoder, projected and normalised."""

    def __init__(self, text_dim: int, dim: int) -> None:
        super().__init__()
        self.proj = nn.Linear(text_dim, dim)
        self.norm = nn.LayerNorm(dim)

    def forward(self, words: Tensor) -> Tensor:
        """(B, N, text_dim) -> (B, N, dim)."""
        return self.norm(self.proj(words))


class LuminanceFuser(nn.Module):
    """Y of both pictures and the words in, fused Y and the gates out."""

    def __init__(self, config: FusionConfig) -> None:
        super().__init__()
        c = config.width
        for stream in ("y", "i"):
            self.add_module(f"{stream}_inc", DoubleConv(1, c))
            for level in (1, 2, 3):
                self.add_module(f"{stream}_d{level}", Down(c << (level - 1), c << level))
        self.language = config.language
        if config.language:
            self.lang_l3 = LangGatedFusion(4 * c, config)
            self.lang_l4 = LangGatedFusion(8 * c, config)
            self.txt = TextProjection(config.text_dim, config.attention_dim)
        self.u3 = Up(8 * c, 4 * c)
        self.u2 = Up(4 * c, 2 * c)
        self.u1 = Up(2 * c, c)
        self.outc = nn.Conv2d(c, 1, 1)

    def encode(self, y: Tensor, stream: str) -> list[Tensor]:
        """The four levels of one stream; `stream` is "y" (visible) or "i" (infrared)."""
        levels = [getattr(self, f"{stream}_inc")(y)]
        for level in (1, 2, 3):
            levels.append(getattr(self, f"{stream}_d{level}")(levels[-1]))
        return levels

    def forward(
        self, visible: Tensor, infrared: Tensor, words: Tensor, word_mask: Tensor
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """Fuse luma.

        Args:
            visible: (B, 1, H, W), Y in [0, 1]; H and W at least 8.
            infrared: (B, 1, H, W) in [0, 1].
            words: (B, N, text_dim) features of the frozen text encoder.
            word_mask: (B, N) bool; a sample without words is fused without text.

        Returns:
            Fused Y (B, 1, H, W) in [0, 1]; the gates α as {"level 3": (B, 1, H/4, W/4), "level 4": (B, 1, H/8, W/8)},
            empty without language.
        """
        return self.decode(self.encode(visible, "y"), self.encode(infrared, "i"), words, word_mask)

    def decode(
        self, visible: list[Tensor], infrared: list[Tensor], words: Tensor, word_mask: Tensor
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The rest of `forward`, from the two encoders' levels: what changes with the words."""
        fused = [(a + b) / 2 for a, b in zip(visible[:2], infrared[:2], strict=True)]
        gates: dict[str, Tensor] = {}
        if self.language:
            words = self.txt(words)
            for level, module in ((3, self.lang_l3), (4, self.lang_l4)):
                features, gate = module(visible[level - 1], infrared[level - 1], words, word_mask)
                fused.append(features)
                gates[f"level {level}"] = gate
        else:
            fused += [(a + b) / 2 for a, b in zip(visible[2:], infrared[2:], strict=True)]
        x = self.u3(fused[3], fused[2])
        x = self.u2(x, fused[1])
        x = self.u1(x, fused[0])
        # The last layer in float32: under bf16 autocast the picture would be left with 8 bits of mantissa.
        with torch.autocast(x.device.type, enabled=False):
            return torch.sigmoid(self.outc(x.float())), gates


class FusionNet(nn.Module):
    """ImageNet-normalised pictures in, ImageNet-normalised fused RGB out, as the published program exchanges them."""

    def __init__(self, config: FusionConfig) -> None:
        super().__init__()
        for slot in ("vis", "ir"):
            self.register_buffer(f"mean_{slot}", torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1))
            self.register_buffer(f"std_{slot}", torch.tensor(IMAGENET_STD).view(1, 3, 1, 1))
        self.net = LuminanceFuser(config)

    def fuse(
        self, visible: Tensor, infrared: Tensor, words: Tensor, word_mask: Tensor
    ) -> tuple[Tensor, Tensor, dict[str, Tensor]]:
        """Fuse pictures in [0, 1].

        Args:
            visible: (B, 3, H, W), RGB in [0, 1].
            infrared: (B, 1, H, W) in [0, 1].
            words: (B, N, text_dim).
            word_mask: (B, N) bool.

        Returns:
            Fused RGB (B, 3, H, W) in [0, 1] with the visible picture's chroma, fused Y (B, 1, H, W), gates.
        """
        y, cb, cr = rgb_to_ycbcr(*visible.split(1, dim=1))
        fused_y, gates = self.net(y, infrared, words, word_mask)
        return torch.cat(ycbcr_to_rgb(fused_y, cb, cr), dim=1).clamp(0, 1), fused_y, gates

    def normalise(self, rgb: Tensor) -> Tensor:
        """RGB in [0, 1] to what the segmentation network expects."""
        return (rgb - self.mean_vis) / self.std_vis

    def forward(
        self, visible: Tensor, infrared: Tensor, words: Tensor, word_mask: Tensor
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """Published interface: ImageNet-normalised (B, 3, H, W) twice -> normalised fused RGB, gates."""
        visible = (visible * self.std_vis + self.mean_vis).clamp(0, 1)
        infrared = (infrared * self.std_ir + self.mean_ir).clamp(0, 1)
        rgb, _, gates = self.fuse(visible, luma(*infrared.split(1, dim=1)), words, word_mask)
        return self.normalise(rgb), gates
