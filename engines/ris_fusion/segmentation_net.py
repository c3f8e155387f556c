"""The referring-segmentation stage: Swin encoder with language fusion after every stage, and a convolutional decoder.

Parameter names follow the published checkpoint, so that it loads.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engines.ris_fusion.config import SegmentationConfig
from engines.ris_fusion.swin import PatchEmbed, PatchMerging, SwinBlock

# What padded words get before softmax; the published value.
_PADDED_WORD = -1e4


class SpatialImageLanguageAttention(nn.Module):
    """Each position gathers the words that concern it; one head."""

    def __init__(self, dim: int, text_dim: int, norm: bool = True) -> None:
        super().__init__()
        self.f_key = nn.Sequential(nn.Conv1d(text_dim, dim, 1))
        self.f_query = nn.Sequential(nn.Conv1d(dim, dim, 1), nn.InstanceNorm1d(dim))
        self.f_value = nn.Sequential(nn.Conv1d(text_dim, dim, 1))
        self.W = nn.Sequential(nn.Conv1d(dim, dim, 1), nn.InstanceNorm1d(dim) if norm else nn.Identity())

    def forward(self, x: Tensor, words: Tensor, word_mask: Tensor) -> Tensor:
        """(B, C, positions), words (B, text_dim, N), word_mask (B, 1, N) of 0 and 1 -> (B, C, positions)."""
        query = self.f_query(x)
        key = self.f_key(words) * word_mask
        value = self.f_value(words) * word_mask
        scores = torch.einsum("bcp,bcn->bpn", query, key) * query.shape[1] ** -0.5
        weights = F.softmax(scores + _PADDED_WORD * (1 - word_mask), dim=-1)
        return self.W(torch.einsum("bpn,bcn->bcp", weights, value))


class LanguageFusion(nn.Module):
    """Visual features times the words they attended to, projected.

    `attention_norm` is the published instance norm of attended words. It removes what the words say of the picture as
    a whole, which a pretrained Swin can afford; without one, text then hardly counts for long.
    """

    def __init__(self, dim: int, text_dim: int, attention_norm: bool = True) -> None:
        super().__init__()
        self.vis_project = nn.Sequential(nn.Conv1d(dim, dim, 1), nn.GELU())
        self.image_lang_att = SpatialImageLanguageAttention(dim, text_dim, attention_norm)
        self.project_mm = nn.Sequential(nn.Conv1d(dim, dim, 1), nn.GELU())

    def forward(self, x: Tensor, words: Tensor, word_mask: Tensor) -> Tensor:
        """(B, H, W, C) -> (B, H, W, C)."""
        b, h, w, c = x.shape
        flat = x.reshape(b, h * w, c).transpose(1, 2)
        mixed = self.project_mm(self.vis_project(flat) * self.image_lang_att(flat, words, word_mask))
        return mixed.transpose(1, 2).reshape(b, h, w, c)


class SwinStage(nn.Module):
    """Swin blocks, language fusion, gated residual, patch merging."""

    def __init__(
        self,
        dim: int,
        depth: int,
        heads: int,
        window: int,
        drop_path: list[float],
        text_dim: int,
        last: bool,
        attention_norm: bool = True,
        local_mixing: bool = False,
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            SwinBlock(dim, heads, window, bool(i % 2), drop_path[i], local_mixing) for i in range(depth)
        )
        self.fusion = LanguageFusion(dim, text_dim, attention_norm)
        self.res_gate = nn.Sequential(
            nn.Linear(dim, dim, bias=False), nn.ReLU(), nn.Linear(dim, dim, bias=False), nn.Tanh()
        )
        self.downsample = None if last else PatchMerging(dim)

    def forward(self, x: Tensor, words: Tensor, word_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Language-fused features of this stage (B, H, W, C), and the input of the next."""
        for block in self.blocks:
            x = block(x)
        mixed = self.fusion(x, words, word_mask)
        x = x + self.res_gate(mixed) * mixed
        return mixed, x if self.downsample is None else self.downsample(x)


class LanguageSwin(nn.Module):
    """The encoder: four resolutions, each already fused with the words."""

    def __init__(self, config: SegmentationConfig) -> None:
        super().__init__()
        self.patch_embed = PatchEmbed(3, config.width)
        total = sum(config.depths)
        rates = [config.drop_path * i / max(1, total - 1) for i in range(total)]
        self.layers = nn.ModuleList()
        for i, (depth, heads) in enumerate(zip(config.depths, config.heads, strict=True)):
            start = sum(config.depths[:i])
            last = i == len(config.depths) - 1
            drop_path = rates[start : start + depth]
            self.layers.append(
                SwinStage(config.width << i, depth, heads, config.window, drop_path, config.text_dim, last)
            )
            self.add_module(f"norm{i}", nn.LayerNorm(config.width << i))

    def forward(self, picture: Tensor, words: Tensor, word_mask: Tensor) -> list[Tensor]:
        """ImageNet-normalised (B, 3, H, W) -> [(B, C·2^i, ⌈H/4/2^i⌉, ⌈W/4/2^i⌉) for i in 0…3]."""
        x = self.patch_embed(picture)
        outputs = []
        for i, layer in enumerate(self.layers):
            mixed, x = layer(x, words, word_mask)
            outputs.append(getattr(self, f"norm{i}")(mixed).permute(0, 3, 1, 2))
        return outputs


class Decoder(nn.Module):
    """From the deepest map up: resize, concatenate with the next, two 3×3 conv + BN + ReLU; then two classes."""

    def __init__(self, config: SegmentationConfig) -> None:
        super().__init__()
        c = config.width
        hidden = 4 * c
        below = 8 * c
        for level, skip in ((4, 4 * c), (3, 2 * c), (2, c)):
            self.add_module(f"conv1_{level}", nn.Conv2d(below + skip, hidden, 3, padding=1, bias=False))
            self.add_module(f"bn1_{level}", nn.BatchNorm2d(hidden))
            self.add_module(f"conv2_{level}", nn.Conv2d(hidden, hidden, 3, padding=1, bias=False))
            self.add_module(f"bn2_{level}", nn.BatchNorm2d(hidden))
            below = hidden
        self.conv1_1 = nn.Conv2d(hidden, 2, 1)

    def forward(self, levels: list[Tensor]) -> Tensor:
        """The encoder's levels, finest first -> logits (B, 2, H/4, W/4)."""
        x = levels[-1]
        for level, skip in zip((4, 3, 2), reversed(levels[:-1]), strict=True):
            x = F.interpolate(x, size=skip.shape[-2:], mode="bilinear", align_corners=True)
            x = torch.cat([x, skip], dim=1)
            for conv in ("1", "2"):
                x = getattr(self, f"conv{conv}_{level}")(x)
                x = getattr(self, f"bn{conv}_{level}")(x)
                x = F.relu(x)
        return self.conv1_1(x)


class SegmentationNet(nn.Module):
    """Fused picture and words to a mask."""

    def __init__(self, config: SegmentationConfig) -> None:
        super().__init__()
        self.backbone = LanguageSwin(config)
        self.classifier = Decoder(config)

    def look(self, picture: Tensor) -> Tensor:
        """What can be computed before the words are known: here nothing, words take part from the first stage on."""
        return picture

    def refer(self, picture: Tensor, words: Tensor, word_mask: Tensor, index: Tensor | None = None) -> Tensor:
        """`forward` under the name by which both heads are asked about what they have looked at.

        `index` says which picture each sentence is about, int64 (S,); None where every picture has one sentence.
        """
        return self(picture if index is None else picture[index], words, word_mask)

    def forward(self, picture: Tensor, words: Tensor, word_mask: Tensor) -> Tensor:
        """Segment.

        Args:
            picture: (B, 3, H, W), ImageNet-normalised.
            words: (B, N, text_dim) features of the frozen text encoder.
            word_mask: (B, N) bool, True for a real word.

        Returns:
            Logits (B, 2, H, W); class 1 is the referred object.
        """
        mask = word_mask[:, None, :].to(words.dtype)
        logits = self.classifier(self.backbone(picture, words.transpose(1, 2), mask))
        return F.interpolate(logits.float(), size=picture.shape[-2:], mode="bilinear", align_corners=True)
