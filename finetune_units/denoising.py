"""Noise removal from one noisy picture alone (TeRF, section 2.4.3, after ZS-N2N, Mansour and Heckel, CVPR 2023)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from finetune_units.presets import DenoisingSettings
from finetune_units.tuning import StepProgress, optimize
from finetune_units.unit import FineTuningUnit


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

    def __init__(self, picture: Tensor, settings: DenoisingSettings, seed: int = 0) -> None:
        """Initialise the unit.

        Args:
            picture: (1, 3, H, W), RGB in [0, 1].
            settings: Steps, learning rate, windows, width.
            seed: Of the initial weights and of the windows.
        """
        self._generator = torch.Generator().manual_seed(seed)
        self.noisy, self.settings = picture, settings
        self.unit = FineTuningUnit(picture.shape[1], picture.shape[1], settings.channels, self._generator)
        self.unit.to(picture.device)
        self._optimizer = torch.optim.Adam(self.unit.parameters(), lr=settings.learning_rate)

    def _window(self) -> Tensor:
        if self.settings.patch is None:
            return self.noisy
        height, width = self.noisy.shape[-2:]
        rows, columns = min(height, self.settings.patch), min(width, self.settings.patch)
        top = int(torch.randint(height - rows + 1, (), generator=self._generator))
        left = int(torch.randint(width - columns + 1, (), generator=self._generator))
        return self.noisy[..., top : top + rows, left : left + columns]

    def advance(self, progress: StepProgress | None = None) -> None:
        """Learn on from the last repetition's weights (section 2.4.4)."""

        def loss() -> Tensor:
            residual, consistency = denoising_loss(self.unit, self._window())
            return residual + consistency

        optimize(self.unit, self._optimizer, loss, self.settings.steps, progress)

    @torch.no_grad()
    def picture(self) -> Tensor:
        """The picture less its estimated noise, (1, 3, H, W) in [0, 1]."""
        return (self.noisy - self.unit(self.noisy)).clamp(0.0, 1.0)
