"""`python -m evaluation ris`: referring segmentation of what an engine fuses (RIS-FUSION, Table 1)."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import engines
from engines.errors import InputError
from evaluation.progress import Notify
from evaluation.referring_benchmark import score
from evaluation.referring_items import pictures_of
from evaluation.referring_masks import PROTOCOLS, SOURCES, Method
from evaluation.report_file import overview, prepare, write_report
from evaluation.resumable import ResumableResults
from evaluation.spread import check_count
from training.references import read_scenes

HELP = "referring segmentation of what an engine fuses"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    add_common_arguments(parser)
    add_method_arguments(parser)
    parser.add_argument("--limit", type=int, metavar="N", help="only N sentences, spread over all")
    parser.add_argument("--sheet", type=Path, metavar="FILE.png", help="also draw inputs, fused, mask and truth")
    parser.add_argument("--sheet-rows", type=int, default=8, metavar="N", help="sentences on the sheet (default: 8)")


def add_common_arguments(parser: argparse.ArgumentParser, sources: Sequence[str] = SOURCES) -> None:
    """Data, engine and output: what every command over referring data has.

    Args:
        parser: The command's.
        sources: What it takes beside engines.
    """
    parser.add_argument("--data", type=Path, required=True, metavar="PATH", help="folder form or MM-RIS parquet")
    parser.add_argument("--split", metavar="NAME", help="all splits by default")
    fusing = ", ".join((*engines.names(), *sources))
    parser.add_argument("--engine", required=True, metavar="NAME", help=f"what fuses: {fusing}")
    parser.add_argument("--checkpoint", metavar="NAME", help="the engine's weights; its default ones without")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE.json", help="where the report goes")


def add_method_arguments(parser: argparse.ArgumentParser) -> None:
    """How the engine is used."""
    parser.add_argument("--without-text", action="store_true", help="fuse without the text, segment with it")
    parser.add_argument(
        "--protocol", default="native", metavar="NAME", help=f"{', '.join(PROTOCOLS)} (the paper's); default: native"
    )


def method_of(options: argparse.Namespace) -> Method:
    """What the options of `add_method_arguments` ask for."""
    return Method(options.engine, options.checkpoint, options.without_text, options.protocol)


def describe_data(report: dict, options: argparse.Namespace) -> None:
    """Say in a report's settings which data it is about."""
    report["settings"]["data"] = " ".join(filter(None, (options.data.resolve().name, options.split)))


def run(options: argparse.Namespace, notify: Notify | None) -> str:
    """Score, write the report and the sheet, and return the report's overview."""
    prepare(options.output)
    if options.sheet is not None:
        if options.sheet.suffix.lower() != ".png":
            raise InputError(f"The sheet must be a PNG file, but got {options.sheet}.")
        check_count("--sheet-rows", options.sheet_rows)
        prepare(options.sheet)
    method = method_of(options)
    scenes = read_scenes(options.data, options.split)
    report = score(pictures_of(scenes, options.limit), method, options.output, options.workers, notify)
    describe_data(report, options)
    write_report(options.output, report)
    ResumableResults.forget(options.output)
    if options.sheet is not None:
        from evaluation.referring_sheet import write_sheet

        write_sheet(options.sheet, pictures_of(scenes, options.sheet_rows), method)
    return overview(report)
