"""`python -m evaluation fusion`: metrics of fused pictures, or of what an engine makes."""

from __future__ import annotations

import argparse
from pathlib import Path

import engines
from engines.errors import InputError
from engines.types import Instruction
from evaluation.fusion_benchmark import Settings, score
from evaluation.fusion_items import (
    FusionItem,
    items_of_data,
    items_of_folders,
    items_of_references,
)
from evaluation.metrics_profiles import DEFAULT, PROFILES
from evaluation.progress import Notify
from evaluation.report_file import overview, prepare, write_report
from evaluation.resumable import ResumableResults
from evaluation.spread import evenly_spaced

HELP = "fusion metrics of fused pictures, or of an engine"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--visible", type=Path, metavar="DIR", help="visible pictures")
    parser.add_argument("--infrared", type=Path, metavar="DIR", help="infrared ones of the same names")
    parser.add_argument("--data", type=Path, metavar="PATH", help="instead: folder with refs.jsonl, or MM-RIS parquet")
    parser.add_argument("--split", metavar="NAME", help="of --data; all splits by default")
    fused = parser.add_mutually_exclusive_group(required=True)
    fused.add_argument("--fused", type=Path, metavar="DIR", help="fused ones of the same names")
    fused.add_argument("--engine", metavar="NAME", help=f"fuse with: {', '.join(engines.names())}")
    parser.add_argument("--checkpoint", metavar="NAME", help="the engine's weights; its default ones without")
    parser.add_argument("--text", metavar="T", help="instruction for the engine; plain fusion without")
    parser.add_argument("--masks", type=Path, metavar="DIR", help="score inside, outside and along these masks, too")
    parser.add_argument("--regions", action="store_true", help="the same for every reference of --data")
    parser.add_argument("--highlight", action="store_true", help="with --regions: ask to highlight what each refers to")
    parser.add_argument(
        "--visible-noise", type=float, default=0.0, metavar="LEVELS", help="noise on what the engine gets to see"
    )
    parser.add_argument("--profile", default=DEFAULT, metavar="NAME", help=f"conventions: {', '.join(PROFILES)}")
    parser.add_argument("--limit", type=int, metavar="N", help="only N pictures, spread over all")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE.json", help="where the report goes")


def run(options: argparse.Namespace, notify: Notify | None) -> str:
    """Score, write the report, and return its overview."""
    _check(options)
    prepare(options.output)
    settings = Settings(
        options.profile, options.engine, options.checkpoint, _understand(options.text), options.visible_noise
    )
    items = evenly_spaced(_items(options), options.limit)
    report = score(items, settings, options.output, options.workers, notify)
    if options.data is not None:
        report["settings"]["data"] = " ".join(filter(None, (options.data.resolve().name, options.split)))
    if options.highlight:
        report["settings"]["text"] = "each reference's first sentence"
    write_report(options.output, report)
    ResumableResults.forget(options.output)
    return overview(report)


def _check(options: argparse.Namespace) -> None:
    """Refuse options that do not go together.

    Raises:
        InputError: One sentence that names them.
    """
    folders = options.visible is not None and options.infrared is not None
    if folders == (options.data is not None) or (options.visible is None) != (options.infrared is None):
        raise InputError("The pictures must be given as --visible and --infrared, or as --data.")
    if options.data is None:
        for name in ("split", "regions", "highlight"):
            if getattr(options, name):
                raise InputError(f"--{name} must be given with --data, as it needs references.")
    elif options.masks is not None:
        raise InputError("--masks must be given with --visible and --infrared; with --data, --regions has the masks.")
    if options.engine is None:
        for name in ("text", "checkpoint", "highlight", "visible_noise", "regions"):
            if getattr(options, name):
                option = name.replace("_", "-")
                raise InputError(f"--{option} must be given with --engine, but --fused has the pictures already.")
    if options.highlight and not options.regions:
        raise InputError("--highlight must be given with --regions.")
    if options.highlight and options.text:
        raise InputError("--highlight must be given without --text: each reference brings its own sentence.")


def _items(options: argparse.Namespace) -> list[FusionItem]:
    if options.data is None:
        return items_of_folders(options.visible, options.infrared, options.fused, options.masks)
    if options.regions:
        return items_of_references(options.data, options.split, ask=options.highlight)
    return items_of_data(options.data, options.split, options.fused)


def _understand(text: str | None) -> Instruction:
    if not text:
        return Instruction()
    from app.parser import parse

    return parse(text)
