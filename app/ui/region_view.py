"""What was understood, drawn: the words of the sentence and the regions of the picture light each other up.

Hovering, tapping or tabbing to a word, a region or a chip of the plan marks the others of its colour. Style sheet only,
no scripts. No Gradio, no models.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from html import escape

import cv2
import numpy as np
from PIL import Image

from app.pipeline import Outcome
from app.ui import text
from app.ui.style import REGION_COLORS
from engines import Edit, Region

# The picture is drawn at this longer side: it is for looking at, the files are for keeping.
_LONG_SIDE = 960
_QUALITY = 88
# Specks and corners below these, in pixels of the drawing, cannot be seen.
_LEAST_AREA = 6.0
_ROUNDING = 0.7


def phrases_of(edits: Sequence[Edit]) -> list[str]:
    """The distinct regions of a plan, in order; the place in it decides a region's colour."""
    return list(dict.fromkeys(edit.region for edit in edits if edit.region))


def color_class(phrase: str | None, phrases: Sequence[str]) -> str:
    """The style class of a region's colour; empty for the whole picture."""
    return f"region-{phrases.index(phrase) % len(REGION_COLORS)}" if phrase in phrases else ""


def confidence(region: Region | None) -> str:
    """How sure the search for a region is, in words."""
    if region is None:
        return ""
    if region.box is None:
        return "not found"
    return f"{100 * region.score:.0f} % sure"


def sentence_html(sentence: str, phrases: Sequence[str], told: dict[str, str] | None = None) -> str:
    """The sentence with the words of each region marked in its colour.

    Args:
        sentence: As typed.
        phrases: The regions, see `phrases_of`; those that are not words of the sentence are not marked.
        told: What to say of a region beside its words, by phrase.
    """
    spans: list[tuple[int, int, str]] = []
    for phrase in phrases:
        start = sentence.lower().find(phrase.lower())
        while start >= 0 and any(start < end and begin < start + len(phrase) for begin, end, _ in spans):
            start = sentence.lower().find(phrase.lower(), start + 1)
        if start >= 0:
            spans.append((start, start + len(phrase), phrase))
    parts, done = [], 0
    for start, end, phrase in sorted(spans):
        said = escape((told or {}).get(phrase, ""))
        parts.append(escape(sentence[done:start]))
        parts.append(
            f'<mark class="word {color_class(phrase, phrases)}" tabindex="0" title="{said}">'
            f"{escape(sentence[start:end])}</mark>"
        )
        done = end
    return "".join(parts) + escape(sentence[done:])


def regions_html(outcome: Outcome, picture: np.ndarray) -> str:
    """The picture with its regions drawn on it and a legend below; empty where no region was found.

    Args:
        outcome: Whose regions.
        picture: uint8 (H, W, 3).
    """
    phrases = phrases_of(outcome.instruction.edits)
    found = {region.label: region for region in outcome.result.regions if region.label in phrases and region.box}
    if not found:
        return ""
    height, width = outcome.pair.shape
    scale = min(1.0, _LONG_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    shapes, legend = [], []
    for phrase, region in found.items():
        effects = text.listed(
            f"{text.EFFECT_TITLES[edit.effect]}{text.DEGREES[edit.strength]}"
            for edit in outcome.instruction.edits
            if edit.region == phrase
        )
        said = escape(f"“{phrase}”: {effects}, {confidence(region)}")
        color = color_class(phrase, phrases)
        shapes.append(
            f'<g class="shape {color}" tabindex="0" role="img" aria-label="{said}"><title>{said}</title>'
            f'<path d="{_outline(region.mask, size)}"/></g>'
        )
        legend.append(f'<li class="word {color}" tabindex="0">{said}</li>')
    return (
        f'<figure class="regions"><svg viewBox="0 0 {size[0]} {size[1]}" role="group" '
        f'aria-label="The result with the regions that were found">'
        f'<image href="data:image/jpeg;base64,{_jpeg(picture, size)}" width="{size[0]}" height="{size[1]}"/>'
        f"{''.join(shapes)}</svg><figcaption><ul>{''.join(legend)}</ul></figcaption></figure>"
    )


def _jpeg(picture: np.ndarray, size: tuple[int, int]) -> str:
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    buffer = io.BytesIO()
    Image.fromarray(small).save(buffer, format="JPEG", quality=_QUALITY)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def _outline(mask: np.ndarray, size: tuple[int, int]) -> str:
    """The border of a mask as an SVG path at the drawing's size; holes are inner rings."""
    inside = (cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA) >= 0.5).astype(np.uint8)
    rings, _ = cv2.findContours(inside, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    path = []
    for ring in rings:
        if cv2.contourArea(ring) < _LEAST_AREA:
            continue
        corners = cv2.approxPolyDP(ring, _ROUNDING, closed=True)[:, 0]
        path.append("M" + "L".join(f"{x + 0.5:g} {y + 0.5:g}" for x, y in corners) + "Z")
    return "".join(path)
