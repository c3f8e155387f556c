"""Trains TeRF's fusion backbone with the paper's losses (section 2.3) on aligned pairs, without any text."""

from __future__ import annotations

import argparse
import logging
import math
import time
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from engines.checkpoints import CHECKPOINT_DIR, load_safetensors, load_strict, save_safetensors
from engines.terf.config import TerfConfig
from engines.terf.model import FusionBackbone, recolor
from training.fusion_pairs import FusionPair, dataset_folders, load_pairs, random_crops
from training.losses.terf import FusionWeights, fusion_loss

logger = logging.getLogger(__name__)

CHECKPOINT = CHECKPOINT_DIR / "terf_embedded.safetensors"
STATE = CHECKPOINT_DIR.parent / "runs" / "terf" / "state.pt"


@dataclass(frozen=True)
class Recipe:
    """How the backbone is trained.

    Attributes:
        learning_rate: Of Adam at the start, the paper's; it falls to a fiftieth along a half cosine.
        batch: Crops per step.
        crop: Side of a crop in pixels.
        clip_norm: Largest gradient norm.
        checkpoint_seconds: Between two validations, each of which saves.
        validation_pictures: How many of the validation part, evenly spaced.
        seed: Of crops and initial weights.
        weights: Of the loss terms.
    """

    learning_rate: float = 3e-4
    batch: int = 8
    crop: int = 80
    clip_norm: float = 1.0
    checkpoint_seconds: float = 120.0
    validation_pictures: int = 12
    seed: int = 0
    weights: FusionWeights = field(default_factory=FusionWeights)


@torch.no_grad()
def validation_loss(model: FusionBackbone, pairs: list[FusionPair], weights: FusionWeights) -> float:
    """Mean of eq. 9 over whole pictures."""
    device = next(model.parameters()).device
    losses = []
    for pair in pairs:
        visible = pair.visible.to(device)[None].float() / 255.0
        infrared = pair.infrared.to(device)[None].float() / 255.0
        with torch.autocast(device.type, dtype=torch.bfloat16):
            y = model(visible.to(memory_format=torch.channels_last), infrared)
        losses.append(float(fusion_loss(recolor(y, visible), visible, infrared, weights)[0]))
    return sum(losses) / len(losses)


def _start(
    resume: bool, config: TerfConfig, recipe: Recipe, device: torch.device, checkpoint: Path, state: Path
) -> tuple[FusionBackbone, torch.optim.Adam, dict[str, float]]:
    """Model, optimiser and progress, fresh or resumed; a lost or unfitting state costs only Adam's moments."""
    tensors: dict[str, Tensor] = {}
    if resume and checkpoint.is_file():
        tensors, stored = load_safetensors(checkpoint)
        config = TerfConfig.from_dict(stored)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        model = FusionBackbone(config)
    if tensors:
        load_strict(model, tensors, checkpoint.name)
    model = model.to(device, memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), lr=recipe.learning_rate)
    progress = {"steps": 0.0, "seconds": 0.0, "best": math.inf}
    if tensors and state.is_file():
        saved = torch.load(state, map_location=device, weights_only=True)
        if saved.get("configuration") == config.to_dict():
            optimizer.load_state_dict(saved["optimizer"])
            model.load_state_dict(saved["model"])
            progress = saved["progress"]
    return model, optimizer, progress


def train(
    data: list[Path],
    minutes: float,
    resume: bool = False,
    device: str = "auto",
    recipe: Recipe | None = None,
    config: TerfConfig | None = None,
    checkpoint: Path = CHECKPOINT,
    state: Path = STATE,
) -> dict[str, float]:
    """Train for a while and keep the weights of the lowest validation loss.

    Args:
        data: Data set folders, see `dataset_folders`; their train part is learned from, their val part judges.
        minutes: Wall-clock time; the learning rate falls over it.
        resume: Continue from `checkpoint` (and `state`, where it is there) instead of starting afresh.
        device: "auto", "cpu" or "cuda".
        recipe: None for the defaults.
        config: Of a fresh model; None for the embedded scale.
        checkpoint: Weight file written after every validation that improves.
        state: Optimiser and progress, for resuming.

    Returns:
        steps and seconds so far, and best, the lowest validation loss.
    """
    recipe = recipe or Recipe()
    place = torch.device("cuda" if device == "auto" and torch.cuda.is_available() else device.replace("auto", "cpu"))
    model, optimizer, progress = _start(resume, config or TerfConfig(), recipe, place, checkpoint, state)
    train_pairs, validation_pairs = load_pairs(data, "train"), load_pairs(data, "val")
    validation_pairs = validation_pairs[:: max(1, len(validation_pairs) // recipe.validation_pictures)]
    if resume and checkpoint.is_file() and math.isinf(progress["best"]):
        progress["best"] = validation_loss(model, validation_pairs, recipe.weights)
    generator = torch.Generator().manual_seed(recipe.seed + int(progress["steps"]))
    state.parent.mkdir(parents=True, exist_ok=True)
    budget, begin = 60.0 * minutes, time.monotonic()
    earlier, next_save, done = progress["seconds"], recipe.checkpoint_seconds, False
    while not done:
        elapsed = time.monotonic() - begin
        done = elapsed >= budget
        if done or elapsed >= next_save:
            next_save = elapsed + recipe.checkpoint_seconds
            progress["seconds"] = earlier + elapsed
            _save(
                model, optimizer, progress, validation_loss(model, validation_pairs, recipe.weights), checkpoint, state
            )
            continue
        for group in optimizer.param_groups:
            group["lr"] = recipe.learning_rate * (0.51 + 0.49 * math.cos(math.pi * elapsed / budget))
        visible, infrared = random_crops(train_pairs, recipe.batch, recipe.crop, generator)
        visible = visible.to(place, memory_format=torch.channels_last)
        infrared = infrared.to(place)
        with torch.autocast(place.type, dtype=torch.bfloat16):
            y = model(visible, infrared)
        loss, terms = fusion_loss(recolor(y, visible), visible, infrared, recipe.weights)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.clip_norm)
        optimizer.step()
        progress["steps"] += 1
        if progress["steps"] % 100 == 0:
            values = ", ".join(f"{name} {float(value.detach()):.4f}" for name, value in terms.items())
            logger.info("step %d: loss %.4f (%s)", progress["steps"], float(loss.detach()), values)
    return progress


def _save(
    model: FusionBackbone,
    optimizer: torch.optim.Adam,
    progress: dict[str, float],
    loss: float,
    checkpoint: Path,
    state: Path,
) -> None:
    logger.info("step %d, %.0f s: validation loss %.4f", progress["steps"], progress["seconds"], loss)
    if loss < progress["best"]:
        progress["best"] = loss
        save_safetensors(checkpoint, model.state_dict(), model.config.to_dict())
    saved = {
        "configuration": model.config.to_dict(),
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "progress": progress,
    }
    partial = state.with_suffix(".partial")
    torch.save(saved, partial)
    partial.replace(state)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The recipe's own options."""
    parser.add_argument("--learning-rate", type=float, default=Recipe.learning_rate, help="of Adam, at the start")


def main(args: argparse.Namespace) -> None:
    """Entry of `python -m training terf`: args.data (Path), minutes, resume, device, seed and learning_rate."""
    recipe = Recipe(learning_rate=args.learning_rate, seed=args.seed)
    progress = train(dataset_folders(args.data), args.minutes, args.resume, args.device, recipe)
    logger.info(
        "%d steps in %.1f minutes, lowest validation loss %.4f, weights in %s",
        progress["steps"],
        progress["seconds"] / 60.0,
        progress["best"],
        CHECKPOINT.name,
    )
