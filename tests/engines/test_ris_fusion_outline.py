"""The threshold of a mask: where its overlap with the object is expected to be best."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from engines.ris_fusion.config import EMBEDDED, PUBLISHED, RisFusionConfig
from engines.ris_fusion.outline import Outline


def logit(probability: float) -> float:
    return math.log(probability / (1 - probability))


def test_without_a_temperature_there_is_one_threshold():
    assert Outline(margin=0.8).threshold(torch.randn(6, 6)) == 0.8
    assert PUBLISHED.outline.threshold(torch.full((4,), -9.0)) == 0.0


def test_the_threshold_is_that_of_the_best_expected_overlap():
    # Expected overlap of the likeliest 1, 2 and 3 pixels: 0.9/1.8, 1.5/2.2 and 1.8/3.
    difference = torch.tensor([logit(0.3), logit(0.9), logit(0.6)])
    assert Outline(temperature=1.0).threshold(difference) == pytest.approx(logit(0.6), abs=1e-5)
    warmer = Outline(margin=0.5, temperature=2.0)
    assert warmer.threshold(2.0 * difference + 0.5) == pytest.approx(2.0 * logit(0.6) + 0.5, abs=1e-5)


def test_it_agrees_with_drawing_the_object_at_random():
    rng = np.random.default_rng(0)
    likely = rng.random(40) ** 2
    drawn = rng.random((4000, 40)) < likely
    overlaps = {}
    for limit in np.sort(likely):
        inside = likely >= limit
        overlaps[limit] = ((drawn & inside).sum(1) / (drawn | inside).sum(1)).mean()
    found = Outline(temperature=1.0).threshold(torch.tensor([logit(p) for p in likely]))
    chosen = min(overlaps, key=lambda limit: abs(logit(limit) - found))
    assert overlaps[chosen] > max(overlaps.values()) - 0.003


def test_nothing_is_marked_where_nothing_is_sure_or_little_is_expected():
    faint = torch.full((10, 10), logit(0.2))
    assert math.isinf(Outline(temperature=1.0, sure=0.0).threshold(faint))
    assert math.isinf(Outline(temperature=1.0, sure=-9.0, least=0.3).threshold(faint))
    assert math.isfinite(Outline(temperature=1.0, sure=-9.0, least=0.1).threshold(faint))


def test_the_threshold_stays_between_its_bounds():
    certain = torch.cat([torch.full((50,), 9.0), torch.full((50,), -9.0)])
    bounded = Outline(temperature=1.0, lowest=0.2, highest=0.8)
    assert bounded.threshold(certain) == pytest.approx(logit(0.8), abs=1e-5)


@pytest.mark.parametrize(("share", "more"), [(0.01, 0.6), (0.065, 0.6), (0.0919239, 0.3), (0.13, 0.0), (0.5, 0.0)])
def test_small_things_are_marked_more_closely(share, more):
    inside = round(share * 100_000)
    difference = torch.cat([torch.full((inside,), 3.0), torch.full((100_000 - inside,), -9.0)])
    plain, close = Outline(temperature=1.0), Outline(temperature=1.0, closer=0.6)
    assert close.threshold(difference) - plain.threshold(difference) == pytest.approx(more, abs=1e-3)


def test_probabilities_are_those_the_threshold_goes_by():
    outline = Outline(margin=0.5, temperature=2.0, sure=1.0)
    likely = outline.probability(torch.tensor([[0.5, 2.5]]))
    assert likely.flatten().tolist() == pytest.approx([0.5, 1 / (1 + math.exp(-1.0))])
    assert not outline.probability(torch.tensor([0.9, -3.0])).any()


def test_configurations_are_read_back_and_those_of_before_are_understood():
    assert RisFusionConfig.from_dict(EMBEDDED.to_dict()) == EMBEDDED
    before = PUBLISHED.to_dict()
    del before["outline"]
    assert RisFusionConfig.from_dict({**before, "mask_margin": 0.8}).outline == Outline(margin=0.8)
