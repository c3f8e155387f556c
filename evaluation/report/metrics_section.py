"""What the metrics mean, which way is up, and how other programs depart from the definitions."""

from __future__ import annotations

import math

from evaluation.metrics import METRICS
from evaluation.metrics_profiles import DEFAULT, PROFILES
from evaluation.report.results import Results
from evaluation.report.section import Section
from evaluation.report.tables import table


def section(results: Results) -> Section:
    """Two tables made from `evaluation.metrics_profiles`; no results are needed."""
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
    return made


def _range(limits: tuple[float, float]) -> str:
    return " … ".join("∞" if limit == math.inf else f"{limit:g}" for limit in limits)
