"""What the metrics mean, which way is up, and how other programs depart from the definitions."""

from __future__ import annotations

import math

from engines.registry import ENGINES
from evaluation.metrics import METRICS
from evaluation.metrics_profiles import DEFAULT, PROFILES
from evaluation.report.fusion_section import DATA_SETS, FLOOR, run_of
from evaluation.report.results import DATA, Results, Run
from evaluation.report.section import Section
from evaluation.report.tables import number, table


def section(results: Results) -> Section:
    """What each metric and profile is, and one set of fused pictures under every profile."""
    made = Section("Fusion metrics")
    rows = [
        [f"{metric.name} {metric.arrow}", metric.title, _range(metric.range), metric.source]
        for metric in METRICS.values()
    ]
    made.say(table(["", "what", "range", "source"], rows, text_columns=4))
    made.say(
        "A metric has no value (–) where its definition has none: for a constant or empty region, or a picture below "
        "its window. Means run over the pictures that have one."
    )
    departing = [
        [name, profile.source, metric.name, metric.departs]
        for name, profile in PROFILES.items()
        for metric in profile.metrics.values()
        if metric.departs
    ]
    made.say(table(["profile", "program", "", "how it departs"], departing, text_columns=4))
    made.say(" ".join(f"`{name}`: {profile.note}" for name, profile in PROFILES.items() if name != DEFAULT))
    made.say(_same_pictures(results))
    return made


def _same_pictures(results: Results) -> str:
    """One engine's pictures under every profile."""
    data = DATA_SETS[0]
    runs = {DEFAULT: run_of(data, FLOOR)}
    for profile in PROFILES:
        if profile != DEFAULT:
            arguments = f"fusion --data {DATA}/{data.folder} --split val --engine {FLOOR} --profile {profile}"
            runs[profile] = Run(f"profiles/{FLOOR}-{profile}.json", arguments)
    reports = results.get_all(runs)
    if not reports:
        return "The same pictures under every profile: not measured yet, see the commands below."
    rows = [[name, *(number(report["mean"][metric], metric) for metric in METRICS)] for name, report in reports.items()]
    n = next(iter(reports.values()))["n"]
    return (
        f"The same {n} pictures, {ENGINES[FLOOR].title.lower()} fusion of {data.title}, "
        "under every profile: why a number without its program says little.\n\n" + table(["profile", *METRICS], rows)
    )


def _range(limits: tuple[float, float]) -> str:
    return " … ".join("∞" if limit == math.inf else f"{limit:g}" for limit in limits)
