"""`python -m evaluation guidance`: what do words and a given mask change, and where?"""

from __future__ import annotations

import argparse

from evaluation.guidance import score
from evaluation.progress import Notify
from evaluation.referring_command import add_common_arguments, describe_data
from evaluation.referring_items import evenly, pictures_of
from evaluation.report_file import prepare, write_report
from evaluation.resumable import ResumableResults
from training.references import read_scenes

HELP = "what highlighting and inclining change inside and outside the annotated mask, given to the engine"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    add_common_arguments(parser, sources=())
    parser.add_argument("--limit", type=int, metavar="N", help="only N references, spread over all")


def run(options: argparse.Namespace, notify: Notify | None) -> str:
    """Score, write the report, and return the mean changes."""
    prepare(options.output)
    pictures = evenly(pictures_of(read_scenes(options.data, options.split), paraphrases=False), options.limit)
    report = {
        "settings": {},
        **score(pictures, options.engine, options.checkpoint, options.output, options.workers, notify),
    }
    describe_data(report, options)
    write_report(options.output, report)
    ResumableResults.forget(options.output)
    mean = report["mean"]
    change = "  ".join(f"{where} {mean[where]:.2f}" for where in ("inside", "rim", "outside"))
    return (
        f"n {report['n']}  change in levels: {change}  contrast {mean['contrast before']:.3f} -> "
        f"{mean['contrast after']:.3f}, raised in {report['raised']:.0f} %"
    )
