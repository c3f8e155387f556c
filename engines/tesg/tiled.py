"""The TeSG network on pictures that do not fit into memory in one go.

Its convolutions see a known distance, but its attention maps, channels × channels, are sums over all pixels. They are
taken from the picture at reduced size, and every piece is then fused with these same maps, so there are no seams.
"""

from __future__ import annotations

import copy
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engines.terf.attention import AttentionBlock, ChannelAttention
from engines.terf.tiled import reach as terf_reach
from engines.tesg.attention import CrossAttention, TransformerBlock
from engines.tesg.config import TesgConfig
from engines.tesg.model import Guided, TesgNet
from engines.tiling import tiles

# Of the picture that the maps are taken from.
MAP_PIXELS = 1_000_000
SIDE = 768


def reach(config: TesgConfig) -> int:
    """How many pixels beyond its own a pixel of the fused picture depends on, attention maps apart."""
    blocks = config.encoder_blocks + config.decoder_blocks
    # The entry, MGCA, the spatial attention and the shuffle have one 3×3 convolution in a row, each block has two.
    semantic = config.scale * (4 + 2 * blocks + 1) + 2
    return semantic if config.detail is None else max(semantic, terf_reach(config.detail))


class _HeldMap(nn.Module):
    """An attention that keeps the maps of its first pass over the network and uses them in every later one."""

    def __init__(self, attention: CrossAttention | ChannelAttention) -> None:
        super().__init__()
        self.attention = attention
        self.maps: list[Tensor] = []
        self.settled = False
        self.turn = 0

    def forward(self, x: Tensor, y: Tensor | None = None, where: Tensor | None = None) -> Tensor:
        """As `CrossAttention.forward`, or without `y` as `ChannelAttention.forward`."""
        q, k, v = self.attention.parts(x) if y is None else self.attention.parts(x, y)
        if not self.settled:
            weighing = () if where is None else (where,)
            self.maps.append(self.attention.attention_map(q, k, *weighing))
        # A pass asks an encoder twice: for the whole picture, and for its foreground and background.
        kept = self.maps[self.turn % len(self.maps)]
        self.turn += 1
        return self.attention.mixed(kept, v, x.shape)


def _with_held_maps(network: TesgNet) -> tuple[TesgNet, list[_HeldMap]]:
    """The network, its weights shared, with attention that keeps its maps."""
    # The weights are entered as their own copies, so that only the modules around them are new.
    network = copy.deepcopy(network, {id(parameter): parameter for parameter in network.parameters()})
    held = []
    for module in list(network.modules()):
        if isinstance(module, TransformerBlock | AttentionBlock):
            module.attention = _HeldMap(module.attention)
            held.append(module.attention)
    attentions = network.mgca.attentions
    for part in list(attentions):
        attentions[part] = _HeldMap(attentions[part])
        held.append(attentions[part])
    return network, held


@torch.no_grad()
def fused_in_pieces(
    network: TesgNet,
    sources: tuple[Tensor, Tensor, Tensor],
    words: tuple[Tensor, Tensor],
    progress: Callable[[float], None] | None = None,
    where: Tensor | None = None,
    side: int = SIDE,
    map_pixels: int = MAP_PIXELS,
) -> Guided:
    """What `network` gives, in bounded memory.

    Args:
        network: The network.
        sources: Visible (1, 3, H, W), infrared and masks (1, 1, H, W), all in [0, 1].
        words: Word features (1, N, text_dim) and their mask (1, N).
        progress: Called with the fraction done before every piece; it may raise Cancelled.
        where: bool (H, W), the pixels that are asked for; None for all. The others are the brighter source.
        side: Of a piece, a multiple of the network's scale.
        map_pixels: Size of the picture that the maps are taken from.

    Returns:
        Luma and maps, each (1, 1, H, W).

    Raises:
        Cancelled: Raised by `progress`.
    """
    height, width = sources[1].shape[-2:]
    network, held = _with_held_maps(network)
    factor = min(1.0, (map_pixels / (height * width)) ** 0.5)
    size = (max(1, round(height * factor)), max(1, round(width * factor)))
    network(*(F.interpolate(x, size=size, mode="area") for x in sources), *words)
    for attention in held:
        attention.settled, attention.turn = True, 0
    scale = network.config.scale
    context = -(-reach(network.config) // scale) * scale
    pieces = list(tiles((height, width), side, context))
    y = torch.maximum(sources[0].amax(dim=1, keepdim=True), sources[1])
    maps: dict[str, Tensor] = {}
    for index, tile in enumerate(pieces):
        if where is not None and not where[tile.keep].any():
            continue
        if progress is not None:
            progress(index / len(pieces))
        guided = network(*(x[(..., *tile.read)] for x in sources), *words)
        for name, value in guided.maps.items():
            target = maps.setdefault(name, torch.zeros_like(sources[1]))
            target[(..., *tile.keep)] = value[(..., *tile.inner)]
        y[(..., *tile.keep)] = guided.y[(..., *tile.inner)]
    return Guided(y, maps)
