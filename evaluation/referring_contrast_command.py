"""`python -m evaluation ris-contrast`: does the named thing stand out more than without text, or with a wrong one?"""

from __future__ import annotations

import argparse

from evaluation.progress import Notify
from evaluation.referring_command import add_common_arguments, describe_data
from evaluation.referring_contrast import Fusing, score, with_wrong_text
from evaluation.referring_items import evenly, pictures_of
from evaluation.report_file import prepare, write_report
from evaluation.resumable import ResumableResults
from training.references import read_scenes

HELP = "contrast of things to their surroundings with the right text, a wrong one and none"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    add_common_arguments(parser, sources=())
    parser.add_argument("--limit", type=int, metavar="N", help="only N references, spread over all")


def run(options: argparse.Namespace, notify: Notify | None) -> str:
    """Score, write the report, and return the contrasts and what the texts are worth."""
    prepare(options.output)
    every = pictures_of(read_scenes(options.data, options.split), paraphrases=False)
    pictures = evenly(with_wrong_text(every), options.limit)
    fusing = Fusing(options.engine, options.checkpoint)
    report = score(pictures, every, fusing, options.output, options.workers, notify)
    describe_data(report, options)
    write_report(options.output, report)
    ResumableResults.forget(options.output)
    mean = "  ".join(f"{text} {value:.3f}" for text, value in report["mean"].items())
    gain = "  ".join(f"{text} {value:+.1f} %" for text, value in report["gain"].items() if value is not None)
    return f"n {report['n']}  contrast: {mean}  over no text: {gain}"
