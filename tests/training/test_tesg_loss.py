"""TeSG's losses: where they are zero, what the masks weigh, what a request asks for."""

from __future__ import annotations

import pytest
import torch

from training.losses.tesg import CONTRAST, SHIFT, SupplementWeights, highlighted, request_loss, supplement_loss


def _grey(values: torch.Tensor) -> torch.Tensor:
    return values.expand(-1, 3, -1, -1)


@pytest.fixture
def sources() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    y, infrared = (torch.rand(2, 1, 24, 24, generator=generator) for _ in range(2))
    masks = torch.zeros(2, 1, 24, 24)
    masks[..., 6:12, 8:20] = 1.0
    return y, infrared, masks


def test_the_supplement_is_zero_where_both_sources_are_the_fused_picture(sources):
    y, _, masks = sources
    total, terms = supplement_loss(y, _grey(y), y, masks)
    assert float(total) == pytest.approx(0.0, abs=1e-4)
    assert set(terms) == {"structure", "gradient", "intensity", "color"}


def test_intensity_and_gradient_follow_the_stronger_source(sources):
    y, infrared, masks = sources
    at_maximum = supplement_loss(torch.maximum(y, infrared), _grey(y), infrared, masks)[1]
    at_mean = supplement_loss((y + infrared) / 2, _grey(y), infrared, masks)[1]
    assert float(at_maximum["intensity"]) < 1e-6 < float(at_mean["intensity"])
    assert float(at_maximum["gradient"]) < float(at_mean["gradient"])


def test_a_fault_inside_the_mask_weighs_more(sources):
    y, infrared, masks = sources
    brighter = torch.maximum(y, infrared)
    weights = SupplementWeights(structure=0.0, gradient=0.0, color=0.0, foreground=4.0)
    inside, outside = (
        float(supplement_loss(brighter + 0.1 * where, _grey(y), infrared, masks, weights)[0])
        for where in (masks, masks.roll(10, dims=-2))
    )
    assert inside == pytest.approx(5.0 * outside, rel=1e-4)


def test_colour_is_lost_only_where_luma_leaves_the_gamut():
    visible = torch.zeros(1, 3, 16, 16)
    visible[:, 0], visible[:, 1:] = 0.9, 0.4
    y = torch.full((1, 1, 16, 16), 0.55)
    masks = torch.zeros_like(y)
    kept = supplement_loss(y, visible, y, masks)[1]["color"]
    lost = supplement_loss(y + 0.3, visible, y, masks)[1]["color"]
    assert float(kept) == pytest.approx(0.0, abs=1e-6) and float(lost) > 0.05


class TestHighlighted:
    def _object(self, inside: float, around: float) -> tuple[torch.Tensor, torch.Tensor]:
        masks = torch.zeros(1, 1, 48, 48)
        masks[..., 18:30, 18:30] = 1.0
        texture = 0.02 * torch.sin(torch.arange(48.0))
        return around + (inside - around) * masks + texture, masks

    @pytest.mark.parametrize(("inside", "around", "sign"), [(0.5, 0.3, 1), (0.5, 0.7, -1), (0.2, 0.7, 1)])
    def test_an_object_moves_away_from_its_surroundings_unless_it_is_dark(self, inside, around, sign):
        y, masks = self._object(inside, around)
        target = highlighted(y, masks)[masks > 0]
        before = y[masks > 0]
        assert float(target.mean() - before.mean()) == pytest.approx(sign * SHIFT, abs=1e-4)
        assert float(target.std() / before.std()) == pytest.approx(CONTRAST, rel=1e-3)

    def test_what_is_far_away_does_not_count(self):
        y, masks = self._object(0.5, 0.3)
        other = y.clone()
        other[..., :2, :] = 1.0
        assert torch.equal(highlighted(other, masks)[masks > 0], highlighted(y, masks)[masks > 0])


def test_a_request_counts_every_mask_alike_and_an_empty_one_not_at_all():
    y, targets = torch.zeros(1, 1, 40, 40), torch.full((1, 1, 40, 40), 0.2)
    small, large, none = (torch.zeros(1, 1, 40, 40) for _ in range(3))
    small[..., 10:20, 10:20], large[..., 5:35, 5:35] = 1.0, 1.0
    assert float(request_loss(y, targets, small)) == pytest.approx(float(request_loss(y, targets, large)))
    assert float(request_loss(y, targets, small)) == pytest.approx(0.2)
    assert float(request_loss(y, targets, none)) == 0.0
