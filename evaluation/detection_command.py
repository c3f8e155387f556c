"""`python -m evaluation detection`: how well one detector finds people, cars and bicycles in what an engine makes."""

from __future__ import annotations

import argparse
from pathlib import Path

import engines
from evaluation.detection_benchmark import SOURCES, Shown, score
from evaluation.progress import Notify
from evaluation.report_file import overview, prepare, write_report
from evaluation.resumable import ResumableResults
from training.references import read_scenes

HELP = "average precision of the From-Text-to-Pixels detector on fused pictures, or on one source"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="data with boxes in scenes.jsonl")
    parser.add_argument("--split", metavar="NAME", help="of --data; all splits by default")
    shown = parser.add_mutually_exclusive_group(required=True)
    shown.add_argument("--engine", metavar="NAME", help=f"fuse, without text, with: {', '.join(engines.names())}")
    shown.add_argument("--source", choices=SOURCES, help="instead: show the detector one source as it is")
    parser.add_argument("--checkpoint", metavar="NAME", help="the engine's weights; its default ones without")
    parser.add_argument("--detector", metavar="NAME", help="From-Text-to-Pixels weights whose detector looks")
    parser.add_argument("--limit", type=int, metavar="N", help="only N pictures, spread over all")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE.json", help="where the report goes")


def run(options: argparse.Namespace, notify: Notify | None) -> str:
    """Detect, score, write the report, and return its overview."""
    prepare(options.output)
    shown = Shown(options.engine or options.source, options.checkpoint, options.detector)
    scenes = read_scenes(options.data, options.split)
    report = score(scenes, shown, options.output, options.limit, options.workers, notify)
    report["settings"]["data"] = " ".join(filter(None, (options.data.resolve().name, options.split)))
    write_report(options.output, report)
    ResumableResults.forget(options.output)
    return overview(report)
