"""The picture on which a person paints a mask: to it and back. No Gradio, no models."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

COLOR = (228, 87, 46)
OPACITY = 0.55
# Painting happens on a preview whose longer side has at most this many pixels.
_LONG_SIDE = 800
# Where a pixel of the preview stands for some pixels inside the mask and some outside, it is paler: what is painted
# over it shows, as paint makes it at least as opaque as a pixel that lies inside altogether.
_PALER = 0.3
_WHOLLY, _PARTLY = (round(255 * opacity) for opacity in (OPACITY, _PALER))


def _preview_size(shape: tuple[int, int]) -> tuple[int, int]:
    """Width and height of the preview of a picture (H, W)."""
    scale = min(1.0, _LONG_SIDE / max(shape))
    return max(1, round(shape[1] * scale)), max(1, round(shape[0] * scale))


def _starts(length: int, count: int) -> np.ndarray:
    """Where each of `count` runs of pixels begins that a side of that length is divided into."""
    return -(-np.arange(count) * length // count)


def _preview(mask: np.ndarray) -> np.ndarray:
    """uint8 (h, w): how opaque each pixel of the preview is, which stands for a block of the mask's."""
    width, height = _preview_size(mask.shape)
    rows, columns = _starts(mask.shape[0], height), _starts(mask.shape[1], width)
    somewhere, everywhere = (
        reduce.reduceat(reduce.reduceat(mask, rows, axis=0), columns, axis=1)
        for reduce in (np.logical_or, np.logical_and)
    )
    return np.where(everywhere, _WHOLLY, np.where(somewhere, _PARTLY, 0)).astype(np.uint8)


def _enlarged(change: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """bool (H, W): the blocks that pixels of the preview stand for."""
    for axis in (0, 1):
        runs = np.diff(_starts(shape[axis], change.shape[axis]), append=shape[axis])
        change = np.repeat(change, runs, axis=axis)
    return change


def to_canvas(picture: np.ndarray, mask: np.ndarray) -> dict[str, Any]:
    """What the image editor shows: the picture below, the mask as a layer that can be painted on and erased.

    Every pixel of the preview shows that holds any of the mask, so that there is nothing a person could not erase.

    Args:
        picture: uint8 (H, W, 3).
        mask: bool (H, W).

    Returns:
        {"background": uint8 (h, w, 3), "layers": [uint8 (h, w, 4)], "composite": None} at the preview's size.
    """
    background = cv2.resize(picture, _preview_size(mask.shape), interpolation=cv2.INTER_AREA)
    opaque = _preview(mask)
    layer = np.zeros((*opaque.shape, 4), np.uint8)
    layer[opaque > 0, :3] = COLOR
    layer[..., 3] = opaque
    return {"background": background, "layers": [layer], "composite": None}


def painted_on(canvas: dict[str, Any] | None, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What a person added to a mask and removed from it.

    Args:
        canvas: What the image editor gave back, its layers uint8 (h, w, 4); None or without layers where it was never
            opened.
        mask: bool (H, W): what `to_canvas` had been given.

    Returns:
        Two bool (H, W). Where nothing was painted, both are false whatever the preview's size.
    """
    before = _preview(mask).astype(int)
    layers = [] if canvas is None else [layer for layer in canvas["layers"] if layer is not None]
    if not layers:
        return np.zeros_like(mask), np.zeros_like(mask)
    height, width = before.shape
    opaque = [cv2.resize(layer[..., 3], (width, height), interpolation=cv2.INTER_NEAREST) for layer in layers]
    after = np.max(opaque, axis=0)
    # Halfway between what was shown and what paint, or the eraser, makes of it.
    painted = (before < _WHOLLY) & (after >= (before + _WHOLLY) / 2)
    erased = (before > 0) & (after < before / 2)
    return _enlarged(painted, mask.shape) & ~mask, _enlarged(erased, mask.shape) & mask
