"""Fusion metrics over many pairs: of fused pictures that are there, or of those an engine makes."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import engines
from engines.errors import InputError
from engines.types import ImagePair, Instruction
from evaluation.bootstrap import mean_interval
from evaluation.fusion.grey import to_8bit, to_grey
from evaluation.fusion_items import FusionItem
from evaluation.metrics import fusion_metrics, profile_metrics
from evaluation.metrics_profiles import DEFAULT
from evaluation.metrics_regions import REGIONS, region_metrics
from evaluation.parallel import each
from evaluation.picture_files import read_grey
from evaluation.progress import Notify
from evaluation.resumable import ResumableResults
from evaluation.weights import weights_of

# Metric -> value, of the whole picture and of each region that was scored.
Scores = dict[str, dict[str, float]]
WHOLE = "whole"


@dataclass(frozen=True)
class Settings:
    """What is the same for every pair.

    Attributes:
        profile: Whose conventions the metrics follow.
        engine: Fuses each pair; None where the fused pictures are there.
        checkpoint: The engine's weights; None for its default ones.
        instruction: What is asked of the engine where an item does not say; no edits means plain fusion.
        visible_noise: Standard deviation, in grey levels, of Gaussian noise that the engine gets on the visible
            picture. Scores are against the clean one.
    """

    profile: str = DEFAULT
    engine: str | None = None
    checkpoint: str | None = None
    instruction: Instruction = Instruction()
    visible_noise: float = 0.0


def score(
    items: Sequence[FusionItem],
    settings: Settings,
    output: Path,
    workers: int = 1,
    notify: Notify | None = None,
) -> dict:
    """Score every item; what a stopped run for the same output had scored already is taken from it.

    Args:
        items: What to score.
        settings: How.
        output: Where the report will be written; the scores so far are kept beside it.
        workers: Processes.
        notify: Told after each item.

    Returns:
        The report of `report`, with what was asked for under `settings`.

    Raises:
        InputError: A picture cannot be read or fused, sizes differ, or an unknown profile or engine.
        CheckpointError: The engine's weights cannot be used.
    """
    # Before anything is written: an unknown name must leave no trace.
    profile_metrics(settings.profile)
    if settings.engine is not None:
        engines.build(settings.engine, checkpoint=settings.checkpoint, device="auto")
    asked = _asked(settings)
    results = ResumableResults(output, {**asked, "items": [_fingerprint(item) for item in items]})
    todo = [item for item in items if item.name not in results.done]
    for item, scores in each(partial(score_item, settings=settings), todo, workers):
        results.add(item.name, scores)
        if notify is not None:
            notify(len(results.done), len(items), item.name)
    return {**report({item.name: results.done[item.name] for item in items}), "settings": asked}


def score_item(item: FusionItem, settings: Settings) -> Scores:
    """The metrics of one pair, under WHOLE, and of its region, where it has one, under each of REGIONS.

    Raises:
        InputError: As `score` does.
    """
    from app.pairs import read_pair

    pair = read_pair(item.visible, item.infrared)
    visible, infrared = to_grey(to_8bit(pair.visible)), to_8bit(pair.infrared)
    fused = _fused(item, pair, settings)
    scores = {WHOLE: fusion_metrics(infrared, visible, fused, profile=settings.profile)}
    region = item.region()
    if region is not None:
        if region.shape != pair.shape:
            raise InputError(f"The mask of {item.name} must be {_size(pair.shape)}, but is {_size(region.shape)}.")
        scores |= region_metrics(infrared, visible, fused, region, profile=settings.profile)
    return scores


def report(scores: Mapping[str, Scores]) -> dict:
    """The JSON shape of DESIGN.md, section 5: {"n", "mean": {metric: value}, "per_image": {name: {metric: value}}}.

    Beside it `interval`, the 95 % bootstrap interval [low, high] of each mean, and, where regions were scored,
    `regions` with the same for each of them. A value that is not finite (see `fusion_metrics`) becomes None; a mean
    runs over the pictures with a finite value and is None where there is none.
    """
    whole = _summary({name: of_item[WHOLE] for name, of_item in scores.items()})
    scored = [region for region in REGIONS if any(region in of_item for of_item in scores.values())]
    if not scored:
        return whole
    regions = {
        region: _summary({name: of_item[region] for name, of_item in scores.items() if region in of_item})
        for region in scored
    }
    return {**whole, "regions": regions}


def _summary(per_image: Mapping[str, Mapping[str, float]]) -> dict:
    means, intervals = {}, {}
    for metric in next(iter(per_image.values())):
        finite = {name: values[metric] for name, values in per_image.items() if math.isfinite(values[metric])}
        # Items of one picture, such as its references, are named PICTURE#1, PICTURE#2, …
        pictures = [name.partition("#")[0] for name in finite]
        means[metric] = sum(finite.values()) / len(finite) if finite else None
        intervals[metric] = mean_interval(list(finite.values()), pictures)
    rows = {
        name: {metric: value if math.isfinite(value) else None for metric, value in values.items()}
        for name, values in per_image.items()
    }
    return {"n": len(rows), "mean": means, "interval": intervals, "per_image": rows}


def _fused(item: FusionItem, pair: ImagePair, settings: Settings) -> np.ndarray:
    """The fused picture's 8-bit luma; an engine's as the picture it would be saved as."""
    if item.fused is not None:
        picture = read_grey(item.fused)
        if picture.shape != pair.shape:
            raise InputError(
                f"{item.fused} must be {_size(pair.shape)} like its visible picture, but is {_size(picture.shape)}."
            )
        return picture
    engine = engines.build(settings.engine, checkpoint=settings.checkpoint, device="auto")
    if settings.visible_noise:
        pair = _with_noise(pair, settings.visible_noise, item.name)
    return to_grey(to_8bit(engine.fuse(pair, item.instruction or settings.instruction).image))


def _with_noise(pair: ImagePair, deviation: float, name: str) -> ImagePair:
    random = np.random.default_rng(zlib.crc32(name.encode()))
    noise = random.normal(0.0, deviation / 255.0, pair.visible.shape).astype(np.float32)
    return ImagePair(np.clip(pair.visible + noise, 0.0, 1.0), pair.infrared, pair.notes)


def _size(shape: tuple[int, int]) -> str:
    return f"{shape[1]}x{shape[0]}"


def _asked(settings: Settings) -> dict[str, Any]:
    """The settings as the report tells them."""
    asked: dict[str, Any] = {"profile": settings.profile}
    if settings.engine is not None:
        asked |= {"engine": settings.engine, "weights": weights_of(settings.engine, settings.checkpoint)}
    if settings.instruction.edits:
        asked["text"] = settings.instruction.text
        asked["edits"] = [asdict(edit) for edit in settings.instruction.edits]
    if settings.visible_noise:
        asked["visible_noise"] = settings.visible_noise
    return asked


def _fingerprint(item: FusionItem) -> list[Any]:
    """What tells an item from another one of the same name."""
    files = [path for path in (item.visible, item.infrared, item.fused, item.mask) if isinstance(path, Path)]
    stamps = [[str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns] for path in files]
    mask = zlib.crc32(json.dumps(item.mask).encode()) if isinstance(item.mask, dict) else None
    return [item.name, *stamps, mask, item.instruction.text if item.instruction else None]
