"""Fused pictures show no checkerboard of their network's upsampling, and no colour that was not there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

import engines
from app.examples_index import EXAMPLES
from app.pairs import read_pair
from engines.checkpoints import CHECKPOINT_DIR
from engines.color import image_luma
from engines.types import ImagePair, Instruction

LEARNT = {
    "ris-fusion": "ris_fusion",
    "terf": "terf",
    "tesg": "tesg",
    "text-if": "text_if",
    "text2pixels": "text2pixels",
}
# Every factor by which a network of ours enlarges features divides it.
PERIOD = 8


def checkerboard(y: np.ndarray) -> float:
    """Range, in levels of 255, of what repeats every PERIOD pixels in luma (H, W) in [0, 1].

    A picture's own detail has no place in that grid, so it averages out; a network's upsampling and JPEG's blocks have.
    """
    height, width = (side // PERIOD * PERIOD for side in y.shape)
    detail = 255.0 * (y - cv2.GaussianBlur(y, (0, 0), 2.0))[:height, :width]
    mean = detail.reshape(height // PERIOD, PERIOD, width // PERIOD, PERIOD).mean(axis=(0, 2))
    return float(mean.max() - mean.min())


@pytest.fixture(scope="module")
def pair() -> ImagePair:
    return read_pair(EXAMPLES / "dusk_avenue_visible.jpg", EXAMPLES / "dusk_avenue_infrared.png")


def test_the_measure_sees_a_checkerboard_of_one_level(pair):
    y = image_luma(pair.visible)
    board = np.indices(y.shape).sum(axis=0) % 2
    assert checkerboard(np.clip(y, 0.1, 0.9) + board / 255.0) > checkerboard(np.clip(y, 0.1, 0.9)) + 0.5


@pytest.mark.parametrize("name", LEARNT)
def test_a_plain_fusion_has_neither(pair, name):
    if not (CHECKPOINT_DIR / f"{LEARNT[name]}_embedded.safetensors").is_file():
        pytest.skip(f"checkpoints/{LEARNT[name]}_embedded.safetensors is absent")
    image = engines.build(name).fuse(pair, Instruction()).image
    y = image_luma(pair.visible)
    of_sources = max(checkerboard(source) for source in (y, pair.infrared, np.maximum(y, pair.infrared)))
    assert checkerboard(image_luma(image)) < 1.15 * of_sources + 0.2

    # Where a channel is at an end of its range, chroma cannot be kept.
    free = ((image > 0.01) & (image < 0.99)).all(axis=-1)
    assert free.mean() > 0.8
    cast = 255.0 * ((image - image_luma(image)[..., None]) - (pair.visible - y[..., None]))[free]
    assert np.abs(cast.mean(axis=0)).max() < 0.3, "the picture as a whole"
    assert np.quantile(np.abs(cast), 0.99) < 2.0, "and almost everywhere"
