"""From rendered radiance to the two 8-bit pictures: lens glare, tone curve and sensor of each camera."""

from __future__ import annotations

import numpy as np


def _spread(length: int, sigma: float) -> np.ndarray:
    """(length, length) matrix that blurs a column by a Gaussian, its ends repeated beyond the border."""
    reach = max(1, int(3 * sigma + 0.5))
    offsets = np.arange(-reach, reach + 1)
    kernel = np.exp(-0.5 * (offsets / sigma) ** 2)
    rows = np.arange(length)[:, None]
    matrix = np.zeros((length, length))
    np.add.at(matrix, (rows, np.clip(rows + offsets, 0, length - 1)), kernel / kernel.sum())
    return matrix


def blur(picture: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur of (H, W) or (H, W, C) with standard deviation `sigma` in pixels, borders repeated."""
    height, width = picture.shape[:2]
    blurred = np.tensordot(_spread(height, sigma), picture, 1)
    return np.moveaxis(np.tensordot(_spread(width, sigma), blurred, (1, 1)), 0, 1)


def develop(
    radiance: np.ndarray,
    exposure: float,
    noise: float,
    rng: np.random.Generator,
    veil: tuple[tuple[float, float], ...] = (),
) -> np.ndarray:
    """Picture of the visible camera.

    Args:
        radiance: (H, W, 3) linear RGB.
        exposure: Factor before the tone curve.
        noise: Standard deviation of the sensor noise in black, on the 0 … 1 output scale.
        rng: Source of the noise.
        veil: See Climate.

    Returns:
        uint8 (H, W, 3). The tone curve is Narkowicz's fit of the ACES reference ("ACES Filmic Tone Mapping
        Curve", 2015).
    """
    light = np.clip(radiance * exposure, 0.0, 80.0)
    height, width = light.shape[:2]
    unit = width / 640.0
    glare = sum(w * blur(light, s * unit) for s, w in ((2.0, 0.035), (7.0, 0.018), (24.0, 0.008), *veil))
    light = 0.94 * light + glare
    y, x = np.mgrid[:height, :width]
    radius = np.hypot(x / width - 0.5, (y / height - 0.5) * height / width)
    light = light * (1 - 0.55 * radius**2)[..., None] * 0.72
    curve = np.clip(light * (2.51 * light + 0.03) / (light * (2.43 * light + 0.59) + 0.14), 0.0, 1.0)
    signal = np.where(curve <= 0.0031308, 12.92 * curve, 1.055 * np.maximum(curve, 1e-8) ** (1 / 2.4) - 0.055)
    grain = rng.normal(0.0, 1.0, (height, width, 1)) + 0.5 * rng.normal(0.0, 1.0, (height, width, 3))
    signal = signal + noise * (0.45 + 0.55 * (1 - signal)) * grain
    return np.clip(np.rint(signal * 255), 0, 255).astype(np.uint8)


def sense(apparent: np.ndarray, rng: np.random.Generator, grain: float = 1.4, stripes: float = 1.3) -> np.ndarray:
    """Picture of the thermal camera.

    Args:
        apparent: (H, W) apparent temperature on the linear scale where 0 is -40 °C and 1 is +60 °C.
        rng: Source of the noise.
        grain: Standard deviation of the temporal noise in grey levels.
        stripes: The same of the fixed column noise, before neighbouring columns blur into each other.

    Returns:
        uint8 (H, W), white is hot: optical blur, gain set from the picture, temporal noise and column stripes.
    """
    height, width = apparent.shape
    unit = width / 640.0
    heat = 0.85 * blur(apparent, max(0.9 * unit, 0.3)) + 0.15 * blur(apparent, 5.0 * unit)
    low, middle, high = np.percentile(heat, (1.0, 50.0, 99.85))
    low, high = max(low, middle - 0.22), max(high, middle + 0.16)
    # A plateau at the cold end keeps the sky from taking the grey levels that people and walls need.
    knots = (low - 0.02, middle - 0.07, middle, middle + 0.05, high, high + 0.3)
    grey = np.interp(heat, knots, (6.0, 30.0, 78.0, 132.0, 236.0, 255.0))
    columns = blur(rng.normal(0.0, 1.0, (1, width)), 0.5) * stripes
    grey = grey + columns + rng.normal(0.0, grain, (height, width))
    return np.clip(np.rint(grey), 0, 255).astype(np.uint8)
