"""`python -m evaluation ris`: referring segmentation of an engine."""

from __future__ import annotations

import argparse
from pathlib import Path

import engines
from evaluation.progress import Notify
from evaluation.references import ReferenceFolder
from evaluation.referring_benchmark import score_references
from evaluation.report_file import overview, prepare, write_report

HELP = "referring segmentation of an engine"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--data", type=Path, required=True, metavar="PATH", help="folder with refs.jsonl")
    parser.add_argument("--split", metavar="NAME", help="all splits by default")
    parser.add_argument("--engine", required=True, metavar="NAME", help="engine that segments")
    parser.add_argument("--without-text", action="store_true", help="fuse without the text, segment with it")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE.json", help="where the report goes")


def run(options: argparse.Namespace, notify: Notify | None) -> str:
    """Score, write the report, and return its overview."""
    prepare(options.output)
    references = ReferenceFolder(options.data, options.split)
    engine = engines.build(options.engine, checkpoint=None, device="auto")
    report = score_references(engine, references, options.without_text, notify)
    write_report(options.output, report)
    return overview(report)
