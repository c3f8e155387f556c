"""Plain fusion: every engine on two data sets, the published numbers beside ours."""

from __future__ import annotations

from dataclasses import dataclass

from engines.registry import ENGINES
from evaluation.comparison import compare
from evaluation.metrics import METRICS
from evaluation.metrics_profiles import COMMON_NINE
from evaluation.report.figures import draw_bars
from evaluation.report.published import published
from evaluation.report.results import DATA, Results, Run
from evaluation.report.section import REGISTRY, Figure, Section
from evaluation.report.tables import bold_best, by_columns, number, table, with_interval

SHOWN = (*COMMON_NINE, "Nabf")
FLOOR = "max"
# The strongest published method that papers and we both have.
_RIVAL = "text-if"
_CLAIMS = "TeSG, Tab. 1"
_PLOTTED = ("SCD", "VIF", "Qabf", "SSIM", "Nabf")


@dataclass(frozen=True)
class DataSet:
    """Pictures that engines are scored on.

    Attributes:
        folder: The data set's folder.
        title: What the page calls it.
        published: What papers call the data set it comes from.
        remark: How it differs from what papers score on.
    """

    folder: str
    title: str
    published: str
    remark: str


DATA_SETS = (
    DataSet(
        "msrs_ris",
        "msrs_ris val",
        "MSRS",
        "TeSG and TeRF score the MSRS test set, 361 pairs; Text-IF does not list its pairs; msrs_ris val is 60 of "
        "the 361.",
    ),
    DataSet(
        "roadscene_ris",
        "roadscene_ris val",
        "RoadScene",
        "TeSG scores all 221 pairs of RoadScene, TeRF 54, From Text to Pixels 60 and Text-IF some that it does not "
        "list; roadscene_ris val is 33 of the 221.",
    ),
)


def run_of(data: DataSet, engine: str) -> Run:
    """Plain fusion of a data set's validation part with an engine."""
    return Run(
        f"fusion/{data.folder}-val/{engine}.json",
        f"fusion --data {DATA}/{data.folder} --split val --engine {engine}",
    )


def section(results: Results) -> Section:
    """Tables, plots and comparisons of the engines that have been scored, with the floor and with Text-IF."""
    made = Section("Fusion without text")
    made.say(
        "Mean ± half the width of its 95 % bootstrap interval over the pictures; bold is best of the column. Profile "
        "`default` (see the end of the page), pictures scored as they would be saved. EN, SD, SF and AG look at the "
        "fused picture alone and reward noise; Nabf counts edges that neither source has. The intervals say how far "
        "the mean would move with other pictures of the kind, not which method is better: the paired comparisons do."
    )
    learned = [engine for engine, spec in ENGINES.items() if spec.learned]
    for data in DATA_SETS:
        made.promise(f"fusion-{data.folder}")
        made.promise(*(f"{prefix}{data.folder}-{engine}" for prefix in ("fusion-", REGISTRY) for engine in learned))
        reports = results.get_all({engine: run_of(data, engine) for engine in ENGINES})
        if not reports:
            continue
        n = max(report["n"] for report in reports.values())
        made.say(f"### {data.title} ({n} pairs)")
        made.share(f"fusion-{data.folder}", fusion_table(reports))
        made.show(_figure(data, reports))
        for other in (FLOOR, _RIVAL):
            rivals = [engine for engine in reports if ENGINES[engine].learned and engine != other]
            if other in reports and rivals:
                made.say("\n".join(_against(engine, other, reports) for engine in rivals))
        said = _published_against(data)
        if said:
            made.say(said)
        made.say(_published_table(data, reports))
        for engine, report in reports.items():
            if ENGINES[engine].learned:
                rows = {name: reports[name] for name in (engine, FLOOR, "mean") if name in reports}
                made.blocks[f"fusion-{data.folder}-{engine}"] = fusion_table(rows)
                made.blocks[f"{REGISTRY}{data.folder}-{engine}"] = "\n".join(
                    f"{metric} = {number(report['mean'][metric], metric)}" for metric in COMMON_NINE
                )
    return made


def fusion_table(reports: dict[str, dict]) -> str:
    """One row per engine, one column per metric."""
    columns = [[ENGINES[engine].title for engine in reports]]
    for metric in SHOWN:
        means = [report["mean"].get(metric) for report in reports.values()]
        cells = [
            with_interval(mean, report["interval"].get(metric), metric)
            for mean, report in zip(means, reports.values(), strict=True)
        ]
        columns.append(bold_best(cells, means, METRICS[metric].better == "lower"))
    return table(["", *(f"{metric} {METRICS[metric].arrow}" for metric in SHOWN)], by_columns(columns))


def _figure(data: DataSet, reports: dict[str, dict]) -> Figure:
    panels = [
        {
            "title": f"{metric} {METRICS[metric].arrow}",
            "means": [report["mean"].get(metric) for report in reports.values()],
            "intervals": [report["interval"].get(metric) for report in reports.values()],
        }
        for metric in _PLOTTED
    ]
    values = {"methods": [ENGINES[engine].title for engine in reports], "panels": panels}
    caption = f"Plain fusion on {data.title}: means with their 95 % intervals."
    return Figure(f"fusion-{data.folder}", caption, values, draw_bars, (10.0, 0.9 + 0.32 * len(reports)))


def _against(engine: str, other: str, reports: dict[str, dict]) -> str:
    """Where an engine is better than another one, and where it is not, picture by picture."""
    found = compare(reports[engine], reports[other])
    said = {"A": [], "B": [], "undecided": []}
    for metric in SHOWN:
        if metric in found["metrics"]:
            values = found["metrics"][metric]
            said[values["verdict"]].append(f"{metric} ({_signed(values['difference'], metric)})")
    better, worse, undecided = (", ".join(said[verdict]) or "none" for verdict in ("A", "B", "undecided"))
    # A method's name is a name, a rule's a word.
    title = ENGINES[other].title if ENGINES[other].learned else ENGINES[other].title.lower()
    return (
        f"- **{ENGINES[engine].title} against {title}**, paired over {found['n']} pairs: better in {better}; worse in "
        f"{worse}; undecided: {undecided}."
    )


def _published_against(data: DataSet) -> str:
    """What TeSG's paper claims over Text-IF; empty where it has not both."""
    rows = {row.method: row for row in published("fusion", data.published) if row.source == _CLAIMS}
    ours, theirs = (rows.get(ENGINES[engine].title) for engine in ("tesg", _RIVAL))
    if ours is None or theirs is None:
        return ""
    claimed = ", ".join(
        f"{metric} {_signed(value - theirs.values[metric], metric)}"
        for metric, value in ours.values.items()
        if metric in theirs.values
    )
    title = ENGINES[_RIVAL].title
    return f"TeSG against the published {title} in its own paper ({_CLAIMS}), on other pictures: {claimed}."


def _signed(difference: float, metric: str) -> str:
    return f"{'+' if difference >= 0 else '−'}{number(abs(difference), metric)}"


def _published_table(data: DataSet, reports: dict[str, dict]) -> str:
    """Papers' rows, then ours in the same columns."""
    rows = published("fusion", data.published)
    metrics = [metric for metric in COMMON_NINE if any(metric in row.values for row in rows)]
    body = [[row.method, row.source, *(number(row.values.get(metric), metric) for metric in metrics)] for row in rows]
    for engine, report in reports.items():
        if ENGINES[engine].learned or engine == FLOOR:
            ours = [number(report["mean"].get(metric), metric) for metric in metrics]
            body.append([f"{ENGINES[engine].title} (here)", data.title, *ours])
    shown = table(["method", "source", *metrics], body, text_columns=2)
    return (
        f"Published numbers beside ours. {data.remark} Conventions differ, too: TeRF prints the mean SSIM over the two "
        "sources where ours is their sum, and does not say its unit of MI (ours is nats); no paper says how it made "
        f"pictures grey or rounded them. Columns of different data do not rank methods.\n\n{shown}"
    )
