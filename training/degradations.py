"""Degradations that Text-IF undoes (section 3.1 of its paper), synthesised on clean pairs.

The paper restored degraded pictures by hand; here the clean picture is given and the degraded one is made. Strengths
are drawn over a range that begins where a person hardly sees the change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

_LEVELS = 255.0


@dataclass(frozen=True)
class Degradation:
    """One way in which a camera lets its user down.

    Attributes:
        name: As the evaluation reports it.
        source: Which picture it befalls, "visible" or "infrared".
        apply: Maps float32 (H, W, 3) or (H, W) in [0, 1] to the same, with numbers drawn from the generator.
    """

    name: str
    source: str
    apply: Callable[[np.ndarray, np.random.Generator], np.ndarray]

    def __call__(
        self, visible: np.ndarray, infrared: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """The pair with one of its pictures degraded and stored in 8 bits, as a camera would.

        Args:
            visible: float32 (H, W, 3), RGB in [0, 1].
            infrared: float32 (H, W) in [0, 1].
            rng: Draws the strength and the noise.
        """
        if self.source == "visible":
            return _stored(self.apply(visible, rng)), infrared
        return visible, _stored(self.apply(infrared, rng))


def _stored(picture: np.ndarray) -> np.ndarray:
    return (np.round(np.clip(picture, 0.0, 1.0) * _LEVELS) / _LEVELS).astype(np.float32)


def low_light(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Too little light: a gain below 1 and a gamma above it, with the read-out noise that comes with it."""
    dark = rng.uniform(0.3, 0.8) * picture ** rng.uniform(1.0, 1.9)
    return dark + rng.normal(0.0, rng.uniform(0.0, 1.5) / _LEVELS, picture.shape)


def over_exposure(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Too much light: a gain above 1 and a gamma below it; what is bright burns out."""
    return rng.uniform(1.2, 2.0) * picture ** rng.uniform(0.55, 1.0)


def low_contrast(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A narrow span of grey levels, somewhere between black and white."""
    span = rng.uniform(0.2, 0.6)
    return span * picture + rng.uniform(0.1, 0.9 - span)


def random_noise(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Gaussian noise, independent from pixel to pixel."""
    return picture + rng.normal(0.0, rng.uniform(5.0, 35.0) / _LEVELS, picture.shape)


def stripe_noise(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Offsets of whole columns, in one picture of four of whole rows, as uncalibrated detectors leave them."""
    offsets = rng.normal(0.0, rng.uniform(4.0, 25.0) / _LEVELS, max(picture.shape))
    if rng.random() < 0.25:
        return picture + offsets[: picture.shape[0], None]
    return picture + offsets[None, : picture.shape[1]]


DEGRADATIONS: dict[str, Degradation] = {
    degradation.name: degradation
    for degradation in (
        Degradation("low light", "visible", low_light),
        Degradation("over-exposure", "visible", over_exposure),
        Degradation("low contrast", "infrared", low_contrast),
        Degradation("random noise", "infrared", random_noise),
        Degradation("stripe noise", "infrared", stripe_noise),
    )
}
