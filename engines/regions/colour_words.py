"""Colours by name: how well each pixel of a picture is called red, white or dark.

A referring head that learnt from some hundred pictures hardly tells a red jacket from a blue one; the picture does.
"""

from __future__ import annotations

import cv2
import numpy as np

from engines.regions.colour_names import BEIGE, DARK, GREY, WHITE

# CIELAB hue angles, in degrees, between which a colour has its name.
_HUES = {
    "red": (-20, 45),
    "orange": (40, 80),
    "yellow": (70, 112),
    "green": (112, 200),
    "blue": (200, 312),
    "purple": (300, 345),
    "pink": (315, 380),
    "brown": (30, 85),
}
# Those that are told by how bright a thing is more than by its hue: weaker evidence, above all in a fused picture.
COLOURLESS = frozenset({WHITE, DARK, GREY})

# Rows and columns that tell how light a picture is, and the least L that is taken for white.
_SAMPLED, _LEAST_LIGHT = 640, 40.0


def lab(picture: np.ndarray) -> np.ndarray:
    """float32 RGB (H, W, 3) in [0, 1] -> CIELAB, L in [0, 100]."""
    return cv2.cvtColor(np.ascontiguousarray(picture, dtype=np.float32), cv2.COLOR_RGB2LAB)


def lightest(picture: np.ndarray) -> float:
    """The L that is as good as white in a picture as `lab` takes it; of a large one, every so many pixels tell."""
    step = max(1, max(picture.shape[:2]) // _SAMPLED)
    return max(_LEAST_LIGHT, float(np.percentile(lab(picture[::step, ::step])[..., 0], 95)))


def likeness(name: str, pixels: np.ndarray, white: float) -> np.ndarray:
    """How well pixels are called by a colour's name.

    Args:
        name: From `named_colours`.
        pixels: From `lab`, (H, W, 3), of a part of a picture.
        white: From `lightest`, of the whole one: lightness counts relative to it, so that white stays white at dusk.

    Returns:
        float32 (H, W) in [0, 1].
    """
    lightness, a, b = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    chroma = np.hypot(a, b)
    relative = lightness / white
    if name == WHITE:
        return _above(relative, 0.72, 0.07) * _below(chroma, 16, 4)
    if name == DARK:
        return _below(relative, 0.34, 0.06)
    if name == GREY:
        return _below(chroma, 12, 3) * _above(relative, 0.3, 0.06) * _below(relative, 0.85, 0.06)
    hue = np.degrees(np.arctan2(b, a))
    if name == BEIGE:
        muted = _above(chroma, 8, 3) * _below(chroma, 30, 5)
        return muted * _above(relative, 0.45, 0.08) * _below(_apart(hue, 80.0), 35, 8)
    low, high = _HUES[name]
    named = _below(_apart(hue, (low + high) / 2), (high - low) / 2, 6) * _above(chroma, 14, 4)
    return named * _below(relative, 0.6, 0.08) if name == "brown" else named


def _above(x: np.ndarray, threshold: float, softness: float) -> np.ndarray:
    """A soft step from 0 to 1."""
    return 1.0 / (1.0 + np.exp((threshold - x) / softness))


def _below(x: np.ndarray, threshold: float, softness: float) -> np.ndarray:
    """A soft step from 1 to 0."""
    return _above(-x, -threshold, softness)


def _apart(hue: np.ndarray, other: float) -> np.ndarray:
    """Degrees between hue angles, up to 180."""
    return np.abs((hue - other + 180.0) % 360.0 - 180.0)
