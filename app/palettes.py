"""Display palettes of thermal cameras: how an infrared picture is shown, never what is fused. No Gradio, no models."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

PALETTES = ("white-hot", "black-hot", "ironbow", "inferno")
# Black, indigo, magenta, gold, white in equal steps: the five points from which ironbow is commonly drawn.
_IRONBOW = ((0.0, 0.0, 0.0), (0.13, 0.0, 0.55), (0.8, 0.0, 0.47), (1.0, 0.84, 0.0), (1.0, 1.0, 1.0))
_STEPS = 256


@lru_cache
def _table(name: str) -> np.ndarray:
    """float32 (256, 3), RGB in [0, 1], cold first."""
    ramp = np.linspace(0.0, 1.0, _STEPS)
    if name == "white-hot":
        return np.repeat(ramp[:, None], 3, axis=1).astype(np.float32)
    if name == "black-hot":
        return _table("white-hot")[::-1]
    if name == "ironbow":
        at = np.linspace(0.0, 1.0, len(_IRONBOW))
        return np.stack([np.interp(ramp, at, channel) for channel in zip(*_IRONBOW, strict=True)], 1).astype(np.float32)
    levels = np.arange(_STEPS, dtype=np.uint8)[:, None]
    return cv2.applyColorMap(levels, cv2.COLORMAP_INFERNO)[:, 0, ::-1].astype(np.float32) / np.float32(255)


def in_palette(infrared: np.ndarray, name: str) -> np.ndarray:
    """Show an infrared picture in a palette.

    Args:
        infrared: float32 (H, W) in [0, 1], 1 the hottest.
        name: One of PALETTES.

    Returns:
        float32 (H, W, 3), RGB in [0, 1].

    Raises:
        ValueError: Unknown palette.
    """
    if name not in PALETTES:
        raise ValueError(f"The palette must be one of {', '.join(PALETTES)}, but got {name!r}.")
    index = np.rint(np.clip(infrared, 0.0, 1.0) * (_STEPS - 1)).astype(np.intp)
    return _table(name)[index]


def stops(name: str, count: int = 9) -> list[tuple[int, int, int]]:
    """`count` evenly spaced 8-bit RGB colours of a palette, cold first, e.g. for the legend of a picture."""
    levels = in_palette(np.linspace(0.0, 1.0, count, dtype=np.float32)[None], name)[0]
    return [tuple(int(value) for value in color) for color in np.rint(levels * 255)]
