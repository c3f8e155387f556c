"""Inclination: eq. 10–13 by hand, and the effect on a small network."""

from __future__ import annotations

import copy

import pytest
import torch

from engines.terf.losses import FusionWeights, color_loss
from engines.terf.model import FusionBackbone, image_luma, recolor
from finetune_units.inclination import Inclination, inclination_loss
from finetune_units.presets import Schedule
from finetune_units.views import Mosaic, Reduced, View
from tests.tiny_terf import TINY

SCHEDULE = Schedule(steps=8, learning_rate=1e-3)


def _flat(value: float, channels: int) -> torch.Tensor:
    return torch.full((1, channels, 16, 16), value)


def _pair() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    coarse = torch.rand(1, 4, 2, 2, generator=generator)
    both = torch.nn.functional.interpolate(coarse, size=(24, 32), mode="bilinear")
    return both[:, :3], both[:, 3:]


def _network() -> FusionBackbone:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return FusionBackbone(TINY).eval().requires_grad_(False)


def test_loss_of_flat_pictures():
    fused, visible, infrared = _flat(0.4, 3), _flat(0.4, 3), _flat(0.8, 1)
    assert inclination_loss(fused, visible, infrared, "visible").item() == pytest.approx(0.0, abs=1e-6)
    # Intensity 0.4; SSIM of two constants is (2·0.4·0.8 + 1e-4) / (0.4² + 0.8² + 1e-4) = 0.6401 / 0.8001.
    expected = 0.4 + 0.1 * (1.0 - 0.6401 / 0.8001)
    assert inclination_loss(fused, visible, infrared, "infrared").item() == pytest.approx(expected, abs=5e-5)


def test_gradient_term_still_follows_both_sources():
    visible = torch.linspace(0.0, 0.3, 16).expand(1, 3, 16, 16)
    flat, weights = _flat(0.0, 1), FusionWeights(eta=0.0)
    slope = 0.3 / 15
    # Towards the flat infrared a flat zero picture has no intensity loss but misses the visible ramp's gradient:
    # 8·slope inside, 4·slope in the first and the last of 16 columns.
    loss = inclination_loss(_flat(0.0, 3), visible, flat, "infrared", weights) - _color(visible)
    assert loss.item() == pytest.approx((8 * slope * 14 + 4 * slope * 2) / 16, abs=5e-5)


def _color(visible: torch.Tensor) -> torch.Tensor:
    return color_loss(torch.zeros_like(visible), visible)


@pytest.mark.parametrize("source", ["visible", "infrared"])
def test_every_repetition_comes_closer_to_the_source(source):
    visible, infrared = _pair()
    target = image_luma(visible) if source == "visible" else infrared
    network = _network()
    distance = [(network(visible, infrared) - target).abs().mean().item()]
    inclination = Inclination(network, visible, infrared, source, SCHEDULE)
    for _ in range(3):
        inclination.advance()
        distance.append((inclination.picture() - target).abs().mean().item())
    assert distance[1] < 0.95 * distance[0]
    assert distance[3] < distance[2] < distance[1]


@pytest.mark.parametrize("source", ["visible", "infrared"])
def test_no_pixel_goes_away_from_the_source_or_past_it(source):
    visible, infrared = _pair()
    target = image_luma(visible) if source == "visible" else infrared
    network = _network()
    start = network(visible, infrared).clamp(0.0, 1.0)
    free = copy.deepcopy(network).requires_grad_(True)
    inclination = Inclination(network, visible, infrared, source, Schedule(25, 2e-2))
    optimizer = torch.optim.Adam(free.parameters(), lr=2e-2)
    for _ in range(25):
        optimizer.zero_grad()
        inclination_loss(recolor(free(visible, infrared), visible), visible, infrared, source).backward()
        optimizer.step()
    inclination.advance()
    unbounded, tuned = free(visible, infrared).clamp(0.0, 1.0), inclination.picture()
    assert ((unbounded - target).abs() > (start - target).abs() + 0.01).any(), "steps so large do go astray"
    inclination.advance()
    for before, after in ((start, tuned), (tuned, inclination.picture())):
        assert (after >= torch.minimum(before, target) - 1e-6).all()
        assert (after <= torch.maximum(before, target) + 1e-6).all()


def test_the_given_network_is_left_alone_and_a_repeat_gives_the_same_picture():
    visible, infrared = _pair()
    network = _network()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    pictures = []
    for _ in range(2):
        inclination = Inclination(network, visible, infrared, "infrared", SCHEDULE)
        inclination.advance()
        pictures.append(inclination.picture())
    assert torch.equal(pictures[0], pictures[1])
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert not any(parameter.requires_grad for parameter in network.parameters())


@pytest.mark.parametrize("view", [Mosaic(side=12, columns=2), Reduced(200)])
def test_a_part_of_the_pixels_leads_the_same_way_and_the_picture_keeps_its_size(view: View):
    visible, infrared = _pair()
    network = _network()
    start = network(visible, infrared)
    inclination = Inclination(network, visible, infrared, "infrared", Schedule(25, 1e-3, view))
    inclination.advance()
    tuned = inclination.picture()
    assert tuned.shape == (1, 1, 24, 32)
    assert (tuned - infrared).abs().mean() < 0.9 * (start - infrared).abs().mean()


def test_a_fusion_that_is_known_is_not_made_again():
    visible, infrared = _pair()
    network = _network()
    known = network(visible, infrared).clamp(0.0, 1.0)
    network.register_forward_hook(lambda *_: pytest.fail("fused again"))
    inclination = Inclination(network, visible, infrared, "infrared", SCHEDULE, fused=known)
    assert torch.equal(inclination.picture(), known)


@pytest.mark.parametrize("view", [None, Mosaic(side=12, columns=2)])
def test_short_floats_serve_windows_only_and_lead_to_the_same_picture(view: View | None, monkeypatch):
    visible, infrared = _pair()
    network = _network()
    start = network(visible, infrared)
    pictures = []
    for short in (False, True):
        monkeypatch.setattr("engines.device.computes_bfloat16", lambda device, short=short: short)
        inclination = Inclination(network, visible, infrared, "infrared", Schedule(25, 1e-3, view))
        inclination.advance()
        pictures.append(inclination.picture())
    moved = (pictures[0] - start).abs().mean()
    apart = (pictures[0] - pictures[1]).abs().mean()
    assert apart < 0.1 * moved
    assert (apart == 0.0) == (view is None)
