"""`python -m evaluation ris-absent`: what is marked when the words name something that is not there."""

from __future__ import annotations

import argparse

from evaluation.progress import Notify
from evaluation.referring_absent import absent_pictures, score
from evaluation.referring_command import add_common_arguments, add_method_arguments, describe_data, method_of
from evaluation.report_file import overview, prepare, write_report
from evaluation.resumable import ResumableResults
from training.references import read_scenes

HELP = "false positives of referring segmentation on things that are not in the picture"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    add_common_arguments(parser)
    add_method_arguments(parser)
    parser.add_argument("--count", type=int, default=200, metavar="N", help="expressions (default: 200)")
    parser.add_argument("--seed", type=int, default=0, help="which expressions are drawn (default: 0)")


def run(options: argparse.Namespace, notify: Notify | None) -> str:
    """Score, write the report, and return its overview."""
    prepare(options.output)
    pictures = absent_pictures(read_scenes(options.data, options.split), options.count, options.seed)
    report = score(pictures, method_of(options), options.output, options.workers, notify)
    describe_data(report, options)
    write_report(options.output, report)
    ResumableResults.forget(options.output)
    return overview(report)
