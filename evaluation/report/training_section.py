"""How each embedded checkpoint came to be, from docs/results/trainings.json, which its trainer wrote down."""

from __future__ import annotations

from engines.checkpoints import listed
from evaluation.report.results import Results
from evaluation.report.section import Section
from evaluation.report.tables import table

FILE = "trainings.json"


def section(results: Results) -> Section:
    """One row per run of `python -m training`; what it reached is in the sections above."""
    made = Section("Trainings")
    made.promise("trainings")
    runs = results.noted(FILE).get("runs", [])
    if not runs:
        made.say("None noted.")
        return made
    sizes = {entry.name: entry.bytes for entry in listed()}
    rows = [
        [
            run["checkpoint"],
            f"`python -m training {run['command']}`",
            f"{run['steps']:,}".replace(",", " "),
            f"{run['minutes']:g}",
            run["machine"],
            run["validation"],
            f"{sizes[run['checkpoint']] / 1e6:.1f}" if sizes.get(run["checkpoint"]) else "",
        ]
        for run in runs
    ]
    header = "checkpoint|command|steps|minutes|machine|validation at its end|MB now"
    made.share("trainings", table(header.split("|"), rows, text_columns=2))
    made.say(
        "In the order they were run; `--resume` goes on from the row above of the same checkpoint. Minutes are wall "
        "clock on a machine that did other work at the same time, so fewer would do."
    )
    return made
