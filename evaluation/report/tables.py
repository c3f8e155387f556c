"""Tables in Markdown and how their numbers are written."""

from __future__ import annotations

from collections.abc import Sequence

NONE = "–"
_DECIMALS = {"SD": 2, "SF": 2, "AG": 2, "PSNR": 2, "Nabf": 4}


def table(header: Sequence[str], rows: Sequence[Sequence[str]], text_columns: int = 1) -> str:
    """A Markdown table; columns after the first `text_columns` are aligned to the right."""
    rule = ["---" if column < text_columns else "---:" for column in range(len(header))]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (header, rule, *rows))


def number(value: float | None, metric: str = "") -> str:
    """A value with the decimals that are usual for its metric; a dash for none."""
    return NONE if value is None else f"{value:.{_DECIMALS.get(metric, 3)}f}"


def with_interval(value: float | None, interval: Sequence[float] | None, metric: str = "") -> str:
    """A mean and half the width of its confidence interval."""
    if value is None or interval is None:
        return number(value, metric)
    return f"{number(value, metric)} ± {number((interval[1] - interval[0]) / 2.0, metric)}"


def bold_best(cells: Sequence[str], values: Sequence[float | None], lower_is_better: bool = False) -> list[str]:
    """The cells of a column with the best one in bold; none where there is nothing to choose from."""
    known = {value for value in values if value is not None}
    if len(known) < 2:
        return list(cells)
    best = min(known) if lower_is_better else max(known)
    return [f"**{cell}**" if value == best else cell for cell, value in zip(cells, values, strict=True)]


def by_columns(columns: Sequence[Sequence[str]]) -> list[list[str]]:
    """Rows of a table given by columns."""
    return [list(row) for row in zip(*columns, strict=True)]
