"""Samples for mask- and text-guided fusion."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from training.guided_samples import GuidedSampler
from training.references import read_scenes


@pytest.fixture
def scenes(folder):
    return read_scenes(folder, "train")


def test_every_other_sample_asks_and_all_have_their_size(scenes):
    batch = GuidedSampler(scenes, 20, seed=0).batch(6)
    assert batch.visible.shape == (6, 3, 20, 20) and batch.infrared.shape == batch.masks.shape == (6, 1, 20, 20)
    assert [effect is not None for effect in batch.effects] == [False, True] * 3
    assert batch.masks.min() >= 0.0 and batch.masks.max() <= 1.0 and batch.visible.max() > 0.9
    assert len(batch.scenes) == len(batch.texts) == 6
    assert GuidedSampler(scenes, 999, seed=0).batch(1).visible.shape == (1, 3, 24, 24)


def test_the_same_seed_gives_the_same_batches(scenes):
    first, second = (GuidedSampler(scenes, 20, seed=3).batch(8) for _ in range(2))
    assert first.texts == second.texts and torch.equal(first.masks, second.masks)
    assert torch.equal(first.visible, second.visible)


def test_masks_lie_on_what_the_words_name(scenes):
    """The car is the only red thing; the mask may be some pixels off, or empty."""
    batch = GuidedSampler(scenes, 20, seed=1, empty=0.0).batch(80)
    shares = []
    for index, text in enumerate(batch.texts):
        red = batch.visible[index, 0] > 0.9
        mask = batch.masks[index, 0] >= 0.5
        if "car" in text and "in front of" not in text and mask.any():
            shares.append(float((red & mask).sum() / mask.sum()))
    assert len(shares) > 20 and np.mean(shares) > 0.6


def test_texts_say_what_is_asked_for(scenes):
    batch = GuidedSampler(scenes, 20, seed=2).batch(60)
    starts = {"highlight": "highlight ", "infrared": "more infrared for ", "visible": "more visible for "}
    asked = [(effect, text) for effect, text in zip(batch.effects, batch.texts, strict=True) if effect]
    assert {effect for effect, _ in asked} == set(starts)
    assert all(text.startswith(starts[effect]) for effect, text in asked)
    described = {text for effect, text in zip(batch.effects, batch.texts, strict=True) if not effect}
    assert "" in described and "a picture of a car" in described


def test_wordless_samples_have_no_foreground(scenes):
    batch = GuidedSampler(scenes, 20, seed=4).batch(80)
    wordless = [index for index, text in enumerate(batch.texts) if not text]
    assert wordless and not batch.masks[wordless].any()


def test_some_masks_are_empty_though_something_is_asked_for(scenes):
    batch = GuidedSampler(scenes, 20, seed=5, empty=0.5).batch(60)
    empty = [not batch.masks[index].any() for index, effect in enumerate(batch.effects) if effect]
    assert 0.2 < np.mean(empty) < 0.8
