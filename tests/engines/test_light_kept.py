"""What is bright in one source stays bright in a plain fusion: no dark blots in fog, no islands of headlight."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

import engines
from app.examples_index import EXAMPLES
from app.pairs import read_pair
from engines.checkpoints import CHECKPOINT_DIR
from engines.color import image_luma
from engines.types import Instruction

LEARNT = {"ris-fusion": "ris_fusion", "terf": "terf", "tesg": "tesg"}
BLOCK = 16
# Of luma in [0, 1]; a grey value's noticeable share of what the brighter source has there.
MISSING = 0.12


def dark_share(fused: np.ndarray, visible: np.ndarray, infrared: np.ndarray) -> float:
    """Share of blocks whose mean is darker than that of the brighter source by more than MISSING; luma (H, W)."""
    size = (fused.shape[1] // BLOCK, fused.shape[0] // BLOCK)
    light, target = (cv2.resize(y, size, interpolation=cv2.INTER_AREA) for y in (fused, np.maximum(visible, infrared)))
    return float((target - light > MISSING).mean())


def test_the_measure_sees_a_dark_blot():
    bright = np.full((96, 96), 0.8, np.float32)
    blot = bright.copy()
    blot[:48, :48] = 0.4
    assert dark_share(blot, bright, 0.5 * bright) == 0.25 and dark_share(bright, bright, 0.5 * bright) == 0.0


@pytest.mark.parametrize("name", LEARNT)
def test_a_plain_fusion_keeps_the_light(name):
    if not (CHECKPOINT_DIR / f"{LEARNT[name]}_embedded.safetensors").is_file():
        pytest.skip(f"checkpoints/{LEARNT[name]}_embedded.safetensors is absent")
    engine = engines.build(name)
    for scene in ("fog_cyclist", "dusk_avenue"):
        pair = read_pair(EXAMPLES / f"{scene}_visible.jpg", EXAMPLES / f"{scene}_infrared.png")
        y = image_luma(engine.fuse(pair, Instruction()).image)
        assert dark_share(y, image_luma(pair.visible), pair.infrared) < 0.02, scene
