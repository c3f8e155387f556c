"""Which part of the pictures a contact sheet shows enlarged."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from engines.errors import InputError
from engines.masks import mask_box

Box = tuple[int, int, int, int]
AUTO, NONE = "auto", "none"
# Height of the enlarged panel over that of the picture it stands below; both are equally wide.
PANEL_HEIGHT = 0.7
# Around a region, as a share of its size; a window wider than this share of the picture would enlarge nothing.
_PADDING, _WIDEST = 0.3, 0.6
_NARROWEST = 1 / 10


def chosen_window(choice: str, shape: tuple[int, int]) -> Box | None:
    """The window that a person typed; None where it is left to the region, or none is wanted.

    Args:
        choice: "auto", "none" or "X0,Y0,X1,Y1" in pixels, right and bottom exclusive.
        shape: Height and width of the picture.

    Raises:
        InputError: Anything else, or a box with no pixels in the picture.
    """
    if choice in (AUTO, NONE):
        return None
    try:
        x0, y0, x1, y1 = (int(number) for number in choice.split(","))
    except ValueError:
        raise InputError(f"The crop must be auto, none or X0,Y0,X1,Y1, but got {choice!r}.") from None
    return panel_window((x0, y0, x1, y1), shape)


def region_window(mask: np.ndarray | None) -> Box | None:
    """The window around a region, or around its largest piece where the whole is too wide to be enlarged.

    Args:
        mask: bool (H, W), true inside; None without a region.

    Returns:
        x0, y0, x1, y1 in pixels, right and bottom exclusive, in the shape of the panel; None where no window is small
        enough to be worth it.
    """
    if mask is None:
        return None
    count, pieces, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    if count < 2:
        return None
    largest = pieces == 1 + int(np.argmax(statistics[1:, cv2.CC_STAT_AREA]))
    for part in (mask, largest):
        window = panel_window(mask_box(part), mask.shape, _PADDING)
        if window[2] - window[0] <= _WIDEST * mask.shape[1]:
            return window
    return None


def panel_window(box: Sequence[int], shape: tuple[int, int], padding: float = 0.0) -> Box:
    """The smallest window in the shape of the panel around a box, shifted into the picture.

    Args:
        box: x0, y0, x1, y1 in pixels, right and bottom exclusive.
        shape: Height and width of the picture.
        padding: Added on every side, as a share of the box's size.

    Raises:
        InputError: The box has no pixels in the picture.
    """
    height, width = shape
    x0, y0, x1, y1 = box
    if not (0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height):
        raise InputError(
            f"The crop must be X0,Y0,X1,Y1 within the {width} × {height} pixels, but got {x0},{y0},{x1},{y1}."
        )
    aspect = width / (PANEL_HEIGHT * height)
    wide, high = (x1 - x0) * (1 + 2 * padding), (y1 - y0) * (1 + 2 * padding)
    wide = max(wide, high * aspect, _NARROWEST * width)
    # A box taller than the panel's shape allows at the picture's full width is cut in height.
    wide = min(round(wide), width)
    high = min(max(1, round(wide / aspect)), height)
    left = min(max(0, round((x0 + x1 - wide) / 2)), width - wide)
    top = min(max(0, round((y0 + y1 - high) / 2)), height - high)
    return left, top, left + wide, top + high
