"""Plots as small PNG files that carry a digest of what they show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image

from engines.errors import InputError
from evaluation.report.section import Figure

_KEY = "SayFuse-values"
_DPI = 100
# Colours that people who confuse red and green tell apart (Okabe & Ito, Color Universal Design, 2008).
COLORS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#999999", "#F0E442")


def save(figure: Figure, path: Path) -> None:
    """Draw a figure into a PNG.

    Raises:
        InputError: matplotlib is not installed.
    """
    try:
        import matplotlib
    except ImportError as error:
        raise InputError("Figures need matplotlib: run `pip install matplotlib`.") from error
    matplotlib.use("Agg")
    from matplotlib import pyplot

    style = {"axes.spines.top": False, "axes.spines.right": False, "font.size": 9.0}
    with pyplot.rc_context(style):
        canvas = pyplot.figure(figsize=figure.size, layout="constrained")
        figure.draw(canvas, figure.values)
        canvas.savefig(path, dpi=_DPI, metadata={_KEY: figure.digest, "Software": None})
        pyplot.close(canvas)


def up_to_date(figure: Figure, path: Path) -> bool:
    """Whether the PNG shows the figure's values."""
    if not path.is_file():
        return False
    with Image.open(path) as picture:
        return picture.info.get(_KEY) == figure.digest


def drawn_here(path: Path) -> bool:
    """Whether `save` made the PNG; pictures that people put beside the plots are theirs."""
    with Image.open(path) as picture:
        return _KEY in picture.info


def draw_bars(canvas: Any, values: dict) -> None:
    """One panel per metric, one bar per method, with its 95 % interval.

    Args:
        canvas: A matplotlib figure.
        values: {"methods": [title], "panels": [{"title", "means": [value or None], "intervals": [pair or None]}]}.
    """
    methods = values["methods"]
    axes = canvas.subplots(1, len(values["panels"]), squeeze=False)[0]
    for axis, panel in zip(axes, values["panels"], strict=True):
        for place, (mean, interval) in enumerate(zip(panel["means"], panel["intervals"], strict=True)):
            if mean is None:
                continue
            error = None if interval is None else [[max(0.0, mean - interval[0])], [max(0.0, interval[1] - mean)]]
            color = COLORS[place % len(COLORS)]
            axis.barh(place, mean, color=color, xerr=error, error_kw={"elinewidth": 1.0, "capsize": 2.0})
        axis.set_title(panel["title"])
        axis.set_yticks(range(len(methods)), methods if axis is axes[0] else [""] * len(methods))
        axis.invert_yaxis()
