"""The contact sheet of a comparison as a figure for a paper: sources and results, labelled, with enlarged crops."""

from __future__ import annotations

import math
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from app.comparison.crop import PANEL_HEIGHT, Box
from app.comparison.results import Comparison, title

# Inches: the width of a two-column page of the field's journals, and the space between and around pictures.
_WIDTH, _GAP, _EDGE = 7.16, 0.05, 0.02
_LABEL, _LINE = 0.2, 0.14
_DOTS = 300
_SIZE, _SMALL = 8.0, 6.5
_FRAME = "#e4312b"
_MARGIN_PIXELS = 0.03


def contact_sheet(comparison: Comparison, crop: Box | None = None, interpolation: str = "antialiased") -> Figure:
    """Draw sources and results in rows, each above its label and, where asked for, an enlarged crop.

    Args:
        comparison: At least one engine served.
        crop: What to enlarge, x0, y0, x1, y1 in pixels in the shape of the panel, see `app.comparison.crop`.
        interpolation: As matplotlib names it; "none" keeps the pixels as they are in a vector format.
    """
    pictures = comparison.pictures
    height, width = comparison.visible.shape[:2]
    columns = columns_for(len(pictures))
    rows = math.ceil(len(pictures) / columns)
    cell = (_WIDTH - 2 * _EDGE - (columns - 1) * _GAP) / columns
    picture, panel = cell * height / width, 0.0 if crop is None else PANEL_HEIGHT * cell * height / width + _GAP
    row = picture + panel + _LABEL
    notes = _notes(comparison, crop, cell)
    said = " ".join(comparison.instruction.text.split())
    head = _LABEL if said else 0.0
    total = head + rows * row + _LINE * len(notes) + 2 * _EDGE
    figure = Figure(figsize=(_WIDTH, total), dpi=_DOTS, facecolor="white")

    def place(left: float, top: float, wide: float, high: float) -> Axes:
        axes = figure.add_axes((left / _WIDTH, 1 - (top + high) / total, wide / _WIDTH, high / total))
        axes.set_axis_off()
        return axes

    def write(left: float, top: float, words: str, size: float, **style: object) -> None:
        figure.text(left / _WIDTH, 1 - top / total, words, fontsize=size, va="top", parse_math=False, **style)

    if said:
        write(_WIDTH / 2, _EDGE, _shortened(f"“{said}”"), _SIZE, ha="center", style="italic")
    for index, (name, pixels) in enumerate(pictures.items()):
        # A last row with fewer pictures stands in the middle.
        missing = max(0, (index // columns + 1) * columns - len(pictures))
        left = _EDGE + (index % columns + missing / 2) * (cell + _GAP)
        top = _EDGE + head + index // columns * row
        axes = place(left, top, cell, picture)
        axes.imshow(pixels, interpolation=interpolation, aspect="auto", extent=(0, width, height, 0))
        if index == 0:
            _scale_bar(axes, (0, 0, width, height))
        if crop is not None:
            _frame(axes, crop, 0.8)
            window = place(left, top + picture + _GAP, cell, panel - _GAP)
            x0, y0, x1, y1 = crop
            window.imshow(pixels[y0:y1, x0:x1], interpolation=interpolation, aspect="auto", extent=(x0, x1, y1, y0))
            _frame(window, crop, 1.6)
            if index == 0:
                _scale_bar(window, crop)
        label = f"({_letter(index)}) {title(name)}"
        write(left + cell / 2, top + picture + panel + 0.035, label, _SIZE, ha="center")
    for line, words in enumerate(notes):
        write(_EDGE, total - _EDGE - _LINE * (len(notes) - line), words, _SMALL, color="#555b63")
    return figure


def write_sheet(comparison: Comparison, path: Path, crop: Box | None = None) -> None:
    """Write the sheet as PNG (300 dots per inch) or PDF (every picture with its own pixels), by the file's ending."""
    vector = path.suffix == ".pdf"
    # Journals refuse the Type 3 fonts that matplotlib embeds by default.
    matplotlib.rcParams["pdf.fonttype"] = 42
    figure = contact_sheet(comparison, crop, "none" if vector else "antialiased")
    # Without a date, the same comparison gives the same file.
    figure.savefig(path, metadata={"CreationDate": None} if vector else {"Software": None})


def columns_for(count: int) -> int:
    """Pictures per row: at most four, and no row with a single picture where that can be avoided."""
    if count <= 4:
        return count
    return next((columns for columns in (4, 3) if count % columns == 0), 3 if count % 3 != 1 else 4)


def _letter(index: int) -> str:
    return chr(ord("a") + index) if index < 26 else str(index + 1)


def _shortened(words: str, most: int = 110) -> str:
    return words if len(words) <= most else f"{words[: most - 2].rstrip()}…”"


def _notes(comparison: Comparison, crop: Box | None, cell: float) -> list[str]:
    height, width = comparison.visible.shape[:2]
    per_inch = width / cell
    line = f"Each picture {width} × {height} pixels ({per_inch:.0f} per inch)."
    if crop is not None:
        x0, y0, x1, y1 = crop
        line += (
            f" Framed: {x1 - x0} × {y1 - y0} pixels from ({x0}, {y0}), "
            f"enlarged {width / (x1 - x0):.1f} times below each picture."
        )
    return [line]


def _frame(axes: Axes, box: Box, width: float) -> None:
    x0, y0, x1, y1 = box
    axes.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, edgecolor=_FRAME, linewidth=width, clip_on=False))


def _scale_bar(axes: Axes, box: Box) -> None:
    """A bar of a round number of pixels in the lower left corner."""
    x0, _, x1, y1 = box
    length = _round_length((x1 - x0) / 4)
    height = y1 - box[1]
    left, bottom = x0 + _MARGIN_PIXELS * (x1 - x0), y1 - _MARGIN_PIXELS * 1.6 * height
    thick = 0.022 * height
    axes.add_patch(
        Rectangle((left, bottom - thick), length, thick, facecolor="white", edgecolor="black", linewidth=0.4)
    )
    axes.text(
        left + length / 2,
        bottom - 1.6 * thick,
        f"{length} px",
        color="white",
        fontsize=_SMALL,
        ha="center",
        va="bottom",
        path_effects=[_outline()],
    )


def _outline() -> object:
    from matplotlib.patheffects import withStroke

    return withStroke(linewidth=1.2, foreground="black")


def _round_length(at_most: float) -> int:
    """The largest of 1, 2, 5, 10, 20, 50 … that is at most so long."""
    power = 10 ** int(math.log10(max(at_most, 1.0)))
    return int(max(step * power for step in (1, 2, 5) if step * power <= max(at_most, 1.0)))
