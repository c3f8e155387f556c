"""The detector's loss: focal loss of the centres' heatmaps, generalised overlap of the boxes."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from training.detection_boxes import Targets

# Of the boxes' loss beside the heatmaps' one.
_BOX_WEIGHT = 3.0


def centre_focal_loss(logits: Tensor, heat: Tensor) -> Tensor:
    """Penalty-reduced focal loss (CenterNet, eq. 1), over the number of centres.

    Args:
        logits: (B, classes, h, w).
        heat: The same shape in [0, 1]: 1 at a centre, falling off around it.
    """
    probability = torch.sigmoid(logits)
    centre = heat == 1.0
    at_centre = (1.0 - probability) ** 2 * F.logsigmoid(logits)
    beside = (1.0 - heat) ** 4 * probability**2 * F.logsigmoid(-logits)
    return -torch.where(centre, at_centre, beside).sum() / centre.sum().clamp(min=1)


def overlap_loss(sides: Tensor, targets: Tensor) -> Tensor:
    """1 − generalised IoU (Rezatofighi et al. 2019) of boxes given by distances from the same place.

    Args:
        sides: Left, upper, right, lower distance, positive, (N, 4).
        targets: The same.

    Returns:
        (N,), between 0 and 2.
    """
    inner, outer = torch.minimum(sides, targets), torch.maximum(sides, targets)
    common = (inner[:, 0] + inner[:, 2]) * (inner[:, 1] + inner[:, 3])
    around = (outer[:, 0] + outer[:, 2]) * (outer[:, 1] + outer[:, 3])
    areas = [(box[:, 0] + box[:, 2]) * (box[:, 1] + box[:, 3]) for box in (sides, targets)]
    union = areas[0] + areas[1] - common
    return 1.0 - common / union + (around - union) / around


def detection_loss(logits: Tensor, sides: Tensor, targets: Targets) -> tuple[Tensor, dict[str, Tensor]]:
    """Upper level of eq. 7.

    Args:
        logits: (B, classes, h, w).
        sides: (B, 4, h, w), pixels.
        targets: See `training.detection_boxes`.

    Returns:
        The total, and its terms by name.
    """
    places = targets.weight[:, 0] > 0.0
    weight = targets.weight[:, 0][places]
    losses = overlap_loss(sides.permute(0, 2, 3, 1)[places], targets.sides.permute(0, 2, 3, 1)[places])
    terms = {
        "centres": centre_focal_loss(logits, targets.heat),
        "boxes": (weight * losses).sum() / weight.sum().clamp(min=1.0),
    }
    return terms["centres"] + _BOX_WEIGHT * terms["boxes"], terms
