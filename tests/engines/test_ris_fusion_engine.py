"""The embedded RIS-FUSION: it loads, keeps size and colour, and its words change the picture where they should."""

from __future__ import annotations

import threading
from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from safetensors.torch import save_file

import engines
from app.examples_index import examples
from app.pairs import read_pair
from engines.checkpoints import file_sha256, find, save_safetensors
from engines.color import image_luma, rgb_to_ycbcr
from engines.errors import CheckpointError
from engines.masks import mask_box
from engines.ris_fusion import engine as module
from engines.ris_fusion.engine import RisFusionEngine
from engines.types import Edit, ImagePair, Instruction, Region


def highlight(*regions: str, strength: int = 1) -> Instruction:
    return Instruction(" and ".join(regions), tuple(Edit(region, "highlight", strength) for region in regions))


@pytest.fixture(scope="module")
def engine():
    return engines.build("ris-fusion")


@pytest.fixture(scope="module")
def example():
    """A rendered street with people, cars, trees and cones, at half size to be quick."""
    crossing = next(entry for entry in examples() if entry.name == "day_crossing")
    pair = read_pair(crossing.visible, crossing.infrared)
    return ImagePair(pair.visible[::2, ::2].copy(), pair.infrared[::2, ::2].copy())


def random_pair(height: int, width: int) -> ImagePair:
    rng = np.random.default_rng(0)
    return ImagePair(rng.random((height, width, 3), dtype=np.float32), rng.random((height, width), dtype=np.float32))


def test_checkpoint_is_what_the_registry_says():
    checkpoint = find("ris-fusion")
    assert checkpoint.path.stat().st_size == checkpoint.bytes <= 20_000_000
    assert file_sha256(checkpoint.path) == checkpoint.sha256


def test_plain_fusion_has_no_mask_and_keeps_colour(engine, example):
    result = engine.fuse(example, Instruction())
    assert result.image.shape == example.visible.shape and result.image.dtype == np.float32
    assert result.mask is None and result.regions == []
    assert set(result.seconds) == {"text", "fuse"}
    grey = np.abs(image_luma(result.image) - image_luma(example.visible))
    assert grey.mean() > 0.01, "fusion should differ from the visible picture"
    for channel in (1, 2):
        before = rgb_to_ycbcr(*np.moveaxis(example.visible, -1, 0))[channel] - 0.5
        after = rgb_to_ycbcr(*np.moveaxis(result.image, -1, 0))[channel] - 0.5
        assert (np.abs(after) <= np.abs(before) + 1e-4).all()
        assert np.corrcoef(before.ravel(), after.ravel())[0, 1] > 0.95


def test_words_change_the_picture_and_give_a_mask(engine, example):
    plain = engine.fuse(example, Instruction())
    told = engine.fuse(example, highlight("people"))
    inside = told.mask >= 0.5
    assert 0.0005 < inside.mean() < 0.5
    change = np.abs(told.image - plain.image).mean(axis=2)
    assert change[inside].mean() > 2 / 255
    assert change[inside].mean() > 2 * change[~inside].mean()
    assert set(told.maps) == {"gate α, level 3", "gate α, level 4"}
    for name, gate in told.maps.items():
        assert gate.shape == example.shape and gate.min() >= 0 and gate.max() <= 1
        assert np.abs(gate - plain.maps[name]).max() > 0.005, "the gate should depend on the words"
    (region,) = told.regions
    x0, y0, x1, y1 = region.box
    assert inside[y0:y1, x0:x1].sum() == inside.sum()
    assert 0.5 <= region.score <= 1


def test_different_words_give_different_masks(engine, example):
    result = engine.fuse(example, highlight("trees", "road"))
    trees, road = (region.mask >= 0.5 for region in result.regions)
    assert trees.any() and road.any()
    assert (trees & road).sum() < 0.1 * min(trees.sum(), road.sum())
    rows = np.arange(example.shape[0])[:, None]
    assert (rows * trees).sum() / trees.sum() < (rows * road).sum() / road.sum()
    np.testing.assert_array_equal(result.mask, np.maximum(*(region.mask for region in result.regions)))


def test_strength_goes_further(engine, example):
    plain = engine.fuse(example, Instruction()).image
    changes = [np.abs(engine.fuse(example, highlight("people", strength=s)).image - plain).mean() for s in (1, 2, 3)]
    assert changes[0] < changes[1] < changes[2]


def painted(label: str, shape: tuple[int, int], columns: slice) -> Region:
    mask = np.zeros(shape, np.float32)
    mask[20:60, columns] = 1.0
    return Region(label, mask, 1.0, mask_box(mask))


def test_every_region_goes_as_far_as_its_own_strength(engine, example):
    regions = (painted("people", example.shape, slice(10, 60)), painted("cars", example.shape, slice(90, 140)))

    def fused(*strengths: int) -> np.ndarray:
        edits = tuple(Edit(r.label, "highlight", s) for r, s in zip(regions, strengths, strict=True))
        return engine.fuse(example, Instruction("people and cars", edits, regions=regions)).image

    weak, mixed, strong = fused(1, 1), fused(1, 3), fused(3, 3)
    people, cars = (region.mask > 0 for region in regions)
    np.testing.assert_allclose(mixed[people], weak[people], atol=1e-6)
    np.testing.assert_allclose(mixed[cars], strong[cars], atol=1e-6)
    assert np.abs(strong - weak)[people].mean() > 2 / 255 and np.abs(strong - weak)[cars].mean() > 2 / 255
    np.testing.assert_allclose(strong[~(people | cars)], weak[~(people | cars)], atol=1e-6)


def test_outside_of_what_is_named_the_picture_is_the_plain_fusion(engine, example):
    region = painted("people", example.shape, slice(10, 60))
    nothing = Region("unicorns", np.zeros(example.shape, np.float32), 0.0, None)
    plain = engine.fuse(example, Instruction()).image
    for strength in (1, 3):
        edits = (Edit("people", "highlight", strength), Edit("unicorns", "highlight", 3))
        told = engine.fuse(example, Instruction("people", edits, regions=(region, nothing))).image
        outside = region.mask == 0
        np.testing.assert_allclose(told[outside], plain[outside], atol=1e-6)
        assert np.abs(told - plain)[~outside].mean() > 2 / 255


def test_a_strength_goes_that_many_times_as_far_from_the_plain_fusion(engine, example, monkeypatch):
    monkeypatch.setattr(module, "emphasise", lambda y, mask, strength, done: y)
    region = painted("people", example.shape, slice(10, 60))
    lumas = [image_luma(engine.fuse(example, Instruction()).image)]
    for strength in (1, 2):
        edits = (Edit("people", "highlight", strength),)
        lumas.append(image_luma(engine.fuse(example, Instruction("people", edits, regions=(region,))).image))
    plain, once, twice = (luma[region.mask > 0] for luma in lumas)
    # What black and white cut off cannot go further.
    open_ended = (twice > 0.01) & (twice < 0.99)
    np.testing.assert_allclose((twice - plain)[open_ended], 2 * (once - plain)[open_ended], atol=2e-3)


def test_words_of_position_choose_among_what_the_head_marked(engine, example, monkeypatch):
    def three_things(seen: object, words: torch.Tensor, mask: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
        logits = torch.zeros(len(index), 2, 120, 160)
        logits[:, 0] = 8.0
        for left in (10, 70, 130):
            logits[:, :, 40:60, left : left + 15] = torch.tensor([0.0, 8.0])[:, None, None]
        return logits

    monkeypatch.setattr(engine._head, "refer", three_things)
    third = example.shape[1] / 3
    fused = engine.fuse(example, highlight("leftmost person", "people"))
    leftmost, people = fused.regions
    assert leftmost.box[2] < third and people.box[2] > 2 * third
    assert [note for note in fused.notes if "position" in note] == list(leftmost.notes) != []
    (segmented,) = engine.segment(example.visible, ["rightmost person"])
    ((_, referred),) = engine.refer(example, ["rightmost person"])
    for region in (segmented, referred, engine.locate("rightmost person", example)):
        assert region.box[0] > 2 * third


@pytest.mark.parametrize(("phrase", "said_of_mirror"), [("rightmost person", "leftmost person"), ("cars", "cars")])
def test_a_mirror_image_is_marked_in_mirror_image(engine, example, phrase, said_of_mirror):
    """The head reads both ways round, so that neither side of the picture is at an advantage."""
    assert engine.config.mirrored
    (region,) = engine.segment(example.visible, [phrase])
    (mirrored,) = engine.segment(np.ascontiguousarray(example.visible[:, ::-1]), [said_of_mirror])
    assert region.box is not None
    np.testing.assert_allclose(mirrored.mask[:, ::-1], region.mask, atol=2e-3)


def test_words_that_a_mirror_makes_false_are_read_one_way(engine, example, monkeypatch):
    asked = []
    refer = engine._head.refer

    def noted(seen: object, words: torch.Tensor, *others: torch.Tensor) -> torch.Tensor:
        asked.append(len(words))
        return refer(seen, words, *others)

    monkeypatch.setattr(engine._head, "refer", noted)
    for phrase in ("left turn arrow", "left sign"):
        engine.locate(phrase, example)
    assert asked == [1, 2]


def test_what_is_compared_is_read_without_the_comparison_too(engine, example, monkeypatch):
    monkeypatch.setattr(engine, "config", replace(engine.config, asks_noun=True))
    readings = []

    def read(phrase: str) -> object:
        readings.append(phrase)
        return encode(phrase)

    encode = engine._encode
    monkeypatch.setattr(engine, "_encode", read)

    def marks_by_sentence(seen: object, words: torch.Tensor, mask: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
        logits = torch.zeros(len(words), 2, 120, 160)
        for number in range(len(words)):
            logits[number, 1] = number + 1.0
        return logits

    monkeypatch.setattr(engine._head, "refer", marks_by_sentence)
    seen = torch.from_numpy(example.visible).permute(2, 0, 1)[None]
    both = engine._difference(engine._look(seen), "leftmost person", read("leftmost person"))
    assert readings == ["leftmost person", "person", "rightmost person", "person"]
    assert both.shape == (1, 1, 120, 160) and both.unique().tolist() == [2.5]
    readings.clear()
    one = engine._difference(engine._look(seen), "person on the left", read("person on the left"))
    assert readings == ["person on the left", "person on the right"] and one.unique().tolist() == [1.5]


def test_other_effects_are_said_to_be_highlights(engine, example):
    result = engine.fuse(example, Instruction("brighten the car", (Edit("car", "brighten"),)))
    assert any("only highlight" in note and "car" in note for note in result.notes)


def test_a_wish_for_the_whole_picture_is_not_dropped_in_silence(engine, example):
    whole = Edit(None, "highlight")
    result = engine.fuse(example, Instruction("make everything stand out", (whole,)))
    assert result.notes == ["RIS-FUSION can only highlight what is named: no words changed the picture as a whole."]
    np.testing.assert_array_equal(result.image, engine.fuse(example, Instruction()).image)
    edits = (whole, Edit(None, "denoise"), Edit("people", "highlight"))
    both = engine.fuse(example, Instruction("denoise everything and make people stand out", edits))
    assert len([note for note in both.notes if "as a whole" in note]) == 1
    assert [region.label for region in both.regions] == ["whole picture", "whole picture", "people"], "one per edit"
    assert both.regions[0].box is None
    np.testing.assert_array_equal(both.image, engine.fuse(example, highlight("people")).image)


def test_long_expressions_are_not_cut_in_silence(engine, example):
    phrase = " ".join(["very"] * 60 + ["red car"])
    known = Region(phrase, np.ones(example.shape, np.float32), 1.0, (0, 0, *example.shape[::-1]))
    painted_over = Instruction(phrase, highlight(phrase).edits, regions=(known,))
    for notes in (
        engine.fuse(example, highlight(phrase)).notes,
        engine.fuse(example, painted_over).notes,
        engine.locate(phrase, example).notes,
    ):
        assert len([note for note in notes if "left out" in note]) == 1


@pytest.mark.parametrize("configuration", [{"width": 16, "blocks": [1]}, {"fusion": {"channels": 16}}, {"fusion": 3}])
def test_weights_of_another_engine_are_one_line(tmp_path, configuration):
    file = tmp_path / "other.safetensors"
    save_safetensors(file, {"weight": torch.zeros(2)}, configuration)
    with pytest.raises(CheckpointError, match=r"other\.safetensors must hold .* of another engine\.$"):
        RisFusionEngine(str(file), "cpu")


def test_weights_without_a_configuration_are_one_line(tmp_path):
    file = tmp_path / "bare.safetensors"
    save_file({"weight": torch.zeros(2)}, str(file))
    with pytest.raises(CheckpointError, match=r"bare\.safetensors must hold .* it holds none\.$"):
        RisFusionEngine(str(file), "cpu")


@pytest.mark.parametrize(("height", "width"), [(8, 8), (17, 23), (64, 301)])
def test_odd_and_tiny_sizes(engine, height, width):
    result = engine.fuse(random_pair(height, width), highlight("people"))
    assert result.image.shape == (height, width, 3) and result.mask.shape == (height, width)
    assert np.isfinite(result.image).all() and result.image.min() >= 0 and result.image.max() <= 1


def test_large_pictures_keep_their_detail(engine, example, monkeypatch):
    """A large visible picture with a thermal one that was enlarged to its size, as cameras give them."""
    monkeypatch.setattr(module, "_MAX_PIXELS", 30_000)
    coarse = cv2.resize(example.infrared, (20, 15), interpolation=cv2.INTER_AREA)
    size = example.shape[::-1]
    pair = ImagePair(example.visible, cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR))
    result = engine.fuse(pair, Instruction())
    assert result.image.shape == pair.visible.shape
    assert any(f"{size[0]}×{size[1]}" in note for note in result.notes)
    # A street, as what the network does with a picture of pure noise is its own affair. Fused at half the side and
    # enlarged, this one keeps 0.48.
    fine = np.diff(image_luma(result.image), axis=1)
    assert np.corrcoef(fine.ravel(), np.diff(image_luma(pair.visible), axis=1).ravel())[0, 1] > 0.8


def test_pieces_of_a_large_picture_leave_no_seams(engine, example, monkeypatch):
    y, infrared = (torch.from_numpy(p)[None, None] for p in (image_luma(example.visible), example.infrared))
    with torch.inference_mode():
        whole = engine._change_in_pieces(y, infrared)
        monkeypatch.setattr(module, "_SIDE", 64)
        pieces = engine._change_in_pieces(y, infrared)
    # 1e-5 is what float32 rounding leaves; an 8-bit step is 400 times as large.
    np.testing.assert_allclose(pieces, whole, rtol=0, atol=1e-5)
    monkeypatch.setattr(engine, "config", replace(engine.config, lifts_dark=False))
    plain = engine.fuse(example, Instruction()).image
    np.testing.assert_allclose(image_luma(plain), np.clip(image_luma(example.visible) + pieces, 0, 1), atol=1e-4)


def test_words_change_a_large_picture_where_they_change_a_small_one(engine, example, monkeypatch):
    small = [engine.fuse(example, Instruction()).image, engine.fuse(example, highlight("people")).image]
    monkeypatch.setattr(module, "_MAX_PIXELS", example.infrared.size // 2)
    large = ImagePair(example.visible.copy() * np.float32(0.999), example.infrared)
    result = engine.fuse(large, highlight("people"))
    assert len([note for note in result.notes if "in pieces" in note]) == 1
    changes = [
        image_luma(small[1] - small[0]),
        image_luma(result.image - engine.fuse(large, Instruction()).image),
    ]
    assert np.corrcoef(*(change.ravel() for change in changes))[0, 1] > 0.4


def test_the_second_sentence_on_a_pair_encodes_it_no_more(engine, example, monkeypatch):
    first = engine.fuse(example, highlight("cars"))
    engine.fuse(example, highlight("people"))

    def fail(*arguments: object) -> None:
        raise AssertionError("the pair was encoded again")

    monkeypatch.setattr(engine, "_levels", fail)
    again = engine.fuse(ImagePair(example.visible.copy(), example.infrared.copy()), highlight("cars"))
    np.testing.assert_array_equal(again.image, first.image)
    with pytest.raises(AssertionError, match="encoded again"):
        engine.fuse(ImagePair(example.visible[::-1].copy(), example.infrared), highlight("cars"))


def test_same_result_from_several_threads(engine, example):
    expected = engine.fuse(example, highlight("people"))
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(engine.fuse(example, highlight("people")))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 3
    for result in results:
        np.testing.assert_allclose(result.image, expected.image, atol=1e-5)
        np.testing.assert_allclose(result.mask, expected.mask, atol=1e-4)


def test_progress_can_stop_the_work(engine, example):
    def stop(fraction: float, message: str) -> None:
        if fraction > 0.1:
            raise engines.Cancelled

    with pytest.raises(engines.Cancelled):
        engine.fuse(example, highlight("people"), stop)


def test_highlighting_people_in_fog_leaves_no_dark_spots_around_them(engine):
    """The mask of the cyclist has some of the fog, which the network's words made 0.3 darker in spots."""
    files = next(entry for entry in examples() if entry.name == "fog_cyclist")
    pair = read_pair(files.visible, files.infrared)
    told = engine.fuse(pair, highlight("people"))
    change = image_luma(told.image) - image_luma(engine.fuse(pair, Instruction()).image)
    assert change[told.mask >= 0.5].min() > -0.06
