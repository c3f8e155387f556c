"""The nine common fusion metrics of every result, by region, as a table with directions and the best in each column."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.comparison.results import Comparison, Scores
from evaluation.fusion.grey import to_grey
from evaluation.metrics import METRICS, fusion_metrics
from evaluation.metrics_profiles import COMMON_NINE
from evaluation.metrics_regions import REGIONS as PARTS
from evaluation.metrics_regions import RING_PIXELS, region_metrics
from evaluation.report.tables import number

WHOLE = "whole"
REGIONS = (WHOLE, *PARTS)
REGION_TITLES = {
    WHOLE: "Whole picture",
    "inside": "Inside the region",
    "outside": "Outside the region",
    "ring": f"Boundary (within {RING_PIXELS} px)",
}
SECONDS = "s"


@dataclass(frozen=True)
class Entry:
    """One number of a table.

    Attributes:
        text: As it is printed; a dash where there is no value.
        best: Whether it is the best of its column, or equal to the best as printed.
    """

    text: str
    best: bool


@dataclass(frozen=True)
class ScoreTable:
    """The metrics of one region.

    Attributes:
        region: One of REGIONS.
        header: Metrics with their arrows; in the table of the whole picture the seconds, too.
        rows: (engine title, entries), one per engine that served, in the order asked for.
    """

    region: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Entry, ...]], ...]


def measure(
    visible: np.ndarray, infrared: np.ndarray, fused: np.ndarray, mask: np.ndarray | None, step: Callable[[], None]
) -> Scores:
    """COMMON_NINE of one result in each of REGIONS.

    Args:
        visible: uint8 (H, W, 3).
        infrared: uint8 (H, W, 3), grey.
        fused: uint8 (H, W, 3).
        mask: bool (H, W), true inside; None leaves only the whole picture.
        step: Called before the whole picture and before its regions; may raise Cancelled.

    Returns:
        Region -> metric -> value; NaN where there is none, see `evaluation.metrics.fusion_metrics`.
    """
    pictures = (infrared[..., 0], to_grey(visible), to_grey(fused))
    step()
    scores = {WHOLE: fusion_metrics(*pictures, COMMON_NINE)}
    if mask is not None:
        step()
        scores |= region_metrics(*pictures, mask, COMMON_NINE)
    return scores


def regions_of(comparison: Comparison) -> tuple[str, ...]:
    """Which of REGIONS a comparison has scores of."""
    return (WHOLE,) if comparison.region.mask is None else REGIONS


def score_table(comparison: Comparison, region: str) -> ScoreTable:
    """The metrics of one region, with the seconds in the table of the whole picture, which is what takes them.

    The best of a column is told by the printed numbers: what differs in no printed decimal is a tie, and shares it. A
    column in which there is nothing to choose from has no best.
    """
    cells = comparison.served
    columns = [
        _column([comparison.scores[cell.engine][region][name] for cell in cells], METRICS[name].better, name)
        for name in COMMON_NINE
    ]
    header = [f"{name} {METRICS[name].arrow}" for name in COMMON_NINE]
    if region == WHOLE:
        columns.append(_column([cell.seconds for cell in cells], "lower", SECONDS))
        header.append(f"{SECONDS} ↓")
    rows = tuple((cell.title, tuple(column[row] for column in columns)) for row, cell in enumerate(cells))
    return ScoreTable(region, tuple(header), rows)


def _column(values: Sequence[float], better: str, metric: str) -> list[Entry]:
    texts = [
        number(None) if not math.isfinite(value) else f"{value:.2f}" if metric == SECONDS else number(value, metric)
        for value in values
    ]
    printed = [float(text) if math.isfinite(value) else None for text, value in zip(texts, values, strict=True)]
    known = {value for value in printed if value is not None}
    best = None if len(known) < 2 else min(known) if better == "lower" else max(known)
    return [Entry(text, best is not None and value == best) for text, value in zip(texts, printed, strict=True)]
