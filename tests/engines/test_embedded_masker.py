"""The masker that asks the RIS-FUSION engine."""

from __future__ import annotations

import numpy as np

import engines
from engines.regions.embedded import EmbeddedMasker, outermost_piece
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


def test_of_several_pieces_the_outermost_is_taken_where_the_phrase_says_so():
    mask = np.zeros((40, 60), np.float32)
    for x0 in (5, 25, 45):
        mask[10:20, x0 : x0 + 8] = 0.9
    mask[30:32, 0:2] = 0.9  # a fleck
    box = (0, 10, 53, 32)

    def left_over(phrase: str) -> Region:
        return outermost_piece(Region(phrase, mask, 0.9, box))

    leftmost = left_over("the leftmost cone")
    assert leftmost.box == (5, 10, 13, 20) and leftmost.mask.sum() == mask[10:20, 5:13].sum()
    assert left_over("the rightmost cone").box == (45, 10, 53, 20)
    for phrase in ("the cones", "the cone on the left", "the nearest cone", "the two leftmost cones"):
        assert left_over(phrase).box == box and left_over(phrase).mask is mask
