"""Time and memory of engines and units, as `python -m evaluation speed` measured them."""

from __future__ import annotations

from typing import Any

from evaluation.report.figures import COLORS
from evaluation.report.results import Results, Run
from evaluation.report.section import Figure, Section
from evaluation.report.tables import NONE, table

_RUN = Run("speed/speed.json", "speed", learned=True)
_NOW = "now"
# Seconds that a unit may take for a whole picture of this size on so many cores, and the paper's on an RTX 3090.
_GOALS = {"inclination": (5.0, 26.9), "illumination": (5.0, 33.5), "denoising": (2.0, 6.2)}
_GOAL_SIZE, _GOAL_CORES = [640, 480], 2


def section(results: Results) -> Section:
    """Measurements, stages, growth with the picture, and before against now where an earlier copy was measured, too."""
    made = Section("Speed and memory")
    made.promise("speed", "speed-goals", "speed-stages", "speed-before")
    report = results.get(_RUN)
    if report is None:
        made.say("Not measured yet: see the commands below.")
        return made
    records = report["measurements"]
    now = [record for record in records if record["version"] == _NOW]
    machine = ", ".join(f"{key} {value}" for key, value in report["machine"].items())
    reference = "; ".join(
        f"{1000.0 * values['seconds']:.1f} ms with {threads} thread{'s' * (int(threads) > 1)}"
        for threads, values in report["reference"]["threads"].items()
    )
    made.say(
        f"Machine: {machine}. Medians of wall-clock seconds, each row in processes of its own. *Cold* is from the "
        "start of the process to the first result, *warm* on a pair not seen before, *again* another sentence on the "
        "same pair. Seconds hold for this machine and what else it did; × is the ratio of *warm* to a fixed piece of "
        f"work in the same run, which compares between machines: {report['reference']['what']} ({reference})."
    )
    made.share("speed", _measurements(now))
    goals = _goals(now)
    if goals:
        width, height = _GOAL_SIZE
        made.say(
            f"Goals of the units for a whole picture of {width}×{height} on {_GOAL_CORES} cores, against warm seconds: "
            "of the tuning alone, which is what a goal is about, and of the whole edit, fusion included."
        )
        made.share("speed-goals", goals)
    made.say("Warm seconds by stage, at the largest number of threads:")
    made.share("speed-stages", _stages(now))
    compared = results.others("speed", {"speed": _RUN}).get("before_after")
    if compared is not None:
        made.say("Before and now, measured in turns in one run (`--before`, an earlier copy of SayFuse):")
        made.share("speed-before", _before(compared["measurements"]))
    growth = [_growth(fit) for fit in report["scaling"] if fit["version"] == _NOW and fit["exponent"] is not None]
    if growth:
        made.say("Warm seconds grow as the number of pixels to the power of: " + "; ".join(growth) + ".")
    made.show(_figure(now))
    return made


def _key(record: dict[str, Any]) -> tuple:
    return record["engine"], record["case"], tuple(record["size"]), record["threads"]


def _what(record: dict[str, Any]) -> list[str]:
    return [record["engine"], record["case"], "×".join(map(str, record["size"])), str(record["threads"])]


def _measurements(records: list[dict[str, Any]]) -> str:
    rows = []
    for record in records:
        cold, second = record["cold"], record["second"]
        rows.append(
            [
                *_what(record),
                NONE if cold is None else f"{cold['total']:.1f}",
                f"{record['warm']['seconds']:.3f}",
                NONE if second is None else f"{second['seconds']:.3f}",
                f"{record['ratio']:.1f}",
                f"{record['peak_mib']:.0f}",
            ]
        )
    header = ["engine", "case", "size", "threads", "cold, s", "warm, s", "again, s", "×", "peak, MiB"]
    return table(header, rows, text_columns=3)


def _goals(records: list[dict[str, Any]]) -> str:
    """A row per unit that was measured as its goal asks; empty where none was."""
    rows = []
    for record in records:
        asked = record["engine"] == "terf" and record["case"] in _GOALS
        if not asked or (record["size"], record["threads"]) != (_GOAL_SIZE, _GOAL_CORES):
            continue
        goal, paper = _GOALS[record["case"]]
        warm = record["warm"]
        cells = [f"{seconds:.2f} ({_met(seconds, goal)})" for seconds in (warm["stages"]["tune"], warm["seconds"])]
        rows.append([record["case"], f"≤ {goal:g}", *cells, f"{paper:g}"])
    header = ["unit", "goal, s", "tuning, s", "whole edit, s", "the paper on an RTX 3090, s"]
    return table(header, rows) if rows else ""


def _met(seconds: float, goal: float) -> str:
    return "met" if seconds <= goal else "missed"


def _stages(records: list[dict[str, Any]]) -> str:
    most = [record for record in records if record["threads"] == max(record["threads"] for record in records)]
    names = list(dict.fromkeys(name for record in most for name in record["warm"]["stages"]))
    rows = [[*_what(record)[:3], *(_seconds(record["warm"]["stages"].get(name)) for name in names)] for record in most]
    return table(["engine", "case", "size", *names], rows, text_columns=3)


def _seconds(value: float | None) -> str:
    return NONE if value is None else f"{value:.3f}"


def _before(records: list[dict[str, Any]]) -> str:
    before = {_key(record): record for record in records if record["version"] != _NOW}
    rows = []
    for record in [record for record in records if record["version"] == _NOW]:
        old = before.get(_key(record))
        if old is None:
            continue
        pairs = [(old["warm"], record["warm"]), (old["second"], record["second"])]
        cells = []
        for was, is_now in pairs:
            if was is None or is_now is None:
                cells += [NONE, NONE, NONE]
            else:
                gain = f"{was['seconds'] / is_now['seconds']:.2f}" if is_now["seconds"] else NONE
                cells += [f"{was['seconds']:.3f}", f"{is_now['seconds']:.3f}", gain]
        rows.append([*_what(record), *cells])
    header = "engine|case|size|threads|warm before, s|now, s|times faster|again before, s|now, s|times faster"
    return table(header.split("|"), rows, text_columns=3)


def _growth(fit: dict[str, Any]) -> str:
    threads = f"{fit['threads']} thread{'s' * (fit['threads'] > 1)}"
    return f"{fit['engine']} {fit['case']}, {threads}: {fit['exponent']:.2f}"


def _figure(records: list[dict[str, Any]]) -> Figure:
    most = max(record["threads"] for record in records)
    lines: dict[str, list[list[float]]] = {}
    for record in records:
        if record["threads"] == most:
            width, height = record["size"]
            point = [width * height / 1e6, record["warm"]["seconds"]]
            lines.setdefault(f"{record['engine']} {record['case']}", []).append(point)
    caption = f"Warm seconds against megapixels with {most} threads, both axes logarithmic."
    return Figure("speed", caption, lines, _draw_lines, (7.0, 3.6))


def _draw_lines(canvas: Any, lines: dict[str, list[list[float]]]) -> None:
    axis = canvas.subplots()
    for index, (name, points) in enumerate(lines.items()):
        megapixels, seconds = zip(*sorted(points), strict=True)
        axis.loglog(megapixels, seconds, marker="o", color=COLORS[index % len(COLORS)], label=name)
    axis.set_xlabel("megapixels")
    axis.set_ylabel("seconds")
    axis.legend(frameon=False)
