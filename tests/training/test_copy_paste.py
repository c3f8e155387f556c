"""Pasted objects take their pixels, their label and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from training.copy_paste import Cutout, CutoutBank, paste
from training.references import CLASSES, UNLABELLED, read_scenes
from training.referring_samples import SYNONYMS, ReferringSampler


@pytest.fixture
def cone() -> Cutout:
    mask = np.zeros((12, 8), np.uint8)
    mask[2:12, 1:7] = 1
    return Cutout("cone", np.full((12, 8, 3), 250, np.uint8), np.full((12, 8), 5, np.uint8), mask, 0.8, 0.2)


def test_paste_changes_only_what_it_reports(cone):
    rng = np.random.default_rng(0)
    for _ in range(20):
        visible = np.full((60, 80, 3), 100, np.uint8)
        infrared = np.full((60, 80), 100, np.uint8)
        labels = np.full((60, 80), UNLABELLED, np.uint8)
        taken = paste(visible, infrared, labels, cone, rng)
        assert taken.any()
        assert (labels[taken] == CLASSES.index("cone")).all() and (labels[~taken] == UNLABELLED).all()
        assert (visible[taken] >= 170).all() and (infrared[taken] <= 60).all()
        # A soft edge of one pixel may show outside, no more.
        touched = (visible != 100).any(axis=2)
        assert touched.sum() <= taken.sum() + 2 * (60 + 80)
        rows = np.flatnonzero(taken.any(axis=1))
        assert 0.7 * 60 <= rows[-1] <= 0.95 * 60


def test_bank_draws_only_from_the_same_cameras_and_light(folder):
    scenes = read_scenes(folder, "train")
    bank = CutoutBank(scenes)
    rng = np.random.default_rng(0)
    # The only car is smaller than a cutout may be.
    assert bank.draw(scenes[0], rng) is None
    for item in scenes[0].annotation["objects"]:
        item["area"] = 500
    bank = CutoutBank(scenes)
    assert bank.draw(scenes[0], rng).name == "car"
    other = read_scenes(folder, "val")[0]
    other.annotation["night"] = True
    assert bank.draw(other, rng) is None


def test_class_masks_include_the_newcomers(folder):
    scenes = read_scenes(folder, "train")
    for item in scenes[0].annotation["objects"]:
        item["area"] = 500
    car = CLASSES.index("car")
    sampler = ReferringSampler(scenes, (24, 32), seed=0, absent=0.0, pasting=1.0)
    wordings = {*SYNONYMS["car"], *(f"the {word}" for word in SYNONYMS["car"])}
    grown = 0
    for _ in range(60):
        sample = sampler.sample(3)
        for mask, sentence in zip(sample.masks, sample.sentences, strict=True):
            if sentence in wordings:
                assert abs(mask.sum() - (sample.labels == car).sum()) < 40
                grown += mask.sum() > 60
    assert grown > 5
