"""Trains Text-IF's embedded network: restoration that a sentence chooses, and plain fusion.

Degradations are synthesised on the clean pairs of the data. Where the sentence names what is wrong, the losses compare
with the clean pair; with the default sentence, or one that names something else, with the pair as it is given.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from engines.checkpoints import CHECKPOINT_DIR
from engines.device import short_floats, torch_device
from engines.text_encoder import text_encoder
from engines.text_if.config import EMBEDDED, TextIfConfig
from engines.text_if.model import TextIf
from engines.text_if.sentences import DEFAULT_SENTENCE, pooled
from training.degradations import DEGRADATIONS
from training.fusion_pairs import dataset_folders, load_pairs
from training.losses.text_if import TASK_WEIGHTS, text_if_loss
from training.restoration_sentences import HELD_OUT, PLAIN, training_sentences
from training.text_if_samples import Batch, Sampler
from training.timed_run import begin

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
    with short_floats(device):
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


@torch.no_grad()
def validation_loss(model: TextIf, batches: list[Batch], device: torch.device) -> float:
    """Mean loss over batches."""
    losses = [float(batch_loss(model, batch, device)[0]) for batch in batches]
    return sum(losses) / len(losses)


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
    recipe, place = recipe or Recipe(), torch_device(device)
    run = begin(
        lambda read: TextIf(TextIfConfig.from_dict(read)),
        config.to_dict(),
        lambda model: torch.optim.AdamW(model.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay),
        recipe,
        place,
        checkpoint,
        state,
        resume,
        average=recipe.average,
    )
    config = run.model.config
    held_out = {task: list(texts) for task, texts in HELD_OUT.items()} | {PLAIN: [DEFAULT_SENTENCE]}
    validation = Sampler(
        load_pairs(data, "val"), sentence_features(config, held_out), config.multiple, recipe.seed, mix=False
    )
    judged = [validation.draw(recipe.batch, recipe.crop) for _ in range(recipe.validation_batches)]
    features = sentence_features(config, training_sentences())
    seed = recipe.seed + int(run.progress["steps"])
    sampler = Sampler(load_pairs(data, "train"), features, config.multiple, seed, more=recipe.more)

    def step() -> tuple[Tensor, dict[str, Tensor]]:
        return batch_loss(run.model, sampler.draw(recipe.batch, recipe.crop), place)

    run.train(minutes, step, lambda: validation_loss(run.kept, judged, place))
    return run.progress


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
    train(dataset_folders(args.data), args.minutes, args.resume, args.device, recipe)
