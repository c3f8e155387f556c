"""Text-IF on pictures that are too large for one go: pieces that know the whole.

Its convolutions see a known distance, but attention and group norms take sums over all pixels. These are taken once,
from evenly spaced windows of the picture at full size put side by side: they stand for the whole, its noise included,
which a smaller picture would have lost. Each piece is then fused with them, so that pieces agree where they meet.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from engines.text_if.config import LEVELS, TextIfConfig
from engines.text_if.model import Composed, TextIf
from engines.text_if.stripes import stripes_of
from engines.text_if.whole import Recorded
from engines.tiling import tiles

# Positions at the deepest level up to which a picture is fused in one go, since attention there grows with the square.
WHOLE_POSITIONS = 5_000
# Of a piece, and of a window that the sums are taken from, in positions at the deepest level.
_PIECE, _WINDOW = 48, 16
_WINDOWS = 4


def reach(config: TextIfConfig) -> int:
    """How many pixels beyond its own a pixel of the fused picture depends on, sums apart; a multiple of its sides'."""
    strides = [config.scale << level for level in range(LEVELS)]
    # A block has two 3×3 convolutions; every encoder block has its like in the decoder.
    pixels = sum(4 * count * stride for count, stride in zip(config.blocks, strides, strict=True))
    pixels += sum(strides[:-1]) + sum(strides[1:]) + strides[0] * (2 + 2 * config.refinement)
    # Un- and reshuffled pixels come from anywhere in their block.
    return math.ceil((pixels + config.multiple) / config.multiple) * config.multiple


def fits_whole(config: TextIfConfig, shape: tuple[int, int]) -> bool:
    """Whether a picture (H, W) is small enough for one go."""
    return math.prod(length // config.multiple for length in shape) <= WHOLE_POSITIONS


@torch.inference_mode()
def fused_in_pieces(
    network: TextIf,
    visible: Tensor,
    infrared: Tensor,
    text: Tensor,
    progress: Callable[[float], None] | None = None,
    piece: int = _PIECE,
    sources: bool = False,
) -> Composed:
    """What the network composes of a pair in one go, nearly, in bounded memory.

    Args:
        network: The network.
        visible: (1, 3, H, W), RGB in [0, 1], sides multiples of the network's.
        infrared: (1, 1, H, W) in [0, 1].
        text: (1, text_dim).
        progress: Called with the fraction done before every piece; it may raise Cancelled.
        piece: Side of a piece in positions at the deepest level.
        sources: Whether the restored sources are wanted, which take memory.

    Returns:
        The fused picture and its sources, which are the given ones where no restored ones are wanted.

    Raises:
        Cancelled: Raised by `progress`.
    """
    multiple = network.config.multiple
    recorded = Recorded()
    network(*(_sampled(picture, _WINDOW * multiple) for picture in (visible, infrared)), text, recorded.record)
    stripes = stripes_of(infrared) if network.config.evens_stripes else None
    restored = (torch.empty_like(visible), torch.empty_like(infrared)) if sources else (visible, infrared)
    whole = Composed(torch.empty_like(visible), *restored)
    wanted = len(whole) if sources else 1
    pieces = list(tiles(tuple(infrared.shape[-2:]), piece * multiple, reach(network.config)))
    for index, tile in enumerate(pieces):
        if progress is not None:
            progress((index + 1) / (len(pieces) + 1))
        read = (..., *tile.read)
        here = None if stripes is None else stripes.within(*tile.read)
        share = recorded.replay()
        features = network.encode(visible[read], infrared[read], share, here)
        part = network.compose(network.decode(features, text, share), visible[read], infrared[read])
        for picture, piece_of in zip(whole[:wanted], part[:wanted], strict=True):
            picture[(..., *tile.keep)] = piece_of[(..., *tile.inner)]
    return whole


def _sampled(picture: Tensor, side: int) -> Tensor:
    """Evenly spaced windows of (B, C, H, W) side by side, at most `_WINDOWS` times as many."""
    for axis in (-2, -1):
        length = picture.shape[axis]
        windows = min(_WINDOWS, max(1, length // side))
        size = min(side, length)
        starts = [round(index * (length - size) / max(1, windows - 1)) for index in range(windows)]
        picture = torch.cat([picture.narrow(axis, start, size) for start in starts], dim=axis)
    return picture
