"""The TeRF backbone on pictures that do not fit into memory in one go.

Its convolutions see a known distance, but its attention maps, channels × channels, are sums over all pixels. They are
summed over all pieces first, one attention block after the other, each with the maps of those before it; then each
piece is fused with the maps of the whole picture.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from engines.terf import detail
from engines.terf.attention import ChannelAttention
from engines.terf.config import TerfConfig
from engines.terf.model import FusionBackbone
from engines.tiling import Tile, tiles

# Pictures up to this size are fused in one go.
WHOLE_PIXELS = 2_000_000
SIDE = 768


def reach(config: TerfConfig) -> int:
    """How many pixels beyond its own a pixel of the fused picture depends on, attention maps apart."""
    convolutions = 3 + config.dense_blocks * config.dense_layers + 3 + 2 * config.attention_blocks + 1
    refined = detail.reach(config.detail_blocks) if config.detail_blocks else 0
    return config.scale * (convolutions + 1) + 1 + refined


class _Measured(Exception):
    """Ends a pass once the block at hand has seen its piece."""


class _SharedMap(nn.Module):
    """A ChannelAttention that first sums up its map over pieces, and then uses it."""

    def __init__(self, attention: ChannelAttention) -> None:
        super().__init__()
        self.attention = attention
        self.inner: tuple[slice, slice] | None = None
        self._products: Tensor | float = 0.0
        self._squares: Tensor | float = 0.0
        self._map: Tensor | None = None

    def settle(self) -> None:
        """Make the map of what has been summed up."""
        q_norms, k_norms = self._squares.sqrt().unbind(dim=1)
        norms = q_norms.unsqueeze(-1) * k_norms.unsqueeze(-2)
        self._map = (self._products / norms.clamp(min=1e-6) * self.attention.temperature).softmax(dim=-1).float()

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) to the same shape, with the settled map.

        Raises:
            _Measured: The map is not settled yet; the piece has been added to the sums.
        """
        b, c, h, w = x.shape
        heads = self.attention.heads
        qkv = self.attention.qkv_local(self.attention.qkv(x)).reshape(b, 3, heads, c // heads, h, w)
        if self._map is None:
            rows, columns = self.inner
            # In double precision, as the sums run over millions of pixels.
            q, k = qkv[:, :2, ..., rows, columns].flatten(4).double().unbind(dim=1)
            self._products = self._products + q @ k.transpose(-2, -1)
            self._squares = self._squares + torch.stack([q.square().sum(dim=-1), k.square().sum(dim=-1)], dim=1)
            raise _Measured
        mixed = self._map.to(qkv.dtype) @ qkv[:, 2].flatten(3)
        return self.attention.project(mixed.reshape(b, c, h, w))


@torch.no_grad()
def fused_luma(
    network: FusionBackbone,
    visible: Tensor,
    infrared: Tensor,
    progress: Callable[[float], None] | None = None,
    whole: int = WHOLE_PIXELS,
    side: int = SIDE,
) -> Tensor:
    """What `network(visible, infrared)` gives, in bounded memory.

    Args:
        network: The backbone.
        visible: (1, 3, H, W), RGB in [0, 1].
        infrared: (1, 1, H, W) in [0, 1].
        progress: Called with the fraction done before every piece; it may raise Cancelled.
        whole: Pictures of at most that many pixels are fused in one go.
        side: Of a piece, a multiple of the network's scale.

    Returns:
        Fused luma (1, 1, H, W), not clamped.

    Raises:
        Cancelled: Raised by `progress`.
    """
    height, width = infrared.shape[-2:]
    if height * width <= whole:
        return network(visible, infrared)
    scale = network.config.scale
    context = -(-reach(network.config) // scale) * scale
    pieces = list(tiles((height, width), side, context))
    network, maps = _with_shared_maps(network)
    passes = len(maps) + 1

    def each(done: int) -> Iterator[tuple[Tile, Tensor, Tensor]]:
        for index, tile in enumerate(pieces):
            if progress is not None:
                progress((done + index / len(pieces)) / passes)
            read = (..., *tile.read)
            yield tile, visible[read], infrared[read]

    for done, shared in enumerate(maps):
        for tile, *sources in each(done):
            shared.inner = _features_of(tile, (height, width), network.config)
            try:
                network(*sources)
            except _Measured:
                continue
        shared.settle()
    fused = torch.empty_like(infrared)
    for tile, *sources in each(len(maps)):
        fused[(..., *tile.keep)] = network(*sources)[(..., *tile.inner)]
    return fused


def _with_shared_maps(network: FusionBackbone) -> tuple[FusionBackbone, list[_SharedMap]]:
    """The network, its weights shared, with attention that can be measured; in the order of the blocks."""
    # The weights are entered as their own copies, so that only the modules around them are new.
    weights = {id(parameter): parameter for parameter in network.parameters()}
    network = copy.deepcopy(network, dict(weights))
    maps = []
    for block in network.attention:
        block.attention = _SharedMap(block.attention)
        maps.append(block.attention)
    return network, maps


def _features_of(tile: Tile, shape: tuple[int, int], config: TerfConfig) -> tuple[slice, slice]:
    """Where the features are that a piece adds to the sums: its own and, at the border, those of the margin."""
    spans = []
    for keep, inner, length in zip(tile.keep, tile.inner, shape, strict=True):
        start = 0 if keep.start == 0 else (inner.start + config.margin) // config.scale
        stop = None if keep.stop == length else (inner.stop + config.margin) // config.scale
        spans.append(slice(start, stop))
    return spans[0], spans[1]
