"""Augmentation must keep sentence and mask true of each other."""

from __future__ import annotations

import numpy as np
import pytest

from training.augmentation import (
    Sample,
    crop,
    depends_on_frame,
    fog,
    glare,
    mirror,
    photometric,
    resize,
    window,
)


def sample(sentence: str) -> Sample:
    visible = np.zeros((20, 30, 3), np.uint8)
    infrared = np.zeros((20, 30), np.uint8)
    mask = np.zeros((20, 30), np.uint8)
    mask[5:10, 2:8] = 1
    visible[mask > 0] = 200
    infrared[mask > 0] = 100
    return Sample(visible, infrared, mask * 3, [mask], [sentence])


def test_mirror_moves_mask_and_pictures_together():
    flipped = mirror(sample("the box on the left"))
    assert flipped.sentences == ["the box on the right"]
    mask = flipped.masks[0]
    assert mask[5:10, 22:28].all() and mask.sum() == 30
    assert (flipped.visible[mask > 0] == 200).all()
    assert (flipped.infrared[mask > 0] == 100).all()
    assert (flipped.labels == 3 * mask).all()


def test_mirror_leaves_what_it_cannot_keep_true():
    original = sample("the arrow")
    assert mirror(original) is original


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("the leftmost person", True),
        ("the nearest car", True),
        ("the second cone", True),
        ("the tree beside the car", True),
        ("the red cars", False),
        ("the people", False),
    ],
)
def test_sentences_that_a_crop_could_falsify(sentence, expected):
    assert depends_on_frame(sentence) is expected


def test_crop_cuts_everything_alike():
    rng = np.random.default_rng(0)
    for _ in range(20):
        part = crop(sample("the box"), rng, smallest=0.5)
        mask = part.masks[0]
        h, w = mask.shape
        assert 9 <= h <= 20 and 13 <= w <= 30
        assert ((part.visible[..., 0] == 200) == (mask > 0)).all()
        assert ((part.infrared == 100) == (mask > 0)).all()


def test_window_is_around_what_it_is_to_show():
    rng = np.random.default_rng(0)
    item, places = sample("the box"), set()
    for _ in range(40):
        around = np.zeros((20, 30), np.uint8)
        around[9, 7] = 1
        part = window(item, (0.5, 0.4), around, rng)
        mask = part.masks[0]
        assert 8 <= mask.shape[0] <= 12 and 9 <= mask.shape[1] <= 15
        assert part.labels.shape == part.infrared.shape == part.visible.shape[:2] == mask.shape
        assert ((part.visible[..., 0] == 200) == (mask > 0)).all() and mask.any()
        places.add((*np.argwhere(mask)[0], *mask.shape))
    assert len(places) > 10
    nothing = np.zeros((20, 30), np.uint8)
    assert not all(window(item, (0.5, 0.4), nothing, rng).masks[0].any() for _ in range(40))
    assert window(item, (1.5, 1.5), nothing, rng).masks[0].shape == (20, 30)


def test_resize_keeps_classes_and_binary_masks():
    small = resize(sample("the box"), (10, 15))
    assert small.visible.shape == (10, 15, 3) and small.masks[0].shape == (10, 15)
    assert set(np.unique(small.masks[0])) == {0, 1} and set(np.unique(small.labels)) == {0, 3}
    assert small.masks[0].mean() == pytest.approx(30 / 600, abs=0.02)


def test_photometric_stays_in_range():
    rng = np.random.default_rng(1)
    item = sample("the box")
    seen = []
    for _ in range(30):
        visible, infrared = photometric(item.visible, item.infrared, rng)
        assert visible.dtype == infrared.dtype == np.float32
        assert visible.min() >= 0 and visible.max() <= 1 and infrared.min() >= 0 and infrared.max() <= 1
        seen.append(float(visible.mean()))
    assert np.std(seen) > 0.005


def test_glare_is_a_bloom_that_only_adds_light():
    dark = np.full((60, 80, 3), 0.1, np.float32)
    for seed in range(10):
        seen = glare(dark, np.random.default_rng(seed))
        assert seen.dtype == np.float32 and seen.max() <= 1.0 and (seen >= dark).all()
        added = (seen - dark).sum(axis=2)
        peak = np.array(np.unravel_index(added.argmax(), added.shape))
        rows, columns = np.mgrid[:60, :80]
        distance = np.hypot(rows - peak[0], columns - peak[1])
        # Saturated pixels have neighbours as bright, so compared are rings.
        near, far = added[distance < 8].mean(), added[distance > 40].mean()
        assert near > 0.3 and near > 1.5 * far


def test_fog_hides_the_distance_of_the_visible_picture_and_hardly_the_infrared_one():
    rng = np.random.default_rng(3)
    visible, infrared = rng.random((60, 80, 3), np.float32), rng.random((60, 80), np.float32)
    for seed in range(10):
        v, i = fog(visible, infrared, np.random.default_rng(seed))
        assert v.dtype == i.dtype == np.float32 and min(v.min(), i.min()) >= 0 and max(v.max(), i.max()) <= 1
        top, bottom = np.s_[:12], np.s_[-6:]
        contrast = [v[part].std() / visible[part].std() for part in (top, bottom)]
        assert contrast[0] < 0.7 and contrast[0] < contrast[1]
        assert v[top].mean() > visible[top].mean(), "airlight is bright"
        assert i[top].std() / infrared[top].std() > max(0.65, contrast[0])


def test_photometric_draws_glare_and_fog():
    black, level = np.zeros((40, 40, 3), np.uint8), np.full((40, 40), 128, np.uint8)
    rng = np.random.default_rng(0)
    seen = [photometric(black, level, rng)[0] for _ in range(200)]
    # Neither exposure nor noise makes anything out of black.
    lit = [picture for picture in seen if picture.mean() > 0.1]
    assert 10 < len(lit) < 70
