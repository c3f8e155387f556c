"""Time and memory of every engine."""

from __future__ import annotations

from evaluation.report.results import Results, Run
from evaluation.report.section import Section

_RUN = Run("speed/speed.json", "speed")


def section(results: Results) -> Section:
    """A table of the medians."""
    made = Section("Speed and memory")
    if results.get(_RUN) is None:
        made.say("Not measured yet: see the commands below.")
    return made
