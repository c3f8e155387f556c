"""`python -m evaluation units`: what TeRF's fine-tuning units do, on pictures of a data set."""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from engines.terf.engine import TerfEngine
from engines.types import ImagePair
from evaluation.progress import Notify
from evaluation.referring_items import Picture, pictures_of
from evaluation.report_file import prepare, write_report
from evaluation.resumable import ResumableResults
from evaluation.spread import evenly_spaced
from evaluation.units import (
    EFFECTS,
    NOISE_LEVELS,
    TASK_NOISE,
    effect_measure,
    noise_measure,
    preset_measure,
    resized,
    task_measure,
    typical_region,
)
from evaluation.weights import head_starts_of, weights_of
from finetune_units.presets import PRESETS
from training.references import read_scenes

HELP = "TeRF's units: fast against paper preset, effect, noise removed, detail kept, the paper's table 2"
PARTS = ("presets", "effects", "noise", "tasks")
# Name in the report -> how it is measured.
Jobs = dict[str, Callable[[], dict[str, Any]]]


def picture_size(text: str) -> tuple[int, int]:
    """Width and height of WIDTHxHEIGHT, for an option of argparse."""
    width, by, height = text.partition("x")
    if not (by and width.isdecimal() and height.isdecimal() and min(int(width), int(height)) >= 48):
        raise argparse.ArgumentTypeError(f"must be WIDTHxHEIGHT of at least 48 pixels, but got {text!r}")
    return int(width), int(height)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--data", type=Path, required=True, metavar="PATH", help="folder with refs.jsonl, or parquet")
    parser.add_argument("--split", metavar="NAME", help="all splits by default")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS), help="all by default")
    parser.add_argument("--effects", nargs="+", choices=EFFECTS, default=list(EFFECTS), help="of presets and effects")
    parser.add_argument("--limit", type=int, metavar="N", help="only N pictures, spread over all")
    parser.add_argument("--size", type=picture_size, metavar="WxH", help="resize the pictures; as they are by default")
    parser.add_argument("--whole", action="store_true", help="compare the presets on whole pictures, not on regions")
    parser.add_argument("--checkpoint", metavar="NAME", help="the backbone's weights; the default ones without")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE.json", help="where the report goes")


def run(options: argparse.Namespace, notify: Notify | None) -> str:
    """Measure, write the report, and return its overview."""
    prepare(options.output)
    pictures = evenly_spaced(pictures_of(read_scenes(options.data, options.split), paraphrases=False), options.limit)
    settings = {
        "data": " ".join(filter(None, (options.data.resolve().name, options.split))),
        "size": None if options.size is None else "x".join(map(str, options.size)),
        "region": "whole picture" if options.whole else "the reference nearest to a tenth of the picture",
        "checkpoint": options.checkpoint,
        "weights": weights_of("terf", options.checkpoint),
        "head_starts": head_starts_of(options.checkpoint),
        # Of presets and effects; noise and tasks have levels of their own.
        "denoised_noise": TASK_NOISE,
    }
    kept = ResumableResults(options.output, settings)
    engine = TerfEngine(options.checkpoint, device="cpu")
    for number, picture in enumerate(pictures):
        name = picture.name
        if notify is not None:
            notify(number, len(pictures), name)
        pair, mask = _scene(picture, options.size)
        for job, measure in _jobs(pair, mask, engine, options).items():
            if f"{name}/{job}" not in kept.done:
                kept.add(f"{name}/{job}", measure())
    names = [picture.name for picture in pictures]
    wanted = set(_jobs(pair, mask, engine, options))
    per_image = {name: {job: kept.done[f"{name}/{job}"] for job in wanted} for name in names}
    report = {"n": len(names), "settings": settings, "mean": _means(per_image), "per_image": per_image}
    write_report(options.output, report)
    ResumableResults.forget(options.output)
    return _overview(report)


def _scene(picture: Picture, size: tuple[int, int] | None) -> tuple[ImagePair, np.ndarray]:
    pair = picture.read()
    masks = [sentence.mask(pair.shape) for sentence in picture.sentences]
    return resized(pair, typical_region(masks, pair.shape), size)


def _jobs(pair: ImagePair, mask: np.ndarray, engine: TerfEngine, options: argparse.Namespace) -> Jobs:
    def jobs() -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
        if "noise" in options.parts:
            for level, (name, preset) in itertools.product(NOISE_LEVELS, PRESETS.items()):
                yield (
                    f"noise/{level}/{name}",
                    lambda level=level, preset=preset: noise_measure(pair.visible, level, preset, engine),
                )
        for effect in options.effects:
            if "effects" in options.parts:
                yield f"effects/{effect}", lambda effect=effect: effect_measure(pair, mask, effect, engine)
            if "presets" in options.parts:
                yield (
                    f"presets/{effect}",
                    lambda effect=effect: preset_measure(pair, mask, effect, options.whole, options.checkpoint),
                )
        if "tasks" in options.parts:
            yield "tasks", lambda: _flat(task_measure(pair, engine))

    return dict(jobs())


def _flat(measures: dict[str, dict[str, float]]) -> dict[str, float]:
    return {f"{task}/{metric}": value for task, values in measures.items() for metric, value in values.items()}


def _means(per_image: dict[str, dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Job -> value -> mean over pictures; the worst too where a goal is for every picture."""
    first = next(iter(per_image.values()))
    means: dict[str, dict[str, float]] = {}
    for job in sorted(first):
        of_all = [jobs[job] for jobs in per_image.values()]
        means[job] = {key: float(np.mean([values[key] for values in of_all])) for key in first[job]}
        if job.startswith("presets/"):
            means[job]["lowest_psnr"] = min(values["psnr"] for values in of_all)
            means[job]["highest_ratio"] = max(values["ratio"] for values in of_all)
    return means


def _overview(report: dict[str, Any]) -> str:
    lines = [f"n {report['n']}"]
    for job, values in report["mean"].items():
        lines.append(f"{job}: " + "  ".join(f"{name} {value:.4g}" for name, value in values.items()))
    return "\n".join(lines)
