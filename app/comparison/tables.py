"""A comparison as CSV, LaTeX and plain data."""

from __future__ import annotations

import csv
import io
import math
import re
from typing import Any

from app.comparison.results import Comparison
from app.comparison.scores import REGION_TITLES, SECONDS, regions_of, score_table
from app.report import edits_data
from evaluation.metrics import METRICS
from evaluation.metrics_profiles import COMMON_NINE

_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "“": "``",
    "”": "''",
    "–": "--",
    "×": r"$\times$",
    "↑": r"$\uparrow$",
    "↓": r"$\downarrow$",
}
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")


def escape_latex(text: str) -> str:
    """Text that LaTeX prints as it is, on one line; control characters become spaces."""
    return "".join(_LATEX.get(character, character) for character in _UNPRINTABLE.sub(" ", text))


def latex_table(comparison: Comparison) -> str:
    """A floating booktabs table, one block of rows per region, the best of each column in bold.

    Needs `\\usepackage{booktabs}`.
    """
    tables = [score_table(comparison, region) for region in regions_of(comparison)]
    columns = len(tables[0].header) + 1
    blocks = []
    for table in tables:
        rows = []
        if len(tables) > 1:
            rows.append(rf"\multicolumn{{{columns}}}{{l}}{{\emph{{{escape_latex(REGION_TITLES[table.region])}}}}} \\")
        for title, entries in table.rows:
            cells = [rf"\textbf{{{escape_latex(e.text)}}}" if e.best else escape_latex(e.text) for e in entries]
            cells += [""] * (columns - 1 - len(cells))
            rows.append(" & ".join([escape_latex(title), *cells]).rstrip() + r" \\")
        blocks.append("\n".join(rows))
    header = " & ".join(["Method", *(escape_latex(name) for name in tables[0].header)])
    height, width = comparison.visible.shape[:2]
    said = comparison.instruction.text.strip()
    caption = f"Methods on one pair ({width} × {height} pixels), " + (f"told “{said}”" if said else "told nothing")
    caption += f". Best in bold; seconds without loading. {comparison.region.source}"
    return "\n".join(
        [
            "% Needs \\usepackage{booktabs}.",
            r"\begin{table*}[t]",
            r"\centering",
            rf"\caption{{{escape_latex(caption)}}}",
            r"\label{tab:comparison}",
            rf"\begin{{tabular}}{{l{'r' * (columns - 1)}}}",
            r"\toprule",
            rf"{header} \\",
            r"\midrule",
            "\n\\midrule\n".join(blocks),
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{table*}",
            "",
        ]
    )


def csv_table(comparison: Comparison) -> str:
    """One line per engine and region with unrounded values; an empty field where there is none.

    An engine that failed has one line with its reason.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["engine", "region", *COMMON_NINE, SECONDS, "cached", "error"])
    for cell in comparison.cells:
        if cell.error:
            writer.writerow([cell.engine, "", *("" for _ in COMMON_NINE), "", "", cell.error])
            continue
        for region, values in comparison.scores[cell.engine].items():
            numbers = [_plain(values[name]) for name in COMMON_NINE]
            told = ["" if value is None else value for value in (*numbers, _plain(cell.seconds))]
            writer.writerow([cell.engine, region, *told, str(cell.cached).lower(), ""])
    return out.getvalue()


def comparison_data(comparison: Comparison) -> dict[str, Any]:
    """comparison.json.

    - "text", "edits", "parser", "preset", "size" ([width, height]), "notes": what was asked for, of which pair.
    - "engines": one report per engine that served; "failures": one sentence per engine that did not.
    - "region": the common one. "metrics": engine -> region -> metric -> value or null. "directions": metric -> "higher"
      or "lower". "best": region -> metric -> the best engines, several at a tie, none where there is nothing to choose.
    - "seconds": of the fusion alone, by engine. "cached": engines whose result an earlier comparison had made.
    """
    instruction, region = comparison.instruction, comparison.region
    height, width = comparison.visible.shape[:2]
    return {
        "text": instruction.text,
        "edits": edits_data(instruction),
        "parser": instruction.parser,
        "engines": {cell.engine: cell.report for cell in comparison.served},
        "failures": comparison.failures,
        "size": [width, height],
        "preset": comparison.preset,
        "region": {
            "phrases": list(region.phrases),
            "area": 0 if region.mask is None else int(region.mask.sum()),
            "source": region.source,
        },
        "metrics": {
            engine: {part: {name: _plain(value) for name, value in values.items()} for part, values in scores.items()}
            for engine, scores in comparison.scores.items()
        },
        "directions": {name: METRICS[name].better for name in COMMON_NINE},
        "best": {part: _best(comparison, part) for part in regions_of(comparison)},
        "seconds": {cell.engine: _plain(cell.seconds) for cell in comparison.served},
        "cached": [cell.engine for cell in comparison.served if cell.cached],
        "notes": list(comparison.notes),
    }


def _best(comparison: Comparison, region: str) -> dict[str, list[str]]:
    rows = score_table(comparison, region).rows
    names = [cell.engine for cell in comparison.served]
    return {
        metric: [name for name, (_, entries) in zip(names, rows, strict=True) if entries[column].best]
        for column, metric in enumerate(COMMON_NINE)
    }


def _plain(value: float) -> float | None:
    """Six significant digits; None for what JSON has no number for."""
    return float(f"{value:.6g}") if math.isfinite(value) else None
