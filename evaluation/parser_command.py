"""`python -m evaluation parser`: how well sentences are read."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.parser import model_file
from engines.checkpoints import file_sha256
from evaluation.parser_score import read_cases, score_parser
from evaluation.progress import Notify
from evaluation.report_file import overview, prepare, write_report

HELP = "readings of sentences by a parser"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--data", type=Path, required=True, metavar="FILE.jsonl", help="sentences with intended edits")
    parser.add_argument("--parser", default="auto", metavar="NAME", help="auto, llama, rules or llama:FILE")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE.json", help="where the report goes")


def run(options: argparse.Namespace, notify: Notify | None) -> str:
    """Score, write the report, and return its overview with a row for each category."""
    prepare(options.output)
    report = score_parser(read_cases(options.data), options.parser, notify)
    report["settings"] = {"data": options.data.name, "parser": options.parser}
    if report["parser"] != "rules":
        path = model_file(report["parser"])
        report["settings"]["weights"] = {"file": path.name, "sha256": file_sha256(path)}
    write_report(options.output, report)
    rows = [
        f"{category:24} {100 * result['exact']:5.1f} % of {result['n']}"
        for category, result in report["per_category"].items()
    ]
    return "\n".join([f"{report['parser']}: {overview(report)}", *rows])
