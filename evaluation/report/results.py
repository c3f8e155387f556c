"""The raw results a page is made from: JSON files that evaluation commands wrote."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engines.checkpoints import listed
from evaluation.report_file import read_report

# Where the commands find the data sets, as the page writes it.
DATA = "DATA"
FOLDER = "docs/results"


@dataclass(frozen=True)
class Run:
    """One raw result and the command that makes it.

    Attributes:
        file: Path below docs/results, with slashes.
        arguments: What follows `python -m evaluation`, without --output.
        learned: Whether the numbers depend on weights even where the report does not say on which; such a report counts
            as outdated.
    """

    file: str
    arguments: str
    learned: bool = False

    @property
    def command(self) -> str:
        """The whole command line, as the page shows it."""
        return f"python -m evaluation {self.arguments} --output {FOLDER}/{self.file}"

    def arguments_with(self, data: Path, root: Path) -> list[str]:
        """What `evaluation.cli.main` takes to measure it.

        Args:
            data: The folder of the data sets, for DATA.
            root: The repository, below which the result goes.
        """
        arguments = [argument.replace(f"{DATA}/", f"{data}/") for argument in shlex.split(self.arguments)]
        return [*arguments, "--output", str(root / FOLDER / self.file)]


@dataclass
class Results:
    """Raw results by run.

    Attributes:
        root: The folder docs/results.
        missing: Runs that were asked for and are not there, in the order asked.
        outdated: Runs made with weights that have been replaced since, or with nobody knows which.
    """

    root: Path
    missing: list[Run] = field(default_factory=list)
    outdated: list[Run] = field(default_factory=list)

    def get(self, run: Run) -> dict | None:
        """What the run's command wrote; None where it has not been run.

        Raises:
            InputError: The file is not a report.
        """
        path = self.root / run.file
        if not path.is_file():
            if run not in self.missing:
                self.missing.append(run)
            return None
        report = read_report(path)
        if _outdated(report, run.learned) and run not in self.outdated:
            self.outdated.append(run)
        return report

    def get_all(self, runs: dict[str, Run]) -> dict[str, dict]:
        """The runs that are there, by the same names."""
        found = {name: self.get(run) for name, run in runs.items()}
        return {name: report for name, report in found.items() if report is not None}

    def noted(self, file: str) -> dict:
        """What people wrote down below docs/results, by file name; empty where there is nothing."""
        path = self.root / file
        return read_report(path) if path.is_file() else {}

    def others(self, folder: str, known: dict[str, Run]) -> dict[str, dict]:
        """Further results in a folder, by file stem: such as come from no fixed command."""
        files = {run.file for run in known.values()}
        paths = [path for path in sorted((self.root / folder).glob("*.json")) if f"{folder}/{path.name}" not in files]
        return {path.stem: read_report(path) for path in paths}


def _outdated(report: dict, learned: bool) -> bool:
    digests = set(_digests(report.get("settings", {}))) | set(_digests(report.get("weights")))
    return bool(digests - {entry.sha256 for entry in listed()}) or (learned and not digests)


def _digests(part: Any) -> Iterator[str]:
    """Of all weights that a part of a report names: an engine's, a head's, a detector's, those of several engines."""
    if isinstance(part, dict):
        if isinstance(part.get("sha256"), str):
            yield part["sha256"]
        for value in part.values():
            yield from _digests(value)
