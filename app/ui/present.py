"""Turns an outcome into what the page shows: 8-bit pictures, HTML and files. No Gradio, no models."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

import cv2
import numpy as np

import engines
from app.overlay import red_overlay
from app.pairs import write_mask, write_png
from app.palettes import in_palette, stops
from app.parser.agreement import HINT
from app.pipeline import Outcome
from app.report import report, write_json
from app.session import Session
from app.ui import text
from app.ui.region_view import confidence, phrases_of, sentence_html
from engines import Instruction
from engines.color import image_luma


def eight_bit(picture: np.ndarray) -> np.ndarray:
    """uint8 of a float picture in [0, 1], any shape."""
    return np.round(np.clip(picture, 0.0, 1.0) * 255).astype(np.uint8)


def status_html(message: str, fraction: float | None = None) -> str:
    """One line with what is being done and, while it runs, a bar."""
    bar = (
        ""
        if fraction is None
        else f'<div class="bar"><i style="width:{100 * min(max(fraction, 0), 1):.0f}%"></i></div>'
    )
    return f'<div class="status" role="status"><span>{escape(message)}</span>{bar}</div>'


def reading_html(outcome: Outcome) -> str:
    """How the sentence was read, where the parsers disagree, which engine served and why; user text is escaped."""
    instruction = outcome.instruction
    title = engines.registry.ENGINES[outcome.engine].title
    reader = text.PARSER_TITLES.get(instruction.parser, instruction.parser)
    told = {region.label: confidence(region) for region in outcome.result.regions}
    words = sentence_html(instruction.text, phrases_of(instruction.edits), told)
    said = f"“{words}”" if instruction.text.strip() else "No instruction: plain fusion"
    read = f' <span class="subdued">read by {escape(reader)}</span>' if reader else ""
    reason = escape(outcome.reason).replace(escape(outcome.engine), f"<b>{escape(title)}</b>", 1)
    hints = "".join(f'<br><span class="hint">{escape(note)}</span>' for note in outcome.notes if note.startswith(HINT))
    return f'<div class="reading"><b>{said}</b>{read}{hints}<br>{reason}</div>'


def facts_html(outcome: Outcome) -> str:
    """The notes for the person, without the hints of `reading_html`, and the seconds per stage."""
    notes = "".join(f"<li>{escape(note)}</li>" for note in outcome.notes if not note.startswith(HINT))
    stages = " · ".join(f"{text.STAGES.get(stage, stage)} {value:.2f} s" for stage, value in outcome.seconds.items())
    total = sum(outcome.seconds.values())
    height, width = outcome.pair.shape
    return (
        f'<div class="facts">{f"<ul>{notes}</ul>" if notes else ""}'
        f'<span class="seconds">{width} × {height} pixels in {total:.2f} s</span> '
        f'<span class="subdued seconds">({stages})</span></div>'
    )


def left_picture(session: Session, choice: str) -> tuple[np.ndarray, str]:
    """The picture to compare the result with, and its name.

    Args:
        session: Has at least one step.
        choice: One of text.LEFT_CHOICES; "Previous result" falls back to "Visible" where there is none of this size.

    Returns:
        float32 (H, W, 3) in [0, 1] and the choice that was served.
    """
    outcome = session.current
    if choice == "Infrared":
        return in_palette(outcome.pair.infrared, session.palette), choice
    if choice == "Mean of both":
        return engines.build("mean").fuse(outcome.pair, Instruction()).image, choice
    earlier = session.previous
    if choice == "Previous result" and earlier is not None and earlier.pair.shape == outcome.pair.shape:
        return earlier.result.image, choice
    return outcome.pair.visible, "Visible"


def slider_pictures(session: Session, choice: str) -> tuple[np.ndarray, np.ndarray]:
    """The pictures left and right of the slider, uint8 (H, W, 3)."""
    left, _ = left_picture(session, choice)
    result = session.current.result.image
    if session.tinted:
        result = in_palette(image_luma(result), session.palette)
    return eight_bit(left), eight_bit(result)


def scale_html(session: Session, choice: str) -> str:
    """What the colours of the infrared picture stand for, in °C where its file says so; empty where it is not shown."""
    if choice != "Infrared":
        return ""
    celsius = session.current.pair.celsius
    low, high = ("cold", "hot") if celsius is None else (f"{value:.1f} °C" for value in celsius)
    colors = ", ".join(f"rgb{color}" for color in stops(session.palette))
    bar = f'<i style="background:linear-gradient(90deg, {colors})"></i>'
    return f'<div class="scale"><span>{low}</span>{bar}<span>{high}</span></div>'


def overlay_picture(outcome: Outcome) -> np.ndarray:
    """The fused picture under the red mask, uint8 (H, W, 3)."""
    return eight_bit(red_overlay(outcome.result.image, outcome.mask, contour=True))


def map_pictures(maps: Mapping[str, np.ndarray]) -> list[tuple[np.ndarray, str]]:
    """Every map in false colour, stretched to its own range, which the caption tells."""
    pictures = []
    for name, values in maps.items():
        low, high = float(np.min(values)), float(np.max(values))
        stretched = (values - low) / max(high - low, 1e-6)
        colored = cv2.cvtColor(cv2.applyColorMap(eight_bit(stretched), cv2.COLORMAP_VIRIDIS), cv2.COLOR_BGR2RGB)
        pictures.append((colored, f"{name}: {low:.2f} (dark) to {high:.2f} (bright)"))
    return pictures


def write_files(outcome: Outcome, folder: Path) -> dict[str, Path]:
    """Write what can be downloaded: the untouched picture, the mask, the overlay and the report.

    Returns:
        Paths by "fused", "mask", "overlay" and "report"; the mask is all zero where there is no region.
    """
    paths = {
        "fused": folder / "sayfuse-fused.png",
        "mask": folder / "sayfuse-mask.png",
        "overlay": folder / "sayfuse-overlay.png",
        "report": folder / "sayfuse-report.json",
    }
    write_png(paths["fused"], outcome.result.image)
    write_mask(paths["mask"], outcome.mask)
    write_png(paths["overlay"], red_overlay(outcome.result.image, outcome.mask))
    write_json(paths["report"], report(outcome))
    return paths
