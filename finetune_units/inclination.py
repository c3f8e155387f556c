"""Inclination of the fusion towards one source (TeRF, section 2.4.1): the fusion network trained on for one picture."""

from __future__ import annotations

import copy

import torch
from torch import Tensor

from engines.device import short_floats
from engines.image_ops import ssim
from engines.terf.delivered import delivered_luma
from engines.terf.losses import FusionWeights, color_loss, gradient_loss, intensity_loss
from engines.terf.model import FusionBackbone, image_luma, recolor
from finetune_units.head_starts import HeadStarts, Source, move
from finetune_units.presets import Schedule
from finetune_units.tuning import StepProgress, interruptible, optimize
from finetune_units.views import Sight


def inclination_loss(
    fused: Tensor, visible: Tensor, infrared: Tensor, source: Source, weights: FusionWeights | None = None
) -> Tensor:
    """Eq. 9 with eq. 10 and 11 (visible) or eq. 12 and 13 (infrared) in the place of eq. 6 and 8.

    Args:
        fused: (B, 3, H, W), RGB.
        visible: (B, 3, H, W), RGB in [0, 1].
        infrared: (B, 1, H, W) in [0, 1].
        source: What the intensity and the structure should follow.
        weights: α, β and η; None for the paper's.

    Returns:
        A scalar.
    """
    weights = weights or FusionWeights()
    y, y_visible = image_luma(fused), image_luma(visible)
    if source == "visible":
        intensity, structure = intensity_loss(y, y_visible), 1.0 - ssim(fused, visible)
    else:
        intensity, structure = intensity_loss(y, infrared), 1.0 - ssim(y, infrared)
    gradient = gradient_loss(y, y_visible, infrared)
    return weights.alpha * (intensity + gradient) + weights.beta * color_loss(fused, visible) + weights.eta * structure


class Inclination:
    """A copy of the fusion network that goes on learning on one pair.

    In no repetition does a pixel of the picture go away from the source or past it (ours): the gradient term still asks
    for the edges of both pictures, so that otherwise wires and grey clouds of the infrared picture appear in a sky that
    is inclined towards the visible one.
    """

    def __init__(
        self,
        network: FusionBackbone,
        visible: Tensor,
        infrared: Tensor,
        source: Source,
        schedule: Schedule,
        seed: int = 0,
        progress: StepProgress | None = None,
        fused: Tensor | None = None,
        head_starts: HeadStarts | None = None,
    ) -> None:
        """Copy the network and, where the fused luma is not known, fuse once.

        Args:
            network: Maps visible and infrared to fused luma; stays as it is.
            visible: (1, 3, H, W), RGB in [0, 1].
            infrared: (1, 1, H, W) in [0, 1].
            source: "visible" or "infrared".
            schedule: Steps, learning rate, view.
            seed: Of the windows.
            progress: Called with 0 while it fuses; it may raise Cancelled.
            fused: (1, 1, H, W) in [0, 1], what is delivered for these pictures as they are.
            head_starts: What tuning makes of this network on other pictures.
        """
        self._head_starts, self._repetitions = None, 0
        self._sight = Sight([visible, infrared], schedule.view, torch.Generator().manual_seed(seed))
        if head_starts is not None and schedule.ahead is not None:
            sight = Sight([visible, infrared], schedule.ahead.view, torch.Generator().manual_seed(seed))
            if sight.changes:
                self._sight, self._head_starts, schedule = sight, head_starts, schedule.ahead
        self.module = copy.deepcopy(network).to(memory_format=torch.channels_last).requires_grad_(True)
        self.visible, self.infrared, self.source, self.schedule = visible, infrared, source, schedule
        rate = schedule.learning_rate * (schedule.haste if self._sight.changes else 1.0)
        self._optimizer = torch.optim.Adam(self.module.parameters(), lr=rate)
        self._goal = image_luma(visible) if source == "visible" else infrared
        self._luma = self._made = self._fuse(progress, 0.0) if fused is None else fused

    def _loss(self) -> Tensor:
        visible, infrared = self._sight.next()
        # Windows are a stand-in for the picture's gradient anyway, so their digits can be fewer where that is faster.
        with short_floats(infrared.device, self._sight.changes):
            y = self.module(visible, infrared)
        fused = recolor(y, visible)
        return inclination_loss(fused, visible, infrared, self.source)

    @torch.no_grad()
    def _fuse(self, progress: StepProgress | None, fraction: float) -> Tensor:
        with interruptible(self.module, progress, fraction):
            return delivered_luma(self.module, self.visible, self.infrared)

    def advance(self, progress: StepProgress | None = None) -> None:
        """Continue from the last repetition's weights (section 2.4.4)."""
        steps, falling = self.schedule.steps, self.schedule.falling
        optimize(self.module, self._optimizer, self._loss, steps, progress, falling, self._take_head_start)
        self._repetitions += 1
        self._made = self._fuse(progress, 1.0)
        between = torch.minimum(self._luma, self._goal), torch.maximum(self._luma, self._goal)
        self._luma = self._made.clamp(*between)

    def _take_head_start(self) -> None:
        if self._head_starts is not None:
            move(self.module, self._head_starts.of(self.source, self._repetitions), self.schedule.head_start)

    def picture(self) -> Tensor:
        """Fused luma (1, 1, H, W) in [0, 1]."""
        return self._luma

    def made(self) -> Tensor:
        """What the network makes of the pair by now, before pixels are held back; as `picture`."""
        return self._made
