"""Folding batch norms into convolutions changes nothing but the time it takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn

from engines.folding import folded
from engines.ris_fusion.fusion_net import DoubleConv
from engines.ris_fusion.trunk import Trunk


def with_experience(module: nn.Module) -> nn.Module:
    """Batch norms that would show if they were left out or applied twice."""
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean.uniform_(-0.5, 0.5)
            part.running_var.uniform_(0.5, 2.0)
            nn.init.uniform_(part.weight, 0.5, 1.5)
            nn.init.uniform_(part.bias, -0.5, 0.5)
    return module.eval()


@pytest.mark.parametrize(
    ("make", "channels"), [(lambda: DoubleConv(3, 8), 3), (lambda: Trunk("tf_efficientnet_lite0"), 3)]
)
@torch.no_grad()
def test_the_result_is_the_same_without_any_batch_norm(make: Callable[[], nn.Module], channels: int) -> None:
    torch.manual_seed(3)
    module = with_experience(make())
    picture = torch.rand(1, channels, 64, 96)
    before = module(picture)
    fast = folded(module)
    assert not any(isinstance(part, nn.BatchNorm2d) for part in fast.modules())
    torch.testing.assert_close(fast(picture), before, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(module(picture), before, atol=0, rtol=0)


def test_weights_that_stay_are_shared() -> None:
    module = nn.Sequential(nn.Conv2d(2, 3, 1), nn.BatchNorm2d(3), nn.Conv2d(3, 1, 1)).eval()
    fast = folded(module)
    assert fast[2].weight is module[2].weight
    assert fast[0].weight is not module[0].weight


def test_a_batch_norm_of_something_else_stays() -> None:
    """Registered one after the other says nothing of the order in which a module of ours uses them."""

    class Other(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 3, 1)
            self.norm = nn.BatchNorm2d(3)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.conv(self.norm(x))

    torch.manual_seed(3)
    module = with_experience(Other())
    picture = torch.rand(1, 3, 4, 4)
    torch.testing.assert_close(folded(module)(picture), module(picture))
