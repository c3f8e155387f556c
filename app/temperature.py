"""Which temperatures an infrared picture's grey stands for, where its file carries them."""

from __future__ import annotations

import numpy as np

from app.decode import Raster

KELVIN = 273.15
# What outdoor and building thermography meets. In hundredths of a kelvin it starts above a 14-bit sensor's counts.
_CELSIUS = (-60.0, 150.0)
# A float picture of a smaller range is a display picture rather than a thermogram.
_LEAST_SPAN = 1.5


def celsius_span(
    raster: Raster, span: tuple[float, float] | None, certain: bool
) -> tuple[tuple[float, float] | None, list[str]]:
    """The temperatures of an infrared picture's black and white.

    A radiometric JPEG's are certain. A TIFF says nowhere what its numbers mean: floats that can be degrees Celsius or
    kelvin, and 16-bit integers that can be hundredths of a kelvin (FLIR's TLinear), are taken as such.

    Args:
        raster: The picture as stored.
        span: The stored values that became 0 and 1, None for 8 bits.
        certain: Whether the stored values are degrees Celsius for certain.

    Returns:
        Degrees Celsius at 0 and at 1, or None; and what to tell the person.
    """
    if span is None:
        return None, []
    if certain:
        return span, []
    if raster.header.kind != "TIFF" or raster.pixels.shape[2] != 1:
        return None, []
    low, high = span
    if raster.pixels.dtype == np.uint16:
        return _plausible(low / 100 - KELVIN, high / 100 - KELVIN, "hundredths of a kelvin")
    if raster.pixels.dtype.kind == "f" and high - low > _LEAST_SPAN:
        found = _plausible(low, high, "degrees Celsius")
        return found if found[0] else _plausible(low - KELVIN, high - KELVIN, "kelvin")
    return None, []


def _plausible(low: float, high: float, unit: str) -> tuple[tuple[float, float] | None, list[str]]:
    if not _CELSIUS[0] <= low < high <= _CELSIUS[1]:
        return None, []
    return (low, high), [f"The infrared values were taken as {unit}: black is {low:.1f} °C, white is {high:.1f} °C."]
