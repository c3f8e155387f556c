"""The masker that asks the RIS-FUSION engine."""

from __future__ import annotations

import numpy as np

import engines
from engines.regions.embedded import EmbeddedMasker
from engines.types import ImagePair, Region

PAIR = ImagePair(np.zeros((8, 9, 3), np.float32), np.zeros((8, 9), np.float32))


class FakeRisFusion:
    def locate(self, phrase: str, pair: ImagePair) -> Region:
        mask = np.zeros(pair.shape, np.float32)
        mask[2:4, 3:7] = 1.0
        return Region(phrase, mask, 0.8, (3, 2, 7, 4))


def test_the_phrase_goes_to_the_engine_built_with_the_given_checkpoint(monkeypatch):
    asked = []

    def build(name, checkpoint=None, device="auto", **options):
        asked.append((name, checkpoint, device))
        return FakeRisFusion()

    monkeypatch.setattr(engines, "build", build)
    masker = EmbeddedMasker(checkpoint="some-weights", device="cpu")
    assert asked == [], "nothing is loaded before the first phrase"
    region = masker.mask("the cone", PAIR, fused=np.zeros((8, 9, 3), np.float32))
    assert asked == [("ris-fusion", "some-weights", "cpu")]
    assert region.label == "the cone" and region.box == (3, 2, 7, 4)
    assert region.mask.sum() == 8.0
