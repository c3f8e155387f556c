"""Lifts a found object inside its own mask (ours, not the paper's).

The embedded fusion network learnt to lift people where the words name them; for rarer or larger things its gates and
FiLM move luma by less than one can see. What the head found is therefore lifted once more, explicitly.
"""

from __future__ import annotations

import cv2
import numpy as np

RING = 15
LIFT = 0.30
# Luma nearer than this to black or white gives way gradually: what is lifted beyond it keeps its detail.
KNEE = 0.2
CONTRAST = 1.2
# What is nearly white is lifted by this share of what is left above it, a step, and what is darker by the second at
# most: more would leave a white blot, and around people in fog a glow.
SHARE, SHARE_BELOW = 0.5, 0.65
EDGE = 5.0
DARK, BRIGHT = 0.4, 0.85
NEARLY_ALL = 0.85


def emphasise(y: np.ndarray, mask: np.ndarray, strength: int = 1, done: np.ndarray | None = None) -> np.ndarray:
    """More luma difference to the surroundings; more contrast inside what is dark before something bright.

    What is nearly white is lifted within the room above it, or darkened where its surroundings are nearly as bright.
    Nearly the whole picture, as in "everything except the people", is never darkened for what little is around it.

    Args:
        y: float32 (H, W), fused luma in [0, 1].
        mask: float32 (H, W) in [0, 1]; 0.5 and more counts as inside.
        strength: 1, 2 or 3; each step goes as far again.
        done: What was changed of `y` already, (H, W); on the mean over what is inside it counts as part of the way.

    Returns:
        float32 (H, W) in [0, 1]; outside the mask equal to `y` bit by bit.
    """
    inside = (mask >= 0.5).astype(np.uint8)
    found = inside > 0
    if not found.any():
        return y
    ring = cv2.dilate(inside, np.ones((2 * RING + 1, 2 * RING + 1), np.uint8)) - inside
    luma = y[found]
    mean = float(luma.mean())
    around = float(y[ring > 0].mean()) if ring.any() else 0.0
    # Away from the surroundings as a whole, because more contrast inside makes an object stand out less. A dark object
    # in front of a bright one gets contrast all the same: darkening would bury what it shows.
    if mean < around and mean <= DARK:
        lifted = mean + CONTRAST**strength * (luma - mean)
    else:
        before = 0.0 if done is None else float(done[found].mean())
        plain = mean - before
        nearly_white = plain >= BRIGHT
        # Before a bright sky there is more room below.
        down = mean < around or (nearly_white and around - (plain - LIFT) > 1.0 - around)
        down = down and found.mean() <= NEARLY_ALL
        side = -1.0 if down else 1.0
        share = SHARE if nearly_white else SHARE_BELOW
        room = (1.0 - (1.0 - share) ** strength) * (1.0 - plain)
        way = strength * LIFT if down else min(strength * LIFT, room)
        lifted = luma + side * max(0.0, way - max(0.0, side * before))
    weight = np.clip(cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_5)[found] / EDGE, 0.0, 1.0)
    emphasised = y.astype(np.float32)
    emphasised[found] = luma + weight * (_within(lifted, luma) - luma)
    return emphasised


def _within(lifted: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Lifted luma back in [0, 1], still in order; where nothing was lifted it is `y`. Arrays of one shape."""
    high, low = np.maximum(1.0 - KNEE, y), np.minimum(KNEE, y)
    above, below = np.maximum(lifted - high, 0.0), np.maximum(low - lifted, 0.0)
    # Rises as steeply as before at first and never arrives.
    over = (1.0 - high) * (1.0 - np.exp(-above / np.maximum(1.0 - high, 1e-6)))
    under = low * (1.0 - np.exp(-below / np.maximum(low, 1e-6)))
    return np.clip(lifted, low, high) + over - under
