"""Questions about a pair that a person would want to be asked: swapped, identical, flat, pseudo-colour."""

from __future__ import annotations

import numpy as np

from engines.color import image_luma

# Measured on 103 visible street pictures and their infrared twins under eight colour maps, JPEG quality 80: within a
# luma step, colour varies by at least 0.40 of its size in photographs and by at most 0.22 in monotone colour maps;
# rainbow maps are not monotone but saturated all over (size at least 0.59, photographs at most 0.20).
_PALETTE_SPREAD = 0.3
_PALETTE_SIZE = 0.05
_RAINBOW_SIZE = 0.45
_COLOURED = 0.02
_SAMPLES_PER_SIDE = 512


def pair_notes(visible: np.ndarray, infrared: np.ndarray, infrared_colour: np.ndarray | None, same: bool) -> list[str]:
    """Warnings about a pair, one sentence each.

    Args:
        visible: float32 (H, W, 3), RGB in [0, 1].
        infrared: float32 (H, W) in [0, 1].
        infrared_colour: float32 (h, w, 3), the infrared picture in colour if it came so, at its own size.
        same: Whether both files hold the very same samples.
    """
    notes = []
    if np.ptp(visible) == 0.0:
        notes.append("The visible picture is flat: every pixel is alike, so only the infrared picture can show.")
    if np.ptp(infrared) == 0.0:
        notes.append("The infrared picture is flat: every pixel is alike, so only the visible picture can show.")
    if same or np.ptp(visible) > 0.0 and np.abs(image_luma(visible) - infrared).max() < 0.5 / 255:
        notes.append("The visible and the infrared picture are identical, so fusing them adds nothing.")
        return notes
    visible_size, visible_palette = _colour(visible)
    if infrared_colour is None:
        if visible_palette:
            notes.append(
                "The visible picture looks like a thermal one in pseudo-colour: if the two were mixed up, swap them."
            )
        return notes
    infrared_size, infrared_palette = _colour(infrared_colour)
    more_colourful = infrared_size > 1.5 * visible_size + _COLOURED
    if not infrared_palette and (more_colourful or visible_palette and infrared_size > _COLOURED):
        notes.append(
            "The infrared picture is a colour photograph and the visible one is not: if they were mixed up, swap them."
        )
    elif infrared_palette:
        notes.append(
            "The infrared picture is in pseudo-colour; its luma was used, in which hot may not be white: if you can, "
            "export it in grey with hot as white."
        )
    elif infrared_size > _COLOURED:
        notes.append("The infrared picture is in colour; its luma was used.")
    return notes


def _colour(image: np.ndarray) -> tuple[float, bool]:
    """Root mean square size of the colour differences (R - Y, B - Y), and whether they follow a colour map."""
    step = max(1, max(image.shape[:2]) // _SAMPLES_PER_SIDE)
    image = image[::step, ::step]
    luma = image_luma(image)
    colour = np.stack([image[..., 0] - luma, image[..., 2] - luma], axis=-1).reshape(-1, 2).astype(np.float64)
    size = float(np.sqrt((colour**2).sum(axis=1).mean()))
    bins = np.minimum((luma.ravel() * 64).astype(int), 63)
    count = np.maximum(np.bincount(bins, minlength=64), 1)
    mean = np.stack([np.bincount(bins, colour[:, i], 64) / count for i in (0, 1)], axis=-1)
    spread = float(np.sqrt(((colour - mean[bins]) ** 2).sum(axis=1).mean()))
    palette = size > _RAINBOW_SIZE or size > _PALETTE_SIZE and spread < _PALETTE_SPREAD * size
    return size, palette
