"""Trains Text-IF's embedded network: restoration that a sentence chooses, and plain fusion.

Degradations are synthesised on the clean pairs of the data. Where the sentence names what is wrong, the losses compare
with the clean pair; with the default sentence, or one that names something else, with the pair as it is given.
"""

from __future__ import annotations

import argparse
import logging
import math
import time
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel

from engines.checkpoints import CHECKPOINT_DIR, load_safetensors, load_strict, save_safetensors
from engines.device import torch_device
from engines.text_encoder import text_encoder
from engines.text_if.config import EMBEDDED, TextIfConfig
from engines.text_if.model import TextIf
from engines.text_if.sentences import DEFAULT_SENTENCE, pooled
from training.degradations import DEGRADATIONS
from training.fusion_pairs import dataset_folders, load_pairs
from training.losses.text_if import TASK_WEIGHTS, text_if_loss
from training.restoration_sentences import HELD_OUT, PLAIN, training_sentences
from training.text_if_samples import Batch, Sampler

logger = logging.getLogger(__name__)

CHECKPOINT = CHECKPOINT_DIR / "text_if_embedded.safetensors"
STATE = CHECKPOINT_DIR.parent / "runs" / "text_if" / "state.pt"
# Of the mean error of the restored sources, which the paper's losses see only where they win the maximum.
RESTORATION_WEIGHT = 2.0


@dataclass(frozen=True)
class Recipe:
    """How the network is trained.

    Attributes:
        learning_rate: Of AdamW at its highest; it rises over `warm_up` steps and falls to zero along a half cosine.
        warm_up: Steps.
        weight_decay: Of AdamW.
        batch: Crops per step.
        crop: Side of a crop in pixels.
        clip_norm: Largest gradient norm.
        average: Decay of the weights' moving average, which is what is saved.
        checkpoint_seconds: Between two validations, each of which saves.
        validation_batches: Of `batch` crops each, the same ones every time.
        seed: Of crops, degradations, sentences and initial weights.
        more: Degradations that training draws three times as often as the others.
    """

    learning_rate: float = 1.5e-3
    warm_up: int = 40
    weight_decay: float = 1e-4
    batch: int = 6
    crop: int = 128
    clip_norm: float = 1.0
    average: float = 0.99
    checkpoint_seconds: float = 300.0
    validation_batches: int = 10
    seed: int = 0
    more: tuple[str, ...] = ()


def sentence_features(config: TextIfConfig, sentences: dict[str, list[str]]) -> dict[str, Tensor]:
    """Task -> (N, text_dim), one row per sentence."""
    encoder = text_encoder(config.text_encoder, config.max_words)
    return {task: pooled(encoder, texts) for task, texts in sentences.items()}


def batch_loss(model: TextIf, batch: Batch, device: torch.device) -> tuple[Tensor, dict[str, Tensor]]:
    """Mean over a batch of eq. 14, each sample with the weights of its task, and of the restored sources' error.

    Returns:
        The loss and its unweighted terms by name, scalars.
    """
    visible, infrared = (
        picture.to(device).contiguous(memory_format=torch.channels_last) for picture in (batch.visible, batch.infrared)
    )
    with torch.autocast(device.type, dtype=torch.bfloat16):
        decoded = model.decode(model.encode(visible, infrared), batch.text.to(device))
    fused = model.compose(decoded, visible, infrared)
    wanted = batch.wanted_visible.to(device), batch.wanted_infrared.to(device)
    restoration = sum((given - aim).abs().mean() for given, aim in zip(fused[1:], wanted, strict=True))
    total, mean = RESTORATION_WEIGHT * restoration, {"restoration": restoration.detach()}
    for i, task in enumerate(batch.tasks):
        loss, terms = text_if_loss(fused.image[i : i + 1], *(aim[i : i + 1] for aim in wanted), TASK_WEIGHTS[task])
        total = total + loss / len(batch.tasks)
        for name, term in terms.items():
            mean[name] = mean.get(name, 0.0) + term.detach() / len(batch.tasks)
    return total, mean


class Trainer:
    """One run: model, its average, optimiser, progress."""

    def __init__(self, config: TextIfConfig, recipe: Recipe, device: str, checkpoint: Path, state: Path) -> None:
        """Build afresh."""
        self.config, self.recipe, self.checkpoint, self.state = config, recipe, checkpoint, state
        self.device = torch_device(device)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(recipe.seed)
            self.model = TextIf(config)
        self.model = self.model.to(self.device, memory_format=torch.channels_last)
        self.average = AveragedModel(self.model, multi_avg_fn=self._mix)
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
        )
        self.progress = {"steps": 0.0, "seconds": 0.0, "best": math.inf}

    @torch.no_grad()
    def _mix(self, averages: list[Tensor], currents: list[Tensor], count: Tensor) -> None:
        # The first weights are forgotten sooner, as they change fast.
        decay = min(self.recipe.average, (1.0 + float(count)) / (10.0 + float(count)))
        torch._foreach_lerp_(averages, currents, 1.0 - decay)

    def resume(self) -> None:
        """Continue from the weight file, and the run's state where it is there and of the same configuration."""
        tensors, _ = load_safetensors(self.checkpoint)
        tensors = {name: tensor.float() for name, tensor in tensors.items()}
        for module in (self.model, self.average.module):
            load_strict(module, tensors, self.checkpoint.name)
        if self.state.is_file():
            saved = torch.load(self.state, map_location=self.device, weights_only=True)
            if saved["configuration"] == repr(self.config):
                self.model.load_state_dict(saved["model"])
                self.average.load_state_dict(saved["average"])
                self.optimizer.load_state_dict(saved["optimizer"])
                self.progress = saved["progress"]

    def step(self, batch: Batch, rate: float) -> tuple[Tensor, dict[str, Tensor]]:
        """One step of the optimiser at a learning rate; gives the loss and its terms."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        loss, terms = batch_loss(self.model, batch, self.device)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.recipe.clip_norm)
        self.optimizer.step()
        self.average.update_parameters(self.model)
        self.progress["steps"] += 1
        return loss.detach(), terms

    @torch.no_grad()
    def validate(self, batches: list[Batch]) -> float:
        """Mean loss of the averaged weights."""
        losses = [float(batch_loss(self.average.module, batch, self.device)[0]) for batch in batches]
        return sum(losses) / len(losses)

    def save(self, loss: float) -> None:
        """The averaged weights in half precision where the loss is the lowest so far, and everything to continue."""
        logger.info("step %d, %.0f s: validation loss %.4f", self.progress["steps"], self.progress["seconds"], loss)
        if loss < self.progress["best"]:
            self.progress["best"] = loss
            weights = {name: tensor.half() for name, tensor in self.average.module.state_dict().items()}
            save_safetensors(self.checkpoint, weights, self.config.to_dict())
        saved = {
            "configuration": repr(self.config),
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "progress": self.progress,
        }
        self.state.parent.mkdir(parents=True, exist_ok=True)
        partial = self.state.with_suffix(".partial")
        torch.save(saved, partial)
        partial.replace(self.state)


def train(
    data: list[Path],
    minutes: float,
    resume: bool = False,
    device: str = "auto",
    recipe: Recipe | None = None,
    config: TextIfConfig = EMBEDDED,
    checkpoint: Path = CHECKPOINT,
    state: Path = STATE,
) -> dict[str, float]:
    """Train for a while and keep the averaged weights of the lowest validation loss.

    Args:
        data: Data set folders; their train part is learned from, their val part judges, in held-out wordings.
        minutes: Wall-clock time; the learning rate falls to zero over it.
        resume: Continue from `checkpoint` (and `state`, where it is there) instead of starting afresh.
        device: "auto", "cpu" or "cuda".
        recipe: None for the defaults.
        config: Of a fresh model; a resumed one has its own.
        checkpoint: Weight file written after every validation that improves.
        state: Optimiser and progress, for resuming.

    Returns:
        steps and seconds so far, and best, the lowest validation loss.

    Raises:
        CheckpointError: The text encoder is missing, or the weights to resume from do not fit.
    """
    recipe = recipe or Recipe()
    resume = resume and checkpoint.is_file()
    if resume:
        config = TextIfConfig.from_dict(load_safetensors(checkpoint)[1])
    trainer = Trainer(config, recipe, device, checkpoint, state)
    if resume:
        trainer.resume()
    progress = trainer.progress
    held_out = {task: list(texts) for task, texts in HELD_OUT.items()} | {PLAIN: [DEFAULT_SENTENCE]}
    validation = Sampler(
        load_pairs(data, "val"), sentence_features(config, held_out), config.multiple, recipe.seed, mix=False
    )
    judged = [validation.draw(recipe.batch, recipe.crop) for _ in range(recipe.validation_batches)]
    features = sentence_features(config, training_sentences())
    seed = recipe.seed + int(progress["steps"])
    sampler = Sampler(load_pairs(data, "train"), features, config.multiple, seed, more=recipe.more)
    if resume and math.isinf(progress["best"]):
        progress["best"] = trainer.validate(judged)
    budget, begin = 60.0 * minutes, time.monotonic()
    earlier, next_save, steps, done = progress["seconds"], recipe.checkpoint_seconds, 0, False
    while not done:
        elapsed = time.monotonic() - begin
        done = elapsed >= budget
        if done or elapsed >= next_save:
            next_save = elapsed + recipe.checkpoint_seconds
            progress["seconds"] = earlier + elapsed
            trainer.save(trainer.validate(judged))
            continue
        steps += 1
        rate = recipe.learning_rate * min(1.0, steps / recipe.warm_up)
        rate *= 0.5 + 0.5 * math.cos(math.pi * elapsed / budget)
        loss, terms = trainer.step(sampler.draw(recipe.batch, recipe.crop), rate)
        if progress["steps"] % 50 == 0:
            values = ", ".join(f"{name} {float(value):.4f}" for name, value in terms.items())
            logger.info("step %d, %.0f s: loss %.4f (%s)", progress["steps"], elapsed, float(loss), values)
    return progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The recipe's own options."""
    parser.add_argument("--learning-rate", type=float, help=f"of AdamW, at its highest ({Recipe.learning_rate:g})")
    parser.add_argument(
        "--more", nargs="+", choices=list(DEGRADATIONS), default=[], help="degradations to draw three times as often"
    )


def main(args: argparse.Namespace) -> None:
    """Entry of `python -m training text-if`: args.data (Path), minutes, resume, device, seed and the recipe's own."""
    recipe = Recipe(seed=args.seed, more=tuple(args.more))
    if args.learning_rate:
        recipe = replace(recipe, learning_rate=args.learning_rate)
    progress = train(dataset_folders(args.data), args.minutes, args.resume, args.device, recipe)
    logger.info(
        "%d steps in %.1f minutes, lowest validation loss %.4f, weights in %s",
        progress["steps"],
        progress["seconds"] / 60.0,
        progress["best"],
        CHECKPOINT.name,
    )
