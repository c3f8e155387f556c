"""TeRF's units over the whole picture, one task each, beside the paper's table."""

from __future__ import annotations

from evaluation.metrics import METRICS
from evaluation.report.figures import draw_bars
from evaluation.report.fusion_section import DATA_SETS, run_of
from evaluation.report.published import published
from evaluation.report.results import DATA, Results, Run
from evaluation.report.section import Figure, Section
from evaluation.report.tables import number, table, with_interval

_SHOWN = ("AG", "SSIM", "SF", "Qabf", "EN", "SD")
_ROAD = next(data for data in DATA_SETS if data.folder == "roadscene_ris")
_NOISE = 25
# Task -> what it is called, and the options that ask for it.
_TASKS = {
    "infrared": ("towards infrared", '--text "bias the whole image towards infrared"'),
    "visible": ("towards visible", '--text "bias the whole image towards visible"'),
    "brighten": ("illumination raised", '--text "brighten the whole image"'),
    "darken": ("illumination lowered", '--text "darken the whole image"'),
    "noisy": ("visible picture with noise", f"--visible-noise {_NOISE}"),
    "denoised": ("the same, denoised", f'--visible-noise {_NOISE} --text "denoise the whole image"'),
}
_PICTURES = 8


def _unit_runs() -> dict[str, Run]:
    common = f"fusion --data {DATA}/{_ROAD.folder} --split val --engine terf --limit {_PICTURES}"
    return {task: Run(f"units/{task}.json", f"{common} {options}") for task, (_, options) in _TASKS.items()}


def section(results: Results) -> Section:
    """One row per task."""
    made = Section("Units of TeRF")
    made.promise("units")
    baseline = results.get(run_of(_ROAD, "terf"))
    reports = results.get_all(_unit_runs())
    if baseline is None or not reports:
        made.say("Not measured yet: see the commands below.")
        return made
    pictures = list(next(iter(reports.values()))["per_image"])
    subset = {"per_image": {name: baseline["per_image"][name] for name in pictures if name in baseline["per_image"]}}
    means = {metric: _mean(subset["per_image"], metric) for metric in _SHOWN}
    rows = [["baseline", *(number(means[metric], metric) for metric in _SHOWN)]]
    for task, report in reports.items():
        rows.append([_TASKS[task][0], *(_cell(report, metric) for metric in _SHOWN)])
    made.say(
        f"Each task once over the whole picture, on {len(pictures)} pictures of {_ROAD.title}, preset `fast`; the "
        f"noise has a standard deviation of {_NOISE} grey levels and scores are against the clean sources, like the "
        "paper's rows V and VI. Mean ± half the width of its 95 % interval."
    )
    made.share("units", table(["task", *(f"{metric} {METRICS[metric].arrow}" for metric in _SHOWN)], rows))
    paper = [[row.method, row.source, *(number(row.values[m], m) for m in _SHOWN)] for row in published("units")]
    made.say(
        "Published, on RoadScene. The paper's SSIM is the mean over the two sources (ours is their sum), its SD and SF "
        "are on scales that its other tables do not explain, and its pictures are others, so what to compare is the "
        "direction of each change, not its size.\n\n" + table(["task", "source", *_SHOWN], paper, text_columns=2)
    )
    made.show(_figure(means, reports))
    return made


def _cell(report: dict, metric: str) -> str:
    return with_interval(report["mean"][metric], report["interval"][metric], metric)


def _mean(per_image: dict[str, dict], metric: str) -> float | None:
    values = [scores[metric] for scores in per_image.values() if scores[metric] is not None]
    return sum(values) / len(values) if values else None


def _figure(baseline: dict[str, float | None], reports: dict[str, dict]) -> Figure:
    panels = [
        {
            "title": metric,
            "means": [baseline[metric], *(report["mean"][metric] for report in reports.values())],
            "intervals": [None, *(report["interval"][metric] for report in reports.values())],
        }
        for metric in ("EN", "SD", "AG", "SSIM", "Qabf")
    ]
    values = {"methods": ["baseline", *(_TASKS[task][0] for task in reports)], "panels": panels}
    caption = f"Whole-picture units of TeRF on {_ROAD.title}."
    return Figure("units", caption, values, draw_bars, (10.0, 0.9 + 0.32 * len(values["methods"])))
