"""Noise removal from one noisy picture alone (TeRF, section 2.4.3, after ZS-N2N, Mansour and Heckel, CVPR 2023)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from finetune_units.head_starts import HeadStarts
from finetune_units.presets import Schedule
from finetune_units.tuning import StepProgress, optimize
from finetune_units.unit import FineTuningUnit
from finetune_units.views import Sight


def pair_downsample(x: Tensor) -> tuple[Tensor, Tensor]:
    """D1 and D2: two half-size pictures of the same scene whose noise is independent.

    Each 2×2 block gives the mean of one diagonal to D1 (top right, bottom left) and of the other to D2.

    Args:
        x: (B, C, H, W); an odd last row or column is left out.

    Returns:
        Two tensors (B, C, H // 2, W // 2).
    """
    height, width = x.shape[-2] // 2 * 2, x.shape[-1] // 2 * 2
    x = x[..., :height, :width]
    first = 0.5 * (x[..., 0::2, 1::2] + x[..., 1::2, 0::2])
    second = 0.5 * (x[..., 0::2, 0::2] + x[..., 1::2, 1::2])
    return first, second


def denoising_loss(unit: nn.Module, x: Tensor) -> tuple[Tensor, Tensor]:
    """Eq. 18 and 19, whose sum is eq. 20.

    Args:
        unit: Estimates the noise of a picture.
        x: (B, C, H, W), the noisy picture.

    Returns:
        Residual and consistency loss, scalars; squared norms as means over pixels.
    """
    first, second = pair_downsample(x)
    clean_first, clean_second = first - unit(first), second - unit(second)
    residual = F.mse_loss(clean_first, second) + F.mse_loss(clean_second, first)
    down_first, down_second = pair_downsample(x - unit(x))
    consistency = F.mse_loss(clean_first, down_first) + F.mse_loss(clean_second, down_second)
    return residual, consistency


class Denoising:
    """A unit that learns the noise of one picture, further with every repetition."""

    def __init__(
        self,
        picture: Tensor,
        schedule: Schedule,
        channels: int,
        seed: int = 0,
        head_starts: HeadStarts | None = None,
    ) -> None:
        """Initialise the unit.

        Args:
            picture: (1, 3, H, W), RGB in [0, 1].
            schedule: Steps, learning rate, view.
            channels: Of the unit's hidden features.
            seed: Of the initial weights and of the windows.
            head_starts: A unit that denoises other pictures; one of another size is passed over.
        """
        generator = torch.Generator().manual_seed(seed)
        module = FineTuningUnit(picture.shape[1], picture.shape[1], channels, generator)
        if head_starts is not None and schedule.ahead is not None and _fits(module, head_starts.denoising):
            module.load_state_dict(head_starts.denoising)
            schedule = schedule.ahead
        self.noisy, self.schedule, self.module = picture, schedule, module.to(picture.device)
        self._sight = Sight([picture], schedule.view, generator)
        self._optimizer = torch.optim.Adam(self.module.parameters(), lr=schedule.learning_rate)

    def _loss(self) -> Tensor:
        (picture,) = self._sight.next()
        residual, consistency = denoising_loss(self.module, picture)
        return residual + consistency

    def advance(self, progress: StepProgress | None = None) -> None:
        """Learn on from the last repetition's weights (section 2.4.4)."""
        optimize(self.module, self._optimizer, self._loss, self.schedule.steps, progress, self.schedule.falling)

    @torch.no_grad()
    def picture(self) -> Tensor:
        """The picture less its estimated noise, (1, 3, H, W) in [0, 1]."""
        return (self.noisy - self.module(self.noisy)).clamp(0.0, 1.0)


def _fits(module: nn.Module, weights: Mapping[str, Tensor]) -> bool:
    """Whether a module has parameters of these names and shapes."""
    return {name: value.shape for name, value in module.state_dict().items()} == {
        name: value.shape for name, value in weights.items()
    }
