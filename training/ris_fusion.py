"""Trains RIS-FUSION: fusion and referring segmentation together, the gradient running through the fused picture.

`python -m training ris-fusion --data PATH --minutes M [--resume]`. Training at small scale adds to the
paper's recipe an ImageNet trunk, dense class supervision of its pyramid, cross-entropy beside Dice, and a contrast term
that makes the fusion lift the object it was told about; `--paper-losses` leaves eq. 6 to 8 alone, and
`--config published --swin-from FILE` trains the networks of the paper. `--resume` goes on with the run that was stopped
of the same weight file, for at most M minutes and the rest of its schedule. Several processes or
GPUs share the work under `accelerate launch -m training …` or `torchrun --nproc-per-node 2 -m training …`: on two
cores, two single-threaded processes get further than one with two threads.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import time
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import tqdm

from engines.checkpoints import CHECKPOINT_DIR, load_safetensors, load_strict, save_safetensors
from engines.color import luma, rgb_to_ycbcr, ycbcr_to_rgb
from engines.device import short_floats, torch_device
from engines.errors import CheckpointError, InputError
from engines.ris_fusion.compact_net import CompactSegmentationNet
from engines.ris_fusion.config import EMBEDDED, PUBLISHED, RisFusionConfig
from engines.ris_fusion.model import RisFusionModel
from engines.text_encoder import TextEncoder, text_encoder
from training.losses.fusion_quality import Held, QualityWeights, held_per_pixel, quality_loss
from training.losses.ris_fusion import EMBEDDED as EMBEDDED_WEIGHTS
from training.losses.ris_fusion import PAPER as PAPER_WEIGHTS
from training.losses.ris_fusion import (
    balanced_cross_entropy,
    contrast_loss,
    dual_class_dice,
    elsewhere_loss,
    even_change_loss,
    fusion_loss,
)
from training.poly_plan import PolyPlan
from training.references import CLASSES, UNLABELLED, Scene, read_scenes
from training.referring_samples import Batch, ReferringSampler
from training.ris_validation import validate
from training.swin_weights import load_imagenet_swin, pretrained_part
from training.trunk_weights import load_imagenet_trunk

logger = logging.getLogger(__name__)

# Of the default weight files; every other one has a folder of its own beside it.
RUN_DIR, PUBLISHED_RUN_DIR = Path("runs/ris_fusion"), Path("runs/ris_fusion_published")
# Without a price on light, the fusion follows the infrared picture wherever that has the edges: headlights end in
# hard-edged islands, and in fog what is warm stands in a dark blot. A price of 6 cures the former alone.
QUALITY = QualityWeights(light=16.0)
CONFIGS = {
    "embedded": (EMBEDDED, CHECKPOINT_DIR / "ris_fusion_embedded.safetensors", RUN_DIR),
    "published": (PUBLISHED, PUBLISHED_RUN_DIR / "weights.safetensors", PUBLISHED_RUN_DIR),
}
# Options whose runs are compared with the default one, so that their weights are not to take its place.
ABLATIONS = ("paper_losses", "no_language", "detach")


class TextCache:
    """Frozen word features by sentence, computed once."""

    def __init__(self, encoder: TextEncoder) -> None:
        self.encoder = encoder
        self.features: dict[str, Tensor] = {}

    def __call__(self, sentences: list[str]) -> tuple[Tensor, Tensor]:
        """Words (B, N, d) and mask (B, N), padded to the longest."""
        new = sorted({sentence for sentence in sentences if sentence not in self.features})
        if new:
            encoded = self.encoder.encode(new)
            for i, sentence in enumerate(new):
                self.features[sentence] = encoded.words[i, encoded.mask[i]].half()
        rows = [self.features[sentence].float() for sentence in sentences]
        words = nn.utils.rnn.pad_sequence(rows, batch_first=True)
        lengths = torch.tensor([len(row) for row in rows])
        return words, torch.arange(words.shape[1])[None] < lengths[:, None]


class Trainer:
    """One run: model, optimiser, average of the weights."""

    def __init__(self, args: argparse.Namespace, config: RisFusionConfig) -> None:
        self.args = args
        self.config = config
        self.device = torch_device(args.device)
        if self.device.type == "cuda":
            self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0)))
        torch.manual_seed(args.seed)
        self.model = RisFusionModel(config).to(self.device, memory_format=torch.channels_last)
        self.weights = PAPER_WEIGHTS if args.paper_losses else EMBEDDED_WEIGHTS
        self.text = TextCache(text_encoder(config.text_encoder, config.max_words, config.keeps_end))
        self.average = AveragedModel(self.model, multi_avg_fn=get_ema_multi_avg_fn(0.996), use_buffers=True)
        head = self.model.model
        self.compact = isinstance(head, CompactSegmentationNet)
        self.run_dir = run_folder(args.output)
        trunk = list(head.trunk.parameters() if self.compact else pretrained_part(head.backbone).values())
        pretrained = {id(p) for p in trunk}
        fresh = [p for p in head.parameters() if id(p) not in pretrained]
        self.optimiser = torch.optim.AdamW(
            [
                {"params": self.model.prefusion_model.parameters(), "peak": args.fusion_lr},
                {"params": trunk, "peak": args.trunk_lr},
                {"params": fresh, "peak": args.lr},
            ],
            weight_decay=0.01 if args.paper_losses else 0.02,
            betas=(0.9, 0.98),
        )
        self.class_weights = torch.ones(len(CLASSES), device=self.device)
        self.step = 0
        self.plan = PolyPlan(0.0)
        # Of a run that was stopped: where its draws were.
        self.random: dict[str, Any] | None = None
        # Whether the fusion network keeps what its batch norms know: that of a trained one beats what a batch of two
        # says.
        self.norms_kept = False
        self.samplers: list[ReferringSampler] = []
        self.rank = dist.get_rank() if dist.is_initialized() else 0
        self.run_dir.mkdir(parents=True, exist_ok=True)

    def resume(self) -> None:
        """Continue from the run's state, else from the weight file alone; without either begin as a fresh run does.

        A run that was stopped goes on where it was in its schedule, with its draws and learning rates; one that had
        ended begins anew, with the rates asked for now.

        Raises:
            CheckpointError: The state is of another configuration, or the weights are or cannot be read.
        """
        state_file = self.run_dir / "state.pt"
        if state_file.is_file():
            state = torch.load(state_file, map_location=self.device, weights_only=True)
            try:
                load_strict(self.model, state["model"], state_file.name)
            except CheckpointError as error:
                raise CheckpointError(
                    f"The state {state_file} is that of a run with another configuration: give that run's options, "
                    "another --output, or no --resume."
                ) from error
            self.average.load_state_dict(state["average"])
            asked = [group["peak"] for group in self.optimiser.param_groups]
            self.optimiser.load_state_dict(state["optimiser"])
            self.step, self.norms_kept = state["step"], True
            plan = PolyPlan(*state.get("plan", (0.0, 0.0)))
            if plan.left <= 0.0:
                for group, peak in zip(self.optimiser.param_groups, asked, strict=True):
                    group["peak"] = peak
            else:
                self.plan, self.random, self.norms_kept = plan, state["random"], state["norms_kept"]
            logger.info("resumed at step %d, %.1f of %.1f minutes to come", self.step, plan.left, plan.planned)
        elif self.args.output.is_file():
            weights, _ = load_safetensors(self.args.output)
            weights = {key: value.float() if value.is_floating_point() else value for key, value in weights.items()}
            load_strict(self.model, weights, self.args.output.name)
            load_strict(self.average.module, weights, self.args.output.name)
            self.norms_kept = True
            logger.info("resumed from %s", self.args.output.name)
        else:
            logger.info("nothing to resume: %s is not here, so a fresh run begins", self.args.output)
            self.begin()

    def begin(self) -> None:
        """ImageNet weights for the head's trunk and, where asked for, a fusion network that is trained already."""
        head = self.model.model
        if self.compact:
            load_imagenet_trunk(head.trunk.net, self.config.segmentation.trunk)
        elif self.args.swin_from:
            load_imagenet_swin(head.backbone, self.args.swin_from)
        else:
            logger.warning("Without --swin-from FILE the Swin starts from nothing; the published one did not.")
        if self.args.fusion_from:
            weights, _ = load_safetensors(self.args.fusion_from)
            prefix = "prefusion_model."
            weights = {k.removeprefix(prefix): v.float() for k, v in weights.items() if k.startswith(prefix)}
            load_strict(self.model.prefusion_model, weights, self.args.fusion_from.name)
        self.average.module.load_state_dict(self.model.state_dict())

    def save(self, minutes: float) -> None:
        """Averaged weights as the embedded checkpoint (half precision), and everything else to continue."""
        # Indices fit 16 bits; loading casts back.
        weights = {
            key: value.half()
            if value.is_floating_point()
            else value.to(torch.int32 if value.dim() == 0 else torch.int16)
            for key, value in self.average.module.state_dict().items()
        }
        save_safetensors(self.args.output, weights, self.config.to_dict())
        partial = self.run_dir / "state.partial"
        torch.save(
            {
                "model": self.model.state_dict(),
                "average": self.average.state_dict(),
                "optimiser": self.optimiser.state_dict(),
                "step": self.step,
                "plan": astuple(self.plan.after(minutes)),
                "random": self._random_states(),
                "norms_kept": self.norms_kept,
            },
            partial,
        )
        partial.replace(self.run_dir / "state.pt")

    def _random_states(self) -> dict[str, Any]:
        """Where the draws of this process are."""
        states = {"torch": torch.get_rng_state(), "samplers": [s.rng.bit_generator.state for s in self.samplers]}
        if self.device.type == "cuda":
            states["cuda"] = torch.cuda.get_rng_state(self.device)
        return states

    def _go_on_drawing(self, states: dict[str, Any]) -> None:
        torch.set_rng_state(states["torch"].cpu())
        for sampler, state in zip(self.samplers, states["samplers"], strict=True):
            sampler.rng.bit_generator.state = state
        if "cuda" in states and self.device.type == "cuda":
            torch.cuda.set_rng_state(states["cuda"].cpu(), self.device)

    @property
    def joint(self) -> bool:
        """Whether this step trains both stages together."""
        return not self.args.head_only and self.step % (self.args.head_steps + 1) == 0

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """Each weighted term of the total loss (eq. 6, and ours)."""
        visible = batch.visible.to(self.device, memory_format=torch.channels_last)
        infrared, masks, labels = (t.to(self.device) for t in (batch.infrared, batch.masks, batch.labels))
        index = batch.index.to(self.device)
        words, word_mask = (t.to(self.device) for t in self.text(batch.sentences))
        fusion, head = self.model.prefusion_model, self.model.model
        visible_y = luma(*visible.split(1, dim=1))
        every = torch.arange(len(words), device=self.device)
        # Told, each sentence has a picture fused for it, so that the head learns to go by what is lifted; otherwise one
        # picture, fused without words, serves all its sentences.
        told = self.joint or bool(torch.rand(()) < self.args.told)
        asked = self.args.ask_head or not self.args.fusion_only
        with short_floats(self.device):
            with torch.set_grad_enabled(self.joint):
                if told:
                    rgb, y, plain = self.fused(visible, visible_y, infrared, words, word_mask, index)
                else:
                    silent = torch.zeros_like(word_mask[: len(visible)])
                    rgb, *_ = fusion.fuse(visible, infrared, words[: len(visible)], silent)
            if asked:
                scenery = head.look(fusion.normalise(rgb.detach() if self.args.detach else rgb))
                logits = head.refer(scenery, words, word_mask, every if told else index).float()
        terms = self.mask_terms(logits, masks) if asked else {}
        if self.compact and not self.args.paper_losses and not self.args.fusion_only:
            seen_labels = labels[index] if told else labels
            terms["dense"] = 0.6 * _dense_loss(scenery.classes.float(), seen_labels, self.class_weights)
        if self.joint:
            terms |= self.fusion_terms(y, plain, visible_y, infrared, masks, index)
        return terms

    def mask_terms(self, logits: Tensor, masks: Tensor) -> dict[str, Tensor]:
        """What the head's logits miss of the masks: Dice (eq. 7) and, beside the paper's, cross-entropy."""
        logits = F.interpolate(logits, size=masks.shape[-2:], mode="bilinear", align_corners=False)
        terms = {"dice": dual_class_dice(logits, masks)}
        if not self.args.paper_losses:
            terms["bce"] = balanced_cross_entropy(logits, masks)
        return terms

    def fusion_terms(
        self, y: Tensor, plain: Tensor, visible_y: Tensor, infrared: Tensor, masks: Tensor, index: Tensor
    ) -> dict[str, Tensor]:
        """What is asked of the fused pictures themselves, without a look at them by the head."""
        weight = self.args.fusion_weight
        terms = {"fusion": weight * fusion_loss(y, visible_y[index], infrared[index], self.weights)}
        if self.args.paper_losses:
            # The paper always has words; a picture is wanted without any, too.
            terms["fusion"] = terms["fusion"] + 0.1 * weight * fusion_loss(plain, visible_y, infrared, self.weights)
            return terms
        # At half size: dilation is slow on a CPU, and means hardly change.
        half = [F.avg_pool2d(t, 2) for t in (y, visible_y[index], infrared[index], masks)]
        contrast = contrast_loss(*half, gain=1.25, margin=0.05, ring=7)
        terms["contrast"] = (4.0 if self.args.fusion_only else 0.5) * contrast
        change = y - plain[index].detach()
        terms["even"] = 1.0 * even_change_loss(change, masks)
        # Where this outweighs the contrast asked for, the words soon change nothing at all.
        terms["elsewhere"] = 1.5 * elsewhere_loss(change, masks)
        terms["quality"] = (0.4 if self.args.fusion_only else 0.1) * weight * self.quality(plain, visible_y, infrared)
        return terms

    def fused(
        self, visible: Tensor, visible_y: Tensor, infrared: Tensor, words: Tensor, word_mask: Tensor, index: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """RGB and luma fused with each sentence, and luma without any; both encoders run once a picture."""
        net = self.model.prefusion_model.net
        streams = [net.encode(visible_y, "y"), net.encode(infrared, "i")]
        silent = torch.zeros(len(visible), 1, words.shape[2], device=self.device)
        plain, _ = net.decode(*streams, silent, torch.zeros_like(silent[..., 0], dtype=torch.bool))
        y, _ = net.decode(*([level[index] for level in levels] for levels in streams), words, word_mask)
        _, cb, cr = rgb_to_ycbcr(*visible[index].split(1, dim=1))
        return torch.cat(ycbcr_to_rgb(y, cb, cr), dim=1).clamp(0, 1), y, plain

    def quality(self, plain: Tensor, visible_y: Tensor, infrared: Tensor) -> Tensor:
        """What the measures of fusion miss in the picture fused without text."""
        held = held_per_pixel(torch.stack([infrared, visible_y]))
        # A black picture holds nothing; its share of nothing must not decide the step.
        held = Held(held.information.clamp(min=0.2), held.edges.clamp(min=4.0))
        return quality_loss(plain, visible_y, infrared, held, QUALITY)[0]

    def run(self, train: list[Scene], val: list[Scene]) -> None:
        """Train for the minutes asked for; poly schedule over them, or over what a stopped run has left of its own."""
        args = self.args
        if self.plan.left <= 0.0:
            self.plan = PolyPlan(args.minutes)
        budget = min(args.minutes, self.plan.left)
        if self.compact:
            self.class_weights = _class_weights(train).to(self.device)
        # Each process draws its own samples; the gradients are averaged.
        seed = args.seed + self.step + 1_000_003 * self.rank
        sampler = ReferringSampler(train, tuple(args.size), seed=seed)
        joint_sampler = ReferringSampler(train, tuple(args.joint_size or args.size), seed=seed + 1)
        self.samplers = [sampler, joint_sampler]
        if args.window_size:
            shares = tuple(part / whole for part, whole in zip(args.window_size, args.size, strict=True))
            self.samplers.append(ReferringSampler(train, tuple(args.window_size), seed=seed + 2, windows=shares))
        if self.random is not None and self.rank == 0:
            self._go_on_drawing(self.random)
        self.random = None
        start = time.monotonic()
        saved, evaluated = start, start
        sums: dict[str, list[float]] = {}
        self.model.train()
        if args.fusion_only:
            self.model.model.eval().requires_grad_(False)
        if self.norms_kept:
            self.model.prefusion_model.eval()
        bar = tqdm(total=budget, unit="min", disable=None if self.rank == 0 else True)
        while (minutes := self._agreed((time.monotonic() - start) / 60)) < budget:
            for group in self.optimiser.param_groups:
                group["lr"] = group["peak"] * self.plan.share(minutes, self.step)
            self.optimiser.zero_grad(set_to_none=True)
            for _ in range(args.accumulate):
                terms = self.losses(self.drawn())
                (sum(terms.values()) / args.accumulate).backward()
                for name, term in terms.items():
                    sums.setdefault(name, []).append(term.item())
            self._average_gradients()
            nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimiser.step()
            self.average.update_parameters(self.model)
            self.step += 1
            if self.rank:
                continue
            bar.n = round(minutes, 2)
            bar.set_postfix_str(f"step {self.step}", refresh=False)
            bar.update(0)
            if self.step % 50 == 0:
                means = {name: round(sum(values) / len(values), 4) for name, values in sums.items()}
                self.log({"step": self.step, "minutes": round(minutes, 2)} | means)
                sums.clear()
            now = time.monotonic()
            if now - saved > 180:
                self.save(minutes)
                saved = now
            if now - evaluated > 60 * args.validate_every:
                self.log(self.validate(val, limit=220))
                evaluated = time.monotonic()
        bar.close()
        self.plan = self.plan.after(budget)
        if self.rank == 0:
            self.save(0.0)
            self.log(self.validate(val, limit=600))

    def drawn(self) -> Batch:
        """The batch of this step: whole pictures, or every other of the head's own steps windows of them."""
        sampler, joint_sampler, *windows = self.samplers
        pictures, sentences = self.args.pictures, self.args.sentences
        if self.joint:
            return joint_sampler.batch(pictures, sentences)
        if windows and self.step % 2:
            return windows[0].batch(2 * pictures, sentences)
        return sampler.batch(pictures, sentences)

    def _agreed(self, minutes: float) -> float:
        """The first process's clock, so that all stop after the same step."""
        if not dist.is_initialized():
            return minutes
        clock = torch.tensor(minutes, dtype=torch.float64)
        dist.broadcast(clock, src=0)
        return clock.item()

    def _average_gradients(self) -> None:
        """The mean over processes, in one message."""
        if not dist.is_initialized():
            return
        gradients = [p.grad for group in self.optimiser.param_groups for p in group["params"] if p.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        dist.all_reduce(flat)
        flat /= dist.get_world_size()
        for gradient, mean in zip(gradients, flat.split([g.numel() for g in gradients]), strict=True):
            gradient.copy_(mean.view_as(gradient))

    def validate(self, val: list[Scene], limit: int) -> dict[str, float]:
        """Mask quality of the averaged weights at the training size, on a sample of held-out sentences."""
        size = tuple(self.args.size)
        told = not self.args.head_only or self.args.told > 0
        return validate(self.average.module, self.text, val, limit=limit, size=size, fusion_size=size, told=told)

    def log(self, entry: dict) -> None:
        """One JSON line to the run's log, and the same to the logger."""
        with (self.run_dir / "log.jsonl").open("a") as file:
            file.write(json.dumps(entry) + "\n")
        logger.info("%s", entry)


def run_folder(output: Path) -> Path:
    """Where the state and the log of the run go that writes a weight file."""
    defaults = {weights.resolve(): folder for _, weights, folder in CONFIGS.values()}
    return defaults.get(output.resolve(), output.with_name(f"{output.stem}_run"))


def default_output(args: argparse.Namespace) -> Path:
    """Where the weights go without --output: those of an ablation to the configuration's folder of runs."""
    _, weights, folder = CONFIGS[args.config]
    asked = [name for name in ABLATIONS if getattr(args, name)]
    return folder / f"{'-'.join(asked)}.safetensors" if asked else weights


def _class_weights(scenes: list[Scene]) -> Tensor:
    """Inverse square root of each class's share of the labelled pixels, so that people count beside roads."""
    counts = sum(torch.bincount(torch.from_numpy(scene.labels).flatten(), minlength=256) for scene in scenes)
    counts = counts[: len(CLASSES)]
    share = counts / counts.sum().clamp(min=1)
    return (share.clamp(min=1e-6) ** -0.5 / 4).clamp(0.3, 6.0)


def _dense_loss(logits: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
    """Weighted cross-entropy where labels are known, a scalar; 0 where nobody labelled anything (MM-RIS)."""
    coarse = F.interpolate(labels[:, None].float(), size=logits.shape[-2:], mode="nearest")[:, 0].long()
    if bool((coarse == UNLABELLED).all()):
        return 0 * logits.sum()
    return F.cross_entropy(logits, coarse, weights, ignore_index=UNLABELLED)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of this recipe beside the common ones."""
    parser.add_argument(
        "--config",
        choices=CONFIGS,
        default="embedded",
        help=f"published: Swin-B and BERT base as in the paper, for a GPU; weights go to {PUBLISHED_RUN_DIR}",
    )
    parser.add_argument(
        "--swin-from",
        type=Path,
        metavar="FILE.pth",
        help="ImageNet weights of its Swin, e.g. swin_base_patch4_window12_384_22k.pth",
    )
    parser.add_argument("--size", type=int, nargs=2, default=(240, 320), metavar=("H", "W"), help="training size")
    parser.add_argument("--joint-size", type=int, nargs=2, metavar=("H", "W"), help="of joint steps, where they differ")
    parser.add_argument(
        "--window-size",
        type=int,
        nargs=2,
        metavar=("H", "W"),
        help="every other step of the head alone sees windows of this size, cut out of twice as many pictures: cheaper",
    )
    parser.add_argument("--pictures", type=int, default=2, help="pictures a step")
    parser.add_argument("--sentences", type=int, default=5, help="sentences a picture")
    parser.add_argument("--accumulate", type=int, default=1, help="batches a step")
    parser.add_argument("--lr", type=float, default=6e-4, help="of the referring head (the paper: 5e-5, pretrained)")
    parser.add_argument("--trunk-lr", type=float, default=1.5e-4, help="of its pretrained trunk")
    parser.add_argument("--fusion-lr", type=float, default=6e-4, help="of the fusion network (the paper: 1e-4)")
    parser.add_argument("--fusion-weight", type=float, default=1.0, help="lambda of eq. 6")
    parser.add_argument("--paper-losses", action="store_true", help="eq. 6 to 8 alone, the paper's weights and decay")
    parser.add_argument("--no-language", action="store_true", help="ablation: mean instead of LangGatedFusion")
    parser.add_argument("--detach", action="store_true", help="ablation: no joint optimisation")
    stage = parser.add_mutually_exclusive_group()
    stage.add_argument("--head-only", action="store_true", help="leave the fusion network as it is")
    stage.add_argument("--fusion-only", action="store_true", help="leave the head as it is")
    parser.add_argument(
        "--ask-head",
        action="store_true",
        help="with --fusion-only: let the fusion learn what helps the head, too, and not only what it is to look like",
    )
    parser.add_argument(
        "--head-steps", type=int, default=0, help="steps of the head alone, which are cheaper, after each joint one"
    )
    parser.add_argument(
        "--told",
        type=float,
        default=0.5,
        metavar="SHARE",
        help="of the head's own steps, those whose pictures are fused with each sentence; the others are cheaper",
    )
    parser.add_argument("--fusion-from", type=Path, metavar="FILE", help="start with the fusion network of this file")
    parser.add_argument("--validate-every", type=float, default=10.0, metavar="MINUTES")
    parser.add_argument(
        "--output",
        type=Path,
        help=(
            f"weight file; by default that of the configuration, for paper losses and ablations one in {RUN_DIR} or "
            f"{PUBLISHED_RUN_DIR}"
        ),
    )


def main(args: argparse.Namespace) -> None:
    """Run the recipe.

    Raises:
        InputError: No usable data, `--ask-head` where the head learns anyway, or `--window-size` where no step is the
            head's own.
        CheckpointError: `--resume` from a state or weights of another configuration.
    """
    if args.ask_head and not args.fusion_only:
        raise InputError("--ask-head goes with --fusion-only: otherwise the head is asked, and learns, anyway.")
    if args.window_size and not (args.head_only or args.head_steps):
        raise InputError("--window-size goes with --head-only or --head-steps: joint steps see whole pictures.")
    if "WORLD_SIZE" in os.environ:
        # gloo serves CPUs, nccl GPUs.
        dist.init_process_group("cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo")
    config = CONFIGS[args.config][0]
    args.output = args.output or default_output(args)
    if args.no_language:
        config = replace(config, fusion=replace(config.fusion, language=False))
    train, val = read_scenes(args.data, "train"), read_scenes(args.data, "val")
    trainer = Trainer(args, config)
    if args.resume:
        trainer.resume()
    else:
        trainer.begin()
    trainer.run(train, val)
