"""Augmentation must keep sentence and mask true of each other."""

from __future__ import annotations

import numpy as np
import pytest

from training.augmentation import Sample, crop, depends_on_frame, mirror, mirrored_sentence, photometric, resize


def sample(sentence: str) -> Sample:
    visible = np.zeros((20, 30, 3), np.uint8)
    infrared = np.zeros((20, 30), np.uint8)
    mask = np.zeros((20, 30), np.uint8)
    mask[5:10, 2:8] = 1
    visible[mask > 0] = 200
    infrared[mask > 0] = 100
    return Sample(visible, infrared, mask * 3, [mask], [sentence])


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("the person on the left", "the person on the right"),
        ("the leftmost car right of the tree", "the rightmost car left of the tree"),
        ("The Right lamp", "The left lamp"),
        ("the cones", "the cones"),
        ("the bright window left of the right-hand door", "the bright window right of the left-hand door"),
        ("the left turn arrow", None),
    ],
)
def test_mirrored_sentence(sentence, expected):
    assert mirrored_sentence(sentence) == expected


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
