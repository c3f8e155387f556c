"""A sheet to look at: what went in, what was fused, what was found and what was meant, one sentence per row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from app.overlay import red_overlay
from app.pairs import write_png
from evaluation.fusion.grey import to_8bit
from evaluation.referring_items import Picture
from evaluation.referring_masks import Method
from evaluation.referring_metrics import overlap

COLUMNS = ("visible", "infrared", "fused", "found", "meant")
_WIDTH, _GAP, _LINE = 320, 6, 20


def write_sheet(path: Path, pictures: Sequence[Picture], method: Method) -> None:
    """Fuse and segment the sentences of these pictures and draw the sheet.

    Args:
        path: The PNG file to write.
        pictures: One row per sentence.
        method: What fuses and what segments.

    Raises:
        InputError: A pair or mask cannot be used, or the file cannot be written.
    """
    rows = [row for picture in pictures for row in _rows(picture, method)]
    write_png(path, np.concatenate(rows, axis=0).astype(np.float32) / 255.0)


def _rows(picture: Picture, method: Method) -> list[np.ndarray]:
    pair = picture.read()
    fitted = method.fitted(pair)
    found = method.segment(fitted, [sentence.text for sentence in picture.sentences])
    rows = []
    for sentence, (image, mask) in zip(picture.sentences, found, strict=True):
        truth = method.fitted_mask(sentence.mask(pair.shape))
        iou, _, _ = overlap(mask, truth)
        panels = (
            fitted.visible,
            np.repeat(fitted.infrared[..., None], 3, axis=2),
            image,
            red_overlay(image, mask.astype(np.float32)),
            red_overlay(image, truth.astype(np.float32)),
        )
        caption = f"“{sentence.text}”   {picture.name}   IoU {100 * iou:.0f} %"
        rows.append(_row([to_8bit(panel) for panel in panels], caption))
    return rows


def _row(panels: Sequence[np.ndarray], caption: str) -> np.ndarray:
    """uint8 (h, w, 3): the panels side by side, their names below, the caption above."""
    height = round(_WIDTH * panels[0].shape[0] / panels[0].shape[1])
    sheet = Image.new("RGB", (len(panels) * (_WIDTH + _GAP) + _GAP, height + 2 * _LINE + _GAP), "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=14)
    draw.text((_GAP, 2), caption, fill="black", font=font)
    for i, (panel, name) in enumerate(zip(panels, COLUMNS, strict=True)):
        left = _GAP + i * (_WIDTH + _GAP)
        sheet.paste(Image.fromarray(panel).resize((_WIDTH, height), Image.Resampling.LANCZOS), (left, _LINE))
        draw.text((left, _LINE + height + 2), name, fill="black", font=font)
    return np.asarray(sheet)
