"""Pictures that do not fit into memory in one go: codes from a smaller picture, details in pieces.

Attention looks at the whole picture, so it gets the whole picture at a size it can take in. Everything else is
convolutions that see a known distance: fused piece by piece, it comes out as in one go.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from engines.text2pixels.config import FusionConfig
from engines.text2pixels.extractor import SCALE
from engines.text2pixels.model import MARGIN, STRIDE, FusionNet, Guidance, padded
from engines.tiling import tiles

SIDE = 512


def guiding_size(shape: tuple[int, int], pixels: int) -> tuple[int, int]:
    """Height and width, multiples of STRIDE and about `pixels` together, at which a picture guides its fusion."""
    scale = min(1.0, (pixels / (shape[0] * shape[1])) ** 0.5)
    return tuple(max(1, round(length * scale / STRIDE)) * STRIDE for length in shape)


def reach(config: FusionConfig) -> int:
    """How many pixels beyond its own a fused pixel depends on, guidance apart; a multiple of SCALE."""
    convolutions = 1 + config.blocks + 3
    return SCALE * (convolutions + 1)


@torch.no_grad()
def fused_in_pieces(
    network: FusionNet,
    visible: Tensor,
    infrared: Tensor,
    guidance: Guidance,
    guiding: tuple[int, int],
    place: Tensor,
    progress: Callable[[float], None] | None = None,
    side: int = SIDE,
) -> Tensor:
    """Fused luma of a large picture.

    Args:
        network: The fusion network.
        visible: Luma (1, 1, H, W).
        infrared: (1, 1, H, W).
        guidance: Of the same pair at another size.
        guiding: That size, without the margin.
        place: (1, 1, H, W), where the words point.
        progress: Called with the fraction done before every piece; it may raise Cancelled.
        side: Of a piece, a multiple of STRIDE.

    Returns:
        (1, 1, H, W), not clamped.

    Raises:
        Cancelled: Raised by `progress`.
    """
    shape = tuple(infrared.shape[-2:])
    fused = torch.empty_like(infrared)
    pieces = list(tiles(shape, side, -(-reach(network.config) // STRIDE) * STRIDE))
    for index, tile in enumerate(pieces):
        if progress is not None:
            progress(index / len(pieces))
        read = (..., *tile.read)
        features = network.extract(visible[read], infrared[read])
        field = _window(guidance.field, guiding, shape, tile.read, tuple(features.levels.shape[-2:]))
        y = network.decoder(features.sources, features.levels, field, padded(place[read]))
        y = y[..., MARGIN : MARGIN + features.size[0], MARGIN : MARGIN + features.size[1]]
        fused[(..., *tile.keep)] = y[(..., *tile.inner)]
    return fused


def _window(
    field: Tensor, guiding: tuple[int, int], shape: tuple[int, int], read: tuple[slice, slice], size: tuple[int, int]
) -> Tensor:
    """The part of a guidance field that lies over a padded piece, (1, C, *size), bilinear."""
    axes = []
    for cells, small, large, span, count in zip(field.shape[-2:], guiding, shape, read, size, strict=True):
        # Centres of the piece's details in pixels of the large picture, then of the small one, then of the field.
        centres = span.start - MARGIN + SCALE * (torch.arange(count, device=field.device) + 0.5)
        axes.append((centres * small / large + MARGIN) / (STRIDE * cells) * 2.0 - 1.0)
    rows, columns = torch.meshgrid(*axes, indexing="ij")
    grid = torch.stack([columns, rows], dim=-1)[None].to(field.dtype)
    return F.grid_sample(field, grid, mode="bilinear", padding_mode="border", align_corners=False)
