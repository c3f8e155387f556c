"""Stored samples to float32 in [0, 1]: bit depths, thermal counts, floats, alpha."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.decode import Raster
from engines.color import image_luma
from engines.errors import InputError

# Half a percent at either end absorbs dead and hot pixels (a few per thousand on uncooled sensors) but keeps a person
# at a distance, who is the hottest thing in view, at the white end.
PERCENTILES = (0.5, 99.5)
_SENSOR_BITS = (8, 10, 12, 14)


@dataclass(frozen=True)
class ScaledPicture:
    """A picture in [0, 1] and what was done to it.

    Attributes:
        pixels: float32, (H, W, 3) RGB for visible, (H, W) for infrared.
        notes: One sentence for each change.
        colour: For infrared, the float32 (H, W, 3) RGB it came as, or None when it was grey.
        span: For infrared, the stored values that became 0 and 1; None for 8 bits.
    """

    pixels: np.ndarray
    notes: tuple[str, ...]
    colour: np.ndarray | None = None
    span: tuple[float, float] | None = None


def scale_visible(raster: Raster) -> ScaledPicture:
    """A decoded picture as visible RGB.

    8 bits are divided by 255. Integers of 16 bits are divided by 65535, unless they are clearly a sensor's 8, 10, 12 or
    14 bits kept in 16: every value fits that depth and the low bits are used (a picture widened from fewer bits by
    shifting or by times 257 is full-range, however dark). Floats are taken as they are when in [0, 1], divided by 255
    when in [0, 255]. Anything else is stretched between its percentiles.

    Raises:
        InputError: No value is finite; the message follows the file's name.
    """
    colour, alpha, notes = _finite(raster, "visible")
    scaled, said = _visible_range(colour, alpha)
    if said:
        notes.append(said)
    if scaled.shape[2] == 1:
        scaled = np.repeat(scaled, 3, axis=2)
    return ScaledPicture(_on_black(scaled, alpha, "visible", notes), tuple(notes))


def scale_infrared(raster: Raster) -> ScaledPicture:
    """A decoded picture as infrared grey; colour becomes luma.

    8 bits are divided by 255. Everything deeper holds counts or temperatures whose range says nothing about white, so
    it is stretched between its percentiles PERCENTILES.

    Raises:
        InputError: No value is finite; the message follows the file's name.
    """
    pixels, alpha, notes = _finite(raster, "infrared")
    grey = pixels.shape[2] == 1 or bool((pixels == pixels[..., :1]).all())
    colour = span = None
    if pixels.dtype == np.uint8:
        scaled = pixels.astype(np.float32) / np.float32(255)
        if not grey:
            colour = scaled
        scaled = scaled[..., 0] if grey else image_luma(scaled)
    else:
        counts = pixels[..., 0] if grey else image_luma(pixels.astype(np.float32))
        scaled, low, high = _stretch(counts, alpha)
        span = (low, high)
        notes.append(_stretch_note("infrared", pixels.dtype, low, high))
        if not grey:
            colour = np.clip((pixels.astype(np.float32) - low) / max(high - low, 1e-12), 0.0, 1.0).astype(np.float32)
    return ScaledPicture(_on_black(scaled, alpha, "infrared", notes), tuple(notes), colour, span)


def _finite(raster: Raster, slot: str) -> tuple[np.ndarray, np.ndarray | None, list[str]]:
    """Colour (H, W, 1 or 3), alpha (H, W) in [0, 1] or None, and notes; values that are not finite are filled."""
    notes = []
    if raster.header.pages > 1:
        notes.append(f"The {slot} file holds several pages or frames; the first was used.")
    pixels = raster.pixels
    alpha = None
    if pixels.shape[2] in (2, 4):
        top = 1.0 if pixels.dtype.kind == "f" else np.iinfo(pixels.dtype).max
        alpha = np.clip(np.nan_to_num(pixels[..., -1].astype(np.float32) / np.float32(top)), 0.0, 1.0)
        pixels = pixels[..., :-1]
    if pixels.dtype.kind == "f":
        finite = np.isfinite(pixels)
        if not finite.any():
            raise InputError("must hold finite numbers, but every value is NaN or infinite.")
        missing = int(pixels.size - finite.sum())
        if missing:
            lowest = pixels[finite].min()
            pixels = np.where(finite, pixels, lowest)
            notes.append(
                f"The {slot} picture holds {missing} values that are NaN or infinite; they were set to its smallest "
                f"finite value, {lowest:g}."
            )
    return pixels, alpha, notes


def _visible_range(pixels: np.ndarray, alpha: np.ndarray | None) -> tuple[np.ndarray, str]:
    low, high = float(pixels.min()), float(pixels.max())
    if pixels.dtype == np.uint8:
        return pixels.astype(np.float32) / np.float32(255), ""
    if pixels.dtype.kind == "f":
        if low >= 0.0 and high <= 1.0:
            return pixels.astype(np.float32), ""
        if low >= 0.0 and high <= 255.0:
            return (pixels / 255.0).astype(np.float32), "The visible picture's float values were divided by 255."
    elif pixels.dtype.itemsize > 1 and low >= 0.0 and high <= 65535.0:
        bits = _depth(pixels, int(high))
        top = 2**bits - 1
        said = (
            "" if bits == 16 else f"The visible picture holds {bits}-bit values in 16 bits; {top} was taken as white."
        )
        return (pixels / np.float32(top)).astype(np.float32), said
    scaled, low, high = _stretch(pixels, alpha)
    return scaled, _stretch_note("visible", pixels.dtype, low, high)


def _depth(pixels: np.ndarray, highest: int) -> int:
    if highest == 0:
        return 16
    widened = not (pixels & 3).any() or not (pixels % 257).any()
    if widened:
        return 16
    return next((bits for bits in _SENSOR_BITS if highest < 2**bits), 16)


def _stretch(values: np.ndarray, alpha: np.ndarray | None) -> tuple[np.ndarray, float, float]:
    """Percentiles of the opaque part to 0 and 1; its extremes where the percentiles coincide; flat becomes 0."""
    values = values.astype(np.float64)
    seen = values if alpha is None or not (alpha > 0).any() else values[alpha > 0]
    low, high = (float(value) for value in np.percentile(seen, PERCENTILES))
    if high <= low:
        low, high = float(seen.min()), float(seen.max())
    if high <= low:
        return np.zeros(values.shape, np.float32), low, high
    return np.clip((values - low) / (high - low), 0.0, 1.0).astype(np.float32), low, high


def _stretch_note(slot: str, dtype: np.dtype, low: float, high: float) -> str:
    kind = f"{dtype.itemsize * 8}-bit {'float' if dtype.kind == 'f' else 'integer'}"
    return (
        f"The {slot} picture's {kind} values from {low:.6g} (percentile {PERCENTILES[0]:g}) to {high:.6g} "
        f"(percentile {PERCENTILES[1]:g}) were scaled to black and white."
    )


def _on_black(scaled: np.ndarray, alpha: np.ndarray | None, slot: str, notes: list[str]) -> np.ndarray:
    if alpha is None or bool((alpha >= 1.0).all()):
        return scaled
    notes.append(f"The {slot} picture has transparent parts; they were laid on black.")
    return scaled * (alpha if scaled.ndim == 2 else alpha[..., None])
