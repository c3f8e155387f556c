"""How each embedded checkpoint came to be, from docs/results/trainings.json, which its trainer wrote down."""

from __future__ import annotations

from typing import Any

from engines.checkpoints import listed
from evaluation.report.results import Results
from evaluation.report.section import Section
from evaluation.report.tables import table

FILE = "trainings.json"


def section(results: Results) -> Section:
    """One row per run of `python -m training`, and a checkpoint's own for its card; scores are further up."""
    made = Section("Trainings")
    made.promise("trainings", *(f"trainings-{entry.name}" for entry in listed()))
    runs = results.noted(FILE).get("runs", [])
    if not runs:
        made.say("None noted.")
        return made
    sizes = {entry.name: entry.bytes for entry in listed()}
    rows = {name: [_row(run) for run in runs if run["checkpoint"] == name] for name in sizes}
    header = "command|steps|minutes|machine|validation at its end".split("|")
    for name in rows:
        if rows[name]:
            made.blocks[f"trainings-{name}"] = table(header, rows[name])
    every = [[run["checkpoint"], *_row(run), _megabytes(sizes.get(run["checkpoint"]))] for run in runs]
    made.share("trainings", table(["checkpoint", *header, "MB now"], every, text_columns=2))
    made.say(
        "In the order they were run; `--resume` goes on from the row above of the same checkpoint. Minutes are wall "
        "clock on a machine that did other work at the same time, so fewer would do."
    )
    return made


def _row(run: dict[str, Any]) -> list[str]:
    return [
        f"`python -m {_module(run['command'])}`",
        f"{run['steps']:,}".replace(",", " "),
        f"{run['minutes']:g}",
        run["machine"],
        run["validation"],
    ]


def _module(command: str) -> str:
    # Programs of their own, such as training.head_starts, are noted with their full name.
    return command if command.startswith("training.") else f"training {command}"


def _megabytes(size: int | None) -> str:
    return f"{size / 1e6:.1f}" if size else ""
