"""Trains TeSG on aligned pairs with referring annotations: for quality, or with the paper's losses alone.

Half of the samples are described by a caption, with the key classes as foreground; the other half ask for something
inside the mask of a referring expression. Masks come from the annotation and are sometimes inexact or empty.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

from engines.checkpoints import CHECKPOINT_DIR, load_safetensors, load_strict, weight_file
from engines.device import short_floats, torch_device
from engines.terf.model import image_luma
from engines.tesg.config import TesgConfig
from engines.tesg.model import TesgNet
from engines.text_encoder import TextEncoder, WordFeatures, text_encoder
from training.guided_samples import GuidedBatch, GuidedSampler
from training.losses.fusion_quality import Held, QualityWeights, held_per_pixel, quality_loss
from training.losses.quality_options import add_quality_option, reweighted
from training.losses.tesg import SupplementWeights, highlighted, request_loss, supplement_loss
from training.references import Scene, read_scenes
from training.timed_run import begin

CHECKPOINT = CHECKPOINT_DIR / "tesg_embedded.safetensors"
STATE = CHECKPOINT_DIR.parent / "runs" / "tesg" / "state.pt"
PAPER_CHECKPOINT = STATE.with_name("paper.safetensors")
PAPER_STATE = STATE.with_name("paper_state.pt")


@dataclass(frozen=True)
class Recipe:
    """How the network is trained.

    Attributes:
        learning_rate: Of AdamW at its highest; it rises over `warm_up` steps and falls to zero along a half cosine.
        warm_up: Steps.
        batch: Crops per step; an even number has as many requests as descriptions.
        crop: Side of a crop in pixels; 41 or more for the quality measures.
        clip_norm: Largest gradient norm.
        checkpoint_seconds: Between two validations, each of which saves.
        validation_batches: Batches of the validation part, the same at every validation.
        seed: Of samples and initial weights.
        supplement: Weights of the paper's losses.
        quality: Weights of the quality measures; None to leave them, and what requests ask for, out.
        request: Weight of what requests ask for.
    """

    learning_rate: float = 1e-3
    warm_up: int = 50
    batch: int = 2
    crop: int = 144
    clip_norm: float = 1.0
    checkpoint_seconds: float = 300.0
    validation_batches: int = 8
    seed: int = 0
    supplement: SupplementWeights = field(
        default_factory=lambda: SupplementWeights(structure=0.0, gradient=0.2, intensity=2.0, color=1.0, foreground=4.0)
    )
    quality: QualityWeights | None = field(default_factory=lambda: QualityWeights(edges=6.0, differences=0.15))
    request: float = 16.0


PAPER = {"learning_rate": 1e-4, "batch": 8, "crop": 96, "quality": None, "supplement": SupplementWeights()}


class Objective:
    """The recipe's loss; what it has to know of every scene is worked out at its first use."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self._held: dict[str, Held] = {}

    def _holding(self, scene: Scene, device: torch.device) -> Held:
        key = str(scene.visible_file)
        if key not in self._held:
            visible = torch.from_numpy(scene.visible.copy()).to(device).permute(2, 0, 1)[None].float() / 255.0
            infrared = torch.from_numpy(scene.infrared.copy()).to(device)[None, None].float() / 255.0
            self._held[key] = held_per_pixel(torch.stack([infrared, image_luma(visible)]))
        return self._held[key]

    def __call__(self, y: Tensor, batch: GuidedBatch) -> tuple[Tensor, dict[str, Tensor]]:
        """Loss and its unweighted terms of fused luma (B, 1, H, W), not clamped."""
        recipe, masks = self.recipe, batch.masks
        y_visible = image_luma(batch.visible)
        if recipe.quality is None:
            return supplement_loss(y, batch.visible, batch.infrared, masks, recipe.supplement)
        brighter = torch.maximum(y_visible, batch.infrared)
        wishes = {"highlight": highlighted(brighter, masks), "infrared": batch.infrared, "visible": y_visible}
        wishes[None] = brighter
        targets = torch.stack([wishes[effect][index] for index, effect in enumerate(batch.effects)]).clamp(0.0, 1.0)
        asked = torch.tensor([effect is not None for effect in batch.effects], device=y.device)
        asked_masks = masks * asked[:, None, None, None]
        # Inside the mask of a request the measures have no say: it is to differ from the best plain fusion.
        judged = y + asked_masks * (brighter - y)
        holdings = [self._holding(scene, y.device) for scene in batch.scenes]
        held = Held(*(torch.cat(values, dim=-1) for values in zip(*holdings, strict=True)))
        total, terms = quality_loss(judged, y_visible, batch.infrared, held, recipe.quality)
        supplement, _ = supplement_loss(judged, batch.visible, batch.infrared, masks - asked_masks, recipe.supplement)
        terms |= {"supplement": supplement, "request": request_loss(y, targets, asked_masks)}
        return total + supplement + recipe.request * terms["request"], terms


def _to(batch: GuidedBatch, device: torch.device) -> GuidedBatch:
    visible = batch.visible.to(device, memory_format=torch.channels_last)
    return replace(batch, visible=visible, infrared=batch.infrared.to(device), masks=batch.masks.to(device))


class Reader:
    """Word features of texts, each read once."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._read = lru_cache(maxsize=None)(lambda text: encoder.encode([text]))

    def __call__(self, texts: list[str], device: torch.device) -> tuple[Tensor, Tensor]:
        """Padded words (B, N, d) and their mask (B, N)."""
        read: list[WordFeatures] = [self._read(text) for text in texts]
        words = torch.nn.utils.rnn.pad_sequence([each.words[0] for each in read], batch_first=True)
        mask = torch.nn.utils.rnn.pad_sequence([each.mask[0] for each in read], batch_first=True)
        return words.to(device), mask.to(device)


def _fused(model: TesgNet, batch: GuidedBatch, reader: Reader) -> Tensor:
    device = batch.infrared.device
    words, word_mask = reader(batch.texts, device)
    with short_floats(device):
        return model(batch.visible, batch.infrared, batch.masks, words, word_mask).y


@torch.no_grad()
def validation_loss(model: TesgNet, batches: list[GuidedBatch], reader: Reader, objective: Objective) -> float:
    """Mean of the objective over batches."""
    losses = [float(objective(_fused(model, batch, reader), batch)[0]) for batch in batches]
    return sum(losses) / len(losses)


def train(
    data: Path,
    minutes: float,
    resume: bool = False,
    device: str = "auto",
    recipe: Recipe | None = None,
    config: TesgConfig | None = None,
    checkpoint: Path = CHECKPOINT,
    state: Path = STATE,
    detail_from: str | None = None,
) -> dict[str, float]:
    """Train for a while and keep the weights of the lowest validation loss.

    Args:
        data: Folder-form data, see `training.references.read_scenes`; its train part is learned from, its val part
            judges.
        minutes: Wall-clock time; the learning rate falls to zero over it.
        resume: Continue from `checkpoint` (and `state`, where it is there) instead of starting afresh.
        device: "auto", "cpu" or "cuda".
        recipe: None for the defaults.
        config: Of a fresh model; None for the embedded scale.
        checkpoint: Weight file written after every validation that improves.
        state: Optimiser and progress, for resuming.
        detail_from: Weights of TeRF's backbone that the detail path begins with, a name of the registry or a file; None
            to go on with its own.

    Returns:
        steps and seconds so far, and best, the lowest validation loss.
    """
    recipe, config = recipe or Recipe(), config or TesgConfig()
    place = torch_device(device)
    run = begin(
        lambda read: TesgNet(TesgConfig.from_dict(read)),
        config.to_dict(),
        lambda model: torch.optim.AdamW(model.parameters(), lr=recipe.learning_rate, weight_decay=1e-4),
        recipe,
        place,
        checkpoint,
        state,
        resume,
    )
    if detail_from is not None:
        _begin_detail(run.model, detail_from)
    reader = Reader(text_encoder(run.model.config.text_encoder, run.model.config.max_words))
    objective = Objective(recipe)
    judge = GuidedSampler(read_scenes(data, "val"), recipe.crop, seed=0)
    held_out = [_to(judge.batch(recipe.batch), place) for _ in range(recipe.validation_batches)]
    sampler = GuidedSampler(read_scenes(data, "train"), recipe.crop, recipe.seed + int(run.progress["steps"]))

    def step() -> tuple[Tensor, dict[str, Tensor]]:
        batch = _to(sampler.batch(recipe.batch), place)
        return objective(_fused(run.model, batch, reader), batch)

    run.train(minutes, step, lambda: validation_loss(run.model, held_out, reader, objective))
    return run.progress


@torch.no_grad()
def _begin_detail(model: TesgNet, weights: str) -> None:
    """Give the detail path TeRF's weights, and leave plain fusion to it: the decoder's own weights begin at zero."""
    path = weight_file("terf", weights)
    load_strict(model.detail, load_safetensors(path)[0], path.name)
    for parameter in model.decoder.output.parameters():
        parameter.zero_()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The recipe's own options."""
    parser.add_argument("--learning-rate", type=float, help=f"of AdamW, at its highest ({Recipe.learning_rate:g})")
    parser.add_argument(
        "--detail-from", metavar="NAME", help="weights of TeRF that the detail path begins with, instead of its own"
    )
    add_quality_option(parser)
    parser.add_argument(
        "--paper-losses",
        action="store_true",
        help=(
            "the paper's four losses alone, its crops, batch and learning rate (1e-4); weights go to "
            f"runs/tesg/{PAPER_CHECKPOINT.name}"
        ),
    )


def chosen(args: argparse.Namespace) -> tuple[Recipe, Path, Path]:
    """Recipe, weight file and state file that the options ask for."""
    recipe, checkpoint, state = Recipe(seed=args.seed), CHECKPOINT, STATE
    recipe = replace(recipe, quality=reweighted(recipe.quality, args))
    if args.paper_losses:
        recipe, checkpoint, state = replace(recipe, **PAPER), PAPER_CHECKPOINT, PAPER_STATE
    if args.learning_rate:
        recipe = replace(recipe, learning_rate=args.learning_rate)
    return recipe, checkpoint, state


def main(args: argparse.Namespace) -> None:
    """Entry of `python -m training tesg`: args.data (Path), minutes, resume, device, seed and the recipe's own."""
    recipe, checkpoint, state = chosen(args)
    run = (args.data, args.minutes, args.resume, args.device, recipe)
    train(*run, checkpoint=checkpoint, state=state, detail_from=args.detail_from)
