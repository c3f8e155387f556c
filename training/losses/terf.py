"""TeRF's fusion losses (eq. 6–9 of the paper).

Conventions and the terms that inclination shares are in `engines.terf.losses`.
"""

from __future__ import annotations

import torch
from torch import Tensor

from engines.color import rgb_to_ycbcr
from engines.image_ops import ssim
from engines.terf.losses import FusionWeights, color_loss, gradient_loss, intensity_loss


def structure_loss(fused: Tensor, y: Tensor, visible: Tensor, infrared: Tensor) -> Tensor:
    """Eq. 8: (1 − SSIM(fused, visible)) + (1 − SSIM(Y, infrared))."""
    return (1.0 - ssim(fused, visible)) + (1.0 - ssim(y, infrared))


def fusion_loss(
    fused: Tensor, visible: Tensor, infrared: Tensor, weights: FusionWeights | None = None
) -> tuple[Tensor, dict[str, Tensor]]:
    """Eq. 9.

    Args:
        fused: (B, 3, H, W), RGB.
        visible: (B, 3, H, W), RGB.
        infrared: (B, 1, H, W).
        weights: α, β and η; None for the paper's.

    Returns:
        The total and its unweighted terms by name (intensity, gradient, color, structure), scalars.
    """
    weights = weights or FusionWeights()
    y, y_visible = (rgb_to_ycbcr(*x.unbind(dim=1))[0].unsqueeze(1) for x in (fused, visible))
    terms = {
        "intensity": intensity_loss(y, torch.maximum(y_visible, infrared)),
        "gradient": gradient_loss(y, y_visible, infrared),
        "color": color_loss(fused, visible),
        "structure": structure_loss(fused, y, visible, infrared),
    }
    total = (
        weights.alpha * (terms["intensity"] + terms["gradient"])
        + weights.beta * terms["color"]
        + weights.eta * terms["structure"]
    )
    return total, terms
