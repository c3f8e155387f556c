"""A small single-stage detector without anchors: where objects have their centres, and how far their sides are.

After CenterNet (Zhou et al. 2019: a heatmap of centres per class, its local maxima are the objects) and FCOS (Tian et
al. 2019: distances to the four sides instead of anchors), on the pyramid's finest level. The paper's is YOLOv5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engines.ris_fusion.normalisation import IMAGENET_MEAN, IMAGENET_STD
from engines.ris_fusion.trunk import Pyramid, Trunk
from engines.text2pixels.config import DETECTED_CLASSES, DetectorConfig

# Pixels between two places an object's centre can be at.
CENTRE_STRIDE = 4
# What the trunk halves its pictures to.
_MULTIPLE = 32
# Share of objects among all places at the beginning, so that the first steps are not spent on emptiness.
_PRIOR = 0.01
# Distances are predicted as logarithms, in units of this many pixels.
_UNIT = 16.0
_LARGEST_LOGARITHM = 4.0
# Boxes of one class that overlap more are one object.
_SAME_OBJECT = 0.5
_MOST_OBJECTS = 100


@dataclass(frozen=True)
class Detection:
    """One object.

    Attributes:
        label: One of DETECTED_CLASSES.
        score: Confidence in [0, 1].
        box: x0, y0, x1, y1 in pixels of the picture.
    """

    label: str
    score: float
    box: tuple[float, float, float, float]


class CentreDetector(nn.Module):
    """RGB to centres and distances."""

    def __init__(self, config: DetectorConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or DetectorConfig()
        self.trunk = Trunk(config.trunk)
        self.pyramid = Pyramid(self.trunk.channels, config.width)
        self.head = nn.Sequential(
            nn.Conv2d(config.width, config.width, 3, padding=1), nn.GroupNorm(8, config.width), nn.ReLU()
        )
        self.centres = nn.Conv2d(config.width, len(DETECTED_CLASSES), 1)
        self.sides = nn.Conv2d(config.width, 4, 1)
        nn.init.constant_(self.centres.bias, float(np.log(_PRIOR / (1.0 - _PRIOR))))
        nn.init.zeros_(self.sides.weight)
        nn.init.zeros_(self.sides.bias)
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(IMAGENET_STD).view(1, 3, 1, 1))

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """Look at pictures.

        Args:
            picture: (B, 3, H, W), RGB in [0, 1]; sides are multiples of 32.

        Returns:
            Logits of a class's centre at each place (B, classes, H/4, W/4), and the distances from that place to the
            left, upper, right and lower side of its object, in pixels (B, 4, H/4, W/4).
        """
        # Depthwise convolutions are faster in float32 than in bf16 on a CPU, above all backwards.
        with torch.autocast(picture.device.type, enabled=False):
            levels = self.trunk((picture.float() - self.mean) / self.std)
        x = self.head(self.pyramid(levels)[0])
        sides = self.sides(x).float().clamp(-_LARGEST_LOGARITHM, _LARGEST_LOGARITHM)
        return self.centres(x).float(), _UNIT * torch.exp(sides)

    @torch.inference_mode()
    def detect(self, picture: np.ndarray, least: float = 0.05) -> list[Detection]:
        """Objects of a picture, best first.

        Args:
            picture: float32 (H, W, 3), RGB in [0, 1], of any size.
            least: Lowest score of interest.
        """
        height, width = picture.shape[:2]
        scale = (self.config.pixels / (height * width)) ** 0.5
        size = tuple(max(1, round(length * scale / _MULTIPLE)) * _MULTIPLE for length in (height, width))
        given = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None].to(self.mean.device)
        shrinks = size[0] < height
        small = F.interpolate(given, size=size, mode="bilinear", antialias=shrinks, align_corners=False)
        logits, sides = self(small.contiguous(memory_format=torch.channels_last))
        boxes, scores, classes = peaks(logits[0], sides[0], least)
        boxes[:, 0::2] = (boxes[:, 0::2] * width / size[1]).clamp(0, width)
        boxes[:, 1::2] = (boxes[:, 1::2] * height / size[0]).clamp(0, height)
        return [
            Detection(DETECTED_CLASSES[kind], float(score), tuple(box))
            for box, score, kind in zip(boxes.tolist(), scores.tolist(), classes.tolist(), strict=True)
        ]


def peaks(logits: Tensor, sides: Tensor, least: float) -> tuple[Tensor, Tensor, Tensor]:
    """Boxes at the local maxima of the heatmaps, each object once.

    Args:
        logits: (classes, h, w).
        sides: (4, h, w), see `CentreDetector.forward`.
        least: Lowest score of interest.

    Returns:
        Boxes x0, y0, x1, y1 in pixels (N, 4), scores (N,) and class indices (N,), best first.
    """
    heat = torch.sigmoid(logits)
    summit = heat == F.max_pool2d(heat[None], 3, stride=1, padding=1)[0]
    scores, places = (heat * summit).flatten().topk(min(_MOST_OBJECTS, heat.numel()))
    places = places[scores >= least]
    scores = scores[: len(places)]
    kinds, rows, columns = torch.unravel_index(places, heat.shape)
    boxes = boxes_at(sides[:, rows, columns], rows, columns)
    # Apart by class: a rider and the bicycle overlap and are two.
    apart = boxes + (boxes.abs().max() + 1.0 if len(boxes) else 0.0) * 2.0 * kinds[:, None]
    kept = torch.ops.torchvision.nms(apart, scores, _SAME_OBJECT)
    return boxes[kept], scores[kept], kinds[kept]


def boxes_at(sides: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Distances (4, N) at places (N,), (N,) of the finest level -> boxes in pixels (N, 4)."""
    x, y = (CENTRE_STRIDE * (along + 0.5) for along in (columns, rows))
    left, upper, right, lower = sides
    return torch.stack([x - left, y - upper, x + right, y + lower], dim=1)
