"""What columns and rows of a thermal picture are off by, as uncalibrated detectors leave them.

A network of small kernels sees a stripe where it stands, but cannot tell it from the edge of a wall: that takes the
whole column. So the offsets of columns and rows are estimated first, as in the classical corrections of fixed-pattern
noise by column statistics (Tendero et al., "Non-uniformity correction of infrared images by midway equalization",
2012, is of that family), and the network decides what of them is noise.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

# Neighbours on either side that a column is compared with.
_NEIGHBOURS = 8
# Differences to them beyond this are the scene's.
_LIMIT = 0.15


class Stripes(NamedTuple):
    """Offsets to subtract.

    Attributes:
        columns: (B, 1, 1, W).
        rows: (B, 1, H, 1).
    """

    columns: Tensor
    rows: Tensor

    def within(self, rows: slice, columns: slice) -> Stripes:
        """Those of a part of the picture."""
        return Stripes(self.columns[..., columns], self.rows[..., rows, :])


def stripes_of(infrared: Tensor) -> Stripes:
    """Estimate the offsets of a picture (B, 1, H, W) in [0, 1]: mean difference to the neighbours, steep edges cut."""
    across = F.pad(infrared, (_NEIGHBOURS, _NEIGHBOURS, 0, 0), mode="replicate")
    down = F.pad(infrared, (0, 0, _NEIGHBOURS, _NEIGHBOURS), mode="replicate")
    width = 2 * _NEIGHBOURS + 1
    columns = (infrared - F.avg_pool2d(across, (1, width), stride=1)).clamp(-_LIMIT, _LIMIT).mean(dim=-2, keepdim=True)
    rows = (infrared - F.avg_pool2d(down, (width, 1), stride=1)).clamp(-_LIMIT, _LIMIT).mean(dim=-1, keepdim=True)
    return Stripes(columns, rows)


def evened(infrared: Tensor, stripes: Stripes) -> Tensor:
    """(B, 1, H, W) to (B, 3, H, W): the picture, and with its columns and its rows evened."""
    return torch.cat([infrared, infrared - stripes.columns, infrared - stripes.rows], dim=1)
