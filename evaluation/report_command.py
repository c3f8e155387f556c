"""`python -m evaluation report`: the results page, its figures and the marked blocks, from raw JSON."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from engines.errors import InputError
from evaluation.progress import Notify
from evaluation.report.page import compose, outdated, write

HELP = "write docs/RESULTS.md, its figures and the marked blocks of README and cards from docs/results"
_ROOT = Path(__file__).resolve().parent.parent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--check", action="store_true", help="write nothing; status 2 where something is out of date")
    parser.add_argument("--measure", type=Path, metavar="DATA", help="first run the commands of what is due")
    parser.add_argument("--only", action="append", metavar="PREFIX", help="with --measure: files that start so")
    parser.add_argument("--root", type=Path, default=_ROOT, metavar="DIR", help="the repository; this one by default")


def run(options: argparse.Namespace, notify: Notify | None) -> str:
    """Write what is out of date, or name it.

    Raises:
        InputError: With --check, something is out of date; a result cannot be measured; or a raw result is damaged.
    """
    if options.check:
        stale = outdated(options.root)
        if stale:
            raise InputError(
                f"{', '.join(_names(stale, options.root))} must agree with the raw results, but do not: run "
                "`python -m evaluation report`."
            )
        return "Everything is up to date."
    if options.only and options.measure is None:
        raise InputError("--only must be given with --measure.")
    failed = [] if options.measure is None else _measure(options.measure, options.root, options.only)
    changed = write(options.root)
    if failed:
        raise InputError(f"{', '.join(failed)} must be measured, but could not be: see above.")
    return "\n".join(_names(changed, options.root)) or "Everything is up to date."


def _measure(data: Path, root: Path, only: list[str] | None) -> list[str]:
    """Run the commands of what is due, one after the other in this process, so that engines are loaded once.

    Returns:
        The results that could not be measured; their commands said why.
    """
    from evaluation.cli import main

    failed = []
    for due in compose(root).due:
        if only is not None and not due.file.startswith(tuple(only)):
            continue
        sys.stderr.write(f"{due.command}\n")
        start = time.perf_counter()
        try:
            status = main(due.arguments_with(data, root))
        except SystemExit as stop:
            status = stop.code
        sys.stderr.write(f"{time.perf_counter() - start:.1f} s\n")
        if status != 0:
            failed.append(due.file)
    return failed


def _names(paths: list[Path], root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in paths]
