"""What the three kinds of fine-tuning share: steps that can be stopped, a guard against divergence, repetition."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import torch
from torch import Tensor, nn

# Called with the fraction done in [0, 1], between two steps and inside long ones; it may raise Cancelled.
StepProgress = Callable[[float], None]

# A person who pressed Stop waits at most this long plus the time one layer takes.
LOOK_SECONDS = 0.1

DIVERGED = "The fine-tuning diverged, so the picture before it was kept."


class DivergenceError(ArithmeticError):
    """The optimisation left the finite numbers; the weights are those from before it."""


class FineTuning(Protocol):
    """Per-image fine-tuning that can be repeated: each repetition goes further in the same direction.

    Attributes:
        module: The networks that are tuned.
    """

    module: nn.Module

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


@contextmanager
def interruptible(module: nn.Module, progress: StepProgress | None, fraction: float) -> Iterator[None]:
    """Report progress from within passes through a module, so that nobody waits for a whole one to stop it.

    Args:
        module: Whose layers, forwards and backwards, look at the clock.
        progress: Called with `fraction` at most every LOOK_SECONDS; what it raises ends the pass.
        fraction: How far the work is.
    """
    if progress is None:
        yield
        return
    last = time.monotonic()

    def look(*_: object) -> None:
        nonlocal last
        if time.monotonic() - last >= LOOK_SECONDS:
            progress(fraction)
            last = time.monotonic()

    def look_on_the_way_back(layer: nn.Module, inputs: object, output: Tensor) -> None:
        look()
        if output.requires_grad:
            output.register_hook(look)

    layers = [layer for layer in module.modules() if not any(layer.children())]
    handles = [layer.register_forward_hook(look_on_the_way_back) for layer in layers]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def optimize(
    module: nn.Module,
    optimizer: torch.optim.Optimizer,
    loss: Callable[[], Tensor],
    steps: int,
    progress: StepProgress | None = None,
    falling: bool = False,
    begin: Callable[[], None] | None = None,
) -> None:
    """Take `steps` steps down `loss`.

    Args:
        module: What is tuned; restored, with the optimiser, if the optimisation diverges.
        optimizer: Over the module's parameters.
        loss: Computes the scalar loss.
        steps: How many.
        progress: Called before every step, inside long ones and at the end.
        falling: Let the learning rate fall to zero over the steps; it is as before afterwards.
        begin: Changes the module before the first step; undone with the steps where they diverge.

    Raises:
        DivergenceError: A loss or a weight is not finite.
        Cancelled: Raised by `progress`.
    """
    weights = copy.deepcopy(module.state_dict())
    moments = copy.deepcopy(optimizer.state_dict())
    rates = [group["lr"] for group in optimizer.param_groups]
    if begin is not None:
        begin()
    for step in range(steps):
        if falling:
            _set_rates(optimizer, [rate * (1.0 - step / steps) for rate in rates])
        if progress is not None:
            progress(step / steps)
        with torch.enable_grad(), interruptible(module, progress, step / steps):
            optimizer.zero_grad(set_to_none=True)
            value = loss()
            value.backward()
        optimizer.step()
        if not torch.isfinite(value.detach()):
            break
    optimizer.zero_grad(set_to_none=True)
    _set_rates(optimizer, rates)
    if not all(torch.isfinite(parameter).all() for parameter in (*module.parameters(), value.detach())):
        module.load_state_dict(weights)
        optimizer.load_state_dict(moments)
        raise DivergenceError
    if progress is not None:
        progress(1.0)


def _set_rates(optimizer: torch.optim.Optimizer, rates: Sequence[float]) -> None:
    for group, rate in zip(optimizer.param_groups, rates, strict=True):
        group["lr"] = rate


def tune(tuning: FineTuning, previous: Tensor, progress: StepProgress | None = None) -> tuple[Tensor, list[str]]:
    """One repetition of a fine-tuning, which a divergence leaves undone.

    Args:
        tuning: The fine-tuning, fresh or continued.
        previous: The picture so far, kept where the repetition diverges.
        progress: Called with the fraction done.

    Returns:
        The picture and notes, one if the optimisation diverged.

    Raises:
        Cancelled: Raised by `progress`.
    """
    try:
        tuning.advance(progress)
        with interruptible(tuning.module, progress, 1.0):
            picture = tuning.picture()
        if not torch.isfinite(picture).all():
            raise DivergenceError
    except DivergenceError:
        return previous, [DIVERGED]
    return picture, []
