"""Illumination: eq. 14–17 by hand, and the effect."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import torch

from engines.terf.model import image_luma
from finetune_units.illumination import (
    Illumination,
    adjust,
    decomposition_loss,
    illumination_loss,
    noise_loss,
    smoothness_loss,
)
from finetune_units.presets import Schedule
from finetune_units.views import Reduced

SCHEDULE = Schedule(steps=40, learning_rate=5e-3, view=Reduced(400))
CHANNELS = 16


def _pixel(*values: float) -> torch.Tensor:
    return torch.tensor(values).view(1, -1, 1, 1)


def _picture(seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(1, 3, 5, 6, generator=generator)
    return 0.1 + 0.6 * torch.nn.functional.interpolate(coarse, size=(30, 36), mode="bilinear")


def test_decomposition_of_one_pixel():
    picture, noise = _pixel(0.2, 0.4, 0.1), _pixel(0.01, 0.0, 0.0)
    loss = decomposition_loss(picture, _pixel(0.5, 0.5, 0.5), _pixel(0.5), noise)
    # |I − (RS + N)| = .06 + .15 + .15; |S − max| = .1; |R − I/S| = .1 + .3 + .3
    assert loss.item() == pytest.approx(0.36 + 0.1 + 0.7, abs=1e-6)


def test_smoothness_of_a_ramp_on_a_flat_picture_and_on_an_edge():
    ramp = (0.01 * torch.arange(12.0)).expand(1, 1, 12, 12)
    flat = torch.full((1, 3, 12, 12), 0.5)
    # Sobel gives 8·0.01 inside and 4·0.01 in the two border columns; squared, over 1e-4.
    expected = 12 * (10 * 0.08**2 + 2 * 0.04**2) / 1e-4
    assert smoothness_loss(flat, ramp).item() == pytest.approx(expected, rel=1e-3)
    textured = (0.05 * torch.arange(12.0)).expand(1, 3, 12, 12)
    assert smoothness_loss(textured, ramp).item() < 0.01 * expected
    assert smoothness_loss(textured, torch.full((1, 1, 12, 12), 0.4)).item() == 0.0


def test_noise_costs_its_product_with_the_picture():
    picture, noise = torch.full((1, 3, 2, 2), 0.5), torch.full((1, 3, 2, 2), 0.2)
    loss = noise_loss(picture, torch.full((1, 3, 2, 2), 0.3), noise)
    assert loss.item() == pytest.approx(0.1 * math.sqrt(12), abs=1e-6)


def test_reflectance_is_smoothed_where_the_picture_is_dark():
    axis = 0.1 * torch.arange(5.0)
    reflectance = (axis[:, None] + axis[None, :]).expand(1, 3, 5, 5)
    picture = torch.zeros(1, 3, 5, 5)
    picture[..., 2, 2] = 1.0
    # Squared Sobel of the ramp is .64, in border columns (rows) .16. The weight is 1 at I = 0 and 0 in the middle.
    one_direction = 5 * (3 * 0.64 + 2 * 0.16)
    expected = 3 * (2 * one_direction - 2 * 0.64) / 5000.0
    loss = noise_loss(picture, reflectance, torch.zeros(1, 3, 5, 5))
    assert loss.item() == pytest.approx(expected, rel=1e-5)


def test_total_weights_noise_by_5000():
    picture = torch.full((1, 3, 4, 4), 0.5)
    reflectance, light = torch.full((1, 3, 4, 4), 0.5), torch.full((1, 1, 4, 4), 0.5)
    noise = torch.full((1, 3, 4, 4), 0.25)
    # RS + N = I; S = max; |R − I/S| = .5 · 48; ‖I⊙N‖ = .125·√48
    expected = 0.5 * 48 + 5000.0 * 0.125 * math.sqrt(48)
    assert illumination_loss(picture, reflectance, light, noise).item() == pytest.approx(expected, rel=1e-5)


def test_correction_curves():
    assert adjust(torch.tensor(0.25), "brighten").item() == pytest.approx(0.25**0.6)
    assert adjust(torch.tensor(0.25), "darken").item() == pytest.approx(0.8 * 0.25**1.25)
    assert adjust(torch.tensor(1.0), "darken").item() == pytest.approx(0.8)


@pytest.mark.parametrize(("direction", "sign"), [("brighten", 1.0), ("darken", -1.0)])
def test_repetitions_go_further_and_keep_hue(direction, sign):
    picture = _picture()
    illumination = Illumination(picture, direction, SCHEDULE, CHANNELS)
    means = [image_luma(picture).mean().item()]
    for _ in range(3):
        illumination.advance()
        tuned = illumination.picture()
        means.append(image_luma(tuned).mean().item())
    steps = [sign * (b - a) for a, b in zip(means, means[1:], strict=False)]
    assert min(steps) > 0.02
    unclipped = (tuned < 1.0).all(dim=1)
    ratio = tuned / picture
    spread = (ratio.amax(dim=1) / ratio.amin(dim=1))[unclipped]
    assert spread.mean().item() == pytest.approx(1.0, abs=0.02)


def test_repetitions_after_the_first_optimise_no_more():
    illumination = Illumination(_picture(), "brighten", SCHEDULE, CHANNELS)
    illumination.advance()
    weights = [parameter.clone() for parameter in illumination.module.parameters()]
    illumination.advance()
    assert all(torch.equal(a, b) for a, b in zip(weights, illumination.module.parameters(), strict=True))


def test_optimisation_lowers_the_loss_and_the_picture_is_the_corrected_light_on_what_is_not_noise():
    picture = _picture()
    illumination = Illumination(picture, "brighten", SCHEDULE, CHANNELS)
    before = illumination._loss().item()
    illumination.advance()
    assert illumination._loss().item() < 0.7 * before
    with torch.no_grad():
        light = illumination.module["illumination"](picture).sigmoid().maximum(picture.amax(dim=1, keepdim=True))
        noise = illumination.module["noise"](picture).tanh()
    expected = ((picture - noise) / light * light**0.6).clamp(0, 1)
    assert torch.allclose(illumination.picture(), expected, atol=1e-5)


def test_noise_keeps_its_balance_with_the_sums_when_a_part_is_seen():
    picture, noise = torch.full((1, 3, 8, 8), 0.5), torch.full((1, 3, 8, 8), 0.2)
    reflectance = torch.full((1, 3, 8, 8), 0.3)
    whole = noise_loss(picture, reflectance, noise)
    quarter = noise_loss(picture[..., :4, :4], reflectance[..., :4, :4], noise[..., :4, :4], share=0.25)
    assert quarter.item() == pytest.approx(whole.item() / 4)


def test_what_is_bright_keeps_its_detail_when_it_is_brightened():
    picture = _picture()
    picture[..., 10:20, 10:20] = torch.linspace(0.8, 0.98, 10)
    illumination = Illumination(picture, "brighten", SCHEDULE, CHANNELS)
    illumination.advance()
    profile = image_luma(illumination.picture())[0, 0, 15, 10:20]
    assert (profile.diff() > 0.0).all()


def test_threads_give_the_same_pictures_as_one_after_the_other():
    def run(seed: int) -> torch.Tensor:
        illumination = Illumination(_picture(seed), "darken", SCHEDULE, CHANNELS, seed)
        illumination.advance()
        return illumination.picture()

    alone = [run(seed) for seed in range(4)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(run, range(4)))
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in zip(alone, together, strict=True))


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (8, 8)])
def test_tiny_pictures(size):
    illumination = Illumination(torch.full((1, 3, *size), 0.4), "brighten", replace(SCHEDULE, steps=3), CHANNELS)
    illumination.advance()
    assert illumination.picture().shape == (1, 3, *size)
    assert illumination.picture().mean() > 0.4


def test_a_window_is_lit_as_the_whole_picture_is():
    picture = _picture()
    alone = Illumination(picture, "brighten", SCHEDULE, CHANNELS)
    window = Illumination(picture[..., 4:24, 6:30], "brighten", SCHEDULE, CHANNELS, whole=picture)
    for illumination in (alone, window):
        illumination.advance()
    # Beyond the window's rim the units see what is there no more.
    expected = alone.picture()[..., 8:20, 10:26]
    assert torch.allclose(window.picture()[..., 4:16, 4:20], expected, atol=1e-5)
