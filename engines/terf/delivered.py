"""The luma that TeRF delivers for a pair: what its network makes of it, without dark rims."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from engines.dark_rims import without_rims
from engines.terf.model import FusionBackbone, image_luma
from engines.terf.tiled import fused_luma


@torch.no_grad()
def delivered_luma(
    network: FusionBackbone, visible: Tensor, infrared: Tensor, progress: Callable[[float], None] | None = None
) -> Tensor:
    """Eq. 2, and rims around warm things that neither picture has lifted (ours, see `engines.dark_rims`).

    Args:
        network: The backbone, tuned or not.
        visible: (1, 3, H, W), RGB in [0, 1].
        infrared: (1, 1, H, W) in [0, 1].
        progress: As of `fused_luma`.

    Returns:
        (1, 1, H, W) in [0, 1].

    Raises:
        Cancelled: Raised by `progress`.
    """
    fused = fused_luma(network, visible, infrared, progress).clamp(0.0, 1.0)
    luma = without_rims(*(picture[0, 0].float().cpu().numpy() for picture in (fused, image_luma(visible), infrared)))
    return torch.from_numpy(luma)[None, None].to(fused)
