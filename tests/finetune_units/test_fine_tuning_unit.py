"""The fine-tuning unit: structure, initialisation, borders."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from finetune_units import unit as unit_module
from finetune_units.unit import FineTuningUnit


def _unit(seed: int = 0) -> FineTuningUnit:
    return FineTuningUnit(3, 2, 8, torch.Generator().manual_seed(seed))


def test_four_convolutions_with_relu_between():
    unit = _unit()
    assert [layer.weight.shape for layer in unit.layers] == [(8, 3, 3, 3), (8, 8, 3, 3), (8, 8, 3, 3), (2, 8, 3, 3)]
    with torch.no_grad():
        for layer in unit.layers:
            layer.weight.zero_()
            layer.weight[0, 0, 1, 1] = 1.0
        unit.layers[0].bias[0] = -0.5
    x = torch.rand(1, 3, 5, 6)
    out = unit(x)
    assert torch.allclose(out[:, 0], (x[:, 0] - 0.5).clamp(min=0.0)), "ReLU after the first convolution"
    with torch.no_grad():
        unit.layers[3].weight.neg_()
    assert torch.allclose(unit(x), -out), "no ReLU after the last"


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (9, 4)])
def test_any_size_stays_and_a_flat_picture_stays_flat(size):
    out = _unit()(torch.full((1, 3, *size), 0.3))
    assert out.shape == (1, 2, *size)
    assert torch.allclose(out, out[..., :1, :1].expand_as(out), atol=1e-6), "borders look like the middle"


def test_xavier_bounds_and_zero_bias():
    for layer in _unit().layers:
        bound = (6.0 / (9 * (layer.in_channels + layer.out_channels))) ** 0.5
        assert 0.5 * bound < layer.weight.abs().max() <= bound
        assert isinstance(layer, nn.Conv2d) and not layer.bias.any()


def test_seed_decides_and_the_global_generator_is_left_alone():
    before = torch.get_rng_state()
    first, second, other = _unit(1), _unit(1), _unit(2)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.layers[2].weight, second.layers[2].weight)
    assert not torch.equal(first.layers[2].weight, other.layers[2].weight)


@pytest.mark.parametrize("strip_pixels", [1, 40, 500])
def test_strips_give_the_same_as_the_whole(strip_pixels, monkeypatch):
    x = torch.rand(2, 3, 23, 11, generator=torch.Generator().manual_seed(1))
    unit = _unit()
    results = []
    for pixels in (10_000, strip_pixels):
        monkeypatch.setattr(unit_module, "STRIP_PIXELS", pixels)
        unit.zero_grad()
        picture = unit(x)
        picture.square().mean().backward()
        results.append([picture, *(parameter.grad.clone() for parameter in unit.parameters())])
    for whole, strips in zip(*results, strict=True):
        assert torch.allclose(whole, strips, atol=1e-6)
