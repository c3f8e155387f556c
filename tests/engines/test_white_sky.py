"""A white sky stays white, whatever hangs in front of it in the infrared picture: no dark islands around wires."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

import engines
from engines.color import image_luma
from engines.registry import ENGINES
from engines.types import ImagePair, Instruction

_SKY = slice(0, 152)


def _wires_before_a_white_sky() -> ImagePair:
    rng = np.random.default_rng(0)

    def ground(*channels: int) -> np.ndarray:
        return rng.uniform(0.3, 0.7, (10, 40, *channels)).repeat(8, 0).repeat(8, 1).astype(np.float32)

    visible = np.full((240, 320, 3), 0.97, np.float32)
    infrared = 0.25 + rng.normal(0.0, 0.01, (240, 320)).astype(np.float32)
    visible[160:], infrared[160:] = ground(3), ground()
    for wire in range(7):
        cv2.line(infrared, (0, 20 + 18 * wire), (320, 60 + 10 * wire), 0.6, 1, cv2.LINE_AA)
    return ImagePair(visible, infrared.clip(0.0, 1.0))


@pytest.mark.parametrize("name", [name for name, spec in ENGINES.items() if spec.learned])
def test_no_part_of_a_white_sky_gets_dark(name: str):
    fused = image_luma(engines.build(name, device="cpu").fuse(_wires_before_a_white_sky(), Instruction()).image)
    blocks = cv2.resize(fused[_SKY], (40, 19), interpolation=cv2.INTER_AREA)
    assert blocks.mean() > 0.92
    assert blocks.min() > 0.75
