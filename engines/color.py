"""Luma and chroma (JFIF / ITU-R BT.601 full range), the one pair of matrices every engine uses.

The functions work on separate channels, so that they serve numpy arrays and torch tensors alike.
Source of the constants: RIS-FUSION's published program as stated in its conformance notes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

_STRIP_PIXELS = 32_768


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
    rgb = np.empty(visible.shape, np.float32)
    # A strip of rows at a time stays in the processor's cache.
    rows = max(1, _STRIP_PIXELS // max(1, y.shape[1]))
    for top in range(0, y.shape[0], rows):
        strip = np.s_[top : top + rows]
        rgb[strip] = _strip_with_luma(visible[strip], np.clip(y[strip], 0.0, 1.0).astype(np.float32))
    return rgb


def _strip_with_luma(visible: np.ndarray, y: np.ndarray) -> np.ndarray:
    _, cb, cr = rgb_to_ycbcr(*(np.ascontiguousarray(visible[..., channel]) for channel in range(3)))
    offsets = [channel - y for channel in ycbcr_to_rgb(y, cb, cr)]
    scale = np.ones_like(y)
    for offset in offsets:
        room = np.where(offset > 0, 1.0 - y, y)
        np.minimum(scale, room / np.maximum(np.abs(offset), 1e-12), out=scale)
    return np.stack([np.clip(y + scale * offset, 0.0, 1.0) for offset in offsets], axis=-1)
