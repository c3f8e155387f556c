"""What the three kinds of fine-tuning share: steps that can be stopped, a guard against divergence, repetition."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# Called with the fraction done in [0, 1] between two steps; it may raise Cancelled.
StepProgress = Callable[[float], None]


class DivergenceError(ArithmeticError):
    """The optimisation left the finite numbers; the weights are those from before it."""


class FineTuning(Protocol):
    """Per-image fine-tuning that can be repeated: each repetition goes further in the same direction."""

    def advance(self, progress: StepProgress | None = None) -> None:
        """Do one repetition.

        Raises:
            DivergenceError: The state is the one before the call.
            Cancelled: Raised by `progress`; the state may be anywhere between.
        """
        ...

    def picture(self) -> Tensor:
        """The tuned picture so far, on the device of the sources."""
        ...


def reduce_to(picture: Tensor, pixels: int | None) -> Tensor:
    """(B, C, H, W) averaged down to at most `pixels` pixels, aspect ratio kept; unchanged where it is small enough."""
    height, width = picture.shape[-2:]
    if pixels is None or height * width <= pixels:
        return picture
    factor = (pixels / (height * width)) ** 0.5
    size = (max(1, int(height * factor)), max(1, int(width * factor)))
    return F.interpolate(picture, size=size, mode="area")


def optimize(
    module: nn.Module,
    optimizer: torch.optim.Optimizer,
    loss: Callable[[], Tensor],
    steps: int,
    progress: StepProgress | None = None,
) -> None:
    """Take `steps` steps down `loss`.

    Args:
        module: What is tuned; restored, with the optimiser, if the optimisation diverges.
        optimizer: Over the module's parameters.
        loss: Computes the scalar loss.
        steps: How many.
        progress: Called before every step and at the end.

    Raises:
        DivergenceError: A loss or a weight is not finite.
        Cancelled: Raised by `progress`.
    """
    weights = copy.deepcopy(module.state_dict())
    moments = copy.deepcopy(optimizer.state_dict())
    for step in range(steps):
        if progress is not None:
            progress(step / steps)
        with torch.enable_grad():
            optimizer.zero_grad(set_to_none=True)
            value = loss()
            value.backward()
        optimizer.step()
        if not torch.isfinite(value.detach()):
            break
    if not all(torch.isfinite(parameter).all() for parameter in (*module.parameters(), value.detach())):
        module.load_state_dict(weights)
        optimizer.load_state_dict(moments)
        raise DivergenceError
    if progress is not None:
        progress(1.0)


def tune(
    tuning: FineTuning, previous: Tensor, strength: int, progress: StepProgress | None = None
) -> tuple[Tensor, list[str]]:
    """Repeat a fine-tuning `strength` times, keeping the last good picture.

    Args:
        tuning: The fine-tuning, fresh or continued.
        previous: The picture kept when already the first repetition diverges.
        strength: Number of repetitions.
        progress: Called with the fraction over all repetitions.

    Returns:
        The picture and notes, one if the optimisation diverged.

    Raises:
        Cancelled: Raised by `progress`.
    """
    picture = previous
    for repetition in range(strength):

        def step_progress(fraction: float, done: int = repetition) -> None:
            if progress is not None:
                progress((done + fraction) / strength)

        try:
            tuning.advance(step_progress)
            tuned = tuning.picture()
            if not torch.isfinite(tuned).all():
                raise DivergenceError
        except DivergenceError:
            kept = "the picture before it" if repetition == 0 else f"the picture after step {repetition}"
            return picture, [f"The fine-tuning diverged, so {kept} was kept."]
        picture = tuned
    return picture, []
