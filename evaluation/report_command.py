"""`python -m evaluation report`: the results page, its figures and the marked blocks, from raw JSON."""

from __future__ import annotations

import argparse
from pathlib import Path

from engines.errors import InputError
from evaluation.progress import Notify
from evaluation.report.page import outdated, write

HELP = "write docs/RESULTS.md, its figures and the marked blocks of README and cards from docs/results"
_ROOT = Path(__file__).resolve().parent.parent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--check", action="store_true", help="write nothing; status 2 where something is out of date")
    parser.add_argument("--root", type=Path, default=_ROOT, metavar="DIR", help="the repository; this one by default")


def run(options: argparse.Namespace, notify: Notify | None) -> str:
    """Write what is out of date, or name it.

    Raises:
        InputError: With --check, something is out of date; or a raw result is damaged.
    """
    if not options.check:
        changed = write(options.root)
        return "\n".join(_names(changed, options.root)) or "Everything is up to date."
    stale = outdated(options.root)
    if stale:
        raise InputError(
            f"{', '.join(_names(stale, options.root))} must agree with the raw results, but do not: run "
            "`python -m evaluation report`."
        )
    return "Everything is up to date."


def _names(paths: list[Path], root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in paths]
