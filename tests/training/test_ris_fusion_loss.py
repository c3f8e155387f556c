"""Losses of RIS-FUSION against values worked out by hand."""

from __future__ import annotations

import math

import pytest
import torch

from training.losses.ris_fusion import (
    FusionLossWeights,
    contrast_loss,
    dual_class_dice,
    elsewhere_loss,
    even_change_loss,
    fusion_loss,
    object_contrast,
)

NOTHING = dict.fromkeys(
    ("ssim_visible", "ssim_infrared", "mse_visible", "mse_infrared", "sobel_infrared", "gradient", "intensity"), 0.0
)


def only(**weights: float) -> FusionLossWeights:
    return FusionLossWeights(**(NOTHING | weights))


def logits_of(probability: list[float]) -> torch.Tensor:
    """Logits whose softmax gives these probabilities to class 1, in one row."""
    p = torch.tensor(probability)
    return torch.stack([torch.zeros_like(p), torch.log(p / (1 - p))])[None, :, None]


def test_dice_of_two_pixels():
    # Foreground: 2·0.8 / (0.8 + 0.4 + 1); background: 2·0.6 / (0.2 + 0.6 + 1).
    loss = dual_class_dice(logits_of([0.8, 0.4]), torch.tensor([[[[1.0, 0.0]]]]), epsilon=0.0)
    assert loss.item() == pytest.approx(1 - (1.6 / 2.2 + 1.2 / 1.8) / 2, abs=1e-6)


def test_dice_of_an_empty_mask_rewards_an_empty_prediction():
    empty = torch.zeros(1, 1, 1, 4)
    quiet = dual_class_dice(logits_of([1e-6] * 4), empty)
    loud = dual_class_dice(logits_of([0.9] * 4), empty)
    assert quiet.item() == pytest.approx(0.0, abs=1e-4)
    assert loud.item() > 0.4


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        (only(mse_visible=0.5), 0.5 * 0.2**2),
        (only(mse_infrared=2.0), 2.0 * 0.3**2),
        (only(intensity=1.0), 0.3),
        (only(sobel_infrared=1.0, gradient=1.0), 0.0),
    ],
)
def test_intensity_terms_on_flat_pictures(weights, expected):
    flat = torch.ones(1, 1, 12, 12)
    assert fusion_loss(0.5 * flat, 0.3 * flat, 0.8 * flat, weights).item() == pytest.approx(expected, abs=1e-6)


def test_gradient_term_takes_the_stronger_edge():
    # A ramp of 0.01 per column has a Sobel derivative of 0.08 inside, half of it at the border.
    ramp = (0.01 * torch.arange(12.0)).expand(1, 1, 12, 12)
    flat = torch.zeros(1, 1, 12, 12)
    mean_derivative = (10 * 0.08 + 2 * 0.04) / 12
    weights = only(gradient=1.0)
    assert fusion_loss(flat, ramp, flat, weights).item() == pytest.approx(mean_derivative, abs=1e-6)
    assert fusion_loss(flat, flat, -ramp, weights).item() == pytest.approx(mean_derivative, abs=1e-6)
    assert fusion_loss(ramp, ramp, flat, weights).item() == pytest.approx(0.0, abs=1e-6)


def test_ssim_term_is_zero_for_the_visible_picture_itself():
    visible, infrared = torch.rand(1, 1, 16, 16), torch.rand(1, 1, 16, 16)
    weights = only(ssim_visible=0.5)
    assert fusion_loss(visible, visible, infrared, weights).item() == pytest.approx(0.0, abs=1e-5)
    assert fusion_loss(infrared, visible, infrared, weights).item() > 0.1


def test_paper_weights_are_those_of_equation_8():
    paper = FusionLossWeights()
    assert (paper.ssim_visible, paper.mse_visible, paper.mse_infrared) == (0.5, 0.5, 2.0)
    assert (paper.sobel_infrared, paper.gradient, paper.intensity, paper.ssim_infrared) == (1.0, 1.0, 0.0, 0.0)


def square(size: int = 21, side: int = 5) -> torch.Tensor:
    mask = torch.zeros(1, 1, size, size)
    start = (size - side) // 2
    mask[..., start : start + side, start : start + side] = 1
    return mask


def test_object_contrast_compares_with_the_ring_alone():
    mask = square()
    y = 0.2 + 0.5 * mask
    y[..., 0, 0] = 1.0
    assert object_contrast(y, mask, ring=3).item() == pytest.approx(0.5, abs=1e-6)
    assert object_contrast(1 - y, mask, ring=3).item() == pytest.approx(-0.5, abs=1e-6)
    assert object_contrast(y, torch.zeros_like(mask), ring=3).item() == 0


def test_contrast_loss_asks_for_the_better_source_plus_a_margin():
    mask = square()
    weak, strong = 0.5 + 0.05 * mask, 0.5 - 0.2 * mask
    goal = 1.25 * 0.2 + 0.05
    loss = contrast_loss(strong, weak, strong, mask, gain=1.25, margin=0.05, ring=3)
    assert loss.item() == pytest.approx(goal - 0.2, abs=1e-6)
    assert contrast_loss(0.5 - goal * mask, weak, strong, mask, 1.25, 0.05, 3).item() == pytest.approx(0, abs=1e-6)
    assert contrast_loss(weak, weak, strong, 0 * mask, 1.25, 0.05, 3).item() == 0
    assert not math.isnan(loss.item())


def test_an_even_lift_costs_nothing_and_ripples_inside_cost_their_variation():
    mask = square(size=31, side=15)
    assert even_change_loss(0.3 * mask, mask).item() == 0
    rows = torch.arange(31).view(1, 1, 31, 1) % 2
    ripples = 0.1 * rows * mask
    assert even_change_loss(ripples, mask).item() == pytest.approx(0.1, abs=1e-6)
    assert even_change_loss(0.1 * rows.expand(1, 1, 31, 31) * (1 - mask), mask).item() > 0.05
    assert even_change_loss(torch.rand(1, 1, 31, 31), 0 * mask).isfinite()


def test_a_change_counts_only_away_from_the_object():
    mask = torch.zeros(1, 1, 31, 31)
    mask[..., 10:20, 10:20] = 1
    near = torch.zeros_like(mask)
    near[..., 8:22, 8:22] = 1
    assert elsewhere_loss(0.3 * near, mask).item() == 0
    assert elsewhere_loss(torch.full_like(mask, -0.1), mask).item() == pytest.approx(0.1, abs=1e-6)
    assert elsewhere_loss(torch.full_like(mask, 0.1), 0 * mask).item() == pytest.approx(0.1, abs=1e-6)
