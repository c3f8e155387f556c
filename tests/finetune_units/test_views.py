"""Views: where windows lie, that they are the same in every picture, and reduction."""

from __future__ import annotations

import pytest
import torch

from finetune_units.views import Reduced, Sight, Windows, reduce_to


def _coordinates(height: int, width: int) -> list[torch.Tensor]:
    rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    return [rows[None, None].float(), columns[None, None].float()]


@pytest.mark.parametrize("size", [(40, 90), (90, 40)])
def test_windows_are_the_same_places_of_both_pictures_spread_along_the_longer_side(size):
    rows, columns = Sight(_coordinates(*size), Windows(10, 3), torch.Generator().manual_seed(0)).next()
    assert rows.shape == columns.shape == (3, 1, 10, 10)
    for picture, axis in ((rows, 2), (columns, 3)):
        assert (picture.diff(dim=axis) == 1).all(), "full resolution"
        assert (picture.diff(dim=5 - axis) == 0).all()
    corners = (rows if size[0] > size[1] else columns)[:, 0, 0, 0]
    thirds = (corners / (90 - 10 + 1) * 3).floor()
    assert thirds.tolist() == [0, 1, 2]


def test_every_pixel_may_be_seen_and_places_follow_the_generator():
    pictures, windows = _coordinates(12, 13), Windows(side=4, count=1)
    sight = Sight(pictures, windows, torch.Generator().manual_seed(1))
    drawn = [sight.next() for _ in range(300)]
    assert {int(value) for rows, _ in drawn for value in rows.unique()} == set(range(12))
    assert {int(value) for _, columns in drawn for value in columns.unique()} == set(range(13))
    again = Sight(pictures, windows, torch.Generator().manual_seed(1)).next()
    assert torch.equal(again[0], drawn[0][0]) and torch.equal(again[1], drawn[0][1])


def test_a_small_picture_is_seen_whole_and_a_narrow_one_in_what_it_has():
    generator = torch.Generator().manual_seed(0)
    pictures = _coordinates(8, 9)
    for view in (Windows(6, 2), None):
        assert all(a is b for a, b in zip(Sight(pictures, view, generator).next(), pictures, strict=True))
    assert Sight(_coordinates(3, 400), Windows(10, 2), generator).next()[0].shape == (2, 1, 3, 10)


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
