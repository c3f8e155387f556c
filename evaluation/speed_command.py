"""`python -m evaluation speed`: how fast, and in how much memory."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from evaluation.progress import Notify
from evaluation.report_file import prepare, write_report
from evaluation.speed import CASES, DEFAULT_ENGINES, Plan, measure

HELP = "time and memory of engines and fine-tuning units, stage by stage"


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _size(text: str) -> tuple[int, int]:
    width, by, height = text.partition("x")
    if not (by and width.isdecimal() and height.isdecimal() and min(int(width), int(height)) >= 8):
        raise argparse.ArgumentTypeError(f"must be WIDTHxHEIGHT of at least 8 pixels, but got {text!r}")
    return int(width), int(height)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, but got {text!r}")
    return int(text)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    cases = "; ".join(f"{name}: {', '.join(cases)}" for name, cases in CASES.items())
    parser.add_argument(
        "--engines",
        type=_names,
        default=list(DEFAULT_ENGINES),
        metavar="A,B:CASE",
        help=f"default: {','.join(DEFAULT_ENGINES)}; the cases of {cases}",
    )
    sizes = ["320x240", "640x480", "1280x960"]
    parser.add_argument("--sizes", type=_size, nargs="+", default=[_size(size) for size in sizes], metavar="WxH")
    parser.add_argument("--threads", type=_count, nargs="+", default=[1, 2], metavar="N")
    parser.add_argument("--repeat", type=_count, default=3, metavar="N", help="warm repetitions (default: 3)")
    parser.add_argument("--before", type=Path, metavar="DIR", help="another copy of SayFuse, measured in the same run")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE.json", help="where the report goes")


def run(options: argparse.Namespace, notify: Notify | None) -> str:
    """Measure, write the report and return a table of it."""
    prepare(options.output)
    plan = Plan(options.engines, options.sizes, options.threads, options.repeat, options.before)
    plan.cases()
    report = measure(plan, notify)
    write_report(options.output, report)
    return table(report)


def table(report: dict[str, Any]) -> str:
    """A line per measurement: seconds from cold, warm and for a second sentence, of the processor, by stage, memory."""
    rows = [("", "size", "threads", "cold s", "warm s", "cpu s", "again s", "× reference", "MiB", "stages")]
    for record in report["measurements"]:
        warm, second, cold = record["warm"], record["second"], record["cold"]
        version = "" if record["version"] == "now" else f" ({record['version']})"
        stages = "  ".join(f"{name} {seconds:.3f}" for name, seconds in warm["stages"].items())
        rows.append(
            (
                f"{record['engine']} {record['case']}{version}",
                "{}x{}".format(*record["size"]),
                str(record["threads"]),
                "–" if cold is None else f"{cold['total']:.1f}",
                f"{warm['seconds']:.3f}",
                f"{warm['cpu_seconds']:.3f}",
                "–" if second is None else f"{second['seconds']:.3f}",
                f"{record['ratio']:.1f}",
                f"{record['peak_mib']:.0f}",
                stages,
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    for fit in report["scaling"]:
        version = "" if fit["version"] == "now" else f" ({fit['version']})"
        if fit["exponent"] is not None:
            lines.append(
                f"{fit['engine']} {fit['case']}{version}, {fit['threads']} threads: seconds grow as pixels to the "
                f"{fit['exponent']:.2f}"
            )
    for threads, reference in report["reference"]["threads"].items():
        lines.append(f"reference with {threads} threads: {reference['seconds']:.4f} s ({report['reference']['what']})")
    return "\n".join(lines)
