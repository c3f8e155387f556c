"""Referring segmentation: with and without text, per kind, of every engine, beside the published table; ablations."""

from __future__ import annotations

from typing import Any

from engines.registry import ENGINES
from evaluation.comparison import compare
from evaluation.referring_masks import SOURCES
from evaluation.report.figures import COLORS
from evaluation.report.published import published
from evaluation.report.results import DATA, Results, Run
from evaluation.report.section import REGISTRY, Figure, Section
from evaluation.report.tables import NONE, bold_best, by_columns, table

METRICS = ("mIoU", "oIoU", "P@0.5", "P@0.6", "P@0.7", "P@0.8", "P@0.9")
DATA_SETS = ("msrs_ris", "roadscene_ris")
WITH_TEXT, WITHOUT_TEXT = "RIS-FUSION, with text", "RIS-FUSION, without text"
# Enough to tell engines apart, few enough for those that read text, as they fuse anew for each sentence.
_SENTENCES = 222


def runs_of(data: str) -> dict[str, Run]:
    """RIS-FUSION on a data set's validation part, fusing with the sentence and without it."""
    common = f"ris --data {DATA}/{data} --split val --engine ris-fusion"
    return {
        WITH_TEXT: Run(f"ris/{data}-val/ris-fusion.json", common),
        WITHOUT_TEXT: Run(f"ris/{data}-val/ris-fusion-without-text.json", f"{common} --without-text"),
    }


def engine_runs(without_text: bool) -> dict[str, Run]:
    """Everything that fuses, on the same sentences, by name.

    Args:
        without_text: Withhold the text from the fusion. Methods and sources that read none are among these runs only.
    """
    common = f"ris --data {DATA}/{DATA_SETS[0]} --split val --limit {_SENTENCES} --engine"
    folder = f"ris-engines/{DATA_SETS[0]}-val"
    runs = {}
    for name in (*SOURCES, *ENGINES) if without_text else ENGINES:
        if name in ENGINES and ENGINES[name].learned:
            file, more = (f"{name}-without-text", " --without-text") if without_text else (name, "")
            runs[name] = Run(f"{folder}/{file}.json", f"{common} {name}{more}")
        elif without_text:
            runs[name] = Run(f"{folder}/{name}.json", f"{common} {name}")
    return runs


def section(results: Results) -> Section:
    """Tables of the runs that are there."""
    made = Section("Referring segmentation")
    made.say(
        "Every sentence of every reference is one item; the mask counts where it is 0.5 or more. In percent: mIoU is "
        "the mean of the items' IoU (± half the width of its 95 % bootstrap interval, pictures drawn), oIoU all "
        "intersections over all unions, P@X the share of items with at least that IoU. *Without text* fuses without "
        "the sentence and segments with it, as in the paper; other engines' pictures are segmented by the same head."
    )
    for data in DATA_SETS:
        runs = runs_of(data)
        found = results.others(f"ris/{data}-val", runs)
        reports = results.get_all(runs) | {_title(report, stem): report for stem, report in found.items()}
        if not reports:
            made.say(f"### {data} val\n\nNot measured yet: see the commands below.")
            continue
        made.say(f"### {data} val ({next(iter(reports.values()))['n']} sentences)")
        made.share(f"referring-{data}", _table(reports))
        if WITH_TEXT in reports:
            made.share(f"referring-{data}-kinds", _parts(reports[WITH_TEXT]))
            made.blocks[f"{REGISTRY}referring-{data}"] = _registry(reports[WITH_TEXT])
        if WITH_TEXT in reports and WITHOUT_TEXT in reports:
            worth = _worth(reports[WITH_TEXT], reports[WITHOUT_TEXT])
            made.say(f"The words in the fusion change a sentence's IoU by {worth}")
            made.show(_figure(data, {name: reports[name] for name in (WITH_TEXT, WITHOUT_TEXT)}))
    _engines(made, results)
    made.say(_published_table(results))
    made.promise("referring-engines")
    for data in DATA_SETS:
        made.promise(f"referring-{data}", f"referring-{data}-kinds", f"{REGISTRY}referring-{data}")
    return made


def _engines(made: Section, results: Results) -> None:
    """The paper's table 1 for every engine here, and what the words are worth to each that reads them."""
    made.say(f"### Every engine's pictures, {_SENTENCES} sentences spread over {DATA_SETS[0]} val")
    untold, told = (results.get_all(engine_runs(without_text)) for without_text in (True, False))
    order = dict.fromkeys([*untold, *told])
    pairs = [(name, report) for name in order for report in (untold.get(name), told.get(name)) if report is not None]
    if not pairs:
        made.say("Not measured yet: see the commands below.")
        return
    made.share("referring-engines", _table({_title(report, name): report for name, report in pairs}))
    made.say(
        "All are segmented by RIS-FUSION's head, which reads the sentence always; it was trained on RIS-FUSION's own "
        "pictures, which favours them."
    )
    both = [name for name in told if name in untold]
    worth = [f"- **{ENGINES[name].title}** by {_worth(told[name], untold[name])}" for name in both]
    if worth:
        made.say("\n".join(["The words in the fusion change a sentence's IoU:", "", *worth]))


def ablations(results: Results) -> Section:
    """The paper's ablation beside ours, as far as measured."""
    made = Section("Ablations of RIS-FUSION")
    ours = results.others("ablations", {})
    if ours:
        rows = [[stem, str(report["n"]), *_cells(report)] for stem, report in ours.items()]
        made.share("ablations", table(["here", "n", *METRICS], rows))
        if how := results.noted("ablations.json").get("how"):
            made.say(how)
    else:
        made.say(
            "Not measured here: every row needs a training of its own. A report that `python -m evaluation ris "
            "--checkpoint FILE` writes to docs/results/ablations/NAME.json becomes a row."
        )
    rows = [[row.method, row.source, *_published_cells(row.values, ("mIoU", "P@0.5"))] for row in published("ablation")]
    made.say("Published, on MM-RIS:\n\n" + table(["", "source", "mIoU", "P@0.5"], rows, text_columns=2))
    made.promise("ablations")
    return made


def _title(report: dict, stem: str) -> str:
    asked = report.get("settings", {})
    engine = ENGINES.get(asked.get("engine", ""))
    if engine is None:
        return stem
    protocol = "" if asked.get("protocol", "native") == "native" else f", {asked['protocol']}×{asked['protocol']}"
    text = ", without text" if asked.get("without_text") else ", with text" if engine.learned else ""
    return f"{engine.title}{text}{protocol}"


def _cells(report: dict) -> list[str]:
    """mIoU with its interval where there is one, then the other metrics."""
    interval = report.get("interval", {}).get("mIoU")
    spread = f" ± {(interval[1] - interval[0]) / 2.0:.1f}" if interval else ""
    return [_percent(report.get("mIoU")) + spread, *(_percent(report.get(metric)) for metric in METRICS[1:])]


def _percent(value: float | None) -> str:
    return NONE if value is None else f"{value:.1f}"


def _published_cells(values: dict[str, float], metrics: tuple[str, ...]) -> list[str]:
    return [NONE if metric not in values else f"{values[metric]:.2f}" for metric in metrics]


def _table(reports: dict[str, dict]) -> str:
    columns = [list(reports)]
    for index, metric in enumerate(METRICS):
        cells = [_cells(report)[index] for report in reports.values()]
        columns.append(bold_best(cells, [report.get(metric) for report in reports.values()]))
    return table(["", *(f"{metric} ↑" for metric in METRICS)], by_columns(columns))


def _parts(report: dict) -> str:
    """One row per kind of reference, time of day, and class."""
    rows = [["all", str(report["n"]), *_cells(report)]]
    for part in ("per_kind", "per_time", "per_class"):
        prefix = "class: " if part == "per_class" else ""
        rows += [[f"{prefix}{name}", str(of["n"]), *_cells(of)] for name, of in report.get(part, {}).items()]
    return table(["with text", "sentences", *METRICS], rows)


def _registry(report: dict) -> str:
    lines = [f'"mIoU" = {_percent(report["mIoU"])}', f'"P@0.5" = {_percent(report["P@0.5"])}']
    if "class" in report.get("per_kind", {}):
        lines.insert(1, f'"mIoU class" = {_percent(report["per_kind"]["class"]["mIoU"])}')
    return "\n".join(lines)


def _worth(told: dict, untold: dict) -> str:
    """What the words in the fusion are worth to the head, from the runs with and without them."""
    found = compare(told, untold)["metrics"]["IoU"]
    interval = found["interval"]
    spread = "" if interval is None else f" (95 % interval {interval[0]:+.2f} to {interval[1]:+.2f})"
    verdict = {"A": "better with text", "B": "better without text"}.get(found["verdict"], "undecided")
    return (
        f"{found['difference']:+.2f} points on average{spread}; paired, signs flipped per picture, "
        f"p = {found['p']:.4f}: {verdict}."
    )


def _published_table(results: Results) -> str:
    metrics = tuple(metric for metric in METRICS if metric != "oIoU")
    rows = [[row.method, row.source, *_published_cells(row.values, metrics)] for row in published("referring")]
    for data in DATA_SETS:
        for name, report in results.get_all(runs_of(data)).items():
            rows.append([f"{name} (here)", f"{data} val", *(_percent(report.get(metric)) for metric in metrics)])
    return (
        "### Published numbers beside ours\n\nThe paper scores 3.5 thousand expressions of MM-RIS, one for each of its "
        "masks, with a Swin-B network at 480×480; here a network of a few million weights, trained in hours on two "
        "cores, is scored on other pictures, sentences and masks, among them many for whole classes and for stuff. The "
        "rows show the size of the gap, not a ranking.\n\n"
        + table(["method", "source or data", *metrics], rows, text_columns=2)
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
