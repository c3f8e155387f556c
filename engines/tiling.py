"""Large pictures piece by piece: the same picture as in one go, in bounded memory.

A convolutional network sees only so far. Where each piece is read with at least that much of its surroundings, and
starts on the grid the network halves its pictures on, its middle comes out as it would in the whole: no seams, nothing
to blend. What is left is the rounding of float32, as a convolution sums in another order for another size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Window = tuple[slice, slice]


@dataclass(frozen=True)
class Tile:
    """One piece.

    Attributes:
        read: Rows and columns of the picture that the network is given.
        keep: Those that this piece is asked for; over all pieces they cover each pixel once.
        inner: `keep` within `read`.
    """

    read: Window
    keep: Window
    inner: Window


def tiles(shape: tuple[int, int], side: int, context: int) -> Iterator[Tile]:
    """Cover a picture, row by row.

    Args:
        shape: Height and width.
        side: Of what a piece is asked for.
        context: Pixels read beyond it on every side, as far as there are any. Pieces start at multiples of the
            greatest common divisor of both, which must be a multiple of what the network divides its pictures by.
    """
    spans = [list(_spans(length, side, context)) for length in shape]
    for read_rows, keep_rows, inner_rows in spans[0]:
        for read_columns, keep_columns, inner_columns in spans[1]:
            yield Tile((read_rows, read_columns), (keep_rows, keep_columns), (inner_rows, inner_columns))


def _spans(length: int, side: int, context: int) -> Iterator[tuple[slice, slice, slice]]:
    for start in range(0, length, side):
        end = min(length, start + side)
        low, high = max(0, start - context), min(length, end + context)
        yield slice(low, high), slice(start, end), slice(start - low, end - low)
