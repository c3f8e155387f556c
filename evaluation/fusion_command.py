"""`python -m evaluation fusion`: metrics of fused pictures, or of what an engine makes."""

from __future__ import annotations

import argparse
from pathlib import Path

import engines
from engines.errors import InputError
from engines.types import Instruction
from evaluation.fusion_benchmark import score_engine, score_folder
from evaluation.progress import Notify
from evaluation.report_file import overview, prepare, write_report

HELP = "fusion metrics of fused pictures, or of an engine"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--visible", type=Path, required=True, metavar="DIR", help="visible pictures")
    parser.add_argument("--infrared", type=Path, required=True, metavar="DIR", help="infrared ones of the same names")
    fused = parser.add_mutually_exclusive_group(required=True)
    fused.add_argument("--fused", type=Path, metavar="DIR", help="fused ones of the same names")
    fused.add_argument("--engine", metavar="NAME", help=f"fuse with: {', '.join(engines.names())}")
    parser.add_argument("--text", metavar="T", help="instruction for the engine; plain fusion without")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE.json", help="where the report goes")


def run(options: argparse.Namespace, notify: Notify | None) -> str:
    """Score, write the report, and return its overview."""
    prepare(options.output)
    report = _report(options, notify)
    write_report(options.output, report)
    return overview(report)


def _report(options: argparse.Namespace, notify: Notify | None) -> dict:
    if options.fused is not None:
        if options.text is not None:
            raise InputError("--text must be given with --engine, but the pictures of --fused are fused already.")
        return score_folder(options.visible, options.infrared, options.fused, notify)
    engine = engines.build(options.engine, checkpoint=None, device="auto")
    return score_engine(options.visible, options.infrared, engine, _understand(options.text), notify)


def _understand(text: str | None) -> Instruction:
    if not text:
        return Instruction()
    from app.parser import parse

    return parse(text)
