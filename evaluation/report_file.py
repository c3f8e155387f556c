"""The JSON file an evaluation writes, and its one-line overview."""

from __future__ import annotations

import json
from pathlib import Path

from engines.errors import InputError


def prepare(output: Path) -> None:
    """Fail before the work, not after it, where the report cannot be written.

    Raises:
        InputError: The path is a folder.
        OSError: Its folder cannot be made.
    """
    if output.is_dir():
        raise InputError(f"The output must be a file, but {output} is a folder.")
    output.parent.mkdir(parents=True, exist_ok=True)


def write_report(output: Path, report: dict) -> None:
    """Write strict JSON (no NaN): whole or not at all, so that a stopped command leaves no half a report."""
    partial = output.with_name(f"{output.name}.partial")
    partial.write_text(json.dumps(report, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    partial.replace(output)


def read_report(path: Path) -> dict:
    """A report written by `write_report`.

    Raises:
        InputError: No such file, or not a JSON object.
    """
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} must be a report in JSON that can be read, but got: {error}.") from error
    if not isinstance(report, dict):
        raise InputError(f"{path} must be a report, a JSON object, but is a {type(report).__name__}.")
    return report


def overview(report: dict) -> str:
    """How many items, and the means, in one line."""
    values = report.get("mean", report)
    shown = [f"{name} {value:.4g}" for name, value in values.items() if isinstance(value, float)]
    return "  ".join([f"n {report['n']}", *shown])
