"""The terms of TeRF's fusion losses that training the backbone and inclining it share (eq. 6, 7 and 9).

All pictures are float tensors in [0, 1], grey (B, 1, H, W) and colour (B, 3, H, W); every l1-norm is the mean over
pixels, so that the weights do not depend on the picture's size.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from engines.color import rgb_to_ycbcr
from engines.image_ops import sobel_magnitude


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
