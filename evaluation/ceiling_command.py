"""`python -m evaluation ceiling`: what the measures of fusion allow together, whatever the method."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

import engines
from app.pairs import read_pair
from engines.errors import InputError
from engines.types import Instruction
from evaluation.ceiling import METRICS, START, WISHES, ceilings
from evaluation.fusion_items import items_of_data
from evaluation.progress import Notify
from evaluation.report_file import prepare, write_report
from evaluation.resumable import ResumableResults
from evaluation.spread import evenly_spaced
from evaluation.weights import weights_of

HELP = "how far VIF, Qabf, SCD and SSIM go together when every pixel may be chosen freely"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--data", type=Path, required=True, metavar="PATH", help="folder with refs.jsonl, or parquet")
    parser.add_argument("--split", metavar="NAME", help="all splits by default")
    parser.add_argument("--engine", default="terf", metavar="NAME", help="whose pictures to begin with (default: terf)")
    parser.add_argument("--steps", type=int, default=200, metavar="N", help="of the descent (default: 200)")
    parser.add_argument("--limit", type=int, metavar="N", help="only N pictures, spread over all")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE.json", help="where the report goes")


def run(options: argparse.Namespace, notify: Notify | None) -> str:
    """Descend, write the report, and return the means."""
    if options.steps < 1:
        raise InputError(f"--steps must be 1 or more, but got {options.steps}.")
    prepare(options.output)
    items = evenly_spaced(items_of_data(options.data, options.split), options.limit)
    engine = engines.build(options.engine)
    settings = {
        "data": " ".join(filter(None, (options.data.resolve().name, options.split))),
        "engine": options.engine,
        "weights": weights_of(options.engine, None),
        "steps": options.steps,
        "wishes": {wish: asdict(weights) for wish, weights in WISHES.items()},
    }
    kept = ResumableResults(options.output, {**settings, "items": [item.name for item in items]})
    for number, item in enumerate(items):
        if notify is not None:
            notify(number, len(items), item.name)
        if item.name not in kept.done:
            pair = read_pair(item.visible, item.infrared)
            kept.add(item.name, ceilings(pair, engine.fuse(pair, Instruction()).image, options.steps))
    per_image = {item.name: kept.done[item.name] for item in items}
    report = {"n": len(items), "settings": settings, "mean": _means(per_image), "per_image": per_image}
    write_report(options.output, report)
    ResumableResults.forget(options.output)
    return _overview(report)


def _means(per_image: dict[str, dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    return {
        name: {metric: float(np.mean([rows[name][metric] for rows in per_image.values()])) for metric in METRICS}
        for name in (START, *WISHES)
    }


def _overview(report: dict[str, Any]) -> str:
    lines = [f"n {report['n']}"]
    for name, values in report["mean"].items():
        lines.append(f"{name}: " + "  ".join(f"{metric} {value:.4g}" for metric, value in values.items()))
    return "\n".join(lines)
