"""Trains From Text to Pixels: fusion and detection on two levels (eq. 7 of the paper), one step of each in turn.

Lower level: the fusion network makes crops fused with and without words good pictures and lets the named thing stand
out. Upper level: the detector learns boxes on fused pictures, and its loss's gradient goes on into the fusion network:
a first-order step, which takes the current fused picture for the lower level's optimum z* and leaves out how that
optimum would move. At first the detector warms up alone, because the gradient of one that sees nothing means nothing.
"""

from __future__ import annotations

import argparse
import copy
import logging
import math
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from engines.checkpoints import CHECKPOINT_DIR, load_safetensors, load_strict, save_safetensors
from engines.color import luma
from engines.device import short_floats, torch_device
from engines.errors import CheckpointError
from engines.text2pixels.codebook import perplexity
from engines.text2pixels.config import Text2PixelsConfig
from engines.text2pixels.model import STRIDE, Guidance
from engines.text2pixels.networks import Text2PixelsNetworks
from engines.text_encoder import text_encoder
from training.losses.centre_detection import detection_loss
from training.losses.fusion_quality import Held, QualityWeights, held_per_pixel, quality_loss
from training.losses.text2pixels import description_loss, feasibility, pointing_loss
from training.references import Scene, read_scenes
from training.ris_fusion import TextCache
from training.text2pixels_samples import Boxed, Pointed, Samples
from training.text2pixels_validation import validate
from training.trunk_weights import load_imagenet_trunk

logger = logging.getLogger(__name__)

CHECKPOINT = CHECKPOINT_DIR / "text2pixels_embedded.safetensors"
RUN_DIR = CHECKPOINT_DIR.parent / "runs" / "text2pixels"
REFERRING_HEAD = CHECKPOINT_DIR / "ris_fusion_embedded.safetensors"
# Pictures of validation, evenly spaced.
_VALIDATION_PICTURES = 8


@dataclass(frozen=True)
class Recipe:
    """How both levels are trained.

    Attributes:
        fusion_rate: Learning rate of the fusion network (Adam); every rate falls to zero along a half cosine.
        detector_rate: Of the detector's pyramid and head (AdamW).
        trunk_rate: Of the detector's pretrained trunk.
        warm_up_steps: Steps over which the rates rise.
        warm_up_share: Of the time in which the detector learns without touching the fusion network.
        crops: Crops of a lower-level step.
        crop: Their side in pixels; 41 or more for the quality measures.
        views: Pictures of an upper-level step.
        view: Their height and width, multiples of 32.
        sources: Share of views that show the detector the plain visible, and as many the plain infrared picture, so
            that it is a fair judge of either.
        told: Share of fused views with an expression.
        nexus: Factor on the detection loss's gradient where it enters the fused picture.
        quality: Weights of the quality measures; None trains with the paper's losses alone.
        constraint: Weight of eq. 10.
        codes: Weight of eq. 11.
        salience: Weight of the named thing's missing contrast.
        elsewhere: Weight of changes by words outside the thing.
        description: Weight of what codes get wrong about their pixels.
        epoch: Lower-level steps after which the earlier state of eq. 8 is renewed.
        average: Decay of the averaged weights, which are what is saved.
        validate_minutes: Between two validations, each of which saves.
    """

    fusion_rate: float = 1.5e-3
    detector_rate: float = 6e-4
    trunk_rate: float = 1.5e-4
    warm_up_steps: int = 50
    warm_up_share: float = 0.15
    crops: int = 2
    crop: int = 144
    views: int = 2
    view: tuple[int, int] = (288, 384)
    sources: float = 0.2
    told: float = 0.3
    nexus: float = 0.3
    quality: QualityWeights | None = field(default_factory=QualityWeights)
    constraint: float = 0.3
    codes: float = 0.002
    salience: float = 12.0
    elsewhere: float = 10.0
    description: float = 10.0
    epoch: int = 150
    average: float = 0.99
    validate_minutes: float = 11.0


PAPER = {"quality": None, "constraint": 1.0, "salience": 0.0, "elsewhere": 0.0, "description": 0.0}


class Trainer:
    """One run: both networks, their optimisers, the average of their weights."""

    def __init__(
        self,
        config: Text2PixelsConfig,
        recipe: Recipe,
        seed: int = 0,
        device: str = "auto",
        checkpoint: Path = CHECKPOINT,
        run_dir: Path = RUN_DIR,
    ) -> None:
        torch.manual_seed(seed)
        self.recipe, self.seed = recipe, seed
        self.checkpoint, self.run_dir = checkpoint, run_dir
        self.device = torch_device(device)
        self.networks = Text2PixelsNetworks(config).to(self.device, memory_format=torch.channels_last)
        # Buffers are copied: a code that started again has no average.
        self.average = AveragedModel(self.networks, multi_avg_fn=get_ema_multi_avg_fn(recipe.average))
        self.earlier = copy.deepcopy(self.networks.fusion).eval().requires_grad_(False)
        detector = self.networks.detector
        fresh = [p for name, p in detector.named_parameters() if not name.startswith("trunk.")]
        self.fusion_optimizer = torch.optim.Adam(self.networks.fusion.parameters(), lr=recipe.fusion_rate)
        self.detector_optimizer = torch.optim.AdamW(
            [
                {"params": detector.trunk.parameters(), "lr": recipe.trunk_rate},
                {"params": fresh, "lr": recipe.detector_rate},
            ],
            weight_decay=0.02,
        )
        self.optimizers = (self.fusion_optimizer, self.detector_optimizer)
        for group in (group for optimizer in self.optimizers for group in optimizer.param_groups):
            group["peak"] = group["lr"]
        self.text = TextCache(text_encoder(config.text_encoder, config.max_words))
        self.held: dict[str, Held] = {}
        self.steps, self.seconds_before = 0, 0.0
        self.detector_is_fresh = True
        self.fusion_only = False

    @property
    def state(self) -> Path:
        """Everything beside the weights that a run continues from."""
        return self.run_dir / "state.pt"

    def begin(self, referring_head: Path | None) -> None:
        """Pretrained weights for the detector: trunk and pyramid of a referring head, or the trunk from ImageNet."""
        detector = self.networks.detector
        if referring_head is not None and referring_head.is_file():
            weights, _ = load_safetensors(referring_head)
            for part in ("trunk", "pyramid"):
                prefix = f"model.{part}."
                own = {k.removeprefix(prefix): v.float() for k, v in weights.items() if k.startswith(prefix)}
                load_strict(getattr(detector, part), own, referring_head.name)
        else:
            load_imagenet_trunk(detector.trunk.net, detector.config.trunk)
        self._start_average()

    def resume(self) -> None:
        """Continue from the run's state, or from the weights alone.

        Raises:
            CheckpointError: There are none, or they are of another configuration.
        """
        self.detector_is_fresh = False
        if self.state.is_file():
            saved = torch.load(self.state, map_location=self.device, weights_only=True)
            if saved["configuration"] == self.networks.config.to_dict():
                self.networks.load_state_dict(saved["networks"])
                self.average.load_state_dict(saved["average"])
                for optimizer, held in zip(self.optimizers, saved["optimizers"], strict=True):
                    optimizer.load_state_dict(held)
                self.steps, self.seconds_before = saved["steps"], saved["seconds"]
                self.earlier.load_state_dict(self.networks.fusion.state_dict())
                return
        if not self.checkpoint.is_file():
            raise CheckpointError(f"There is nothing to resume: {self.checkpoint.name} is not here.")
        weights, _ = load_safetensors(self.checkpoint)
        load_strict(self.networks, weights, self.checkpoint.name)
        self._start_average()

    def _start_average(self) -> None:
        self.average.module.load_state_dict(self.networks.state_dict())
        self.earlier.load_state_dict(self.networks.fusion.state_dict())

    def save(self, seconds: float) -> None:
        """Averaged weights in half precision as the checkpoint, and everything else to continue."""
        weights = {
            key: value.half() if value.is_floating_point() else value.to(torch.int32)
            for key, value in self.average.module.state_dict().items()
        }
        save_safetensors(self.checkpoint, weights, self.networks.config.to_dict())
        self.run_dir.mkdir(parents=True, exist_ok=True)
        partial = self.state.with_suffix(".partial")
        torch.save(
            {
                "configuration": self.networks.config.to_dict(),
                "networks": self.networks.state_dict(),
                "average": self.average.state_dict(),
                "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
                "steps": self.steps,
                "seconds": self.seconds_before + seconds,
            },
            partial,
        )
        partial.replace(self.state)

    def _holding(self, scenes: list[Scene]) -> Held:
        """What the sources of the crops' whole pictures hold per pixel, worked out once each."""
        for scene in scenes:
            if scene.name not in self.held:
                visible = luma(*(torch.from_numpy(scene.visible[..., c].copy()).float() / 255.0 for c in range(3)))
                infrared = torch.from_numpy(scene.infrared).float() / 255.0
                self.held[scene.name] = held_per_pixel(torch.stack([infrared, visible])[:, None, None])
        holdings = [self.held[scene.name] for scene in scenes]
        return Held(*(torch.cat(values, dim=-1).to(self.device) for values in zip(*holdings, strict=True)))

    def _words(self, sentences: list[str]) -> tuple[Tensor, Tensor]:
        """Features and mask; an empty sentence has no words."""
        words, mask = (t.to(self.device) for t in self.text([sentence or "nothing" for sentence in sentences]))
        said = torch.tensor([bool(sentence) for sentence in sentences], device=self.device)
        return words, mask & said[:, None]

    def lower_level(self, batch: Pointed) -> tuple[Tensor, dict[str, Tensor]]:
        """f and g of eq. 7 on crops, each fused with its words and without: the loss, and its terms by name."""
        recipe, net = self.recipe, self.networks.fusion
        rgb, infrared, mask, place = (
            t.to(self.device) for t in (batch.visible, batch.infrared, batch.mask, batch.place)
        )
        visible = luma(*rgb.split(1, dim=1))
        words, word_mask = self._words(batch.sentences)
        both = (torch.cat([words, words]), torch.cat([word_mask, torch.zeros_like(word_mask)]))
        places = torch.cat([place, torch.zeros_like(place)])
        with short_floats(self.device):
            features = net.extract(visible, infrared).repeated(2)
            guidance = net.attend(features, *both, places)
            y = net.decode(features, guidance, places)
            with torch.no_grad():
                before = self.earlier.extract(visible, infrared).repeated(2)
                earlier = self.earlier.decode(before, self.earlier.attend(before, *both, places), places)
        terms = {"codes": recipe.codes * guidance.quantised.loss}
        shown, sources = y.clamp(0.0, 1.0), [torch.cat([source] * 2) for source in (visible, infrared)]
        constraint, _ = feasibility(shown, earlier.clamp(0.0, 1.0), *sources)
        terms["constraint"] = recipe.constraint * constraint
        if recipe.description:
            described = net.describe(guidance.quantised.features)
            terms["description"] = recipe.description * description_loss(described, features.sources, STRIDE)
        told, plain = y.chunk(2)
        if recipe.quality is not None:
            held = self._holding(batch.scenes)
            terms["quality"], measures = quality_loss(plain, visible, infrared, held, recipe.quality)
            terms["told"] = 0.3 * quality_loss(told, visible, infrared, held, recipe.quality)[0]
        if recipe.salience or recipe.elsewhere:
            shown_told, shown_plain = shown.chunk(2)
            salience, change = pointing_loss(shown_told, shown_plain, visible, infrared, mask)
            terms |= {"salience": recipe.salience * salience, "elsewhere": recipe.elsewhere * change}
        return sum(terms.values()), terms

    def upper_level(self, batch: Boxed, joint: bool) -> tuple[Tensor, dict[str, Tensor]]:
        """The detection loss of eq. 7 on views; `joint` lets its gradient reach the fusion network."""
        recipe = self.recipe
        rgb, infrared = batch.visible.to(self.device), batch.infrared.to(self.device)
        draw = torch.rand(len(rgb))
        pictures = torch.where((draw < recipe.sources)[:, None, None, None], rgb, infrared.expand_as(rgb))
        fused = torch.nonzero(draw >= 2 * recipe.sources).flatten()
        with short_floats(self.device):
            if len(fused):
                with torch.set_grad_enabled(joint):
                    z, guidance = self._fused(rgb[fused], infrared[fused], batch, fused.tolist())
                if joint:
                    z.register_hook(lambda gradient: recipe.nexus * gradient)
                pictures = pictures.index_copy(0, fused, z)
            seen = pictures.contiguous(memory_format=torch.channels_last)
            logits, sides = self.networks.detector(seen)
        loss, terms = detection_loss(logits, sides, batch.targets.to(self.device))
        if len(fused) and joint:
            loss = loss + recipe.codes * guidance.quantised.loss
        return loss, terms

    def _fused(self, rgb: Tensor, infrared: Tensor, batch: Boxed, chosen: list[int]) -> tuple[Tensor, Guidance]:
        """Fused RGB in [0, 1] with the visible picture's chroma."""
        visible = luma(*rgb.split(1, dim=1))
        words, word_mask = self._words([batch.sentences[i] for i in chosen])
        y, guidance = self.networks.fusion(visible, infrared, words, word_mask, batch.place[chosen].to(self.device))
        return (rgb + y - visible).clamp(0.0, 1.0), guidance

    def run(self, train: list[Scene], validation: list[Scene], minutes: float) -> dict[str, float]:
        """Train for so many minutes; returns the last validation."""
        recipe, budget = self.recipe, 60.0 * minutes
        samples = Samples(train, self.seed + self.steps)
        validation = validation[:: max(1, len(validation) // _VALIDATION_PICTURES)]
        sums: dict[str, float] = {}
        begin, next_validation, fresh = time.monotonic(), 60.0 * recipe.validate_minutes, 0
        self.networks.train()
        while (elapsed := time.monotonic() - begin) < budget:
            fresh += 1
            rate = min(1.0, fresh / recipe.warm_up_steps) * (0.5 + 0.5 * math.cos(math.pi * elapsed / budget))
            for group in (group for optimizer in self.optimizers for group in optimizer.param_groups):
                group["lr"] = group["peak"] * rate
            terms = self._lower_step(samples.pointed(recipe.crops, recipe.crop))
            if not self.fusion_only:
                joint = not self.detector_is_fresh or elapsed >= recipe.warm_up_share * budget
                terms |= self._upper_step(samples.boxed(recipe.views, recipe.view, recipe.told), joint)
            self.average.update_parameters(self.networks)
            self.steps += 1
            if self.steps % recipe.epoch == 0:
                self.earlier.load_state_dict(self.networks.fusion.state_dict())
            for name, term in terms.items():
                sums[name] = sums.get(name, 0.0) + float(term.detach()) / 25
            if self.steps % 25 == 0:
                used = perplexity(self.networks.fusion.codebook.usage)
                said = ", ".join(f"{name} {value:.3f}" for name, value in sums.items())
                logger.info("step %d, %.1f min: %s, perplexity %.0f", self.steps, elapsed / 60.0, said, used)
                sums.clear()
            if elapsed >= next_validation:
                next_validation += 60.0 * recipe.validate_minutes
                self.save(elapsed)
                self._validate(validation)
        self.save(time.monotonic() - begin)
        return self._validate(validation)

    def _lower_step(self, batch: Pointed) -> dict[str, Tensor]:
        loss, terms = self.lower_level(batch)
        self._descend(loss, (self.fusion_optimizer,))
        return terms

    def _upper_step(self, batch: Boxed, joint: bool) -> dict[str, Tensor]:
        loss, terms = self.upper_level(batch, joint)
        self._descend(loss, self.optimizers if joint else (self.detector_optimizer,))
        return terms

    def _descend(self, loss: Tensor, optimizers: tuple[torch.optim.Optimizer, ...]) -> None:
        self.networks.zero_grad(set_to_none=True)
        loss.backward()
        for part in (self.networks.fusion, self.networks.detector):
            nn.utils.clip_grad_norm_(part.parameters(), 1.0 if part is self.networks.fusion else 10.0)
        for optimizer in optimizers:
            optimizer.step()

    def _validate(self, scenes: list[Scene]) -> dict[str, float]:
        values = validate(self.average.module, self.text, scenes)
        logger.info("validation: %s", ", ".join(f"{name} {value:.4g}" for name, value in values.items()))
        return values


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The recipe's own options."""
    parser.add_argument(
        "--paper-losses",
        action="store_true",
        help="eq. 8 to 11 and detection alone; weights go to runs/text2pixels/paper.safetensors",
    )
    parser.add_argument("--fusion-only", action="store_true", help="lower level alone: the detector stays as it is")
    parser.add_argument(
        "--imagenet", action="store_true", help="begin the detector with ImageNet weights, not the referring head's"
    )


def main(args: argparse.Namespace) -> None:
    """Entry of `python -m training text2pixels`.

    Raises:
        InputError: No usable data.
        CheckpointError: Weights to begin with, or to resume from, are missing or do not fit.
    """
    recipe, checkpoint, run_dir = Recipe(), CHECKPOINT, RUN_DIR
    if args.paper_losses:
        recipe, checkpoint, run_dir = replace(recipe, **PAPER), RUN_DIR / "paper.safetensors", RUN_DIR / "paper"
    train, validation = read_scenes(args.data, "train"), read_scenes(args.data, "val")
    trainer = Trainer(Text2PixelsConfig(), recipe, args.seed, args.device, checkpoint, run_dir)
    trainer.fusion_only = args.fusion_only
    if args.resume:
        trainer.resume()
    else:
        trainer.begin(None if args.imagenet else REFERRING_HEAD)
    trainer.run(train, validation, args.minutes)
    logger.info("%d steps so far, weights in %s", trainer.steps, checkpoint.name)
