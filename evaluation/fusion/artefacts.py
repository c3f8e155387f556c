"""Nabf: edges of the fused picture that neither source has (Petrovic & Xydeas; form of Kumar, SIViP 2013)."""

from __future__ import annotations

import cv2
import numpy as np

_EDGE = 2.0
_WEAK_EDGE_WEIGHT = 0.001


def artefacts(infrared: np.ndarray, visible: np.ndarray, fused: np.ndarray, inside: np.ndarray | None = None) -> float:
    """Nabf: what a source's edges lose where the fused edge is stronger than both, weighted by edge strength.

    Sobel gradients divided by 8, border mirrored without repeating it. A source's edge of strength g ≥ 2 weighs g^1.5.

    Args:
        infrared: float64 (H, W), levels 0-255.
        visible: float64 (H, W), levels 0-255.
        fused: float64 (H, W), levels 0-255.
        inside: bool (H, W): both sums run over these pixels; all by default.

    Returns:
        0 (no artefact) to 1; NaN where both sources are constant and for no pixels.
    """
    if all(source.min() == source.max() for source in (infrared, visible)):
        return float("nan")
    fused_strength, fused_angle = _edges(fused, inside)
    sources = [_edges(source, inside) for source in (infrared, visible)]
    added = np.logical_and.reduce([fused_strength > strength for strength, _ in sources])
    lost = total = 0.0
    for strength, angle in sources:
        weights = np.where(strength >= _EDGE, strength**1.5, _WEAK_EDGE_WEIGHT)
        kept = _preservation(strength[added], angle[added], fused_strength[added], fused_angle[added])
        lost += float(np.vdot(weights[added], 1.0 - kept))
        total += float(weights.sum())
    return lost / total if total else float("nan")


def _edges(picture: np.ndarray, inside: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Strength and orientation, modulo π, of the Sobel gradient."""
    across = cv2.Sobel(picture, cv2.CV_64F, 1, 0, scale=1 / 8, borderType=cv2.BORDER_REFLECT_101)
    down = cv2.Sobel(picture, cv2.CV_64F, 0, 1, scale=1 / 8, borderType=cv2.BORDER_REFLECT_101)
    if inside is not None:
        across, down = across[inside], down[inside]
    return np.sqrt(across * across + down * down), np.arctan2(across, down)


def _preservation(
    strength: np.ndarray, angle: np.ndarray, fused_strength: np.ndarray, fused_angle: np.ndarray
) -> np.ndarray:
    """Root of the product of the two sigmoids where the fused edge is the stronger one."""
    # Orientations π apart are the same; the published form for angles in [-π/2, π/2] says so, too.
    alignment = np.abs(np.mod(np.abs(angle - fused_angle), np.pi) - np.pi / 2.0) / (np.pi / 2.0)
    strength_kept = 0.9999 / (1.0 + np.exp(-19.0 * (strength / fused_strength - 0.5)))
    orientation_kept = 0.9995 / (1.0 + np.exp(-22.0 * (alignment - 0.5)))
    return np.sqrt(strength_kept * orientation_kept)
