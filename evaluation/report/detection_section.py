"""How well one detector finds things in what each engine makes, and in each source alone; the codebook's use."""

from __future__ import annotations

from engines.registry import ENGINES
from evaluation.report.results import DATA, Results, Run
from evaluation.report.section import Section
from evaluation.report.tables import NONE, bold_best, by_columns, table

_SOURCES = ("visible", "infrared")
_ENGINES = ("text2pixels", "terf", "max")
_FOLDER = "detection/msrs_ris-val"
_SEVERAL = "Not all rows are of one file of the detector's weights: until they are measured again they may not compare."
_CODEBOOK_DATA = ("msrs_ris", "roadscene_ris")


def runs() -> dict[str, Run]:
    """The sources and some engines; more JSON in the same folder becomes more rows."""
    common = f"detection --data {DATA}/msrs_ris --split val"
    return {
        name: Run(f"{_FOLDER}/{name}.json", f"{common} --{'source' if name in _SOURCES else 'engine'} {name}")
        for name in (*_SOURCES, *_ENGINES)
    }


def section(results: Results) -> Section:
    """One row per kind of picture."""
    made = Section("Detection")
    made.promise("detection", "codebook")
    known = runs()
    reports = results.get_all(known) | results.others(_FOLDER, known)
    if reports:
        _detection(made, reports)
    else:
        made.say("Not measured yet: see the commands below.")
    _codebook(made, results)
    return made


def _detection(made: Section, reports: dict[str, dict]) -> None:
    measures = list(next(iter(reports.values()))["mean"])
    columns = [[ENGINES[name].title if name in ENGINES else f"{name} alone" for name in reports]]
    for measure in measures:
        values = [report["mean"][measure] for report in reports.values()]
        cells = [_cell(report, measure) for report in reports.values()]
        columns.append(bold_best(cells, values))
    shown = table(["what the detector sees", *(f"{name} ↑" for name in measures)], by_columns(columns))
    made.share("detection", shown if _one_detector(reports) else f"{shown}\n\n{_SEVERAL}")
    objects = next(iter(reports.values()))["objects"]
    found = ", ".join(f"{count} of {name}" for name, count in objects.items())
    made.say(
        "Average precision in percent at an overlap of one half, all points interpolated, on msrs_ris val "
        f"({next(iter(reports.values()))['n']} pictures; boxes: {found}); ± half the width of the 95 % interval, "
        "pictures drawn. The one detector was trained with From Text to Pixels, on its fused pictures and both "
        "sources, and never saw another engine's pictures, which favours that engine."
    )


def _codebook(made: Section, results: Results) -> None:
    made.say("### Does From Text to Pixels use its codebook?")
    reports = results.get_all(
        {
            data: Run(f"codebook/{data}-val.json", f"codebook --data {DATA}/{data} --split val")
            for data in _CODEBOOK_DATA
        }
    )
    if not reports:
        made.say("Not measured yet: see the commands below.")
        return
    rows = [
        [
            f"{data} val",
            str(report["n"]),
            *(f"{values['used']:.0f} of {report['codes']}" for values in (report["all"], report["mean"])),
            *(f"{values['perplexity']:.1f}" for values in (report["all"], report["mean"])),
        ]
        for data, report in reports.items()
    ]
    header = "fused without words|pictures|codes used|in one picture|perplexity|of one picture"
    made.share("codebook", table(header.split("|"), rows))
    made.say(
        "A code stands for 8×8 pixels. The perplexity is how many evenly used codes would be as varied: 1 where the "
        "codebook has collapsed. *One picture* is the mean over the pictures."
    )


def _one_detector(reports: dict[str, dict]) -> bool:
    return len({(report.get("settings", {}).get("detector") or {}).get("sha256") for report in reports.values()}) == 1


def _cell(report: dict, measure: str) -> str:
    value = report["mean"][measure]
    if value is None:
        return NONE
    interval = report.get("interval", {}).get(measure)
    return f"{value:.1f}" + (f" ± {(interval[1] - interval[0]) / 2:.1f}" if interval else "")
