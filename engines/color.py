"""Luma and chroma (JFIF / ITU-R BT.601 full range), the one pair of matrices every engine uses.

The functions work on separate channels, so that they serve numpy arrays and torch tensors alike.
Source of the constants: RIS-FUSION's published program as stated in its conformance notes.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def luma(r: Any, g: Any, b: Any) -> Any:
    """Y of RGB channels in [0, 1]; any shape, numpy or torch."""
    return 0.299 * r + 0.587 * g + 0.114 * b


def rgb_to_ycbcr(r: Any, g: Any, b: Any) -> tuple[Any, Any, Any]:
    """Y, Cb, Cr in [0, 1] (grey has Cb = Cr = 0.5) of RGB channels in [0, 1]."""
    cb = 0.5 - 0.168736 * r - 0.331264 * g + 0.5 * b
    cr = 0.5 + 0.5 * r - 0.418688 * g - 0.081312 * b
    return luma(r, g, b), cb, cr


def ycbcr_to_rgb(y: Any, cb: Any, cr: Any) -> tuple[Any, Any, Any]:
    """RGB of Y, Cb, Cr, not clamped: a Y far from the original leaves [0, 1]."""
    r = y + 1.402 * (cr - 0.5)
    g = y - 0.344136 * (cb - 0.5) - 0.714136 * (cr - 0.5)
    b = y + 1.772 * (cb - 0.5)
    return r, g, b


def image_luma(image: np.ndarray) -> np.ndarray:
    """Y, float32 (H, W) in [0, 1], of an RGB picture (H, W, 3) in [0, 1]."""
    return luma(image[..., 0], image[..., 1], image[..., 2]).astype(np.float32)


def with_luma(visible: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The visible picture's colour at another luma.

    Where the colour would leave the gamut at the new luma, chroma is scaled down, not clipped per channel, so that
    hue and luma stay.

    Args:
        visible: float32 (H, W, 3), RGB in [0, 1].
        y: float32 (H, W), the new luma in [0, 1].

    Returns:
        float32 (H, W, 3), RGB in [0, 1], whose luma is `y`.
    """
    y = np.clip(y, 0.0, 1.0).astype(np.float32)
    _, cb, cr = rgb_to_ycbcr(visible[..., 0], visible[..., 1], visible[..., 2])
    rgb = np.stack(ycbcr_to_rgb(y, cb, cr), axis=-1)
    offset = rgb - y[..., None]
    room = np.where(offset > 0, 1.0 - y[..., None], y[..., None])
    size = np.abs(offset)
    scale = np.min(np.where(size > room, room / np.maximum(size, 1e-12), 1.0), axis=-1, keepdims=True)
    return np.clip(y[..., None] + scale * offset, 0.0, 1.0).astype(np.float32)
