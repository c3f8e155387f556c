"""Trains TeRF's fusion backbone on aligned pairs, without any text: for quality, or with the paper's losses.

The paper's recipe (eq. 6–9) follows the brighter source and the stronger gradient; for quality, the measures that a
fused picture is judged by are the losses themselves (`training.losses.fusion_quality`).
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from torch import Tensor

from engines.checkpoints import CHECKPOINT_DIR
from engines.device import short_floats, torch_device
from engines.terf.config import TerfConfig
from engines.terf.losses import FusionWeights
from engines.terf.model import FusionBackbone, image_luma, recolor
from training.fusion_pairs import FusionPair, dataset_folders, load_pairs, random_crops
from training.losses.fusion_quality import Held, QualityWeights, held_per_pixel, quality_loss
from training.losses.quality_options import add_quality_option, reweighted
from training.losses.terf import fusion_loss
from training.timed_run import begin

CHECKPOINT = CHECKPOINT_DIR / "terf_embedded.safetensors"
STATE = CHECKPOINT_DIR.parent / "runs" / "terf" / "state.pt"
PAPER_CHECKPOINT = STATE.with_name("paper.safetensors")
PAPER_STATE = STATE.with_name("paper_state.pt")


@dataclass(frozen=True)
class Recipe:
    """How the backbone is trained.

    Attributes:
        learning_rate: Of Adam at its highest; it rises over `warm_up` steps and falls to zero along a half cosine.
        warm_up: Steps.
        batch: Crops per step.
        crop: Side of a crop in pixels; 41 or more for the quality measures.
        clip_norm: Largest gradient norm.
        checkpoint_seconds: Between two validations, each of which saves.
        validation_pictures: How many of the validation part, evenly spaced.
        seed: Of crops and initial weights.
        losses: Weights of the quality measures, or of the paper's eq. 9.
    """

    learning_rate: float = 1e-3
    warm_up: int = 50
    batch: int = 2
    crop: int = 144
    clip_norm: float = 1.0
    checkpoint_seconds: float = 420.0
    validation_pictures: int = 8
    seed: int = 0
    losses: QualityWeights | FusionWeights = field(
        default_factory=lambda: QualityWeights(information=1.5, edges=8.0, structure=4.0, differences=0.4, light=6.0)
    )


PAPER = {"learning_rate": 3e-4, "losses": FusionWeights()}


class Objective:
    """The recipe's loss, and what it has to know of every picture, worked out at its first use."""

    def __init__(self, losses: QualityWeights | FusionWeights) -> None:
        self.losses = losses
        self._held: dict[int, Held] = {}

    def _holding(self, pair: FusionPair, device: torch.device) -> Held:
        if id(pair) not in self._held:
            visible, infrared = pair.picture(device)
            self._held[id(pair)] = held_per_pixel(torch.stack([infrared, image_luma(visible)]))
        return self._held[id(pair)]

    def __call__(
        self, y: Tensor, visible: Tensor, infrared: Tensor, pairs: list[FusionPair]
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """Loss and its terms.

        Args:
            y: Fused luma (B, 1, H, W), not clamped.
            visible: (B, 3, H, W), RGB in [0, 1].
            infrared: (B, 1, H, W) in [0, 1].
            pairs: The B pairs that these pictures are, or are crops of; the same objects at every call.
        """
        if isinstance(self.losses, FusionWeights):
            return fusion_loss(recolor(y, visible), visible, infrared, self.losses)
        holdings = [self._holding(pair, y.device) for pair in pairs]
        held = Held(*(torch.cat(values, dim=-1) for values in zip(*holdings, strict=True)))
        return quality_loss(y, image_luma(visible), infrared, held, self.losses)


@torch.no_grad()
def validation_loss(model: FusionBackbone, pairs: list[FusionPair], objective: Objective) -> float:
    """Mean of the objective over whole pictures."""
    device = next(model.parameters()).device
    losses = []
    for pair in pairs:
        visible, infrared = pair.picture(device)
        with short_floats(device):
            y = model(visible.to(memory_format=torch.channels_last), infrared)
        losses.append(float(objective(y, visible, infrared, [pair])[0]))
    return sum(losses) / len(losses)


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
        minutes: Wall-clock time; the learning rate falls to zero over it.
        resume: Continue from `checkpoint` (and `state`, where it is there) instead of starting afresh.
        device: "auto", "cpu" or "cuda".
        recipe: None for the defaults.
        config: Of a fresh model; None for the embedded scale.
        checkpoint: Weight file written after every validation that improves.
        state: Optimiser and progress, for resuming.

    Returns:
        steps and seconds so far, and best, the lowest validation loss.
    """
    recipe, config = recipe or Recipe(), config or TerfConfig()
    place = torch_device(device)
    run = begin(
        lambda read: FusionBackbone(TerfConfig.from_dict(read)),
        config.to_dict(),
        lambda model: torch.optim.Adam(model.parameters(), lr=recipe.learning_rate),
        recipe,
        place,
        checkpoint,
        state,
        resume,
    )
    train_pairs, validation_pairs = load_pairs(data, "train"), load_pairs(data, "val")
    validation_pairs = validation_pairs[:: max(1, len(validation_pairs) // recipe.validation_pictures)]
    objective = Objective(recipe.losses)
    generator = torch.Generator().manual_seed(recipe.seed + int(run.progress["steps"]))

    def step() -> tuple[Tensor, dict[str, Tensor]]:
        crops = random_crops(train_pairs, recipe.batch, recipe.crop, generator)
        visible = crops.visible.to(place, memory_format=torch.channels_last)
        infrared = crops.infrared.to(place)
        with short_floats(place):
            y = run.model(visible, infrared)
        return objective(y, visible, infrared, crops.pairs)

    run.train(minutes, step, lambda: validation_loss(run.model, validation_pairs, objective))
    return run.progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The recipe's own options."""
    parser.add_argument("--learning-rate", type=float, help=f"of Adam, at its highest ({Recipe.learning_rate:g})")
    add_quality_option(parser)
    parser.add_argument(
        "--paper-losses",
        action="store_true",
        help=f"eq. 6-9 of the paper, at its learning rate (3e-4); weights go to runs/terf/{PAPER_CHECKPOINT.name}",
    )


def chosen(args: argparse.Namespace) -> tuple[Recipe, Path, Path]:
    """Recipe, weight file and state file that the options ask for."""
    recipe, checkpoint, state = Recipe(seed=args.seed), CHECKPOINT, STATE
    recipe = replace(recipe, losses=reweighted(recipe.losses, args))
    if args.paper_losses:
        recipe, checkpoint, state = replace(recipe, **PAPER), PAPER_CHECKPOINT, PAPER_STATE
    if args.learning_rate:
        recipe = replace(recipe, learning_rate=args.learning_rate)
    return recipe, checkpoint, state


def main(args: argparse.Namespace) -> None:
    """Entry of `python -m training terf`: args.data (Path), minutes, resume, device, seed and the recipe's own."""
    recipe, checkpoint, state = chosen(args)
    data = dataset_folders(args.data)
    train(data, args.minutes, args.resume, args.device, recipe, checkpoint=checkpoint, state=state)
