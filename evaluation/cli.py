"""The command line `python -m evaluation …` (DESIGN.md, section 5).

Exit status 0, or 2 for bad input with one line on stderr.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import engines
from engines.errors import InputError, SayFuseError
from engines.types import Instruction
from evaluation.fusion_benchmark import Notify, score_engine, score_folder
from evaluation.references import ReferenceFolder
from evaluation.referring_benchmark import score_references

_PROGRAM = "python -m evaluation"


class _OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line; the usage stays under --help."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; `arguments` are those of the process by default.

    Returns:
        0, or 2 after one line on stderr where the input cannot be used.

    Raises:
        SystemExit: With 2 for arguments that do not parse, with 0 for --help.
    """
    options = _parser().parse_args(arguments)
    try:
        _prepare(options.output)
        report = options.command(options)
        options.output.write_text(json.dumps(report, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    except (SayFuseError, OSError) as error:
        _clear_progress()
        sys.stderr.write(f"{_PROGRAM}: {' '.join(str(error).split())}\n")
        return 2
    _clear_progress()
    sys.stdout.write(_overview(report) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _OneLineParser(prog=_PROGRAM, description="Score fused pictures and segmentations.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    fusion = commands.add_parser("fusion", help="fusion metrics of fused pictures, or of an engine")
    fusion.add_argument("--visible", type=Path, required=True, metavar="DIR", help="visible pictures")
    fusion.add_argument("--infrared", type=Path, required=True, metavar="DIR", help="infrared ones of the same names")
    fused = fusion.add_mutually_exclusive_group(required=True)
    fused.add_argument("--fused", type=Path, metavar="DIR", help="fused ones of the same names")
    fused.add_argument("--engine", metavar="NAME", help=f"fuse with: {', '.join(engines.names())}")
    fusion.add_argument("--text", metavar="T", help="instruction for the engine; plain fusion without")
    fusion.set_defaults(command=_fusion)

    ris = commands.add_parser("ris", help="referring segmentation of an engine")
    ris.add_argument("--data", type=Path, required=True, metavar="PATH", help="folder with refs.jsonl")
    ris.add_argument("--split", metavar="NAME", help="all splits by default")
    ris.add_argument("--engine", required=True, metavar="NAME", help="engine that segments")
    ris.add_argument("--without-text", action="store_true", help="fuse without the text, segment with it")
    ris.set_defaults(command=_ris)

    for command in (fusion, ris):
        command.add_argument("--output", type=Path, required=True, metavar="FILE.json", help="where the report goes")
    return parser


def _fusion(options: argparse.Namespace) -> dict:
    if options.fused is not None:
        if options.text is not None:
            raise InputError("--text must be given with --engine, but the pictures of --fused are fused already.")
        return score_folder(options.visible, options.infrared, options.fused, _notify())
    engine = engines.build(options.engine, checkpoint=None, device="auto")
    return score_engine(options.visible, options.infrared, engine, _understand(options.text), _notify())


def _ris(options: argparse.Namespace) -> dict:
    references = ReferenceFolder(options.data, options.split)
    engine = engines.build(options.engine, checkpoint=None, device="auto")
    return score_references(engine, references, options.without_text, _notify())


def _understand(text: str | None) -> Instruction:
    if not text:
        return Instruction()
    from app.parser import parse

    return parse(text)


def _prepare(output: Path) -> None:
    """Fail before the work, not after it, where the report cannot be written."""
    if output.is_dir():
        raise InputError(f"The output must be a file, but {output} is a folder.")
    output.parent.mkdir(parents=True, exist_ok=True)


def _notify() -> Notify | None:
    """A progress line for a person at a terminal; nothing in a log."""
    if not sys.stderr.isatty():
        return None

    def write(done: int, total: int, name: str) -> None:
        _clear_progress()
        sys.stderr.write(f"{done}/{total} {name}")
        sys.stderr.flush()

    return write


def _clear_progress() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")


def _overview(report: dict) -> str:
    values = report.get("mean", report)
    shown = [f"{name} {value:.4g}" for name, value in values.items() if isinstance(value, float)]
    return "  ".join([f"n {report['n']}", *shown])
