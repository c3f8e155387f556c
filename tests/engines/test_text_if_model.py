"""The Text-IF network at a tiny size: guidance, gates, pieces."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from engines.errors import CheckpointError
from engines.text_if.config import PUBLISHED, TextIfConfig
from engines.text_if.model import TextIf
from engines.text_if.tiled import fused_in_pieces, reach
from engines.text_if.whole import Recorded
from engines.tiling import tiles

TINY = TextIfConfig(
    width=4,
    blocks=(1, 1, 1, 1),
    refinement=1,
    heads=(1, 1, 2, 2),
    expansion=1,
    groups=4,
    text_dim=6,
    guidance_dim=8,
)
GATED = replace(TINY, scale=2, restores_sources=True)


def network(config: TextIfConfig) -> TextIf:
    torch.manual_seed(0)
    return TextIf(config).eval().requires_grad_(False)


def pictures(height: int, width: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    return torch.rand(1, 3, height, width, generator=generator), torch.rand(1, 1, height, width, generator=generator)


@pytest.mark.parametrize("config", [TINY, GATED])
def test_the_sentence_and_both_pictures_matter(config):
    net, (visible, infrared), text = network(config), pictures(32, 48), torch.randn(2, 6)
    fused = net(visible, infrared, text[:1])
    assert fused.shape == visible.shape
    assert not torch.allclose(net(visible, infrared, text[1:]), fused, atol=1e-5)
    assert not torch.allclose(net(1 - visible, infrared, text[:1]), fused, atol=1e-3)
    assert not torch.allclose(net(visible, 1 - infrared, text[:1]), fused, atol=1e-3)


def test_what_is_encoded_serves_every_sentence():
    net, (visible, infrared) = network(TINY), pictures(32, 32)
    features = net.encode(visible, infrared)
    for text in torch.randn(2, 1, 6):
        torch.testing.assert_close(
            net.compose(net.decode(features, text), visible, infrared).image, net(visible, infrared, text)
        )


def test_guidance_without_weights_changes_nothing():
    guidance = network(TINY).prompt_guidance_2
    torch.nn.init.zeros_(guidance.MLP[2].weight)
    torch.nn.init.zeros_(guidance.MLP[2].bias)
    x = torch.rand(1, 8, 4, 4)
    assert torch.equal(guidance(x, torch.randn(1, 6)), x)


def test_gates_at_zero_give_the_maximum_with_the_visible_colour():
    net = network(GATED)
    net.output.weight.zero_()
    visible, infrared = torch.full((1, 3, 16, 16), 0.4), torch.full((1, 1, 16, 16), 0.7)
    torch.testing.assert_close(net(visible, infrared, torch.zeros(1, 6)), torch.full((1, 3, 16, 16), 0.7))
    torch.testing.assert_close(net(visible, infrared / 2, torch.zeros(1, 6)), visible)


@pytest.mark.parametrize("config", [TINY, GATED])
def test_pieces_that_know_the_whole_meet_without_seams(config):
    """With the sums of the picture itself, pieces give what the whole gives: the reach is enough."""
    net, text = network(config), torch.randn(1, 6)
    context, side = reach(config), 4 * config.multiple
    visible, infrared = pictures(2 * context + side, 2 * config.multiple)
    recorded = Recorded()
    whole = net(visible, infrared, text, recorded.record)
    for tile in tiles(tuple(infrared.shape[-2:]), side, context):
        read = (..., *tile.read)
        piece = net(visible[read], infrared[read], text, recorded.replay())
        torch.testing.assert_close(piece[(..., *tile.inner)], whole[(..., *tile.keep)], rtol=0, atol=1e-5)


def test_a_large_picture_is_near_what_one_go_gives():
    net, text = network(GATED), torch.randn(1, 6)
    visible, infrared = pictures(320, 288)
    heard = []
    in_pieces = fused_in_pieces(net, visible, infrared, text, heard.append, piece=8).image
    assert len(heard) > 1 and heard == sorted(heard) and heard[-1] < 1
    assert (in_pieces - net(visible, infrared, text)).abs().mean() < 0.01


def test_a_published_picture_may_be_fused_in_pieces_too():
    assert reach(PUBLISHED) % PUBLISHED.multiple == 0


def test_configurations_that_do_not_fit_are_refused():
    assert TextIfConfig.from_dict(GATED.to_dict()) == GATED
    for values in ({"depth": 3}, {"heads": [1, 2, 4]}, {"width": 5, "heads": [2, 2, 2, 2]}, {"width": 3}):
        with pytest.raises(CheckpointError, match="not one of Text-IF's"):
            TextIfConfig.from_dict(values)
