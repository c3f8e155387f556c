"""What the measures of fusion allow together, so that goals can be judged."""

from __future__ import annotations

from engines.registry import ENGINES
from evaluation.ceiling import METRICS, START
from evaluation.metrics import METRICS as KNOWN
from evaluation.report.results import DATA, Results, Run
from evaluation.report.section import Section
from evaluation.report.tables import by_columns, number, table

RUN = Run("ceiling/msrs_ris-val.json", f"ceiling --data {DATA}/msrs_ris --split val --limit 6")


def section(results: Results) -> Section:
    """One table, of the pixels' descent from an engine's pictures."""
    made = Section("What the measures allow together")
    made.promise("ceiling")
    report = results.get(RUN)
    if report is None:
        return made
    engine, steps = report["settings"]["engine"], report["settings"]["steps"]
    made.say(
        f"Each pixel of {report['n']} pictures of msrs_ris val chosen freely by descending on the measures themselves, "
        f"{steps} steps from {ENGINES[engine].title}'s pictures: no network, no training, and the pictures judged are "
        "those that are looked at. A weighted sum of measures that even this does not reach is out of reach for a "
        "method, as far as the descent found the best picture. The raw file has the weights."
    )
    made.share("ceiling", _table(report, ENGINES[engine].title))
    return made


def _table(report: dict, title: str) -> str:
    names = [f"{title} as it is" if name == START else name for name in report["mean"]]
    columns = [names]
    columns += [[number(row[metric], metric) for row in report["mean"].values()] for metric in METRICS]
    return table(["pixels asked for", *(f"{metric} {KNOWN[metric].arrow}" for metric in METRICS)], by_columns(columns))
