"""Several pictures of one size on one labelled sheet."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFont

CELL_WIDTH = 480
MARGIN = 12
BACKGROUND = (255, 255, 255)
INK = (32, 36, 44)


def contact_sheet(pictures: dict[str, np.ndarray], columns: int = 3, cell_width: int = CELL_WIDTH) -> np.ndarray:
    """Lay labelled pictures out in rows.

    Args:
        pictures: Label -> float32 (H, W, 3) RGB or (H, W) grey in [0, 1]; all of one size.
        columns: Pictures per row, at most.
        cell_width: Width of a picture on the sheet in pixels; smaller pictures keep their size.

    Returns:
        float32 (sheet height, sheet width, 3), RGB in [0, 1].

    Raises:
        ValueError: No pictures.
    """
    if not pictures:
        raise ValueError("A contact sheet needs at least one picture.")
    height, width = next(iter(pictures.values())).shape[:2]
    cell_width = min(cell_width, width)
    cell_height = round(height * cell_width / width)
    font = ImageFont.load_default(size=16)
    label_height = 26
    columns = min(columns, len(pictures))
    rows = math.ceil(len(pictures) / columns)
    sheet = Image.new(
        "RGB",
        (columns * (cell_width + MARGIN) + MARGIN, rows * (cell_height + label_height + MARGIN) + MARGIN),
        BACKGROUND,
    )
    draw = ImageDraw.Draw(sheet)
    for index, (label, picture) in enumerate(pictures.items()):
        row, column = divmod(index, columns)
        left = MARGIN + column * (cell_width + MARGIN)
        top = MARGIN + row * (cell_height + label_height + MARGIN)
        draw.text((left, top), label, fill=INK, font=font)
        eight_bit = np.round(np.clip(picture, 0.0, 1.0) * 255).astype(np.uint8)
        cell = Image.fromarray(eight_bit).convert("RGB").resize((cell_width, cell_height), Image.Resampling.LANCZOS)
        sheet.paste(cell, (left, top + label_height))
    return np.asarray(sheet, dtype=np.float32) / 255.0
