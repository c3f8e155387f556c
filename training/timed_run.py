"""A training run of so many minutes: the rate falls to zero over them, and the weights that judge best are kept."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from engines.checkpoints import load_safetensors, load_strict, save_safetensors

logger = logging.getLogger(__name__)

Network = TypeVar("Network", bound=nn.Module)
Terms = dict[str, Tensor]


class Pace(Protocol):
    """What a recipe says of the run itself.

    Attributes:
        learning_rate: At its highest; it rises over `warm_up` steps and falls to zero along a half cosine.
        warm_up: Steps.
        clip_norm: Largest gradient norm.
        checkpoint_seconds: Between two validations, each of which saves.
        seed: Of the initial weights.
    """

    learning_rate: float
    warm_up: int
    clip_norm: float
    checkpoint_seconds: float
    seed: int


@dataclass
class TimedRun(Generic[Network]):
    """A network in training and where it is kept.

    Attributes:
        model: Has a `config` with `to_dict`.
        optimizer: Of its parameters.
        pace: How the run goes.
        checkpoint: Weight file, written after every validation that improves.
        state: Everything else to go on from.
        average: The weights' moving average, which is then what is judged and kept, in half precision; or None.
        trained: Whether the weights come from `checkpoint`, so that only better ones may replace them.
        progress: steps and seconds so far, and best, the lowest validation loss.
    """

    model: Network
    optimizer: torch.optim.Optimizer
    pace: Pace
    checkpoint: Path
    state: Path
    average: AveragedModel | None = None
    trained: bool = False
    progress: dict[str, float] = field(default_factory=lambda: {"steps": 0.0, "seconds": 0.0, "best": math.inf})

    @property
    def kept(self) -> Network:
        """What is judged and goes into the weight file."""
        return self.model if self.average is None else self.average.module

    def train(self, minutes: float, step: Callable[[], tuple[Tensor, Terms]], judge: Callable[[], float]) -> None:
        """Train for a while; what was reached goes to the log.

        Args:
            minutes: Wall-clock time.
            step: Draws a batch and gives its loss, and the loss's terms for the log.
            judge: The validation loss of `kept` as it is.
        """
        if self.trained and math.isinf(self.progress["best"]):
            self.progress["best"] = judge()
        self.state.parent.mkdir(parents=True, exist_ok=True)
        budget, begin = 60.0 * minutes, time.monotonic()
        earlier, next_save, steps, done = self.progress["seconds"], self.pace.checkpoint_seconds, 0, False
        while not done:
            elapsed = time.monotonic() - begin
            done = elapsed >= budget
            if done or elapsed >= next_save:
                next_save = elapsed + self.pace.checkpoint_seconds
                self.progress["seconds"] = earlier + elapsed
                self._save(judge())
                continue
            steps += 1
            rate = self.pace.learning_rate * min(1.0, steps / self.pace.warm_up)
            for group in self.optimizer.param_groups:
                group["lr"] = rate * (0.5 + 0.5 * math.cos(math.pi * elapsed / budget))
            loss, terms = step()
            self.learn(loss)
            if self.progress["steps"] % 100 == 0:
                values = ", ".join(f"{name} {float(value.detach()):.4f}" for name, value in terms.items())
                logger.info("step %d: loss %.4f (%s)", self.progress["steps"], float(loss.detach()), values)
        self._tell()

    def learn(self, loss: Tensor) -> None:
        """One step of the optimiser, at the learning rate it has."""
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.pace.clip_norm)
        self.optimizer.step()
        if self.average is not None:
            self.average.update_parameters(self.model)
        self.progress["steps"] += 1

    def _save(self, loss: float) -> None:
        progress, configuration = self.progress, self.model.config.to_dict()
        logger.info("step %d, %.0f s: validation loss %.4f", progress["steps"], progress["seconds"], loss)
        if loss < progress["best"]:
            progress["best"] = loss
            weights = self.kept.state_dict()
            if self.average is not None:
                weights = {name: tensor.half() for name, tensor in weights.items()}
            save_safetensors(self.checkpoint, weights, configuration)
        saved = {"configuration": configuration, "progress": progress}
        saved |= {name: part.state_dict() for name, part in self._parts().items()}
        partial = self.state.with_suffix(".partial")
        torch.save(saved, partial)
        partial.replace(self.state)

    def go_on(self, saved: dict[str, Any]) -> None:
        """Take over a saved state of the same configuration."""
        for name, part in self._parts().items():
            part.load_state_dict(saved[name])
        self.progress = saved["progress"]

    def _parts(self) -> dict[str, Any]:
        parts = {"model": self.model, "optimizer": self.optimizer}
        return parts if self.average is None else parts | {"average": self.average}

    def _tell(self) -> None:
        progress = self.progress
        logger.info(
            "%d steps in %.1f minutes, lowest validation loss %.4f, weights in %s",
            progress["steps"],
            progress["seconds"] / 60.0,
            progress["best"],
            self.checkpoint.name,
        )


def begin(
    build: Callable[[dict[str, Any]], Network],
    configuration: dict[str, Any],
    optimizer_of: Callable[[nn.Module], torch.optim.Optimizer],
    pace: Pace,
    device: torch.device,
    checkpoint: Path,
    state: Path,
    resume: bool,
    average: float | None = None,
) -> TimedRun[Network]:
    """A fresh run, or one to go on with; a lost or unfitting state costs only the optimiser's moments.

    Args:
        build: The network of a configuration as weight files hold it.
        configuration: Of a fresh network; one to go on with has its own.
        optimizer_of: The optimiser of a network.
        pace: How the run goes.
        device: Where.
        checkpoint: See `TimedRun`.
        state: See `TimedRun`.
        resume: Go on from `checkpoint`, and from `state` where it is there and fits.
        average: Decay of the weights' moving average; None keeps the weights themselves.

    Raises:
        CheckpointError: `checkpoint` is damaged or does not fit its configuration.
    """
    tensors: dict[str, Tensor] = {}
    if resume and checkpoint.is_file():
        tensors, configuration = load_safetensors(checkpoint)
        tensors = {name: tensor.float() for name, tensor in tensors.items()}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(pace.seed)
        model = build(configuration)
    if tensors:
        load_strict(model, tensors, checkpoint.name)
    model = model.to(device, memory_format=torch.channels_last)
    averaged = None if average is None else AveragedModel(model, multi_avg_fn=_mixing(average))
    run = TimedRun(model, optimizer_of(model), pace, checkpoint, state, averaged, trained=bool(tensors))
    if tensors and state.is_file():
        saved = torch.load(state, map_location=device, weights_only=True)
        if saved.get("configuration") == model.config.to_dict():
            run.go_on(saved)
    return run


def _mixing(decay: float) -> Callable[[list[Tensor], list[Tensor], Tensor], None]:
    """A moving average that forgets the first weights sooner, as they change fast."""

    @torch.no_grad()
    def mix(averages: list[Tensor], currents: list[Tensor], count: Tensor) -> None:
        torch._foreach_lerp_(averages, currents, 1.0 - min(decay, (1.0 + float(count)) / (10.0 + float(count))))

    return mix
