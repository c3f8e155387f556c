"""`python -m evaluation compare`: two runs over the same items, paired."""

from __future__ import annotations

import argparse
from pathlib import Path

from evaluation.comparison import compare
from evaluation.progress import Notify
from evaluation.report_file import prepare, read_report, write_report

HELP = "is one run better than another, and by how much (paired differences)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("a", type=Path, metavar="A.json", help="report of one run")
    parser.add_argument("b", type=Path, metavar="B.json", help="report of the other, over the same items")
    parser.add_argument(
        "--output", type=Path, metavar="FILE.json", help="where the comparison goes; only shown without"
    )


def run(options: argparse.Namespace, notify: Notify | None) -> str:
    """Compare, write the comparison where asked to, and return it as a table."""
    if options.output is not None:
        prepare(options.output)
    comparison = compare(read_report(options.a), read_report(options.b))
    if options.output is not None:
        write_report(options.output, {"a": options.a.name, "b": options.b.name, **comparison})
    return _table(comparison)


def _table(comparison: dict) -> str:
    rows = [("", "A", "B", "A - B", "95 % interval", "A better in", "p (Holm)", "better")]
    for metric, values in comparison["metrics"].items():
        interval = "–" if values["interval"] is None else "{:+.4g} … {:+.4g}".format(*values["interval"])
        rows.append(
            (
                metric,
                f"{values['a']:.4g}",
                f"{values['b']:.4g}",
                f"{values['difference']:+.4g}",
                interval,
                f"{100 * values['better_share']:.0f} %",
                f"{values['p_adjusted']:.4f}",
                values["verdict"],
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    alone = comparison["only_in_a"] + comparison["only_in_b"]
    head = f"{comparison['n']} items in both" + (f", {alone} in one only" if alone else "")
    return "\n".join([head, *lines])
