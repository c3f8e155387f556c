"""Losses of RIS-FUSION (section 2.3) and the terms we add for training from scratch."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from engines.image_ops import sobel, sobel_magnitude, ssim

# Pixels across within which a change may end at an object's outline.
_NEAR = 5


def dual_class_dice(logits: Tensor, mask: Tensor, epsilon: float = 1.0) -> Tensor:
    """Dice loss of eq. 7, averaged over the two classes (referred object and background), a scalar in [0, 1].

    Args:
        logits: (B, 2, H, W).
        mask: (B, 1, H, W), 1 inside.
        epsilon: ε of eq. 7, in pixels; it makes an empty prediction of an empty mask perfect.
    """
    probability = logits.softmax(dim=1)
    truth = torch.cat([1 - mask, mask], dim=1)
    overlap = (probability * truth).flatten(2).sum(dim=2)
    total = probability.flatten(2).sum(dim=2) + truth.flatten(2).sum(dim=2)
    return (1 - (2 * overlap + epsilon) / (total + epsilon)).mean()


def balanced_cross_entropy(logits: Tensor, mask: Tensor, heaviest: float = 12.0) -> Tensor:
    """Cross-entropy in which small objects count (ours), a scalar.

    A pixel inside weighs √(background area / object area), between 1 and `heaviest`, sample by sample: otherwise
    a person of 0.2 % of the picture is best ignored.

    Args:
        logits: (B, 2, H, W).
        mask: (B, 1, H, W), 1 inside.
        heaviest: Largest weight of a pixel inside.
    """
    share = mask.flatten(1).mean(dim=1).clamp(min=1e-6)
    inside = ((1 - share) / share).sqrt().clamp(1.0, heaviest)
    weight = 1 + (inside[:, None, None] - 1) * mask[:, 0]
    return (weight * F.cross_entropy(logits, mask[:, 0].long(), reduction="none")).mean()


@dataclass(frozen=True)
class FusionLossWeights:
    """ω of eq. 8, and two terms of ours.

    Attributes:
        ssim_visible: 1 − SSIM with the visible luma.
        ssim_infrared: The same with the infrared picture (ours).
        mse_visible: Squared error to the visible luma.
        mse_infrared: Squared error to the infrared picture.
        sobel_infrared: L1 of the Sobel magnitude's difference to the infrared picture's.
        gradient: L1 of the derivatives' difference to the larger of the two pictures' derivatives.
        intensity: L1 to the brighter of the two pictures (ours; TeRF's eq. 6).
    """

    ssim_visible: float = 0.5
    ssim_infrared: float = 0.0
    mse_visible: float = 0.5
    mse_infrared: float = 2.0
    sobel_infrared: float = 1.0
    gradient: float = 1.0
    intensity: float = 0.0


PAPER = FusionLossWeights()
# The paper's weights pull the picture to four fifths of infrared, which makes daylight scenes look thermal and hides
# cold objects; ours keep the brighter source and the stronger edge.
EMBEDDED = FusionLossWeights(
    ssim_visible=0.4,
    ssim_infrared=0.3,
    mse_visible=0.0,
    mse_infrared=0.0,
    sobel_infrared=0.0,
    gradient=1.0,
    intensity=2.0,
)


def _larger(a: Tensor, b: Tensor) -> Tensor:
    """Of two signed derivatives the one of larger magnitude: what eq. 8 means by max of gradients."""
    return torch.where(a.abs() >= b.abs(), a, b)


def fusion_loss(y: Tensor, visible: Tensor, infrared: Tensor, weights: FusionLossWeights = PAPER) -> Tensor:
    """Fusion loss of eq. 8, a scalar.

    Args:
        y: Fused luma (B, 1, H, W) in [0, 1].
        visible: Visible luma, the same shape and range.
        infrared: Infrared picture, the same shape and range.
        weights: ω.
    """
    fx, fy = sobel(y)
    vx, vy = sobel(visible)
    ix, iy = sobel(infrared)
    terms = (
        (weights.ssim_visible, lambda: 1 - ssim(y, visible)),
        (weights.ssim_infrared, lambda: 1 - ssim(y, infrared)),
        (weights.mse_visible, lambda: F.mse_loss(y, visible)),
        (weights.mse_infrared, lambda: F.mse_loss(y, infrared)),
        (weights.sobel_infrared, lambda: F.l1_loss(sobel_magnitude(y), sobel_magnitude(infrared))),
        (weights.gradient, lambda: F.l1_loss(fx, _larger(vx, ix)) + F.l1_loss(fy, _larger(vy, iy))),
        (weights.intensity, lambda: F.l1_loss(y, torch.maximum(visible, infrared))),
    )
    return sum(weight * term() for weight, term in terms if weight)


def object_contrast(y: Tensor, mask: Tensor, ring: int = 15) -> Tensor:
    """Signed luma difference between the object and its surroundings, per sample.

    Args:
        y: (B, 1, H, W).
        mask: (B, 1, H, W) in [0, 1], 1 inside.
        ring: Width of the surroundings in pixels.

    Returns:
        (B,): mean luma inside minus mean luma in the ring; 0 where the mask is empty.
    """
    # Dilation by a square is separable, and a 31×31 pooling window is slow on a CPU.
    wide = F.max_pool2d(mask, (1, 2 * ring + 1), stride=1, padding=(0, ring))
    around = F.max_pool2d(wide, (2 * ring + 1, 1), stride=1, padding=(ring, 0)) - mask
    inside_area = mask.flatten(1).sum(dim=1)
    around_area = around.flatten(1).sum(dim=1)
    inside = (y * mask).flatten(1).sum(dim=1) / inside_area.clamp(min=1)
    outside = (y * around).flatten(1).sum(dim=1) / around_area.clamp(min=1)
    return (inside - outside) * ((inside_area > 0) & (around_area > 0))


def contrast_loss(
    y: Tensor, visible: Tensor, infrared: Tensor, mask: Tensor, gain: float, margin: float, ring: int = 15
) -> Tensor:
    """How far the named object falls short of standing out (ours), a scalar.

    The object should differ from its surroundings by `gain` times what it does in the better source, plus `margin`,
    on that source's side (brighter or darker).

    Args:
        y, visible, infrared: Lumas (B, 1, H, W) in [0, 1].
        mask: (B, 1, H, W), 1 inside.
        gain: Factor on the better source's contrast.
        margin: Added contrast in luma.
        ring: Width of the surroundings in pixels.
    """
    with torch.no_grad():
        source = _larger(object_contrast(visible, mask, ring), object_contrast(infrared, mask, ring))
        # Half of the range is as much as any picture can give without clipping.
        goal = (gain * source.abs() + margin).clamp(max=0.5)
        side = torch.where(source >= 0, 1.0, -1.0)
        present = (mask.flatten(1).sum(dim=1) > 0).to(y.dtype)
    return (F.relu(goal - side * object_contrast(y, mask, ring)) * present).mean()


def even_change_loss(change: Tensor, mask: Tensor) -> Tensor:
    """How unevenly the words change the picture away from the object's outline (ours), a scalar.

    Lifting an object may shift it as a whole; ripples inside it are invented detail. Total variation of the change,
    per pixel of the object for what lies inside it, and per pixel of the rest for the rest.

    Args:
        change: (B, 1, H, W), fused luma with the words less the same without.
        mask: (B, 1, H, W), 1 inside.
    """
    # What is near the outline counts as neither side, so that the change may end there.
    inside = -F.max_pool2d(-mask, _NEAR, stride=1, padding=_NEAR // 2)
    across = F.pad((change[..., 1:] - change[..., :-1]).abs(), (0, 1))
    down = F.pad((change[..., 1:, :] - change[..., :-1, :]).abs(), (0, 0, 0, 1))
    variation = across + down
    return _mean_over(variation, inside) + _mean_over(variation, _away_from(mask))


def elsewhere_loss(change: Tensor, mask: Tensor) -> Tensor:
    """How much the words change the picture away from the object (ours), a scalar: the mean over what is not near it.

    `even_change_loss` lets the rest of the picture grow brighter or darker as a whole; this does not.

    Args:
        change: (B, 1, H, W), fused luma with the words less the same without.
        mask: (B, 1, H, W), 1 inside; all 0 for words that name nothing in the picture.
    """
    return _mean_over(change.abs(), _away_from(mask))


def _away_from(mask: Tensor) -> Tensor:
    """1 where nothing of a mask (B, 1, H, W) is near."""
    return 1 - F.max_pool2d(mask, _NEAR, stride=1, padding=_NEAR // 2)


def _mean_over(values: Tensor, side: Tensor) -> Tensor:
    """Mean of values where `side` is 1, both (B, 1, H, W), averaged over the batch; 0 where it is 1 nowhere."""
    return ((values * side).flatten(1).sum(dim=1) / side.flatten(1).sum(dim=1).clamp(min=1)).mean()
