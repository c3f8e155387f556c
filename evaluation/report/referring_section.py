"""Referring segmentation: with and without text, per kind, beside the published table; ablations."""

from __future__ import annotations

from typing import Any

from engines.errors import InputError
from evaluation.comparison import compare
from evaluation.report.figures import COLORS
from evaluation.report.published import published
from evaluation.report.results import DATA, Results, Run
from evaluation.report.section import Figure, Section
from evaluation.report.tables import bold_best, by_columns, table

METRICS = ("mIoU", "oIoU", "P@0.5", "P@0.6", "P@0.7", "P@0.8", "P@0.9")
DATA_SETS = ("msrs_ris", "roadscene_ris")
WITH_TEXT, WITHOUT_TEXT = "with text", "without text"


def runs_of(data: str) -> dict[str, Run]:
    """RIS-FUSION on a data set's validation part, fusing with the sentence and without it."""
    common = f"ris --data {DATA}/{data} --split val --engine ris-fusion"
    return {
        WITH_TEXT: Run(f"ris/{data}-val/ris-fusion.json", common),
        WITHOUT_TEXT: Run(f"ris/{data}-val/ris-fusion-without-text.json", f"{common} --without-text"),
    }


def section(results: Results) -> Section:
    """Tables of the runs that are there."""
    made = Section("Referring segmentation")
    made.say(
        "Every sentence of every reference is one item; the mask counts where it is 0.5 or more. In percent: mIoU is "
        "the mean of the items' IoU, oIoU all intersections over all unions, P@X the share of items with at least that "
        "IoU. *Without text* fuses without the sentence and segments with it, as in the paper."
    )
    for data in DATA_SETS:
        reports = results.get_all(runs_of(data))
        if not reports:
            continue
        made.say(f"### {data} val ({next(iter(reports.values()))['n']} sentences)")
        made.share(f"referring-{data}", _table(reports))
        if WITH_TEXT in reports:
            made.share(f"referring-{data}-kinds", _kinds(reports[WITH_TEXT]))
            made.blocks[f"registry-referring-{data}"] = _registry(reports[WITH_TEXT])
        if len(reports) == 2:
            made.say(_difference(reports))
            made.show(_figure(data, reports))
    made.say(_published_table(results))
    return made


def ablations(results: Results) -> Section:
    """The paper's ablation beside ours, as far as measured."""
    made = Section("Ablations of RIS-FUSION")
    ours = results.others("ablations", {})
    if ours:
        rows = [[stem, str(report["n"]), *_cells(report)] for stem, report in ours.items()]
        made.share("ablations", table(["here, msrs_ris val", "n", *METRICS], rows))
    else:
        made.say(
            "Not measured here: every row needs a training of its own. A report that `python -m evaluation ris "
            "--checkpoint FILE` writes to docs/results/ablations/NAME.json becomes a row."
        )
    rows = [[row.method, row.source, *_published_cells(row.values, ("mIoU", "P@0.5"))] for row in published("ablation")]
    made.say("Published, on MM-RIS:\n\n" + table(["", "source", "mIoU", "P@0.5"], rows, text_columns=2))
    return made


def _cells(report: dict) -> list[str]:
    return [_percent(report.get(metric)) for metric in METRICS]


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _published_cells(values: dict[str, float], metrics: tuple[str, ...]) -> list[str]:
    return ["–" if metric not in values else f"{values[metric]:.2f}" for metric in metrics]


def _table(reports: dict[str, dict]) -> str:
    columns = [[f"RIS-FUSION, {name}" for name in reports]]
    for metric in METRICS:
        values = [report.get(metric) for report in reports.values()]
        columns.append(bold_best([_percent(value) for value in values], values))
    return table(["", *(f"{metric} ↑" for metric in METRICS)], by_columns(columns))


def _kinds(report: dict) -> str:
    rows = [["all", str(report["n"]), *_cells(report)]]
    rows += [[kind, str(values["n"]), *_cells(values)] for kind, values in report.get("per_kind", {}).items()]
    return table(["kind, with text", "sentences", *METRICS], rows)


def _registry(report: dict) -> str:
    lines = [f'"mIoU" = {_percent(report["mIoU"])}', f'"P@0.5" = {_percent(report["P@0.5"])}']
    if "class" in report.get("per_kind", {}):
        lines.insert(1, f'"mIoU class" = {_percent(report["per_kind"]["class"]["mIoU"])}')
    return "\n".join(lines)


def _difference(reports: dict[str, dict]) -> str:
    """What the words in the fusion are worth to the head, with the paired interval where items were kept."""
    gain = reports[WITH_TEXT]["mIoU"] - reports[WITHOUT_TEXT]["mIoU"]
    said = f"The words in the fusion change mIoU by {gain:+.2f} points"
    try:
        found = compare(reports[WITH_TEXT], reports[WITHOUT_TEXT])["metrics"]
    except InputError:
        return f"{said}; the runs kept no scores per item, so no interval is known."
    values = next(iter(found.values()))
    if values["interval"] is None:
        return f"{said}, over a single picture."
    # Per item an IoU is a share or a percentage; the mean tells which.
    scale = 100.0 if values["a"] <= 1.0 else 1.0
    low, high = (scale * bound for bound in values["interval"])
    verdict = {"A": "better with text", "B": "better without text"}.get(values["verdict"], "undecided")
    return (
        f"{said}; paired over pictures the 95 % interval is {low:+.2f} to {high:+.2f} (p {values['p']:.4f}): {verdict}."
    )


def _published_table(results: Results) -> str:
    metrics = tuple(metric for metric in METRICS if metric != "oIoU")
    rows = [[row.method, row.source, *_published_cells(row.values, metrics)] for row in published("referring")]
    for data in DATA_SETS:
        for name, report in results.get_all(runs_of(data)).items():
            rows.append([f"RIS-FUSION (here), {name}", f"{data} val", *(_percent(report.get(m)) for m in metrics)])
    return (
        "Published numbers beside ours. The paper scores 3.5 thousand expressions of MM-RIS, one for each of its "
        "masks, with a Swin-B network; here a network of a few million weights, trained in hours on two cores, is "
        "scored on other pictures, sentences and masks, among them many for whole classes and for stuff. The rows show "
        "the size of the gap, not a ranking.\n\n" + table(["method", "source or data", *metrics], rows, text_columns=2)
    )


def _figure(data: str, reports: dict[str, dict]) -> Figure:
    kinds = ["all", *reports[WITH_TEXT].get("per_kind", {})]
    bars = {
        name: [report["mIoU"], *(report.get("per_kind", {}).get(kind, {}).get("mIoU") for kind in kinds[1:])]
        for name, report in reports.items()
    }
    caption = f"mIoU per kind of reference on {data} val, in percent."
    return Figure(f"referring-{data}", caption, {"kinds": kinds, "bars": bars}, _draw_kinds, (8.0, 3.2))


def _draw_kinds(canvas: Any, values: dict) -> None:
    axis = canvas.subplots()
    width = 0.8 / len(values["bars"])
    for index, (name, heights) in enumerate(values["bars"].items()):
        places = [kind + (index - (len(values["bars"]) - 1) / 2) * width for kind in range(len(heights))]
        axis.bar(places, [height or 0.0 for height in heights], width, color=COLORS[index], label=name)
    axis.set_xticks(range(len(values["kinds"])), values["kinds"])
    axis.set_ylabel("mIoU, %")
    axis.legend(frameon=False)
