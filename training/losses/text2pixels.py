"""The fusion constraint of From Text to Pixels (eq. 8–10 of the paper) and terms of ours for words and codes.

Two readings of ours. Eq. 9 as printed compares the fused picture with dimmed sources, ω·I, which would make it half as
bright; here ω weighs how much a pixel's difference to a source counts. And ω₁ as printed divides by the difference of
the saliencies, which is not bounded; here by their sum, which makes both weights shares.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from engines.image_ops import sobel, ssim
from training.losses.ris_fusion import contrast_loss

_LEVELS = 256


def saliency(picture: Tensor) -> Tensor:
    """S of eq. 9: how far each pixel's grey level is from all others of its picture, on average.

    Args:
        picture: (B, 1, H, W) in [0, 1].

    Returns:
        (B, 1, H, W), in levels, 0 or more.
    """
    level = (picture.detach().clamp(0.0, 1.0) * (_LEVELS - 1)).round().long().flatten(1)
    histogram = torch.zeros(len(picture), _LEVELS, device=picture.device)
    histogram.scatter_add_(1, level, torch.ones_like(level, dtype=histogram.dtype))
    levels = torch.arange(_LEVELS, dtype=histogram.dtype, device=picture.device)
    of_level = histogram @ (levels[:, None] - levels[None]).abs() / level.shape[1]
    return of_level.gather(1, level).view(picture.shape)


def _gradient_difference(a: Tensor, b: Tensor) -> Tensor:
    """(B, 1, H, W): L1 difference of the Sobel derivatives."""
    (ax, ay), (bx, by) = sobel(a), sobel(b)
    return (ax - bx).abs() + (ay - by).abs()


def structure_loss(fused: Tensor, earlier: Tensor) -> Tensor:
    """Eq. 8: how far the fused picture moved from what an earlier state of the network made of the same pair.

    Args:
        fused: z, luma (B, 1, H, W).
        earlier: z', the same shape, without gradient.
    """
    pixel = F.l1_loss(fused, earlier)
    return 1.0 - ssim(fused, earlier) + pixel + _gradient_difference(fused, earlier).mean()


def content_consistency(fused: Tensor, visible: Tensor, infrared: Tensor) -> Tensor:
    """Eq. 9: difference to each source, weighed by how salient its pixels are beside the other's; a scalar.

    Args:
        fused, visible, infrared: Lumas (B, 1, H, W) in [0, 1].
    """
    of_infrared, of_visible = saliency(infrared), saliency(visible)
    share = of_infrared / (of_infrared + of_visible).clamp(min=1e-6)
    total = torch.zeros((), device=fused.device)
    for source, weight in ((infrared, share), (visible, 1.0 - share)):
        differences = (fused - source).abs() + _gradient_difference(fused, source)
        total = total + weight.mean() * (1.0 - ssim(fused, source)) + (weight * differences).mean()
    return total


def feasibility(fused: Tensor, earlier: Tensor, visible: Tensor, infrared: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """Eq. 10: both losses, each weighed by how well its picture keeps the sources, as SSIM says.

    Args:
        fused, earlier, visible, infrared: Lumas (B, 1, H, W) in [0, 1].

    Returns:
        The total, and its unweighted terms by name.
    """
    with torch.no_grad():
        kept_earlier, kept = (0.5 * (ssim(z, infrared) + ssim(z, visible)) for z in (earlier, fused))
    terms = {
        "structure": structure_loss(fused, earlier),
        "content": content_consistency(fused, visible, infrared),
    }
    return kept_earlier * terms["structure"] + kept * terms["content"], terms


def description_loss(described: Tensor, sources: Tensor, stride: int) -> Tensor:
    """How wrong codes are about the pixels they stand for (ours), a scalar.

    Without it nothing asks the features for what the picture shows, the decoder having the details anyway: all pictures
    without words then become one code.

    Args:
        described: (B, T, 4) of the codes, in rows: mean of the visible and of the infrared picture, then four times the
            standard deviation of either.
        sources: Visible luma and infrared (B, 2, H, W).
        stride: Pixels a code stands for, along each side.
    """
    mean = F.avg_pool2d(sources, stride)
    spread = (F.avg_pool2d(sources**2, stride) - mean**2).clamp(min=1e-6).sqrt()
    truth = torch.cat([mean, 4.0 * spread], dim=1).flatten(2).transpose(1, 2)
    return F.l1_loss(described.float(), truth)


def pointing_loss(
    told: Tensor, plain: Tensor, visible: Tensor, infrared: Tensor, mask: Tensor, rim: int = 4
) -> tuple[Tensor, Tensor]:
    """What words are for (ours): the named thing stands out, and elsewhere the picture stays as it is without words.

    Args:
        told: Fused with words, luma (B, 1, H, W) in [0, 1]; sides are even.
        plain: Fused without, the same shape.
        visible, infrared: The sources' lumas.
        mask: (B, 1, H, W), 1 inside; all zeros where the words name nothing that is there.
        rim: Pixels around the thing that may change along with it.

    Returns:
        How far the thing falls short of standing out, and the mean change elsewhere; scalars.
    """
    # At half size: dilation is slow on a CPU, and means hardly change.
    half = [F.avg_pool2d(t, 2) for t in (told, visible, infrared, mask)]
    salience = contrast_loss(*half, gain=1.25, margin=0.08, ring=7)
    elsewhere = 1.0 - F.max_pool2d(mask, 2 * rim + 1, stride=1, padding=rim)
    change = ((told - plain.detach()).abs() * elsewhere).mean()
    return salience, change
