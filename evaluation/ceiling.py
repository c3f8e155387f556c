"""How far the measures of fusion go together: descending on a picture's own pixels, which no network can do better.

A goal for several measures at once may ask for a picture that does not exist. What a free choice of every pixel gives
for the sum of the measures, each with a weight, bounds that sum for every method. The descent need not find the very
best picture, so it is a bound as far as the descent got: it starts from a method's picture and only leaves it for a
better one.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from engines.color import image_luma
from engines.errors import InputError
from engines.types import ImagePair
from evaluation.fusion.grey import to_8bit
from evaluation.metrics import fusion_metrics
from training.losses.fusion_quality import QualityWeights, held_per_pixel, quality_loss

METRICS = ("EN", "SD", "SCD", "VIF", "Qabf", "SSIM")
START = "start"
# What the pixels are asked for. The loss leaves the other terms out where a weight is 0; values stay in [0, 1].
_NOTHING = QualityWeights(information=0.0, edges=0.0, structure=0.0, differences=0.0, deviation=0.0)
WISHES = {
    "SSIM alone": replace(_NOTHING, structure=1.0),
    "all, with the weights TeRF is trained with": QualityWeights(
        information=1.5, edges=6.0, structure=6.0, differences=0.2
    ),
    "all, SSIM four times as much": QualityWeights(information=1.5, edges=6.0, structure=24.0, differences=0.2),
}
# VIF halves its pictures three times and looks through windows after that.
_SMALLEST = 41
_RATE = 1e-2
# Values at the very ends of the range have no gradient.
_WITHIN = 2e-3


def descended(pair: ImagePair, start: np.ndarray, weights: QualityWeights, steps: int) -> np.ndarray:
    """The luma that serves the measures best, as far as so many steps of Adam find it.

    Args:
        pair: The sources, sides of 41 pixels or more.
        start: Fused luma (H, W) in [0, 1] to begin with.
        weights: What counts how much.
        steps: At a rate that falls to zero along a half cosine.

    Returns:
        float32 (H, W) in [0, 1]; `start` where nothing better was found.
    """
    y_visible, infrared = _tensor(image_luma(pair.visible)), _tensor(pair.infrared)
    held = held_per_pixel(torch.stack([infrared, y_visible]))

    def loss_of(y: Tensor) -> Tensor:
        return quality_loss(y, y_visible, infrared, held, weights)[0]

    first = _tensor(start)
    y = first.clamp(_WITHIN, 1.0 - _WITHIN).requires_grad_()
    optimizer = torch.optim.Adam([y], lr=_RATE, betas=(0.9, 0.99))
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = _RATE * (0.5 + 0.5 * math.cos(math.pi * step / steps))
        optimizer.zero_grad(set_to_none=True)
        loss_of(y).backward()
        optimizer.step()
    with torch.no_grad():
        found = y.clamp(0.0, 1.0)
        best = found if loss_of(found) < loss_of(first) else first
    return best[0, 0].numpy()


def ceilings(pair: ImagePair, start: np.ndarray, steps: int) -> dict[str, dict[str, float]]:
    """METRICS of a picture (H, W, 3) under START, and of what each of WISHES makes of it.

    Raises:
        InputError: The pictures are too small for VIF.
    """
    if min(pair.shape) < _SMALLEST:
        raise InputError(f"The pictures must have sides of {_SMALLEST} pixels or more, but these have {pair.shape}.")
    visible, infrared = to_8bit(image_luma(pair.visible)), to_8bit(pair.infrared)
    y = image_luma(start)
    pictures = {START: y} | {wish: descended(pair, y, weights, steps) for wish, weights in WISHES.items()}
    return {name: fusion_metrics(infrared, visible, to_8bit(luma), METRICS) for name, luma in pictures.items()}


def _tensor(picture: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(picture, dtype=np.float32))[None, None]
