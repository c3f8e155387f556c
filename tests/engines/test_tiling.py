"""Pieces cover a picture, and what is fused piece by piece is what is fused in one go."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engines.errors import Cancelled
from engines.terf.config import TerfConfig
from engines.terf.model import FusionBackbone
from engines.terf.tiled import fused_luma, reach
from engines.tiling import tiles

TINY = TerfConfig(
    channels=8,
    growth=4,
    dense_layers=1,
    dense_blocks=2,
    attention_channels=8,
    attention_blocks=2,
    heads=2,
    feed_forward_channels=8,
    detail_channels=8,
    detail_blocks=1,
)


@pytest.mark.parametrize(("shape", "side", "context"), [((100, 130), 32, 16), ((7, 9), 32, 8), ((64, 64), 32, 0)])
def test_each_pixel_is_kept_once_and_read_with_its_surroundings(shape, side, context):
    kept = np.zeros(shape, int)
    places = np.arange(shape[0] * shape[1]).reshape(shape)
    for tile in tiles(shape, side, context):
        kept[tile.keep] += 1
        np.testing.assert_array_equal(places[tile.read][tile.inner], places[tile.keep])
        for read, keep, length in zip(tile.read, tile.keep, shape, strict=True):
            assert read.start == max(0, keep.start - context) and read.stop == min(length, keep.stop + context)
    assert (kept == 1).all()


@pytest.fixture(scope="module")
def network() -> FusionBackbone:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = FusionBackbone(TINY).eval().requires_grad_(False)
        for parameter in network.parameters():
            parameter += 0.05 * torch.randn_like(parameter)
    return network


def random_pair(height: int, width: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    # Brighter to the right, so that the attention map of a piece is not that of the whole.
    ramp = torch.linspace(0.1, 1.0, width)
    return (
        torch.rand(1, 3, height, width, generator=generator) * ramp,
        torch.rand(1, 1, height, width, generator=generator) * ramp.flip(0),
    )


@pytest.mark.parametrize("shape", [(120, 150), (101, 97)])
def test_terf_in_pieces_is_terf_in_one_go(network, shape):
    pair = random_pair(*shape)
    with torch.no_grad():
        whole = network(*pair)
    pieces = fused_luma(network, *pair, whole=0, side=48)
    # 2e-5 is what float32 rounding through some thirty layers leaves; an 8-bit step is 200 times as large.
    torch.testing.assert_close(pieces, whole, rtol=0, atol=2e-5)


def test_terf_pieces_without_the_maps_of_the_whole_would_show(network):
    pair = random_pair(120, 150)
    with torch.no_grad():
        whole, part = network(*pair), network(*(t[..., :, :100] for t in pair))
    near = 100 - reach(TINY)
    assert (whole[..., :near] - part[..., :near]).abs().max() > 1e-3


def test_terf_in_pieces_tells_its_progress_and_can_be_stopped(network):
    told: list[float] = []
    fused_luma(network, *random_pair(100, 100), progress=told.append, whole=0, side=48)
    assert told == sorted(told) and told[0] == 0.0 and len(told) == 3 * 9

    def stop(fraction: float) -> None:
        if fraction > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        fused_luma(network, *random_pair(100, 100), progress=stop, whole=0, side=48)
