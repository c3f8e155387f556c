"""Runs the engines of a comparison one after another, and remembers what they gave."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

import numpy as np

import engines
from app import pipeline
from app.batch import weights_digest
from app.comparison.region import common_region
from app.comparison.results import (
    Cell,
    CommonRegion,
    Comparison,
    Scores,
    engine_and_checkpoint,
    normal_name,
    title,
)
from app.comparison.scores import measure
from app.parser.references import with_references_resolved
from app.report import report
from engines import Cancelled, ImagePair, InputError, Instruction, SayFuseError
from engines.bounded_cache import BoundedCache
from engines.pair_cache import pair_digest
from engines.regions.options import RegionOptions
from engines.types import Progress
from evaluation.fusion.grey import to_8bit

logger = logging.getLogger(__name__)

# About 200 results of 640×480 pixels, or four of 20 megapixels.
CACHE_BYTES = 256_000_000
# Share of the progress that fusing takes; the rest is finding the common region and measuring.
_FUSING, _MEASURING = 0.8, 0.85
# Of one cell without its picture, and of one set of scores: a bound, not a measurement.
_SMALL = 20_000
_DEFECT = "{title} could not finish because of a defect in it; the log says more."
# Stages that say nothing about the method: how fast the disk is, and whether it ran before.
_NOT_FUSING = frozenset({"read", "parse", "load"})

_cache: BoundedCache = BoundedCache(CACHE_BYTES)


def compare(
    pair: ImagePair,
    instruction: Instruction,
    names: Sequence[str],
    preset: str = "fast",
    progress: Progress | None = None,
    finished: Callable[[Cell], None] | None = None,
    cache: BoundedCache | None = None,
    regions: RegionOptions | None = None,
    checkpoints: bool = False,
) -> Comparison:
    """Fuse one pair with several engines under one instruction, then score the results.

    Results are kept by what they depend on (pixels, sentence and edits, engine, weights, masker, preset), so that
    asking again runs no engine again. An engine that fails leaves its reason in its own cell; the others go on.

    Args:
        pair: The aligned pictures.
        instruction: The parsed sentence, the same for every engine.
        names: Names of the registry, or NAME:CHECKPOINT where that is allowed; repeats are left out.
        preset: "fast" or "paper", for TeRF.
        progress: Called with a fraction in [0, 1] and a message, between engines and by the engines; may raise
            Cancelled.
        finished: Called with each cell as soon as it is there.
        cache: Where results are kept; None for the one that all comparisons of this process share.
        regions: How the engines look for regions; None for the defaults.
        checkpoints: Whether names may say which weights, which can be any file of this machine: not for names that
            come over the network.

    Raises:
        InputError: No engine, an unknown one, or "auto".
        Cancelled: Raised by `progress`.
    """
    names = checked_names(names, checkpoints)
    instruction = replace(instruction, edits=with_references_resolved(instruction.edits))
    looked = regions or RegionOptions()
    cache = _cache if cache is None else cache
    told = progress or (lambda fraction, message: None)
    source = pair_digest(pair), _instruction_digest(instruction)
    cells: list[Cell] = []
    keys: dict[str, Hashable] = {}
    for index, name in enumerate(names):

        def engine_progress(fraction: float, message: str, index: int = index, name: str = name) -> None:
            share = (index + min(max(fraction, 0.0), 1.0)) / len(names)
            told(_FUSING * share, f"{title(name)} ({index + 1} of {len(names)}): {message[:1].lower()}{message[1:]}")

        engine_progress(0.0, "starting")
        engine, checkpoint = engine_and_checkpoint(name)
        try:
            keys[name] = (*source, name, weights_digest(checkpoint, engine, looked), looked, preset)
        except SayFuseError as error:
            cells.append(Cell(name, error=str(error)))
        else:
            cells.append(_cell(pair, instruction, name, preset, looked, engine_progress, cache, keys[name]))
        if finished is not None:
            finished(cells[-1])
    told(_FUSING, "Looking for the region to score")
    region = _region(pair, instruction, cache, source)
    visible, infrared = to_8bit(pair.visible), np.repeat(to_8bit(pair.infrared)[..., None], 3, axis=2)
    comparison = Comparison(visible, infrared, instruction, preset, tuple(cells), region, {}, pair.notes)
    mask_digest = b"" if region.mask is None else hashlib.sha256(np.ascontiguousarray(region.mask)).digest()
    for index, cell in enumerate(comparison.served):
        share = _MEASURING + (1.0 - _MEASURING) * index / len(comparison.served)

        def scored(cell: Cell = cell, share: float = share) -> tuple[Scores, int]:
            def step() -> None:
                told(share, f"Measuring {cell.title}")

            return measure(visible, infrared, cell.image, region.mask, step), _SMALL

        comparison.scores[cell.engine] = cache.get(("scores", keys[cell.engine], mask_digest), scored)
    return comparison


def checked_names(names: Sequence[str], checkpoints: bool = False) -> list[str]:
    """Names without repeats, each checkpoint written in one way.

    Args:
        names: Of engines.
        checkpoints: Whether NAME:CHECKPOINT is one, too.

    Raises:
        InputError: None at all, an unknown one, "auto", which is no method, or weights for a method that has none.
    """
    if not names:
        raise InputError("The engines to compare must be named, separated by commas, but got none.")
    for name in names:
        engine, checkpoint = engine_and_checkpoint(name) if checkpoints else (name, None)
        pipeline.check_engine(engine)
        if engine == "auto":
            raise InputError("The engines to compare must be named one by one: auto is none of them.")
        if checkpoint is not None and not engines.registry.ENGINES[engine].learned:
            raise InputError(f"The engine {engine!r} has no weights, so it takes no checkpoint.")
    return list(dict.fromkeys(normal_name(name) if checkpoints else name for name in names))


def _instruction_digest(instruction: Instruction) -> bytes:
    digest = hashlib.sha256(repr((instruction.text, instruction.edits, instruction.parser)).encode())
    for region in instruction.regions:
        digest.update(repr((region.label, float(region.score), region.mask.shape)).encode())
        digest.update(np.ascontiguousarray(region.mask))
    return digest.digest()


def _cell(
    pair: ImagePair,
    instruction: Instruction,
    name: str,
    preset: str,
    regions: RegionOptions,
    progress: Progress,
    cache: BoundedCache,
    key: Hashable,
) -> Cell:
    made = []

    def make() -> tuple[Cell, int]:
        made.append(name)
        cell = _fused(pair, instruction, name, preset, regions, progress)
        return cell, cell.image.nbytes + _SMALL

    try:
        cell = cache.get(key, make)
    except Cancelled:
        raise
    except SayFuseError as error:
        return Cell(name, error=str(error))
    except Exception:
        logger.exception("The engine %s failed in a comparison.", name)
        return Cell(name, error=_DEFECT.format(title=title(name)))
    return cell if made else Cell(name, cell.image, cell.report, cell.seconds, cached=True)


def _fused(
    pair: ImagePair, instruction: Instruction, name: str, preset: str, regions: RegionOptions, progress: Progress
) -> Cell:
    engine, checkpoint = engine_and_checkpoint(name)
    outcome = pipeline.fuse(pair, instruction, engine, preset, checkpoint, progress, regions=regions)
    image = outcome.result.image
    if image.shape != pair.visible.shape:
        height, width = pair.shape
        raise InputError(
            f"{title(name)} must return {width} × {height} pixels like the pair, but returned "
            f"{image.shape[1]} × {image.shape[0]}."
        )
    seconds = sum(value for stage, value in outcome.seconds.items() if stage not in _NOT_FUSING)
    return Cell(name, to_8bit(image), report(outcome), seconds)


def _region(pair: ImagePair, instruction: Instruction, cache: BoundedCache, source: Hashable) -> CommonRegion:
    """The common region; where its masker fails, a comparison without regions is better than none."""

    def make() -> tuple[CommonRegion, int]:
        region = common_region(pair, instruction)
        return region, _SMALL + (0 if region.mask is None else region.mask.nbytes)

    try:
        return cache.get(("region", source, weights_digest(None, "ris-fusion")), make)
    except SayFuseError as error:
        reason = str(error)
    except Exception:
        logger.exception("The common region of a comparison could not be found.")
        reason = "the region masker failed; the log says more."
    return CommonRegion(None, (), f"There are no metrics by region: {reason}")
