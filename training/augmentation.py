"""Augmentation that keeps the expression true: a mirrored picture swaps left and right in the words."""

from __future__ import annotations

import re
from dataclasses import dataclass

import cv2
import numpy as np

from engines.mirrored_sentence import mirrored_sentence

# Words whose truth depends on what else is in the frame: such references are never cropped.
_POSITION = re.compile(
    r"\b(left|right|\w+most|near|nearest|nearer|close|closest|closer|far|farther|farthest|middle|centre|center|front|"
    r"back|behind|background|foreground|between|next|beside|first|second|third|last|only|largest|biggest|smallest|"
    r"bottom|top|upper|lower|edge|side|corner|distance|distant|ahead)\b",
    re.IGNORECASE,
)


@dataclass
class Sample:
    """A pair, sentences about it, and what is true of them, all of one size.

    Attributes:
        visible: uint8 (H, W, 3).
        infrared: uint8 (H, W).
        labels: uint8 (H, W), class indices.
        masks: For each sentence uint8 (H, W), 1 inside.
        sentences: The expressions.
    """

    visible: np.ndarray
    infrared: np.ndarray
    labels: np.ndarray
    masks: list[np.ndarray]
    sentences: list[str]


def depends_on_frame(sentence: str) -> bool:
    """Whether cropping the picture could make the sentence false."""
    return bool(_POSITION.search(sentence))


def mirror(sample: Sample) -> Sample:
    """The sample seen in a mirror; unchanged where one of its sentences forbids it."""
    sentences = [mirrored_sentence(sentence) for sentence in sample.sentences]
    if None in sentences:
        return sample
    across = (slice(None), slice(None, None, -1))
    return Sample(
        sample.visible[across],
        sample.infrared[across],
        sample.labels[across],
        [mask[across] for mask in sample.masks],
        sentences,
    )


def crop(sample: Sample, rng: np.random.Generator, smallest: float) -> Sample:
    """A random window of at least `smallest` of each side."""
    h, w = sample.labels.shape
    scale = rng.uniform(smallest, 1.0)
    ch, cw = int(h * scale * rng.uniform(0.9, 1.0)), int(w * scale * rng.uniform(0.9, 1.0))
    y, x = rng.integers(0, h - ch + 1), rng.integers(0, w - cw + 1)
    return _cut_out(sample, (slice(y, y + ch), slice(x, x + cw)))


def window(sample: Sample, shares: tuple[float, float], around: np.ndarray, rng: np.random.Generator) -> Sample:
    """A random window of about the given shares of height and width.

    Args:
        sample: Of any size (H, W).
        shares: In (0, 1].
        around: uint8 (H, W); a pixel that is set there is in the window, where one is.
        rng: Draws the place, and a scale between four fifths and five quarters.
    """
    scale = np.exp(rng.uniform(-0.22, 0.22))
    places = np.argwhere(around)
    place = places[rng.integers(len(places))] if len(places) else None
    spans = []
    for axis, (whole, share) in enumerate(zip(sample.labels.shape, shares, strict=True)):
        length = min(whole, max(1, round(whole * share * scale)))
        low, high = 0, whole - length
        if place is not None:
            low, high = max(low, int(place[axis]) - length + 1), min(high, int(place[axis]))
        start = int(rng.integers(low, high + 1))
        spans.append(slice(start, start + length))
    return _cut_out(sample, tuple(spans))


def _cut_out(sample: Sample, spans: tuple[slice, slice]) -> Sample:
    return Sample(
        sample.visible[spans],
        sample.infrared[spans],
        sample.labels[spans],
        [mask[spans] for mask in sample.masks],
        sample.sentences,
    )


def resize(sample: Sample, size: tuple[int, int]) -> Sample:
    """The sample at (height, width); masks by majority of area."""
    h, w = size
    if sample.labels.shape == (h, w):
        return sample
    shrink = cv2.INTER_AREA if sample.labels.shape[0] >= h else cv2.INTER_LINEAR

    def scaled(picture: np.ndarray, interpolation: int = shrink) -> np.ndarray:
        return cv2.resize(np.ascontiguousarray(picture), (w, h), interpolation=interpolation)

    return Sample(
        scaled(sample.visible),
        scaled(sample.infrared),
        scaled(sample.labels, cv2.INTER_NEAREST),
        [(scaled(mask.astype(np.float32)) >= 0.5).astype(np.uint8) for mask in sample.masks],
        sample.sentences,
    )


def glare(visible: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Light of a lamp or of the sun, scattered in the lens: it is added, falls off with the distance, and saturates.

    Args:
        visible: float32 (H, W, 3) in [0, 1].
        rng: Draws place, size, strength and tint.

    Returns:
        float32 (H, W, 3) in [0, 1], nowhere darker.
    """
    h, w = visible.shape[:2]
    # Lamps are seldom on the ground.
    y, x = rng.uniform(0.0, 0.7) * h, rng.uniform(0.0, 1.0) * w
    radius = rng.uniform(0.03, 0.15) * np.hypot(h, w)
    rows, columns = np.ogrid[:h, :w]
    distance = ((rows - y) ** 2 + (columns - x) ** 2) / radius**2
    bloom = rng.uniform(0.4, 1.2) / (1.0 + distance)
    tint = 1.0 - rng.uniform(0.0, 0.25) * np.array([0.0, 0.4, 1.0])
    return np.clip(visible + bloom[..., None] * tint, 0.0, 1.0).astype(np.float32)


def fog(visible: np.ndarray, infrared: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Koschmieder's law: what is far gives way to airlight; long-wave infrared goes through most of it.

    Distance is taken to grow from the bottom of the picture to a horizon, and to stay the same above it.

    Args:
        visible: float32 (H, W, 3) in [0, 1].
        infrared: float32 (H, W) in [0, 1].
        rng: Draws horizon, density and airlight.

    Returns:
        Both as float32 in [0, 1].
    """
    rows = np.linspace(0.0, 1.0, visible.shape[0], dtype=np.float32)[:, None]
    horizon = rng.uniform(0.2, 0.5)
    distance = np.clip((1.0 - rows) / (1.0 - horizon), 0.1, 1.0)
    density = rng.uniform(0.5, 2.5)
    seen, felt = np.exp(-density * distance), np.exp(-0.15 * density * distance)
    airlight = rng.uniform(0.55, 0.9) * np.array([0.97, 0.99, 1.0])
    v = visible * seen[..., None] + airlight * (1.0 - seen[..., None])
    # The air is as warm as the scene is on average.
    i = infrared * felt + infrared.mean() * (1.0 - felt)
    return v.astype(np.float32), i.astype(np.float32)


def photometric(visible: np.ndarray, infrared: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Another exposure, white balance, weather, thermal gain and sensor noise; sometimes dark, glaring or foggy.

    Args:
        visible: uint8 (H, W, 3).
        infrared: uint8 (H, W).

    Returns:
        The same as float32 in [0, 1].
    """
    v = visible.astype(np.float32) / 255
    i = infrared.astype(np.float32) / 255
    if rng.random() < 0.8:
        gamma = np.exp(rng.normal(0, 0.25)) if rng.random() < 0.85 else rng.uniform(1.5, 2.5)
        gain = np.exp(rng.normal(0, 0.15)) * np.exp(rng.normal(0, 0.04, 3)).astype(np.float32)
        v = np.clip(v**gamma * gain, 0, 1)
    if rng.random() < 0.3:
        grey = v.mean(axis=2, keepdims=True)
        v = np.clip(grey + (v - grey) * rng.uniform(0.3, 1.4), 0, 1)
    if rng.random() < 0.3:
        v, i = fog(v, i, rng)
    if rng.random() < 0.08:
        v = glare(v, rng)
    if rng.random() < 0.6:
        i = np.clip((i - 0.5) * np.exp(rng.normal(0, 0.15)) + 0.5 + rng.normal(0, 0.06), 0, 1)
    if rng.random() < 0.2:
        v = np.clip(v + rng.normal(0, rng.uniform(0.01, 0.06), v.shape), 0, 1)
        i = np.clip(i + rng.normal(0, rng.uniform(0.01, 0.04), i.shape), 0, 1)
    return v.astype(np.float32), i.astype(np.float32)
