"""TeRF's units, as `python -m evaluation units` measured them: the paper's tasks, effects, noise and presets."""

from __future__ import annotations

from engines.errors import InputError
from evaluation.bootstrap import mean_interval
from evaluation.metrics import METRICS
from evaluation.report.figures import draw_bars
from evaluation.report.published import published
from evaluation.report.results import DATA, Results, Run
from evaluation.report.section import Figure, Section
from evaluation.report.tables import NONE, number, table, with_interval

_SHOWN = ("AG", "SSIM", "SF", "Qabf", "EN", "SD")
# Task of the paper's table 2 -> what it is called.
_TASKS = {
    "baseline": "baseline",
    "I": "towards infrared",
    "II": "towards visible",
    "III": "illumination raised",
    "IV": "illumination lowered",
    "V": "visible picture with noise",
    "VI": "the same, fused picture denoised",
    "VII": "the same, visible picture denoised before",
}
_COMMON = f"units --data {DATA}/roadscene_ris --split val"
_RUNS = {
    "tasks": Run("units/tasks.json", f"{_COMMON} --parts tasks --limit 8", learned=True),
    "effects": Run("units/effects.json", f"{_COMMON} --parts effects noise --limit 2", learned=True),
    "presets": Run("units/presets.json", f"{_COMMON} --parts presets --limit 2 --size 128x96", learned=True),
    "large presets": Run(
        "units/presets-640x480.json",
        f"{_COMMON} --parts presets --effects infrared visible denoise --limit 6 --size 640x480",
        learned=True,
    ),
    # Four pictures: the paper's steps of illumination take up to a quarter of an hour each at this size.
    "large illumination": Run(
        "units/presets-640x480-illumination.json",
        f"{_COMMON} --parts presets --effects brighten darken --limit 4 --size 640x480",
        learned=True,
    ),
}
_PRESETS = ("presets", "large presets", "large illumination")


def section(results: Results) -> Section:
    """A part for each of the runs."""
    made = Section("Units of TeRF")
    made.promise("units", "units-effects", "units-noise", "units-presets")
    reports = results.get_all(_RUNS)
    if not reports:
        made.say("Not measured yet: see the commands below.")
    if "tasks" in reports:
        _tasks(made, reports["tasks"])
    if "effects" in reports:
        _effects(made, reports["effects"])
        _noise(made, reports["effects"])
    _presets(made, [reports[name] for name in _PRESETS if name in reports])
    return made


def _tasks(made: Section, report: dict) -> None:
    per_image = report["per_image"].values()
    values = {
        task: {metric: [jobs["tasks"][f"{task}/{metric}"] for jobs in per_image] for metric in _SHOWN}
        for task in _TASKS
        if f"{task}/AG" in report["mean"]["tasks"]
    }
    if not values:
        raise InputError("A report of the units' tasks must have the tasks of the paper's table 2, but has none.")
    means = {task: {metric: sum(of) / len(of) for metric, of in row.items()} for task, row in values.items()}
    intervals = {task: {metric: mean_interval(of) for metric, of in row.items()} for task, row in values.items()}
    rows = [[_TASKS[task], *(with_interval(means[task][m], intervals[task][m], m) for m in _SHOWN)] for task in values]
    made.say(
        f"### Every task of the paper's table 2, once over the whole picture\n\n{report['n']} pictures of "
        f"{report['settings']['data']}, preset `fast`; scores are against the clean sources, SSIM is the mean over "
        "both as in the paper. Mean ± half the width of its 95 % interval."
    )
    made.share("units", table(["task", *(f"{metric} {METRICS[metric].arrow}" for metric in _SHOWN)], rows))
    paper = [[row.method, row.source, *(number(row.values[m], m) for m in _SHOWN)] for row in published("units")]
    made.say(
        "Published, on RoadScene. Its SD and SF are on scales that the paper's other tables do not explain, and its "
        "pictures are others, so what to compare is the direction of each change, not its size.\n\n"
        + table(["task", "source", *_SHOWN], paper, text_columns=2)
    )
    panels = [
        {
            "title": metric,
            "means": [means[task][metric] for task in values],
            "intervals": [intervals[task][metric] for task in values],
        }
        for metric in ("EN", "SD", "AG", "SSIM", "Qabf")
    ]
    caption = f"Whole-picture tasks of TeRF on {report['settings']['data']}."
    shown = {"methods": [_TASKS[task] for task in values], "panels": panels}
    made.show(Figure("units", caption, shown, draw_bars, (10.0, 0.9 + 0.32 * len(values))))


def _jobs(report: dict, part: str) -> dict[str, dict[str, float]]:
    """The means of a part's jobs, by what follows the part's name."""
    prefix = f"{part}/"
    return {job.removeprefix(prefix): mean for job, mean in report["mean"].items() if job.startswith(prefix)}


def _titled(effect: str, report: dict) -> str:
    """An effect as a row names it, with the noise that denoising was given; older reports gave it none."""
    noise = report["settings"].get("denoised_noise")
    return f"{effect}, noise of {noise} levels" if effect == "denoise" and noise else effect


def _effects(made: Section, report: dict) -> None:
    rows = []
    for effect, mean in _jobs(report, "effects").items():
        for name, title in (
            ("brightness", "mean luma"),
            ("distance_infrared", "distance to infrared"),
            ("distance_visible", "distance to visible"),
            ("gradient", "gradient"),
            ("Qabf", "Qabf"),
        ):
            repetitions = [mean.get(f"{name}_{repetition}") for repetition in range(4)]
            cells = [NONE if value is None else f"{value:.4f}" for value in repetitions]
            rows.append([_titled(effect, report), title, *cells])
        change = f"{mean['outside_change']:.4f}"
        rows.append([_titled(effect, report), "largest change outside", NONE, NONE, NONE, change])
    if rows:
        made.say(
            f"### Effects on a region, repeated\n\nMeans inside the region over {report['n']} pictures, luma in 0 to "
            "1, after so many repetitions (the strengths 1 to 3). Where noise is told, the visible picture had it, and "
            "distances and Qabf are to the clean sources."
        )
        made.share("units-effects", table(["effect", "inside", "0", "1", "2", "3"], rows, text_columns=2))


def _noise(made: Section, report: dict) -> None:
    rows = []
    for job, mean in _jobs(report, "noise").items():
        level, _, preset = job.partition("/")
        decibels = [f"{mean[name]:.2f}" for name in ("noisy_psnr", "psnr", "removed")]
        edges = [number(mean.get(name), "Qabf") for name in ("noisy_Qabf", "Qabf")]
        rows.append([preset or "fast", level, *decibels, f"{100.0 * mean['gradient_kept']:.0f} %", *edges])
    if rows:
        made.say(
            f"### Noise removed, detail kept\n\nThe visible picture alone, mean over {report['n']} pictures. Qabf has "
            "the clean picture as both sources: how much of its edges the noisy and the denoised picture have."
        )
        header = "preset|noise, grey levels|noisy PSNR, dB|denoised PSNR, dB|gained, dB|gradient kept|noisy Qabf|Qabf"
        made.share("units-noise", table(header.split("|"), rows))


def _presets(made: Section, reports: list[dict]) -> None:
    rows = [
        [
            _titled(effect, report),
            (report["settings"].get("size") or "their own").replace("x", "×"),
            str(report["n"]),
            *(f"{mean[name]:.1f}" for name in ("psnr", "lowest_psnr", "untuned_psnr")),
            *(f"{mean[name]:.1f}" for name in ("fast_processor_seconds", "paper_processor_seconds")),
            f"{mean['ratio']:.3f}",
        ]
        for report in reports
        for effect, mean in _jobs(report, "presets").items()
    ]
    if rows:
        made.say(
            f"### Preset `fast` against the paper's\n\nInside {reports[0]['settings']['region']}: PSNR in dB of the "
            "fast picture, and of the untuned one, to the paper preset's; processor seconds of each. The fast preset's "
            "steps see at most a fixed number of pixels and the paper's see all, so that the ratio falls with the size "
            "of the picture."
        )
        header = "effect|size|pictures|PSNR fast|lowest|PSNR untuned|fast, s|paper, s|fast over paper"
        made.share("units-presets", table(header.split("|"), rows, text_columns=2))
