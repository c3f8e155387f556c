"""TeSG's losses: structure, gradient, intensity and colour, weighted by the masks, and what a request asks for.

The paper names the four terms and leaves their formulas to a supplement; these are their usual forms. Pictures are
float tensors in [0, 1], grey (B, 1, H, W) and colour (B, 3, H, W). Means are over pixels, with a weight per pixel.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from engines.color import rgb_to_ycbcr
from engines.image_ops import sobel_magnitude, ssim
from engines.terf.model import image_luma, recolor

# How a highlighted object differs from its fused self: brightness moved away from the surroundings, and contrast.
SHIFT = 0.12
CONTRAST = 1.3
# An object darker than its surroundings is darkened only above this luma: below, darkening would bury what it shows.
DARK = 0.4
RING = 15
# So many pixels count as a mask at least.
_FEWEST = 50.0


@dataclass(frozen=True)
class SupplementWeights:
    """Weights of `supplement_loss`; the defaults are those training with these losses alone uses.

    Attributes:
        structure: Of (1 − SSIM) summed over both sources.
        gradient: Of the distance to the stronger gradient.
        intensity: Of the distance to the brighter source.
        color: Of the chroma lost.
        foreground: How much more a pixel inside the mask counts than one outside.
    """

    structure: float = 1.0
    gradient: float = 1.0
    intensity: float = 10.0
    color: float = 1.0
    foreground: float = 0.0


def _weighted(values: Tensor, weights: Tensor) -> Tensor:
    return (values * weights).sum() / weights.sum()


def supplement_loss(
    y: Tensor, visible: Tensor, infrared: Tensor, masks: Tensor, weights: SupplementWeights | None = None
) -> tuple[Tensor, dict[str, Tensor]]:
    """The paper's four terms.

    Args:
        y: Fused luma (B, 1, H, W), not clamped.
        visible: (B, 3, H, W), RGB.
        infrared: (B, 1, H, W).
        masks: Foreground, (B, 1, H, W).
        weights: None for the defaults.

    Returns:
        The total and its unweighted terms by name (structure, gradient, intensity, color), scalars. As the visible
        picture's chroma is kept, `color` is what is lost of it where the new luma leaves the gamut.
    """
    weights = weights or SupplementWeights()
    pixels = 1.0 + weights.foreground * masks
    y_visible = image_luma(visible)
    stronger = torch.maximum(sobel_magnitude(y_visible), sobel_magnitude(infrared))
    chroma, kept = (
        torch.cat(rgb_to_ycbcr(*x.split(1, dim=1))[1:], dim=1) for x in (visible, recolor(y, visible).clamp(0.0, 1.0))
    )
    terms = {
        "structure": 2.0 - ssim(y, y_visible) - ssim(y, infrared),
        "gradient": _weighted((sobel_magnitude(y) - stronger).abs(), pixels),
        "intensity": _weighted((y - torch.maximum(y_visible, infrared)).abs(), pixels),
        "color": _weighted((kept - chroma).abs().sum(dim=1, keepdim=True), pixels),
    }
    return sum(getattr(weights, name) * term for name, term in terms.items()), terms


def highlighted(y: Tensor, masks: Tensor) -> Tensor:
    """What highlighting should make of luma (B, 1, H, W) inside masks (B, 1, H, W): (B, 1, H, W), not clamped.

    The object's contrast about its own mean grows, and it moves away from the surroundings within RING pixels.
    """
    size = 2 * RING + 1
    ring = (F.max_pool2d(masks, size, stride=1, padding=RING) - masks).clamp(min=0.0)

    def mean(weights: Tensor) -> Tensor:
        return (y * weights).sum((-2, -1), keepdim=True) / weights.sum((-2, -1), keepdim=True).clamp(min=1.0)

    inside, around = mean(masks), mean(ring)
    down = (inside < around) & (inside > DARK)
    shift = torch.where(down, -SHIFT, SHIFT)
    return inside + CONTRAST * (y - inside) + shift


def request_loss(y: Tensor, targets: Tensor, masks: Tensor) -> Tensor:
    """Distance to what is asked for, of luma and of its gradient, inside the masks; a scalar.

    Every mask counts alike, however small; an empty one asks for nothing.

    Args:
        y: Fused luma (B, 1, H, W).
        targets: (B, 1, H, W).
        masks: (B, 1, H, W).
    """
    distance = (y - targets).abs() + 0.1 * (sobel_magnitude(y) - sobel_magnitude(targets)).abs()
    size = masks.sum((-3, -2, -1)).clamp(min=_FEWEST)
    return ((distance * masks).sum((-3, -2, -1)) / size).mean()
