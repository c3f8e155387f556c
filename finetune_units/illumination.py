"""Illumination of one picture by Retinex decomposition (TeRF, section 2.4.2, after RRDNet, Zhu et al., ICME 2020)."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

from engines.image_ops import gaussian_blur, sobel
from engines.terf.model import image_luma
from finetune_units.presets import Schedule
from finetune_units.tuning import StepProgress, optimize
from finetune_units.unit import FineTuningUnit
from finetune_units.views import Sight

Direction = Literal["brighten", "darken"]

SMOOTHNESS_WEIGHT = 1.0
NOISE_WEIGHT = 5000.0
EPSILON = 1e-4
BRIGHTEN_GAMMA = 0.6
DARKEN_GAMMA, DARKEN_GAIN = 1.25, 0.8


def decomposition_loss(picture: Tensor, reflectance: Tensor, illumination: Tensor, noise: Tensor) -> Tensor:
    """Eq. 14: ‖I − (R⊙S + N)‖₁ + ‖S − S₀‖₁ + ‖R − I/S‖₁, sums over pixels and channels.

    Args:
        picture: I, (1, 3, H, W) in [0, 1].
        reflectance: R, (1, 3, H, W).
        illumination: S, (1, 1, H, W), positive. As the divisor too it is learned: that keeps it from falling to 0,
            where I / S leaves the range of R.
        noise: N, (1, 3, H, W).
    """
    brightest = picture.amax(dim=1, keepdim=True)
    target = picture / illumination.clamp(min=EPSILON)
    return (
        (picture - (reflectance * illumination + noise)).abs().sum()
        + (illumination - brightest).abs().sum()
        + (reflectance - target).abs().sum()
    )


def smoothness_loss(picture: Tensor, illumination: Tensor) -> Tensor:
    """Eq. 15: squared derivatives of S, allowed where the picture's blurred squared derivatives are large."""
    size = min(11, 2 * min(picture.shape[-2:]) - 1)
    total = picture.new_zeros(())
    for of_s, of_y in zip(sobel(illumination), sobel(image_luma(picture)), strict=True):
        total = total + (of_s.square() / (gaussian_blur(of_y.square(), size) + EPSILON)).sum()
    return total


def noise_loss(picture: Tensor, reflectance: Tensor, noise: Tensor, share: float = 1.0) -> Tensor:
    """Eq. 16: ‖I⊙N‖_F + (‖w(∇ₓR)²‖₁ + ‖w(∇ᵧR)²‖₁) / λ_n, w = 1 / (I⊙(∇ₓR)²⊙(∇ᵧR)²) scaled to [0, 1].

    Args:
        picture: I, (B, 3, H, W) in [0, 1].
        reflectance: R, (B, 3, H, W).
        noise: N, (B, 3, H, W).
        share: Which part of the whole picture these pixels are. A Frobenius norm grows with the root of their number,
            the sums beside it with the number; this keeps the balance the whole picture has.
    """
    gx, gy = (derivative.square() for derivative in sobel(reflectance))
    weight = 1.0 / (picture * gx * gy + EPSILON).detach()
    low, high = weight.min(), weight.max()
    weight = (weight - low) / (high - low).clamp(min=1e-12)
    smoothness = (weight * gx).sum() + (weight * gy).sum()
    return share**0.5 * (picture * noise).norm() + smoothness / NOISE_WEIGHT


def illumination_loss(
    picture: Tensor, reflectance: Tensor, illumination: Tensor, noise: Tensor, share: float = 1.0
) -> Tensor:
    """Eq. 17 with the paper's λ_t = 1 and λ_n = 5000.

    Norms are sums as written there, which makes their balance depend on the picture's size; Adam is indifferent to
    the scale of the whole. `share` is that of `noise_loss`.
    """
    return (
        decomposition_loss(picture, reflectance, illumination, noise)
        + SMOOTHNESS_WEIGHT * smoothness_loss(picture, illumination)
        + NOISE_WEIGHT * noise_loss(picture, reflectance, noise, share)
    )


def adjust(illumination: Tensor, direction: Direction) -> Tensor:
    """One correction of an illumination map in (0, 1): S^0.6 brightens, 0.8·S^1.25 darkens.

    The factor makes fully lit regions darker too, which a power alone leaves at 1.
    """
    if direction == "brighten":
        return illumination**BRIGHTEN_GAMMA
    return DARKEN_GAIN * illumination**DARKEN_GAMMA


class Illumination:
    """Reflectance, illumination and noise of one picture, each by its own unit."""

    def __init__(
        self,
        picture: Tensor,
        direction: Direction,
        schedule: Schedule,
        channels: int,
        seed: int = 0,
        whole: Tensor | None = None,
    ) -> None:
        """Initialise the units.

        Args:
            picture: (1, 3, h, w), RGB in [0, 1].
            direction: "brighten" or "darken".
            schedule: Steps, learning rate, view.
            channels: Of each unit's hidden features.
            seed: Of the initial weights and of the windows.
            whole: (1, 3, H, W), what the picture is a window of and the steps see in its place, as the paper's do;
                None for the picture itself.
        """
        seen = picture if whole is None else whole
        generator = torch.Generator().manual_seed(seed)
        self.source, self.direction, self.schedule = picture, direction, schedule
        self.repetitions = 0
        self.module = nn.ModuleDict(
            {
                name: FineTuningUnit(3, outputs, channels, generator)
                for name, outputs in (("reflectance", 3), ("illumination", 1), ("noise", 3))
            }
        ).to(picture.device)
        self._sight, self._pixels = Sight([seen], schedule.view, generator), seen[:, 0].numel()
        self._optimizer = torch.optim.Adam(self.module.parameters(), lr=schedule.learning_rate)

    def _loss(self) -> Tensor:
        (x,) = self._sight.next()
        reflectance = self.module["reflectance"](x).sigmoid()
        illumination = self.module["illumination"](x).sigmoid()
        share = x[:, 0].numel() / self._pixels
        return illumination_loss(x, reflectance, illumination, self.module["noise"](x).tanh(), share)

    def advance(self, progress: StepProgress | None = None) -> None:
        """Decompose the picture the first time; afterwards only correct the illumination further (section 2.4.4)."""
        if self.repetitions == 0:
            optimize(self.module, self._optimizer, self._loss, self.schedule.steps, progress)
        self.repetitions += 1

    @torch.no_grad()
    def picture(self) -> Tensor:
        """The picture in its corrected light, (1, 3, H, W) in [0, 1].

        The corrected illumination multiplies (I − N) / S, as in RRDNet: the unit's own R, which the third term of
        eq. 14 draws to the same ratio, is smoother than the picture. S is nowhere below the brightest channel, so that
        no reflectance is above 1 and what is bright does not burn out.
        """
        estimate = self.module["illumination"](self.source).sigmoid()
        illumination = estimate.maximum(self.source.amax(dim=1, keepdim=True)).clamp(min=EPSILON)
        corrected = illumination
        for _ in range(self.repetitions):
            corrected = adjust(corrected, self.direction)
        clean = self.source - self.module["noise"](self.source).tanh()
        return (clean * (corrected / illumination)).clamp(0.0, 1.0)
