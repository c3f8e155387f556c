"""Qabf: how much of the sources' edges the fused picture keeps (Xydeas & Petrovic, Electronics Letters 2000)."""

from __future__ import annotations

import cv2
import numpy as np


def edge_preservation(
    infrared: np.ndarray, visible: np.ndarray, fused: np.ndarray, inside: np.ndarray | None = None
) -> float:
    """Qabf: edge strength and orientation kept, weighted by the sources' edge strength.

    Sobel gradients with a zero border, as published: the picture's border counts as an edge.

    Args:
        infrared: float64 (H, W), levels 0-255.
        visible: float64 (H, W), levels 0-255.
        fused: float64 (H, W), levels 0-255.
        inside: bool (H, W): both sums run over these pixels; all by default.

    Returns:
        0 to about 1; NaN where both sources are constant or have no edge inside, as there is none to keep.
    """
    if all(source.min() == source.max() for source in (infrared, visible)):
        return float("nan")
    fused_strength, fused_angle = _edges(fused, inside)
    kept = total = 0.0
    for source in (infrared, visible):
        strength, angle = _edges(source, inside)
        kept += float(np.vdot(_preservation(strength, angle, fused_strength, fused_angle), strength))
        total += float(strength.sum())
    return kept / total if total else float("nan")


def _edges(picture: np.ndarray, inside: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Strength and orientation, the latter in (-π/2, π/2], of the unnormalised Sobel gradient."""
    across = cv2.Sobel(picture, cv2.CV_64F, 1, 0, borderType=cv2.BORDER_CONSTANT)
    up = -cv2.Sobel(picture, cv2.CV_64F, 0, 1, borderType=cv2.BORDER_CONSTANT)
    if inside is not None:
        across, up = across[inside], up[inside]
    upright = across == 0.0
    angle = np.arctan(up / np.where(upright, 1.0, across))
    angle[upright] = np.pi / 2.0
    return np.sqrt(across * across + up * up), angle


def _preservation(
    strength: np.ndarray, angle: np.ndarray, fused_strength: np.ndarray, fused_angle: np.ndarray
) -> np.ndarray:
    """The product of the two sigmoids, of relative strength and of orientation."""
    larger = np.maximum(strength, fused_strength)
    relative = np.minimum(strength, fused_strength) / np.where(larger > 0.0, larger, 1.0)
    # Where the two are equal the published programs take the fused strength itself; the sigmoid is then saturated.
    equal = strength == fused_strength
    relative[equal] = fused_strength[equal]
    alignment = 1.0 - np.abs(angle - fused_angle) / (np.pi / 2.0)
    strength_kept = 0.9994 / (1.0 + np.exp(-15.0 * (relative - 0.5)))
    orientation_kept = 0.9879 / (1.0 + np.exp(-22.0 * (alignment - 0.8)))
    return strength_kept * orientation_kept
