from __future__ import annotations

import numpy as np
import pytest

from app.palettes import PALETTES, in_palette, stops

RAMP = np.linspace(0, 1, 256, dtype=np.float32)[None]


@pytest.mark.parametrize(
    ("name", "cold", "hot"),
    [
        ("white-hot", (0, 0, 0), (255, 255, 255)),
        ("black-hot", (255, 255, 255), (0, 0, 0)),
        ("ironbow", (0, 0, 0), (255, 255, 255)),
        ("inferno", (0, 0, 4), (252, 255, 164)),
    ],
)
def test_the_ends_of_a_palette(name, cold, hot):
    first, *_, last = stops(name)
    assert np.abs(np.subtract(first, cold)).max() <= 1 and np.abs(np.subtract(last, hot)).max() <= 1


@pytest.mark.parametrize("name", ["white-hot", "ironbow", "inferno"])
def test_hotter_is_never_clearly_darker(name):
    luma = in_palette(RAMP, name)[0] @ [0.299, 0.587, 0.114]
    assert np.diff(luma).min() > -0.004 and luma[-1] > luma[0] + 0.8


def test_ironbow_goes_through_its_published_points():
    shown = in_palette(np.array([[0.25, 0.5, 0.75]], np.float32), "ironbow")[0]
    assert np.abs(shown - [[0.13, 0, 0.55], [0.8, 0, 0.47], [1, 0.84, 0]]).max() < 0.01


@pytest.mark.parametrize("name", PALETTES)
def test_values_out_of_range_are_shown_as_the_ends(name):
    shown = in_palette(np.array([[-3.0, 0.0, 1.0, 9.0]], np.float32), name)[0]
    assert shown.dtype == np.float32 and (shown[0] == shown[1]).all() and (shown[2] == shown[3]).all()


def test_an_unknown_palette_is_refused():
    with pytest.raises(ValueError, match="white-hot, black-hot"):
        in_palette(RAMP, "rainbow")
