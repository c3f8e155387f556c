"""Text-IF's losses (eq. 10–14 of the paper), weighted by the task a sentence names.

Eq. 10 takes the maximum of a colour and a grey picture; here, as in eq. 12, luma stands for the colour picture, since
eq. 13 asks for the visible picture's chroma. Norms are means over pixels. The paper's weights are in a supplement that
is not public; these are ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from engines.image_ops import ssim
from engines.terf.losses import color_loss, gradient_loss, intensity_loss
from engines.terf.model import image_luma
from training.restoration_sentences import PLAIN


@dataclass(frozen=True)
class TaskWeights:
    """Weights of eq. 11 and 14 for one task.

    Attributes:
        intensity: α_int.
        structure: α_SSIM.
        gradient: α_grad.
        color: α_color.
        infrared_structure: δ_ir, of the infrared picture's part in the structure.
    """

    intensity: float = 2.0
    structure: float = 0.3
    gradient: float = 0.5
    color: float = 1.0
    infrared_structure: float = 1.0


# Where light is to be restored, level and colour of the visible picture count most; where the infrared picture is
# cleaned, its structure does.
TASK_WEIGHTS: dict[str, TaskWeights] = {
    PLAIN: TaskWeights(),
    "low light": TaskWeights(intensity=4.0, color=3.0, infrared_structure=0.5),
    "over-exposure": TaskWeights(intensity=4.0, color=3.0, infrared_structure=0.5),
    "low contrast": TaskWeights(intensity=4.0, infrared_structure=1.5),
    "random noise": TaskWeights(intensity=4.0, structure=0.5, infrared_structure=1.5),
    "stripe noise": TaskWeights(intensity=4.0, structure=0.5, infrared_structure=1.5),
}


def text_if_loss(
    fused: Tensor, visible: Tensor, infrared: Tensor, weights: TaskWeights
) -> tuple[Tensor, dict[str, Tensor]]:
    """Eq. 14.

    Args:
        fused: (B, 3, H, W), RGB.
        visible: (B, 3, H, W), RGB in [0, 1], the picture as it should be.
        infrared: (B, 1, H, W) in [0, 1], the picture as it should be.
        weights: Of the task, the same for the whole batch.

    Returns:
        The total and its unweighted terms by name (intensity, structure, gradient, color), scalars.
    """
    y, y_visible = image_luma(fused), image_luma(visible)
    terms = {
        "intensity": intensity_loss(y, torch.maximum(y_visible, infrared)),
        "structure": (1.0 - ssim(y, y_visible)) + weights.infrared_structure * (1.0 - ssim(y, infrared)),
        "gradient": gradient_loss(y, y_visible, infrared),
        "color": color_loss(fused, visible),
    }
    return sum(getattr(weights, name) * term for name, term in terms.items()), terms
