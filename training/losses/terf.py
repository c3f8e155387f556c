"""TeRF's fusion losses (eq. 6–9 of the paper).

All pictures are float tensors in [0, 1], grey (B, 1, H, W) and colour (B, 3, H, W); every l1-norm is the mean over
pixels, so that the weights do not depend on the picture's size.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from engines.color import rgb_to_ycbcr
from engines.image_ops import sobel_magnitude, ssim


@dataclass(frozen=True)
class FusionWeights:
    """Weights of eq. 9; the defaults are the paper's.

    Attributes:
        alpha: Of intensity and gradient, eq. 6.
        beta: Of colour, eq. 7.
        eta: Of structure, eq. 8.
    """

    alpha: float = 1.0
    beta: float = 1.0
    eta: float = 0.1


def intensity_loss(y: Tensor, target: Tensor) -> Tensor:
    """Mean |Y − target|, the first term of eq. 6, 10 and 12."""
    return (y - target).abs().mean()


def gradient_loss(y: Tensor, y_visible: Tensor, infrared: Tensor) -> Tensor:
    """Mean |∇Y − max(∇Y_ir, ∇Y_vi)| with ∇ = |Sobel_x| + |Sobel_y|, the second term of eq. 6, 10 and 12."""
    target = torch.maximum(sobel_magnitude(y_visible), sobel_magnitude(infrared))
    return (sobel_magnitude(y) - target).abs().mean()


def color_loss(fused: Tensor, visible: Tensor) -> Tensor:
    """Eq. 7: mean |Cr − Cr_vi| + mean |Cb − Cb_vi| of two colour pictures.

    Zero up to rounding for `recolor`, which keeps the visible picture's chroma exactly; it then has no gradient and
    only guards the recipe.
    """
    _, cb, cr = rgb_to_ycbcr(*fused.unbind(dim=1))
    _, cb_visible, cr_visible = rgb_to_ycbcr(*visible.unbind(dim=1))
    return (cr - cr_visible).abs().mean() + (cb - cb_visible).abs().mean()


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
