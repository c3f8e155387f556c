"""The picture on which a person paints a mask: to it and back. No Gradio, no models."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

COLOR = (228, 87, 46)
OPACITY = 0.55
# Painting happens on a preview whose longer side has at most this many pixels.
_LONG_SIDE = 800


def _preview_size(shape: tuple[int, int]) -> tuple[int, int]:
    """Width and height of the preview of a picture (H, W)."""
    scale = min(1.0, _LONG_SIDE / max(shape))
    return max(1, round(shape[1] * scale)), max(1, round(shape[0] * scale))


def _preview(mask: np.ndarray) -> np.ndarray:
    small = cv2.resize(mask.astype(np.float32), _preview_size(mask.shape), interpolation=cv2.INTER_AREA)
    return small >= 0.5


def to_canvas(picture: np.ndarray, mask: np.ndarray) -> dict[str, Any]:
    """What the image editor shows: the picture below, the mask as a layer that can be painted on and erased.

    Args:
        picture: uint8 (H, W, 3).
        mask: bool (H, W).

    Returns:
        {"background": uint8 (h, w, 3), "layers": [uint8 (h, w, 4)], "composite": None} at the preview's size.
    """
    background = cv2.resize(picture, _preview_size(mask.shape), interpolation=cv2.INTER_AREA)
    inside = _preview(mask)
    layer = np.zeros((*inside.shape, 4), np.uint8)
    layer[inside] = (*COLOR, round(255 * OPACITY))
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
    before = _preview(mask)
    layers = [] if canvas is None else [layer for layer in canvas["layers"] if layer is not None]
    if not layers:
        return np.zeros_like(mask), np.zeros_like(mask)
    height, width = before.shape
    opaque = [cv2.resize(layer[..., 3], (width, height), interpolation=cv2.INTER_NEAREST) for layer in layers]
    after = np.max(opaque, axis=0) >= 255 * OPACITY / 2
    changes = (after & ~before, before & ~after)
    size = (mask.shape[1], mask.shape[0])
    added, removed = (
        cv2.resize(change.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(bool) for change in changes
    )
    # Along a mask's rim, pixels of the preview lie on both sides of it.
    return added & ~mask, removed & mask
