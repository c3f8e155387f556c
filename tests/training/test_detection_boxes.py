"""Boxes of scenes.jsonl, seen in a view, as targets that the detector reads back as the same boxes."""

from __future__ import annotations

import numpy as np
import torch

from engines.text2pixels.config import DETECTED_CLASSES
from engines.text2pixels.detector import peaks
from training.detection_boxes import Boxes, View, boxes_of, random_view, targets_of
from training.references import read_scenes
from training.text2pixels_samples import Samples


def _boxes(*corners: tuple[float, ...], kinds: tuple[int, ...] | None = None) -> Boxes:
    return Boxes(np.array(corners, np.float32).reshape(-1, 4), np.array(kinds or [0] * len(corners), np.int64))


def test_boxes_of_a_scene_are_its_people_cars_and_bicycles(folder):
    (scene,) = read_scenes(folder, "train")
    boxes = boxes_of(scene)
    assert boxes.corners.tolist() == [[4, 10, 12, 16]] and boxes.kinds.tolist() == [DETECTED_CLASSES.index("car")]
    scene.annotation["objects"][0]["class"] = "cone"
    assert len(boxes_of(scene).corners) == 0
    scene.annotation = None
    assert boxes_of(scene).corners.shape == (0, 4)


def test_a_view_moves_boxes_with_the_pixels():
    picture = np.zeros((40, 60), np.uint8)
    picture[10:20, 30:50] = 255
    boxes = _boxes((30, 10, 50, 20))
    for mirrored in (False, True):
        view = View((20, 0, 60, 40), (80, 80), mirrored)
        seen = view.picture(picture) >= 128
        rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
        (corner,) = view.boxes(boxes).corners
        assert np.abs(corner - [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]).max() <= 1.0


def test_boxes_out_of_view_are_left_out_and_others_cut():
    view = View((0, 0, 40, 40), (40, 40), False)
    kept = view.boxes(_boxes((30, 10, 50, 20), (39, 10, 60, 20), (50, 10, 60, 20), (5, 5, 6, 30), kinds=(0, 1, 2, 0)))
    assert kept.corners.tolist() == [[30, 10, 40, 20]] and kept.kinds.tolist() == [0]
    assert View((0, 0, 40, 40), (40, 40), True).boxes(_boxes()).corners.shape == (0, 4)


def test_random_views_stay_in_the_picture():
    rng = np.random.default_rng(0)
    for _ in range(50):
        x0, y0, x1, y1 = random_view((40, 60), (32, 32), rng).window
        assert 0 <= x0 < x1 <= 60 and 0 <= y0 < y1 <= 40


def test_targets_read_back_as_the_boxes():
    boxes = _boxes((8, 8, 40, 56), (60, 20, 92, 36), (62, 10, 78, 42), kinds=(0, 1, 2))
    targets = targets_of([boxes, _boxes()], (64, 96))
    assert targets.heat.shape == (2, 3, 16, 24) and targets.heat[1].sum() == 0 and targets.weight[1].sum() == 0
    assert (targets.heat[0] == 1.0).sum() == 3
    logits = torch.special.logit(targets.heat[0].clamp(1e-4, 1 - 1e-4))
    found, _, kinds = peaks(logits, targets.sides[0], least=0.5)
    by_kind = {int(kind): box for kind, box in zip(kinds, found, strict=True)}
    assert sorted(by_kind) == [0, 1, 2]
    for corner, kind in zip(boxes.corners, boxes.kinds, strict=True):
        assert torch.allclose(by_kind[int(kind)], torch.from_numpy(corner)), (
            "where centres differ, each has its own box"
        )


def test_samples_are_reproducible_and_point_at_the_thing(folder):
    scenes = read_scenes(folder, "train")
    one, other = (Samples(scenes, seed=4).pointed(12, 16) for _ in range(2))
    assert one.sentences == other.sentences and one.visible.equal(other.visible)
    assert one.visible.shape == (12, 3, 16, 16) and one.mask.flatten(1).amax(dim=1).eq(1.0).all()
    cars = [i for i, sentence in enumerate(one.sentences) if "road" not in sentence]
    red = one.visible[cars, 0] - one.visible[cars, 1]
    assert cars and torch.equal(red > 0.5, one.mask[cars, 0] > 0.5), "the mask lies on the red car"
    empty = one.place.flatten(1).sum(dim=1) == 0
    assert empty.any() and not empty.all()
    assert not any(sentence.lower().startswith("the ") for sentence in one.sentences)


def test_boxed_samples_carry_their_targets_and_words_only_when_told(folder):
    samples = Samples(read_scenes(folder, "train"), seed=1)
    silent = samples.boxed(4, (32, 64), told=0.0)
    assert silent.visible.shape == (4, 3, 32, 64) and silent.targets.heat.shape == (4, 3, 8, 16)
    assert silent.sentences == [""] * 4 and silent.place.sum() == 0
    told = samples.boxed(16, (32, 64), told=1.0)
    spoken = [i for i, sentence in enumerate(told.sentences) if sentence]
    assert spoken and not any("left" in told.sentences[i] for i in spoken), "a part of a picture has no left"
    assert (told.targets.heat == 1.0).flatten(1).any(dim=1).sum() >= 8
