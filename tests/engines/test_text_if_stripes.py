from __future__ import annotations

import torch

from engines.text_if.config import PUBLISHED
from engines.text_if.stripes import Stripes, evened, stripes_of


def _ramp() -> torch.Tensor:
    """A smooth picture without stripes."""
    rows, columns = torch.linspace(0, 0.3, 96)[:, None], torch.linspace(0, 0.4, 128)[None]
    return (0.2 + rows + columns)[None, None]


def test_offsets_of_columns_are_found_and_evened():
    offsets = 0.05 * torch.randn(128, generator=torch.Generator().manual_seed(0))
    noisy = _ramp() + offsets
    planes = evened(noisy, stripes_of(noisy))
    assert planes.shape == (1, 3, 96, 128) and torch.equal(planes[:, :1], noisy)
    left = (planes[:, 1:2] - _ramp())[..., 16:-16]
    # What is left are slow changes: a mean over 17 columns is all that they are compared with.
    assert left.std() < 0.35 * offsets.std()
    assert (planes[:, 2] - noisy[:, 0]).abs().max() < 0.02, "there are no stripes along the rows"


def test_offsets_of_rows_are_found_and_evened():
    offsets = 0.05 * torch.randn(96, 1, generator=torch.Generator().manual_seed(1))
    noisy = _ramp() + offsets
    left = (evened(noisy, stripes_of(noisy))[:, 2:] - _ramp())[..., 16:-16, :]
    assert left.std() < 0.35 * offsets.std()


def test_a_thing_of_the_scene_is_no_stripe():
    picture = _ramp()
    picture[..., 30:50, 60:70] = 1.0
    stripes = stripes_of(picture)
    assert stripes.columns.abs().max() < 0.04 and stripes.rows.abs().max() < 0.04


def test_a_part_has_the_stripes_of_the_whole():
    stripes = stripes_of(torch.rand(1, 1, 32, 48, generator=torch.Generator().manual_seed(2)))
    part = stripes.within(slice(4, 20), slice(10, 40))
    assert isinstance(part, Stripes)
    assert torch.equal(part.columns, stripes.columns[..., 10:40]) and torch.equal(part.rows, stripes.rows[..., 4:20, :])


def test_the_published_network_sees_the_picture_three_times():
    assert not PUBLISHED.evens_stripes
