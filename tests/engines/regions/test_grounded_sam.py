from __future__ import annotations

import numpy as np
import pytest

from engines import checkpoints
from engines.errors import CheckpointError, InputError
from engines.regions import backends
from engines.regions.backends import build_masker
from engines.regions.embedded import EmbeddedMasker
from engines.regions.grounded_sam import GroundedSamMasker
from engines.regions.options import RegionOptions
from engines.types import Region

LEFT, RIGHT, LARGE = (2, 4, 12, 20), (50, 4, 60, 20), (20, 10, 44, 40)
FRAME = (0, 0, 64, 47)
# By the rounded level of the picture: 0.2 visible, 0.8 infrared, 0.5 fused.
SEEN = {
    0.2: [(LARGE, 0.9), (LEFT, 0.6), (RIGHT, 0.5)],
    0.8: [((3, 4, 13, 20), 0.7), ((30, 42, 36, 47), 0.65)],
    0.5: [(RIGHT, 0.4)],
}


@pytest.fixture
def masker(listed_detector, box_segmenter):
    """A masker whose detector sees SEEN, with options to be given."""

    def build(seen: dict = SEEN, **options: object) -> GroundedSamMasker:
        return GroundedSamMasker(RegionOptions(**options), "cpu", listed_detector(seen), box_segmenter)

    return build


def boxes_of(region: Region) -> list[tuple[int, int, int, int]]:
    return [part.box for part in region.parts]


class TestRealNetworks:
    def test_from_a_phrase_to_masks(self, tiny_detector, tiny_segmenter, pair):
        options = RegionOptions(box_threshold=1e-6, text_threshold=1e-6)
        masker = GroundedSamMasker(options, "cpu", tiny_detector, tiny_segmenter)
        region = masker.mask("the color cones", pair)
        assert region.label == "the color cones" and region.mask.shape == (48, 64)
        assert region.mask.dtype == np.float32 and region.mask.min() >= 0.0 and region.mask.max() <= 1.0
        assert len(region.parts) > 1
        assert np.array_equal(region.mask, np.maximum.reduce([part.mask for part in region.parts]))
        assert region.score == max(part.score for part in region.parts)
        assert len(masker.mask("the leftmost cone", pair).parts) <= 1
        assert np.array_equal(masker.mask("the color cones", pair).mask, region.mask)


class TestPhrases:
    def test_several_boxes_of_one_phrase_give_one_region(self, masker, flat_pair):
        region = masker(source="visible").mask("the cars", flat_pair)
        assert boxes_of(region) == [LARGE, LEFT, RIGHT] and region.box == (2, 4, 60, 40)
        assert [part.score for part in region.parts] == pytest.approx([0.9, 0.6, 0.5])
        assert region.score == pytest.approx(0.9) and region.label == "the cars"
        assert region.mask.sum() == sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in (LARGE, LEFT, RIGHT))

    def test_the_detector_is_not_shown_the_words_we_obey(self, masker, flat_pair):
        built = masker(source="visible")
        assert boxes_of(built.mask("the leftmost car", flat_pair)) == [LEFT]
        assert boxes_of(built.mask("the second car from the right", flat_pair)) == [LARGE]
        assert boxes_of(built.mask("two cars", flat_pair)) == [LARGE, LEFT]
        assert built._detector.asked == ["car", "car", "cars"]

    def test_nothing_found(self, masker, flat_pair):
        region = masker(seen={}).mask("the cones", flat_pair)
        assert region == Region("the cones", region.mask, 0.0, None)
        assert region.mask.shape == (48, 64) and not region.mask.any()

    def test_fewer_than_asked_for(self, masker, flat_pair):
        region = masker(source="visible").mask("five cars", flat_pair)
        assert len(region.parts) == 3 and region.notes == ("“five cars”: only 3 of 5 were found.",)

    def test_a_side_of_something_else_is_said(self, masker, flat_pair):
        region = masker(source="visible").mask("the car on the left side of the road", flat_pair)
        assert boxes_of(region) == [LEFT]
        assert "the left of the road was taken for that of the picture" in region.notes[0]


class TestSources:
    def test_the_fused_picture_by_default(self, masker, flat_pair):
        fused = np.full((48, 64, 3), 0.5, np.float32)
        assert boxes_of(masker().mask("the cars", flat_pair, fused)) == [RIGHT]
        assert len(masker().mask("the cars", flat_pair).parts) == 3

    def test_infrared(self, masker, flat_pair, box_segmenter):
        assert boxes_of(masker(source="infrared").mask("the cars", flat_pair)) == [(3, 4, 13, 20), (30, 42, 36, 47)]
        assert set(box_segmenter.shown) == {0.8}

    def test_both_give_each_thing_once_from_the_surer_picture(self, masker, flat_pair, box_segmenter):
        region = masker(source="both").mask("the cars", flat_pair)
        assert boxes_of(region) == [LARGE, (3, 4, 13, 20), (30, 42, 36, 47), RIGHT]
        assert sorted(box_segmenter.shown) == [0.2, 0.2, 0.8, 0.8]


class TestDoubts:
    def test_a_box_around_everything_is_left_out_beside_others(self, masker, flat_pair):
        region = masker({0.2: [(FRAME, 0.8), (LEFT, 0.6)]}).mask("the cars", flat_pair)
        assert boxes_of(region) == [LEFT]
        assert region.notes == ("“the cars”: a box over more than 90% of the picture was left out.",)

    def test_alone_it_is_kept_and_reported(self, masker, flat_pair):
        region = masker({0.2: [(FRAME, 0.8)]}).mask("the road", flat_pair)
        assert boxes_of(region) == [FRAME] and "more than 90% of the picture" in region.notes[0]

    def test_scores_just_over_the_threshold_are_reported(self, masker, flat_pair):
        region = masker({0.2: [(LEFT, 0.6), (RIGHT, 0.32)]}).mask("the cars", flat_pair)
        assert region.notes == ("“the cars”: 1 of 2 found is uncertain (score under 0.35); check the mask.",)

    def test_the_threshold_is_an_option(self, masker, flat_pair):
        region = masker(source="visible", box_threshold=0.55).mask("the cars", flat_pair)
        assert len(region.parts) == 2


class TestChoosing:
    @pytest.fixture
    def nothing_here(self, tmp_path, monkeypatch):
        monkeypatch.setattr(checkpoints, "CHECKPOINT_DIR", tmp_path)
        build_masker.cache_clear()
        yield tmp_path
        build_masker.cache_clear()

    def test_a_missing_checkpoint_is_told_with_the_command(self, nothing_here, flat_pair):
        built = build_masker(RegionOptions("grounded-sam"))
        with pytest.raises(CheckpointError, match="694.0 MB.*checkpoints --download groundingdino-swint-ogc"):
            built.mask("the cars", flat_pair)
        (nothing_here / "groundingdino_swint_ogc.pth").write_bytes(b"damaged")
        with pytest.raises(CheckpointError, match="damaged .7 bytes.*--download groundingdino-swint-ogc"):
            built.mask("the cars", flat_pair)

    def test_auto_falls_back_on_the_embedded_head_and_says_so(self, nothing_here, flat_pair, monkeypatch):
        found = Region("the cars", np.zeros((48, 64), np.float32), 0.0, None)
        monkeypatch.setattr(EmbeddedMasker, "mask", lambda *_: found)
        region = build_masker(RegionOptions()).mask("the cars", flat_pair)
        assert "embedded head" in region.notes[0] and "groundingdino-swint-ogc and sam-vit-b are" in region.notes[0]
        assert build_masker(RegionOptions("embedded")).mask("the cars", flat_pair).notes == ()

    def test_auto_takes_grounded_sam_as_soon_as_its_checkpoints_are_here(self, nothing_here, flat_pair, monkeypatch):
        found = Region("the cars", np.ones((48, 64), np.float32), 0.9, (0, 0, 64, 48))
        monkeypatch.setattr(GroundedSamMasker, "mask", lambda *_: found)
        monkeypatch.setattr(EmbeddedMasker, "mask", lambda *_: pytest.fail("the embedded head was asked"))
        built = build_masker(RegionOptions(sam="vit-h"))
        for name in ("groundingdino_swint_ogc.pth", "sam_vit_h_4b8939.pth"):
            (nothing_here / name).touch()
        assert built.mask("the cars", flat_pair) is found

    def test_the_same_options_share_their_networks(self):
        assert build_masker(RegionOptions()) is build_masker(RegionOptions())
        assert build_masker(RegionOptions(source="both")) is not build_masker(RegionOptions())

    @pytest.mark.parametrize(
        "options", [{"backend": "yolo"}, {"source": "radar"}, {"sam": "vit-x"}, {"box_threshold": 1.5}]
    )
    def test_unknown_options_are_refused(self, options):
        with pytest.raises(InputError, match="must"):
            RegionOptions(**options)


def test_backends_offer_what_the_options_name():
    assert isinstance(build_masker(RegionOptions("embedded")), EmbeddedMasker)
    assert isinstance(build_masker(RegionOptions("grounded-sam")), GroundedSamMasker)
    assert isinstance(build_masker(RegionOptions("auto")), backends.AutoMasker)
