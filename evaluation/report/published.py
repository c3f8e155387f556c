"""Numbers that papers print, kept in published.toml with their sources."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_name("published.toml")


@dataclass(frozen=True)
class Published:
    """One row of a paper's table.

    Attributes:
        method: What was measured, or which task.
        source: Paper and table.
        values: Metric -> value as printed.
        data: The data set, where a table has several.
    """

    method: str
    source: str
    values: dict[str, float]
    data: str = ""


def published(table: str, data: str = "") -> list[Published]:
    """The rows of a table ("fusion", "referring", "ablation" or "units"), of one data set where one is given."""
    with _FILE.open("rb") as file:
        rows = tomllib.load(file)[table]
    found = [
        Published(row.get("method") or row["task"], row["source"], row["values"], row.get("data", "")) for row in rows
    ]
    return [row for row in found if row.data == data]
