"""Every file that a comparison is saved as."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from itertools import count
from pathlib import Path
from typing import TypeVar

from PIL import Image

from app.comparison.crop import Box
from app.comparison.difference import difference, labelled_map
from app.comparison.results import Comparison, title
from app.comparison.sheet import write_sheet
from app.comparison.tables import comparison_data, csv_table, latex_table
from app.report import write_json

NAME = "comparison"
# Kinds of files in the order of their buttons.
KINDS = ("png", "pdf", "csv", "json", "tex")

Key = TypeVar("Key", bound=Hashable)


def write_summary(comparison: Comparison, folder: Path, crop: Box | None = None) -> dict[str, Path]:
    """Write the contact sheet (PNG and PDF) and the tables (CSV, JSON, LaTeX).

    Returns:
        The path of each of KINDS.
    """
    paths = {kind: folder / f"{NAME}.{kind}" for kind in KINDS}
    for kind in ("png", "pdf"):
        write_sheet(comparison, paths[kind], crop)
    paths["csv"].write_text(csv_table(comparison), encoding="utf-8")
    paths["tex"].write_text(latex_table(comparison), encoding="utf-8")
    write_json(paths["json"], comparison_data(comparison))
    return paths


def summary_files() -> list[str]:
    """The names of the files that `write_summary` writes."""
    return [f"{NAME}.{kind}" for kind in KINDS]


def result_files(names: Iterable[str]) -> dict[str, str]:
    """By name, ENGINE.png or ENGINE_CHECKPOINT.png; with a number in the order of the names where that is taken."""
    return _distinct({name: _stem(name) for name in names})


def difference_files(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """By two names, difference_A_B.png; with a number in the order of the pairs where that is taken."""
    return _distinct({(a, b): f"difference_{_stem(a)}_{_stem(b)}" for a, b in pairs})


def write_results(comparison: Comparison, folder: Path) -> None:
    """Write every result under its name of `result_files`."""
    # Those that failed count too, so that a name does not depend on who did.
    files = result_files(cell.engine for cell in comparison.cells)
    for cell in comparison.served:
        Image.fromarray(cell.image).save(folder / files[cell.engine])


def write_differences(comparison: Comparison, folder: Path, pairs: Iterable[tuple[str, str]]) -> None:
    """Write the map of A - B with its scale for every two of `Comparison.pictures`; where one failed there is none."""
    pictures = comparison.pictures
    for (a, b), file in difference_files(pairs).items():
        if pictures.keys() >= {a, b}:
            shown = difference(pictures[a], pictures[b])
            Image.fromarray(labelled_map(shown, title(a), title(b))).save(folder / file)


def _distinct(stems: dict[Key, str]) -> dict[Key, str]:
    """PNG file names of these stems, no two the same, not even where a file system ignores case."""
    files: dict[Key, str] = {}
    taken: set[str] = set()
    for key, stem in stems.items():
        counted = (stem if number == 1 else f"{stem}_{number}" for number in count(1))
        free = next(name for name in counted if name.casefold() not in taken)
        taken.add(free.casefold())
        files[key] = f"{free}.png"
    return files


def _stem(name: str) -> str:
    """A name of `Comparison.pictures` as part of a file's name."""
    return re.sub(r"[^\w.-]+", "_", name)
