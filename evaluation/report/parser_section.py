"""How well sentences are understood, per parser."""

from __future__ import annotations

from evaluation.report.results import DATA, Results, Run
from evaluation.report.section import REGISTRY, Section
from evaluation.report.tables import bold_best, by_columns, table

TITLES = {"llama": "LLaMA", "rules": "rules"}


def runs() -> dict[str, Run]:
    """Each parser on the sentences whose readings are known."""
    return {
        name: Run(f"parser/{name}.json", f"parser --data {DATA}/instructions.jsonl --parser {name}") for name in TITLES
    }


def section(results: Results) -> Section:
    """One row per parser that has been scored."""
    made = Section("Parser")
    made.promise("parser", *(f"{REGISTRY}parser-{name}" for name in TITLES))
    reports = results.get_all(runs()) | results.others("parser", runs())
    if not reports:
        made.say("Not measured yet: see the commands below.")
        return made
    exact = [report["exact"] for report in reports.values()]
    edit_f1 = [report["edit_f1"] for report in reports.values()]
    seconds = [report["seconds_per_text"] for report in reports.values()]
    columns = [
        [TITLES.get(name, name) for name in reports],
        [str(report["n"]) for report in reports.values()],
        bold_best([f"{value:.3f}" for value in exact], exact),
        bold_best([f"{value:.3f}" for value in edit_f1], edit_f1),
        bold_best([f"{1000.0 * value:.1f}" for value in seconds], seconds, lower_is_better=True),
    ]
    header = ["parser", "sentences", "exact ↑", "F1 of edits ↑", "ms per sentence ↓"]
    made.share("parser", table(header, by_columns(columns)))
    for name, report in reports.items():
        made.blocks[f"{REGISTRY}parser-{name}"] = (
            f'"exact" = {report["exact"]:.3f}\n"edit_f1" = {report["edit_f1"]:.3f}'
        )
    made.say(
        "*Exact* counts sentences all of whose edits are as intended, after lower-casing and without articles; F1 "
        "counts single edits. The sentences in instructions.jsonl are few and were seen while the rules were written: "
        "they test the contract, not how the parser does on sentences of strangers."
    )
    return made
