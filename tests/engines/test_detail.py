"""Correction of a fused picture where its edges are."""

from __future__ import annotations

import pytest
import torch

from engines.terf.config import TerfConfig
from engines.terf.detail import DetailRefinement, reach


def _inputs(height: int = 40, width: int = 48) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    y, infrared = (torch.rand(1, 1, height, width, generator=generator) for _ in range(2))
    features = torch.rand(1, 5, height, width, generator=generator)
    return features, torch.cat([y, infrared, torch.maximum(y, infrared)], dim=1), 0.5 * (y + infrared)


def _refinement(blocks: int = 1) -> DetailRefinement:
    torch.manual_seed(0)
    return DetailRefinement(5, 8, blocks)


def _trained(blocks: int = 1) -> DetailRefinement:
    refinement = _refinement(blocks)
    torch.nn.init.normal_(refinement.output.weight, std=0.1)
    return refinement


def test_a_fresh_refinement_changes_nothing():
    features, sources, fused = _inputs()
    assert torch.equal(_refinement()(features, sources, fused), fused)


def test_its_first_step_lowers_the_error():
    """Zero weights at the end must not stop it from learning."""
    features, sources, fused = _inputs()
    refinement = _refinement()
    optimiser = torch.optim.Adam(refinement.parameters(), lr=1e-3)
    losses = []
    for _ in range(20):
        loss = (refinement(features, sources, fused) - sources[:, 2:]).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.5 * losses[0]


def test_the_weights_choose_a_source():
    features, sources, fused = _inputs()
    refinement = _refinement()
    with torch.no_grad():
        refinement.output.bias.copy_(torch.tensor([0.1, 0.5, -0.25, 0.0]))
    expected = fused + 0.1 + 0.5 * sources[:, 0:1] - 0.25 * sources[:, 1:2]
    torch.testing.assert_close(refinement(features, sources, fused), expected)


@pytest.mark.parametrize("blocks", [1, 2])
def test_it_reaches_as_far_as_it_says(blocks):
    features, sources, fused = _inputs(96, 96)
    refinement = _trained(blocks)
    before = refinement(features, sources, fused)
    touched = features.clone()
    touched[..., 48, 48] += 10.0
    rows, columns = ((refinement(touched, sources, fused) - before)[0, 0].abs() > 0).nonzero(as_tuple=True)
    farthest = int(torch.maximum((rows - 48).abs(), (columns - 48).abs()).max())
    assert reach(blocks) - 4 <= farthest <= reach(blocks)


def test_without_sources_there_is_nothing_to_correct():
    with pytest.raises(ValueError, match="source_skip"):
        TerfConfig(source_skip=False, source_gates=False, detail_blocks=1)
