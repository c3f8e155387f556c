"""What a step of the optimisation sees of a large picture: a part of the pixels costs a part of the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Mosaic:
    """Windows at full resolution, drawn anew for every step and laid side by side as one picture.

    The picture is divided as a grid is, and every cell gives one window, so that no step sees one corner only. One
    picture instead of a batch, because a network that attends to the whole of what it is given then sees nearly the
    mean of the scene in every step, not of one window alone.

    Attributes:
        side: Of a window in pixels.
        rows: Of windows along the picture's shorter side.
        columns: Along its longer side.
    """

    side: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Reduced:
    """The whole picture, made smaller: every step sees the same scene.

    Attributes:
        pixels: At most so many.
    """

    pixels: int


View = Mosaic | Reduced


class Sight:
    """Gives every step what it sees of several pictures of one scene, at the same place in all of them."""

    def __init__(self, pictures: Sequence[Tensor], view: View | None, generator: torch.Generator) -> None:
        """Remember the pictures.

        Args:
            pictures: (1, C, H, W) each, of one H and W.
            view: None for the pictures themselves.
            generator: Of the windows' places; on the CPU.
        """
        self._grid: tuple[int, int] | None = None
        self._generator = generator
        if isinstance(view, Reduced):
            pictures = [reduce_to(picture, view.pixels) for picture in pictures]
        elif view is not None:
            height, width = pictures[0].shape[-2:]
            rows, columns = (view.rows, view.columns) if width >= height else (view.columns, view.rows)
            self._window = min(view.side, height), min(view.side, width)
            if rows * self._window[0] * columns * self._window[1] < height * width:
                self._grid = rows, columns
        self._pictures = list(pictures)

    @property
    def changes(self) -> bool:
        """Whether every step sees something else."""
        return self._grid is not None

    def next(self) -> list[Tensor]:
        """Per picture (1, C, h, w)."""
        if self._grid is None:
            return self._pictures
        cells = torch.stack(torch.meshgrid(*map(torch.arange, self._grid), indexing="ij"), dim=-1)
        places = (cells + torch.rand(cells.shape, generator=self._generator)) / torch.tensor(self._grid)
        (rows, columns), (height, width) = self._window, self._pictures[0].shape[-2:]
        corners = (places * torch.tensor([height - rows + 1, width - columns + 1])).long().tolist()
        return [
            torch.cat(
                [
                    torch.cat([picture[..., top : top + rows, left : left + columns] for top, left in line], dim=-1)
                    for line in corners
                ],
                dim=-2,
            )
            for picture in self._pictures
        ]


def reduce_to(picture: Tensor, pixels: int) -> Tensor:
    """(B, C, H, W) averaged down to at most `pixels` pixels, aspect ratio kept; unchanged where it is small enough."""
    height, width = picture.shape[-2:]
    if height * width <= pixels:
        return picture
    factor = (pixels / (height * width)) ** 0.5
    size = (max(1, int(height * factor)), max(1, int(width * factor)))
    return F.interpolate(picture, size=size, mode="area")
