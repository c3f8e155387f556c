"""Reads a visible and an infrared picture file into one aligned pair, and writes results.

The infrared grid follows the visible one. Whatever had to be changed is told in `ImagePair.notes`.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from app import flir
from app.decode import Raster, read_raster
from app.header import Header
from app.options import POLARITIES, Reading
from app.pair_checks import pair_notes
from app.registration import aligned
from app.scaling import ScaledPicture, scale_infrared, scale_visible
from app.temperature import celsius_span
from engines.errors import InputError
from engines.types import ImagePair

MIN_SIDE = 8
# Beyond this relative difference of the aspect ratios a resize bends the scene visibly: 2 % of 640 px is 13 px.
ASPECT_TOLERANCE = 0.02


def read_pair(
    visible: str | os.PathLike[str],
    infrared: str | os.PathLike[str],
    *,
    max_pixels: int = 40_000_000,
    reading: Reading = Reading(),  # noqa: B008 (immutable)
) -> ImagePair:
    """Read, check and align two pictures.

    PNG, JPEG, WebP, BMP and TIFF; grey or colour, with or without alpha, 8 to 64 bits, in either slot. A FLIR
    radiometric JPEG in both slots is a whole pair.

    Args:
        visible: The visible picture's file.
        infrared: The infrared picture's file; any size, resampled to the visible one's.
        max_pixels: Largest width x height of either file, checked before decoding.
        reading: The camera's polarity, and how the pictures are to be aligned.

    Returns:
        visible float32 (H, W, 3) RGB and infrared float32 (H, W), both in [0, 1], and the notes.

    Raises:
        InputError: A file cannot be used; one sentence that names the slot and the file's base name.
    """
    if reading.polarity not in POLARITIES:
        raise InputError(f"The polarity must be one of {', '.join(POLARITIES)}, but got {reading.polarity!r}.")
    rasters, radiometric, notes = _rasters(Path(visible), Path(infrared), max_pixels)
    visible_picture = _scaled(rasters[0], visible, "visible", scale_visible)
    infrared_picture = _scaled(rasters[1], infrared, "infrared", scale_infrared)
    height, width = visible_picture.pixels.shape[:2]
    thermal, resampled = _to_grid(infrared_picture.pixels, height, width)
    notes += [*visible_picture.notes, *infrared_picture.notes, *resampled]
    same = np.array_equal(rasters[0].pixels, rasters[1].pixels)
    celsius, told = celsius_span(rasters[1], infrared_picture.span, radiometric)
    notes += told
    if reading.polarity == "black-hot":
        thermal, celsius = 1.0 - thermal, None if celsius is None else celsius[::-1]
        notes.append("The infrared picture was inverted, because its camera shows warm things dark.")
    notes += pair_notes(visible_picture.pixels, thermal, infrared_picture.colour, same)
    return aligned(ImagePair(visible_picture.pixels, thermal, tuple(notes), celsius), reading.align)


def _rasters(visible: Path, infrared: Path, max_pixels: int) -> tuple[tuple[Raster, Raster], bool, list[str]]:
    """Both pictures as stored, whether the infrared one holds temperatures for certain, and notes."""
    if not flir.is_radiometric(infrared):
        return (_checked(visible, "visible", max_pixels), _checked(infrared, "infrared", max_pixels)), False, []
    subject = f'The infrared file "{infrared.name}"'
    whole = visible.resolve() == infrared.resolve()
    if not whole and not flir.available():
        rasters = (_checked(visible, "visible", max_pixels), _checked(infrared, "infrared", max_pixels))
        return rasters, False, [f"{subject} {flir.MISSING}"]
    try:
        inside = flir.read(infrared, max_pixels)
        if whole and inside.photograph is None:
            raise InputError("holds no photograph that can be read: add one as the visible picture.")
    except InputError as error:
        raise InputError(f"{subject} {error}") from error
    thermal = _raster(inside.celsius[..., None])
    photograph = _raster(inside.photograph) if whole else _checked(visible, "visible", max_pixels)
    told = "photograph and temperatures" if whole else "temperatures"
    return (photograph, thermal), True, [f"{subject} is a FLIR radiometric JPEG: its {told} were taken out of it."]


def _raster(pixels: np.ndarray) -> Raster:
    height, width, channels = pixels.shape
    return Raster(pixels, Header("JPEG", width, height, 8 * pixels.dtype.itemsize, channels))


def write_png(path: str | os.PathLike[str], image: np.ndarray) -> None:
    """Write an 8-bit PNG.

    Args:
        path: The file to write; its folder must exist.
        image: float (H, W, 3) RGB or (H, W) grey in [0, 1]; clipped, then rounded to the nearest of 256 steps.

    Raises:
        InputError: The array is no such picture, or the file cannot be written.
    """
    image = np.asarray(image)
    if not (image.ndim == 2 or image.ndim == 3 and image.shape[2] == 3):
        raise InputError(f"A picture to save must be (H, W) or (H, W, 3), but got {image.shape}.")
    if not np.isfinite(image).all():
        raise InputError("A picture to save must hold finite numbers, but some are NaN or infinite.")
    _save(path, np.rint(np.clip(image, 0.0, 1.0) * 255.0).astype(np.uint8))


def write_mask(path: str | os.PathLike[str], mask: np.ndarray) -> None:
    """Write a mask as an 8-bit grey PNG: 255 where the mask is at least 0.5, 0 elsewhere.

    Args:
        path: The file to write; its folder must exist.
        mask: (H, W), bool or float in [0, 1].

    Raises:
        InputError: The array is no mask, or the file cannot be written.
    """
    mask = np.asarray(mask)
    if mask.ndim != 2:
        raise InputError(f"A mask to save must be (H, W), but got {mask.shape}.")
    _save(path, np.where(mask >= 0.5, 255, 0).astype(np.uint8))


def _save(path: str | os.PathLike[str], pixels: np.ndarray) -> None:
    path = Path(path)
    encoded = io.BytesIO()
    Image.fromarray(pixels).save(encoded, format="PNG")
    try:
        path.write_bytes(encoded.getvalue())
    except OSError as error:
        reason = (error.strerror or "write error").lower()
        raise InputError(f'The file "{path.name}" cannot be written: {reason}.') from error


def _checked(path: str | os.PathLike[str], slot: str, max_pixels: int) -> Raster:
    raster = read_raster(path, slot, max_pixels)
    height, width = raster.pixels.shape[:2]
    if min(height, width) < MIN_SIDE:
        raise InputError(
            f'The {slot} file "{Path(path).name}" must be at least {MIN_SIDE} x {MIN_SIDE} pixels, but it is '
            f"{width} x {height}."
        )
    return raster


def _scaled(
    raster: Raster, path: str | os.PathLike[str], slot: str, scale: Callable[[Raster], ScaledPicture]
) -> ScaledPicture:
    try:
        return scale(raster)
    except InputError as error:
        raise InputError(f'The {slot} file "{Path(path).name}" {error}') from error


def _to_grid(infrared: np.ndarray, height: int, width: int) -> tuple[np.ndarray, list[str]]:
    """Resample to (height, width): area averaging along a shrinking axis, cubic (clipped) along a growing one."""
    rows, columns = infrared.shape
    if (rows, columns) == (height, width):
        return infrared, []
    notes = [
        f"The infrared picture was resampled from {columns} x {rows} to the visible picture's {width} x {height} "
        "pixels."
    ]
    difference = abs((columns / rows) / (width / height) - 1.0)
    if difference > ASPECT_TOLERANCE:
        notes.append(
            f"The two pictures differ in shape (width over height: visible {width / height:.2f}, infrared "
            f"{columns / rows:.2f}), so the pair may not be aligned."
        )
    smaller = (min(columns, width), min(rows, height))
    if smaller != (columns, rows):
        infrared = cv2.resize(infrared, smaller, interpolation=cv2.INTER_AREA)
    if smaller != (width, height):
        infrared = cv2.resize(infrared, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(infrared, 0.0, 1.0), notes
