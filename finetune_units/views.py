"""What a step of the optimisation sees of a large picture: a part of the pixels costs a part of the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Windows:
    """Small windows at full resolution, drawn anew for every step: for what reducing would change, such as noise.

    Attributes:
        side: Of a window in pixels.
        count: How many.
    """

    side: int
    count: int


@dataclass(frozen=True)
class Reduced:
    """The whole picture, made smaller: every step sees the same scene.

    Attributes:
        pixels: At most so many.
    """

    pixels: int


View = Windows | Reduced


class Sight:
    """Gives every step what it sees of several pictures of one scene, at the same place in all of them."""

    def __init__(self, pictures: Sequence[Tensor], view: View | None, generator: torch.Generator) -> None:
        """Remember the pictures.

        Args:
            pictures: (1, C, H, W) each, of one H and W.
            view: None for the pictures themselves.
            generator: Of the windows' places; on the CPU.
        """
        height, width = pictures[0].shape[-2:]
        self._windows, self._generator = None, generator
        if isinstance(view, Reduced):
            pictures = [reduce_to(picture, view.pixels) for picture in pictures]
        elif view is not None and view.count * view.side**2 < height * width:
            self._windows = view
        self._pictures = list(pictures)

    def next(self) -> list[Tensor]:
        """Per picture (B, C, h, w).

        For windows, the picture is cut across its longer side into as many strips, and each strip gives one, so that
        no step sees one corner only.
        """
        if self._windows is None:
            return self._pictures
        side, count = self._windows.side, self._windows.count
        height, width = self._pictures[0].shape[-2:]
        rows, columns = min(side, height), min(side, width)
        places = torch.rand(count, 2, generator=self._generator)
        along = int(width > height)
        places[:, along] = (places[:, along] + torch.arange(count)) / count
        corners = (places * torch.tensor([height - rows + 1, width - columns + 1])).long().tolist()
        return [
            torch.cat([picture[..., top : top + rows, left : left + columns] for top, left in corners])
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
