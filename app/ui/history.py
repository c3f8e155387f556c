"""The steps of a session as thumbnails. No Gradio, no models."""

from __future__ import annotations

import cv2
import numpy as np

from app.session import Session
from app.ui import text

_SIZE = (144, 108)


def thumbnails(session: Session) -> list[tuple[np.ndarray, str]]:
    """One picture uint8 (108, 144, 3) and one caption per step, oldest first; the caption tells branches apart."""
    shown = []
    for index, step in enumerate(session.trail):
        said = step.outcome.instruction.text.strip() or text.PLAIN_FUSION
        branch = "" if step.parent in (None, index - 1) else text.BRANCH.format(step=step.parent + 1)
        shown.append((_small(step.outcome.result.image), f"{index + 1}{branch}: {said}"))
    return shown


def _small(image: np.ndarray) -> np.ndarray:
    """The middle of a picture in the shape of a thumbnail."""
    height, width = image.shape[:2]
    columns, rows = min(width, round(height * _SIZE[0] / _SIZE[1])), min(height, round(width * _SIZE[1] / _SIZE[0]))
    left, top = (width - columns) // 2, (height - rows) // 2
    cut = np.ascontiguousarray(image[top : top + rows, left : left + columns])
    return np.rint(np.clip(cv2.resize(cut, _SIZE, interpolation=cv2.INTER_AREA), 0, 1) * 255).astype(np.uint8)
