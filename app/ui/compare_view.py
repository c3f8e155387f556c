"""Turns a comparison into what the page shows of it. No Gradio, no models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import numpy as np
from PIL import Image

from app.comparison.difference import difference, labelled_map
from app.comparison.results import Cell, Comparison, title
from app.comparison.scores import REGION_TITLES, WHOLE, regions_of, score_table
from app.comparison.sheet import columns_for
from app.ui.zoom_grid import GridCell, grid_html
from evaluation.metrics import METRICS

# Larger pictures are shown smaller in the grid; the files have every pixel.
MOST_SHOWN = 2048
_WORKING, _WAITING, _STOPPED = "Working …", "Waiting …", "Stopped before its turn."
_NOISE = "EN, SD, SF and AG look at the fused picture alone, and noise raises them, too."
_SECONDS = (
    "s: seconds of the fusion on this machine, without loading; a method may reuse what an earlier one worked out."
)

# Puts a picture, uint8 (H, W, 3), where the browser can get it, and tells its address.
Serve = Callable[[np.ndarray], str]


def shown_size(picture: np.ndarray) -> np.ndarray:
    """The picture itself, or a copy of at most MOST_SHOWN pixels a side."""
    longest = max(picture.shape[:2])
    if longest <= MOST_SHOWN:
        return picture
    height, width = (max(1, round(side * MOST_SHOWN / longest)) for side in picture.shape[:2])
    return np.asarray(Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS))


def cells_html(
    sources: dict[str, str],
    results: Sequence[tuple[Cell, str]],
    names: Sequence[str],
    size: tuple[int, int],
    stopped: bool = False,
) -> str:
    """Sources, results and failures so far, and a place for each engine still to come.

    Args:
        sources: Title -> address.
        results: Cells in the order of `names`, each with its picture's address ("" where it failed).
        names: Every engine asked for.
        size: Height and width of the pair.
        stopped: Whether nothing more will come.
    """
    cells = [GridCell(name, source) for name, source in sources.items()]
    for cell, source in results:
        if cell.error:
            cells.append(GridCell(cell.title, message=cell.error, failed=True, aside="failed"))
        else:
            cells.append(GridCell(cell.title, source, f"{cell.seconds:.2f} s{' (kept)' if cell.cached else ''}"))
    for index, name in enumerate(names[len(results) :]):
        message = _STOPPED if stopped else _WAITING if index else _WORKING
        cells.append(GridCell(title(name), message=message))
    return grid_html(cells, size, columns_for(len(cells)))


def picture_choices(comparison: Comparison) -> list[tuple[str, str]]:
    """(title, name) of everything the slider and the difference map can show."""
    return [(title(name), name) for name in comparison.pictures]


def region_choices(comparison: Comparison) -> list[tuple[str, str]]:
    """(title, region) of the tables there are."""
    return [(REGION_TITLES[region], region) for region in regions_of(comparison)]


def difference_picture(comparison: Comparison, a: str, b: str) -> np.ndarray:
    """The map of A - B with its scale, uint8."""
    pictures = comparison.pictures
    return labelled_map(difference(pictures[a], pictures[b]), title(a), title(b))


def difference_html(comparison: Comparison, a: str, b: str) -> str:
    """What the difference map says, in one line."""
    found = difference(comparison.pictures[a], comparison.pictures[b])
    over = f"; {100 * found.clipped:.2f} % of the pixels lie beyond the scale" if found.clipped else ""
    said = (
        f"Red: {title(a)} is brighter; blue: {title(b)} is brighter; white: equal. They differ by "
        f"{found.mean:.1f} of 255 grey levels on average{over}."
    )
    return f'<div class="note">{escape(said)}</div>'


def table_html(comparison: Comparison, region: str) -> str:
    """The metrics of one region: arrows tell the better direction, the best of each column is bold."""
    table = score_table(comparison, region if region in regions_of(comparison) else WHOLE)
    head = "".join(f'<th scope="col"{_tooltip(name)}>{escape(name)}</th>' for name in table.header)
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f"<td>{f'<b>{escape(e.text)}</b>' if e.best else escape(e.text)}</td>" for e in entries)
        + "</tr>"
        for name, entries in table.rows
    )
    notes = [comparison.region.source, _NOISE, *([_SECONDS] if table.region == WHOLE else [])]
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="Metrics"><table><thead><tr>'
        f'<th scope="col">{escape(REGION_TITLES[table.region])}</th>{head}</tr></thead><tbody>{rows}</tbody>'
        f"</table></div>"
        f'<div class="note">{" ".join(escape(note) for note in notes)}</div>'
    )


def _tooltip(header: str) -> str:
    metric = METRICS.get(header.partition(" ")[0])
    return "" if metric is None else f' title="{escape(f"{metric.title}; {metric.better} is better")}"'


TABLE_STYLE = """
.scroll { overflow-x: auto; }
table { border-collapse: collapse; border: 0 !important; width: 100%; margin: 0; font-size: .9rem;
        font-variant-numeric: tabular-nums; }
tr { border: 0 !important; }
thead { border-top: 2px solid var(--body-text-color); border-bottom: 1px solid var(--body-text-color); }
tbody { border-bottom: 2px solid var(--body-text-color); }
th, td { padding: 5px 9px; text-align: right; white-space: nowrap; border: 0 !important; background: none; }
th:first-child { text-align: left; position: sticky; left: 0; background: var(--block-background-fill); }
th { font-weight: 600; }
tbody th { font-weight: 400; }
td b { font-weight: 700; }
"""
NOTE_STYLE = ".note { margin-top: 6px; font-size: .84rem; line-height: 1.45; color: var(--body-text-color-subdued); }"
