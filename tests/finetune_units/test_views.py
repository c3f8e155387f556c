"""Views: where windows lie, that they are the same in every picture, and reduction."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from finetune_units.views import Mosaic, Reduced, Sight, reduce_to


def _coordinates(height: int, width: int) -> list[torch.Tensor]:
    rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    return [rows[None, None].float(), columns[None, None].float()]


@pytest.mark.parametrize("size", [(40, 90), (90, 40)])
def test_a_mosaic_has_one_window_of_every_cell_the_same_of_both_pictures(size):
    sight = Sight(_coordinates(*size), Mosaic(10, 2, 3), torch.Generator().manual_seed(0))
    assert sight.changes
    rows, columns = sight.next()
    grid = (2, 3) if size[1] > size[0] else (3, 2)
    assert rows.shape == columns.shape == (1, 1, 10 * grid[0], 10 * grid[1])
    for cell_row in range(grid[0]):
        for cell_column in range(grid[1]):
            window = np.s_[0, 0, 10 * cell_row : 10 * cell_row + 10, 10 * cell_column : 10 * cell_column + 10]
            assert (rows[window].diff(dim=0) == 1).all() and (columns[window].diff(dim=1) == 1).all(), "full resolution"
            assert (rows[window].diff(dim=1) == 0).all() and (columns[window].diff(dim=0) == 0).all()
            top, left = rows[window][0, 0], columns[window][0, 0]
            assert int(top / (size[0] - 10 + 1) * grid[0]) == cell_row
            assert int(left / (size[1] - 10 + 1) * grid[1]) == cell_column


def test_every_pixel_may_be_seen_and_places_follow_the_generator():
    pictures, mosaic = _coordinates(12, 13), Mosaic(side=4)
    sight = Sight(pictures, mosaic, torch.Generator().manual_seed(1))
    drawn = [sight.next() for _ in range(300)]
    assert {int(value) for rows, _ in drawn for value in rows.unique()} == set(range(12))
    assert {int(value) for _, columns in drawn for value in columns.unique()} == set(range(13))
    again = Sight(pictures, mosaic, torch.Generator().manual_seed(1)).next()
    assert torch.equal(again[0], drawn[0][0]) and torch.equal(again[1], drawn[0][1])


def test_a_small_picture_is_seen_whole_and_a_narrow_one_in_what_it_has():
    generator = torch.Generator().manual_seed(0)
    pictures = _coordinates(8, 9)
    for view in (Mosaic(6, 1, 2), None):
        assert not Sight(pictures, view, generator).changes
        assert all(a is b for a, b in zip(Sight(pictures, view, generator).next(), pictures, strict=True))
    assert Sight(_coordinates(3, 400), Mosaic(10, 1, 2), generator).next()[0].shape == (1, 1, 3, 20)


def test_reducing_keeps_the_aspect_ratio_and_the_mean():
    x = torch.arange(480.0 * 640).reshape(1, 1, 480, 640)
    small = reduce_to(x, 19_200)
    assert small.shape == (1, 1, 120, 160)
    assert small.mean().item() == pytest.approx(x.mean().item(), rel=1e-4)
    assert reduce_to(x, 480 * 640) is x
    assert reduce_to(torch.rand(1, 1, 1, 1000), 10).shape == (1, 1, 1, 100), "never below one pixel high"
    sight = Sight([x, 2 * x], Reduced(19_200), torch.Generator())
    first, second = sight.next()
    assert torch.equal(first, small) and torch.equal(second, 2 * small)
    assert sight.next()[0] is first
