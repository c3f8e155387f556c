"""Regions that a person has painted are used as they are; engines look for the others only."""

from __future__ import annotations

import numpy as np
import pytest

import engines
from engines.masks import mask_box
from engines.regions.options import RegionOptions
from engines.terf.engine import TerfEngine
from engines.types import Edit, ImagePair, Instruction, Region


@pytest.fixture(scope="module")
def scene() -> ImagePair:
    rng = np.random.default_rng(11)
    return ImagePair(rng.random((64, 80, 3), dtype=np.float32), rng.random((64, 80), dtype=np.float32))


@pytest.fixture(scope="module")
def painted() -> Region:
    mask = np.zeros((64, 80), np.float32)
    mask[16:40, 20:60] = 1.0
    return Region("wall", mask, 1.0, mask_box(mask))


class Refusing:
    """A masker that finds nothing and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def mask(self, phrase: str, pair: ImagePair, fused: np.ndarray | None = None) -> Region:
        self.asked.append(phrase)
        return Region(phrase, np.zeros(pair.shape, np.float32), 0.0, None, notes=("A note of the masker.",))


def test_terf_composes_with_the_painted_mask(scene, painted):
    masker = Refusing()
    edits = (Edit("wall", "brighten"), Edit("door", "brighten"))
    result = TerfEngine(device="cpu", masker=masker).fuse(scene, Instruction("", edits, regions=(painted,)))
    assert masker.asked == ["door"]
    assert result.regions[0] is painted and result.regions[1].box is None
    assert "A note of the masker." in result.notes
    changed = np.abs(result.image - TerfEngine(device="cpu", masker=masker).fuse(scene, Instruction()).image) > 0
    assert changed.any() and not changed.any(axis=2)[painted.mask < 0.5].any()


def test_terf_takes_the_masker_of_its_options():
    assert (
        TerfEngine(device="cpu", regions=RegionOptions("grounded-sam", source="both")).masker.options.source == "both"
    )


def test_ris_fusion_segments_the_others_only(scene, painted):
    instruction = Instruction("", (Edit("wall", "highlight"), Edit("road", "highlight")), regions=(painted,))
    wall, road = engines.build("ris-fusion", device="cpu").fuse(scene, instruction).regions
    assert wall is painted and road.label == "road" and road is not painted
