"""Losses of From Text to Pixels, and of its detector."""

from __future__ import annotations

import pytest
import torch

from training.detection_boxes import Targets
from training.losses.centre_detection import centre_focal_loss, detection_loss, overlap_loss
from training.losses.text2pixels import (
    content_consistency,
    description_loss,
    feasibility,
    pointing_loss,
    saliency,
    structure_loss,
)


def _pictures(*, seed: int = 0, count: int = 3) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.rand(1, 1, 24, 32, generator=generator) for _ in range(count)]


def test_saliency_is_the_mean_distance_to_all_grey_levels():
    (picture,) = _pictures(count=1)
    levels = (picture * 255).round().flatten()
    expected = (levels[:, None] - levels[None]).abs().mean(dim=1)
    assert torch.allclose(saliency(picture).flatten(), expected, rtol=1e-4)


def test_structure_loss_is_zero_for_the_earlier_picture_and_grows_away_from_it():
    z, earlier, _ = _pictures()
    assert structure_loss(z, z).item() == pytest.approx(0.0, abs=1e-6)
    near, far = (structure_loss(z + share * (earlier - z), z) for share in (0.2, 0.8))
    assert far > near > 0.0


def test_content_consistency_follows_the_salient_source():
    dull = torch.full((1, 1, 24, 32), 0.5)
    striking = dull.clone()
    striking[..., 8:14, 10:20] = 1.0
    assert content_consistency(striking, dull, striking) < content_consistency(dull, dull, striking)
    assert content_consistency(striking, striking, striking).item() == pytest.approx(0.0, abs=1e-5)


def test_feasibility_weighs_its_terms_by_what_the_pictures_keep_of_the_sources():
    z, visible, infrared = _pictures()
    total, terms = feasibility(z, z, visible, infrared)
    assert terms["structure"].item() == pytest.approx(0.0, abs=1e-6)
    ratio = total / terms["content"]
    kept_by_source, _ = feasibility(visible, visible, visible, visible)
    assert ratio.item() < 0.5 and kept_by_source.item() == pytest.approx(0.0, abs=1e-5)


def test_pointing_rewards_contrast_inside_and_stillness_outside():
    plain = torch.full((1, 1, 32, 48), 0.4)
    mask = torch.zeros_like(plain)
    mask[..., 10:20, 14:26] = 1.0
    source = plain + 0.1 * mask
    lifted, everywhere = source + 0.2 * mask, source + 0.2
    salience, change = pointing_loss(lifted, source, source, source, mask)
    missing, still = pointing_loss(source, source, source, source, mask)
    assert salience < missing and change.item() == still.item() == 0.0
    _, moved = pointing_loss(everywhere, source, source, source, mask)
    assert moved > 0.1
    nothing, silent = pointing_loss(source, source, source, source, torch.zeros_like(mask))
    assert nothing.item() == silent.item() == 0.0


def test_generalised_overlap_by_hand():
    box = torch.tensor([[5.0, 5.0, 5.0, 5.0]])
    assert overlap_loss(box, box).item() == pytest.approx(0.0, abs=1e-6)
    # 5×10 in 10×10, one inside the other: IoU 1/2, nothing but both in the hull.
    assert overlap_loss(torch.tensor([[0.0, 5.0, 5.0, 5.0]]), box).item() == pytest.approx(0.5)
    # 5 wide on either side of the place: no common area, the hull is their union.
    left, right = torch.tensor([[5.0, 5.0, 0.0, 5.0]]), torch.tensor([[0.0, 5.0, 5.0, 5.0]])
    assert overlap_loss(left, right).item() == pytest.approx(1.0)


def _targets() -> Targets:
    heat, sides, weight = torch.zeros(1, 3, 6, 8), torch.full((1, 4, 6, 8), 6.0), torch.zeros(1, 1, 6, 8)
    heat[0, 1, 2, 3] = 1.0
    heat[0, 1, 2, 4] = 0.6
    weight[0, 0, 2, 3] = 1.0
    return Targets(heat, sides, weight)


def test_detection_loss_is_least_where_centres_and_boxes_are_right():
    targets = _targets()
    right = torch.where(targets.heat == 1.0, 9.0, -9.0)
    best, _ = detection_loss(right, targets.sides, targets)
    assert best < 0.01
    missed, _ = detection_loss(torch.full_like(right, -9.0), targets.sides, targets)
    assert missed > 5.0
    wrong_box, terms = detection_loss(right, 2.0 * targets.sides, targets)
    assert wrong_box > best + 1.0 and terms["boxes"].item() == pytest.approx(0.75)
    nothing = Targets(torch.zeros_like(targets.heat), targets.sides, torch.zeros_like(targets.weight))
    assert torch.isfinite(detection_loss(right, targets.sides, nothing)[0])


def test_a_false_peak_beside_a_centre_costs_less_than_far_from_it():
    targets = _targets()
    losses = []
    for column in (4, 7):
        logits = torch.where(targets.heat == 1.0, 9.0, -9.0)
        logits[0, 1, 2, column] = 3.0
        losses.append(centre_focal_loss(logits, targets.heat))
    assert losses[0] < 0.1 * losses[1]


def test_a_description_is_right_where_it_has_mean_and_spread_of_every_cell():
    sources = torch.rand(2, 2, 16, 24, generator=torch.Generator().manual_seed(3))
    cells = sources.unfold(2, 8, 8).unfold(3, 8, 8).flatten(4)
    truth = torch.cat([cells.mean(dim=-1), 4.0 * cells.std(dim=-1, correction=0)], dim=1).flatten(2).transpose(1, 2)
    assert truth.shape == (2, 6, 4)
    assert description_loss(truth, sources, 8).item() == pytest.approx(0.0, abs=1e-4)
    assert description_loss(truth + 0.1, sources, 8).item() == pytest.approx(0.1, abs=1e-4)
