"""Denoising: eq. 18–20 by hand, and the effect on added noise."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from finetune_units.denoising import Denoising, denoising_loss, pair_downsample
from finetune_units.presets import Schedule
from finetune_units.views import Mosaic

SCHEDULE, CHANNELS = Schedule(steps=120, learning_rate=2e-3, view=Mosaic(side=24, columns=2)), 16
BLOCK = torch.tensor([[0.1, 0.2], [0.6, 0.3]]).view(1, 1, 2, 2)


def test_each_half_size_picture_takes_one_diagonal():
    first, second = pair_downsample(BLOCK)
    assert first.item() == pytest.approx((0.2 + 0.6) / 2)
    assert second.item() == pytest.approx((0.1 + 0.3) / 2)
    first, second = pair_downsample(torch.rand(1, 3, 7, 9))
    assert first.shape == second.shape == (1, 3, 3, 4)


def test_loss_of_a_block_without_and_with_an_estimate():
    residual, consistency = denoising_loss(torch.zeros_like, BLOCK)
    assert residual.item() == pytest.approx(2 * (0.4 - 0.2) ** 2)
    assert consistency.item() == pytest.approx(0.0)
    # f(x) = x²: D1 = .4, D2 = .2; D1(x²) = .2, D2(x²) = .05
    residual, consistency = denoising_loss(torch.square, BLOCK)
    assert residual.item() == pytest.approx((0.4 - 0.16 - 0.2) ** 2 + (0.2 - 0.04 - 0.4) ** 2)
    assert consistency.item() == pytest.approx((0.2 - 0.16) ** 2 + (0.05 - 0.04) ** 2)


def _scene() -> torch.Tensor:
    coarse = torch.rand(1, 3, 4, 5, generator=torch.Generator().manual_seed(5))
    return 0.2 + 0.6 * torch.nn.functional.interpolate(coarse, size=(64, 80), mode="bicubic").clamp(0, 1)


def _psnr(a: torch.Tensor, b: torch.Tensor) -> float:
    return -10.0 * math.log10((a - b).square().mean().item())


def test_noise_is_removed_and_further_with_the_next_repetition():
    clean = _scene()
    noise = torch.randn(clean.shape, generator=torch.Generator().manual_seed(6))
    noisy = (clean + 25.0 / 255.0 * noise).clamp(0, 1)
    denoising = Denoising(noisy, SCHEDULE, CHANNELS)
    denoising.advance()
    once = _psnr(denoising.picture(), clean)
    denoising.advance()
    twice = _psnr(denoising.picture(), clean)
    assert once > _psnr(noisy, clean) + 3.0
    assert twice > once


def test_same_seed_same_picture_and_the_global_generator_is_left_alone():
    noisy = _scene()
    before = torch.get_rng_state()
    pictures = []
    for _ in range(2):
        denoising = Denoising(noisy, replace(SCHEDULE, steps=5), CHANNELS, seed=4)
        denoising.advance()
        pictures.append(denoising.picture())
    assert torch.equal(pictures[0], pictures[1])
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("view", [None, Mosaic(side=16, columns=2), Mosaic(side=4)])
def test_small_pictures(view):
    denoising = Denoising(torch.rand(1, 3, 8, 9), replace(SCHEDULE, steps=2, view=view), CHANNELS)
    denoising.advance()
    assert denoising.picture().shape == (1, 3, 8, 9)
