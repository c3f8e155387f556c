"""Every file that a comparison is saved as."""

from __future__ import annotations

import re
from pathlib import Path

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


def write_results(comparison: Comparison, folder: Path) -> None:
    """Write every result as ENGINE.png, or ENGINE_CHECKPOINT.png."""
    for cell in comparison.served:
        Image.fromarray(cell.image).save(folder / f"{_stem(cell.engine)}.png")


def write_difference(comparison: Comparison, folder: Path, a: str, b: str) -> Path:
    """Write the map of A - B with its scale as difference_A_B.png; A and B are names of `Comparison.pictures`."""
    path = folder / f"difference_{_stem(a)}_{_stem(b)}.png"
    shown = difference(comparison.pictures[a], comparison.pictures[b])
    Image.fromarray(labelled_map(shown, title(a), title(b))).save(path)
    return path


def _stem(name: str) -> str:
    """A name of `Comparison.pictures` as part of a file's name."""
    return re.sub(r"[^\w.-]+", "_", name)
