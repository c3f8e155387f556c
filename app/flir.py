"""FLIR radiometric JPEG: photograph and temperatures in one file, taken out with exiftool where it is installed.

Raw counts become temperatures by FLIR's calibration (the exiftool forum's topic 4898 and R's Thermimage describe it):
T = B / ln(R1 / (R2·(S + O)) + F) in kelvin, where S is the count less what the surroundings reflect.
"""

from __future__ import annotations

import io
import json
import math
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from engines.errors import InputError

KELVIN = 273.15
_PROGRAM = "exiftool"
_SECONDS = 60
_MARK = b"FLIR\x00"
_PLANCK = ("PlanckR1", "PlanckR2", "PlanckB", "PlanckF", "PlanckO")
_PLACE = ("Real2IR", "OffsetX", "OffsetY")
MISSING = (
    "is a FLIR radiometric JPEG, whose temperatures can only be read with exiftool: install exiftool, or export the "
    "photograph and the thermal picture as two files."
)


@dataclass(frozen=True)
class Radiometric:
    """What a radiometric JPEG holds.

    Attributes:
        celsius: float32 (h, w), degrees Celsius.
        photograph: uint8 (H, W, 3), cut to what the thermal camera sees where the file says so; None without one.
    """

    celsius: np.ndarray
    photograph: np.ndarray | None


def is_radiometric(path: Path) -> bool:
    """Whether a file is a JPEG with FLIR's own segment; no pixel is decoded."""
    try:
        with path.open("rb") as file:
            if file.read(2) != b"\xff\xd8":
                return False
            while len(head := file.read(4)) == 4 and head[0] == 0xFF and head[1] != 0xDA:
                length = int.from_bytes(head[2:], "big") - 2
                if head[1] == 0xE1 and file.read(min(len(_MARK), length)) == _MARK:
                    return True
                if head[1] == 0xE1:
                    length -= min(len(_MARK), length)
                file.seek(length, 1)
    except (OSError, ValueError):
        return False
    return False


def available() -> bool:
    """Whether exiftool is installed."""
    return shutil.which(_PROGRAM) is not None


def celsius(counts: np.ndarray, tags: dict[str, Any]) -> np.ndarray:
    """Raw counts to temperatures; distance and air are taken as none, as cameras do for near things.

    Args:
        counts: (H, W) raw 16-bit counts.
        tags: PlanckR1, R2, B, F and O; Emissivity (1 where missing) and ReflectedApparentTemperature in °C (20).

    Returns:
        float32 (H, W), degrees Celsius.

    Raises:
        InputError: Constants are missing or make no sense; the message follows the file's name.
    """
    try:
        r1, r2, b, f, o = (float(tags[name]) for name in _PLANCK)
        emissivity = float(tags.get("Emissivity", 1.0))
        reflected = float(tags.get("ReflectedApparentTemperature", 20.0)) + KELVIN
        surroundings = r1 / (r2 * (math.exp(b / reflected) - f)) - o
        signal = (counts.astype(np.float64) - (1.0 - emissivity) * surroundings) / emissivity
        with np.errstate(divide="ignore", invalid="ignore"):
            kelvin = b / np.log(r1 / (r2 * (signal + o)) + f)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError) as error:
        raise InputError("lacks the constants that turn its thermal picture into temperatures.") from error
    if not np.isfinite(kelvin).any():
        raise InputError("holds constants that turn its thermal picture into no temperature.")
    return (kelvin - KELVIN).astype(np.float32)


def read(path: Path, max_pixels: int) -> Radiometric:
    """Take photograph and temperatures out of a radiometric JPEG.

    Raises:
        InputError: exiftool is not installed or cannot read the file; the message follows the file's name.
    """
    if not available():
        raise InputError(MISSING)
    names = (*_PLANCK, "Emissivity", "ReflectedApparentTemperature", "RawThermalImageType", *_PLACE)
    try:
        tags = json.loads(_run(path, "-j", "-n", *(f"-{name}" for name in names)))[0]
    except (ValueError, IndexError, TypeError) as error:
        raise InputError("is a FLIR radiometric JPEG that exiftool cannot read.") from error
    counts = _picture(_run(path, "-b", "-RawThermalImage"), max_pixels)
    if counts is None or counts.ndim != 2:
        raise InputError("is a FLIR JPEG without a raw thermal picture.")
    if tags.get("RawThermalImageType") == "PNG":
        # The camera writes the low byte first, which PNG does not know.
        counts = counts.astype(np.uint16).byteswap()
    photograph = _picture(_run(path, "-b", "-EmbeddedImage"), max_pixels)
    if photograph is not None and photograph.ndim == 3:
        return Radiometric(celsius(counts, tags), _seen_by_both(photograph[..., :3], tags))
    return Radiometric(celsius(counts, tags), None)


def _run(path: Path, *words: str) -> bytes:
    try:
        # An absolute path cannot be taken for an option, and nobody's own configuration is run.
        command = [_PROGRAM, "-config", "", *words, str(path.resolve())]
        return subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise InputError("is a FLIR radiometric JPEG that exiftool cannot read.") from error


def _picture(data: bytes, max_pixels: int) -> np.ndarray | None:
    """Pixels of an embedded TIFF, PNG or JPEG; None where there is none that can be read."""
    try:
        with Image.open(io.BytesIO(data), formats=("TIFF", "PNG", "JPEG")) as picture:
            if picture.width * picture.height > max_pixels:
                raise InputError(f"holds a picture of more than {max_pixels:,} pixels.")
            return np.asarray(picture)
    except (OSError, ValueError, SyntaxError):
        return None


def _seen_by_both(photograph: np.ndarray, tags: dict[str, Any]) -> np.ndarray:
    """The middle of a photograph that the thermal camera sees: its side divided by Real2IR, off by OffsetX, OffsetY."""
    try:
        ratio, right, down = (float(tags[name]) for name in _PLACE)
    except (KeyError, TypeError, ValueError):
        return photograph
    height, width = photograph.shape[:2]
    if not 1.0 < ratio < 10.0:
        return photograph
    columns, rows = round(width / ratio), round(height / ratio)
    left = min(max(round((width - columns) / 2 + right), 0), width - columns)
    top = min(max(round((height - rows) / 2 + down), 0), height - rows)
    return np.ascontiguousarray(photograph[top : top + rows, left : left + columns])
