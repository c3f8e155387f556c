"""How long and how large the fine-tuning runs: the paper's numbers, and ones for two processor cores."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class InclinationSettings:
    """Inclination towards a source.

    Attributes:
        steps: Optimisation steps per repetition.
        learning_rate: Of Adam.
        pixels: The sources are reduced to at most this many pixels while optimising; None keeps them. The tuned
            network is always applied at full size.
    """

    steps: int
    learning_rate: float
    pixels: int | None


@dataclass(frozen=True)
class IlluminationSettings:
    """Retinex decomposition.

    Attributes:
        steps: Optimisation steps; further repetitions need none.
        learning_rate: Of Adam.
        pixels: As for inclination.
        channels: Of each unit.
        exact_reflectance: Reflectance as I / S instead of the unit's estimate, which loses detail until it has
            converged; keeps the noise too.
    """

    steps: int
    learning_rate: float
    pixels: int | None
    channels: int
    exact_reflectance: bool


@dataclass(frozen=True)
class DenoisingSettings:
    """Zero-shot noise removal.

    Attributes:
        steps: Optimisation steps per repetition.
        learning_rate: Of Adam.
        patch: Side of the random window one step sees, in pixels; None for the whole picture.
        channels: Of the unit.
    """

    steps: int
    learning_rate: float
    patch: int | None
    channels: int


@dataclass(frozen=True)
class Preset:
    """Settings of the three kinds of fine-tuning.

    Attributes:
        context: Pixels around a region's box that are tuned with it; None for the whole picture.
        inclination: Towards visible or infrared.
        illumination: Brighten and darken.
        denoising: Noise removal.
        seed: Of initial weights and windows; the same seed gives the same picture.
    """

    context: int | None
    inclination: InclinationSettings
    illumination: IlluminationSettings
    denoising: DenoisingSettings
    seed: int = 0


PAPER = Preset(
    context=None,
    inclination=InclinationSettings(steps=50, learning_rate=8e-5, pixels=None),
    illumination=IlluminationSettings(steps=500, learning_rate=5e-4, pixels=None, channels=32, exact_reflectance=False),
    denoising=DenoisingSettings(steps=100, learning_rate=1e-3, patch=None, channels=48),
)
FAST = Preset(
    context=32,
    inclination=InclinationSettings(steps=20, learning_rate=3e-4, pixels=16_000),
    illumination=IlluminationSettings(steps=40, learning_rate=5e-3, pixels=12_000, channels=16, exact_reflectance=True),
    denoising=DenoisingSettings(steps=240, learning_rate=2e-3, patch=64, channels=32),
)
PRESETS: dict[str, Preset] = {"paper": PAPER, "fast": FAST}
