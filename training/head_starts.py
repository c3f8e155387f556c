"""`python -m training.head_starts --data PATH [--output FILE]`: where TeRF's fast fine-tuning starts.

The inclination of the paper (section 2.4.1, eq. 10–13) takes fifty steps on one pair. Here the same steps, with the
same optimiser and rate, see crops of all training pairs instead, and what they change in the fusion network is kept.
Likewise its denoising unit (section 2.4.3, eq. 18–20), which sees fusions of visible crops with and without noise.
"""

from __future__ import annotations

import argparse
import copy
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor

from engines.checkpoints import CHECKPOINT_DIR, file_sha256
from engines.device import short_floats
from engines.networks import load_network
from engines.terf.config import TerfConfig
from engines.terf.model import FusionBackbone, recolor
from finetune_units.denoising import denoising_loss
from finetune_units.head_starts import SOURCES, HeadStarts, Source, write_head_starts
from finetune_units.inclination import inclination_loss
from finetune_units.presets import PAPER
from finetune_units.unit import FineTuningUnit
from training.exit_status import exit_status
from training.fusion_pairs import dataset_folders, load_pairs, random_crops
from training.terf import CHECKPOINT

logger = logging.getLogger(__name__)

OUTPUT = CHECKPOINT_DIR / "terf_head_starts.safetensors"
# A second repetition goes less far than the first, and further ones much as the second.
REPETITIONS = 2
# Together as many pixels as a picture of 640×480 has.
BATCH, CROP = 12, 160

# Of the paper's hundred steps of denoising, whose unit is far from settled by then: a unit that has gone on for longer
# denoises better than the paper's, and so makes another picture.
DENOISING_STEPS = 60
# Standard deviations in grey levels of the noise that crops are given in turn.
NOISE = (0.0, 0.0, 5.0, 10.0, 15.0, 25.0)

# Gives a batch of visible (B, 3, S, S) and infrared (B, 1, S, S).
Batches = Callable[[], tuple[Tensor, Tensor]]
# Visible and infrared to luma (B, 1, S, S).
Fusion = Callable[[Tensor, Tensor], Tensor]


def offsets_of(network: FusionBackbone, source: Source, batches: Batches, steps: int) -> list[dict[str, Tensor]]:
    """What each repetition of an inclination changes in a network's weights.

    Args:
        network: Stays as it is.
        source: Where to.
        batches: What the steps see.
        steps: Of a repetition.
    """
    tuned = copy.deepcopy(network).requires_grad_(True)
    optimizer = torch.optim.Adam(tuned.parameters(), lr=PAPER.inclination.learning_rate)
    found, last = [], copy.deepcopy(tuned.state_dict())
    for repetition in range(1, REPETITIONS + 1):
        for _ in range(steps):
            visible, infrared = batches()
            with short_floats(visible.device):
                y = tuned(visible, infrared)
            loss = inclination_loss(recolor(y, visible), visible, infrared, source)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
        now = copy.deepcopy(tuned.state_dict())
        found.append({name: now[name] - last[name] for name, _ in tuned.named_parameters()})
        logger.info("%s, repetition %d: loss %.4f", source, repetition, loss.item())
        last = now
    return found


def denoising_unit(network: Fusion, batches: Batches, steps: int, generator: torch.Generator) -> FineTuningUnit:
    """A denoising unit after the paper's steps, begun with the random weights that the paper preset begins with.

    Args:
        network: Fuses what the unit sees.
        batches: What is fused.
        steps: How many.
        generator: Of the noise.
    """
    unit = FineTuningUnit(3, 3, PAPER.denoising_channels, torch.Generator().manual_seed(PAPER.seed))
    optimizer = torch.optim.Adam(unit.parameters(), lr=PAPER.denoising.learning_rate)
    for _ in range(steps):
        visible, infrared = batches()
        levels = torch.tensor(NOISE).repeat(-(-len(visible) // len(NOISE)))[: len(visible)] / 255.0
        noise = torch.randn(visible.shape, generator=generator) * levels.view(-1, 1, 1, 1)
        noisy = (visible + noise).clamp(0.0, 1.0)
        with torch.no_grad(), short_floats(visible.device):
            y = network(noisy, infrared).float().clamp(0.0, 1.0)
        residual, consistency = denoising_loss(unit, recolor(y, noisy).clamp(0.0, 1.0))
        optimizer.zero_grad(set_to_none=True)
        (residual + consistency).backward()
        optimizer.step()
    logger.info("denoising: residual %.5f, consistency %.5f", residual.item(), consistency.item())
    return unit


def make(
    data: list[Path],
    network_file: Path,
    output: Path,
    seed: int = 0,
    steps: int = PAPER.inclination.steps,
    denoising_steps: int = DENOISING_STEPS,
) -> None:
    """Work out the head starts of a network and write them.

    Args:
        data: Data set folders; their train parts are seen, each folder's as much as any other's.
        network_file: Weights of the fusion backbone.
        output: Where the head starts go.
        seed: Of the crops and of the noise.
        steps: Of a repetition of an inclination.
        denoising_steps: Of the denoising unit.

    Raises:
        CheckpointError: The weights cannot be used.
        InputError: A folder has no train part.
    """
    network = load_network(
        "terf", str(network_file), lambda read: FusionBackbone(TerfConfig.from_dict(read)), torch.device("cpu")
    )
    parts = [load_pairs([folder], "train") for folder in data]
    generator = torch.Generator().manual_seed(seed)
    side = min(CROP, *(min(pair.infrared.shape[-2:]) for pairs in parts for pair in pairs))

    def batch() -> tuple[Tensor, Tensor]:
        each = -(-BATCH // len(parts))
        crops = [random_crops(pairs, each, side, generator) for pairs in parts]
        visible, infrared = (torch.cat(sides) for sides in zip(*((c.visible, c.infrared) for c in crops), strict=True))
        return visible.contiguous(memory_format=torch.channels_last), infrared

    offsets = {source: tuple(offsets_of(network, source, batch, steps)) for source in SOURCES}
    unit = denoising_unit(network, batch, denoising_steps, generator)
    starts = HeadStarts(offsets, {name: value.detach() for name, value in unit.state_dict().items()})
    write_head_starts(output, starts, file_sha256(network_file))


def main(argv: Sequence[str] | None = None) -> int:
    """Entry of the command; 0, or 2 with one line on stderr."""
    parser = argparse.ArgumentParser(prog="python -m training.head_starts", description="Head starts of fine-tuning.")
    parser.add_argument("--data", type=Path, required=True, help="folder-form data, see training/references.py")
    parser.add_argument("--network", type=Path, default=CHECKPOINT, metavar="FILE", help="weights of the backbone")
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="FILE")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    torch.set_num_threads(args.threads)
    return exit_status(lambda: make(dataset_folders(args.data), args.network, args.output, args.seed))


if __name__ == "__main__":
    sys.exit(main())
