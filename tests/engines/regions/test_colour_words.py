"""Colours by name, on flat patches."""

from __future__ import annotations

import numpy as np
import pytest

from engines.regions.colour_names import HUED, named_colours
from engines.regions.colour_words import COLOURLESS, lab, lightest, likeness

# RGB of 0 to 255, as one would call them.
PATCHES = {
    "red": (190, 30, 40),
    "orange": (240, 130, 30),
    "yellow": (235, 205, 40),
    "green": (40, 140, 60),
    "blue": (40, 70, 180),
    "pink": (230, 110, 170),
    "brown": (95, 60, 35),
    "beige": (205, 185, 150),
    "white": (250, 250, 248),
    "grey": (128, 128, 130),
    "dark": (25, 25, 28),
}


@pytest.fixture(scope="module")
def patches() -> np.ndarray:
    """The colours side by side, (10, 10 × their number, 3)."""
    row = np.array(list(PATCHES.values()), np.float32) / 255.0
    return lab(np.repeat(np.repeat(row[None], 10, axis=0), 10, axis=1))


@pytest.mark.parametrize("name", PATCHES)
def test_a_colour_is_likest_to_itself(patches, name):
    alike = likeness(name, patches, 100.0)
    assert alike.shape == patches.shape[:2] and alike.min() >= 0.0 and alike.max() <= 1.0
    by_patch = dict(zip(PATCHES, alike[5, 5::10], strict=True))
    assert max(by_patch, key=by_patch.__getitem__) == name
    assert by_patch[name] > 0.5


def test_the_commonest_colours_are_clearly_apart(patches):
    commonest = ["red", "yellow", "green", "blue", "white"]
    columns = [10 * list(PATCHES).index(name) + 5 for name in commonest]
    for i, name in enumerate(commonest):
        assert np.delete(likeness(name, patches, 100.0)[5, columns], i).max() < 0.1


def test_white_is_told_by_what_else_is_in_the_picture():
    wall = np.full((1, 1, 3), 0.3, np.float32)
    dusk, noon = (np.full((900, 700, 3), light, np.float32) for light in (0.3, 1.0))
    assert likeness("white", lab(wall), lightest(dusk)) > 0.5 > likeness("white", lab(wall), lightest(noon))
    assert lightest(noon) == pytest.approx(100.0, abs=0.1) and lightest(0.0 * noon) == 40.0


def test_names_are_found_in_a_phrase():
    assert named_colours("The man in a dark-blue shirt and JEANS") == ["dark", "blue", "blue"]
    assert named_colours("a silver car") == ["grey"]
    assert named_colours("the redder one, evergreen") == []
    assert {named_colours("black")[0], named_colours("pale")[0]} <= COLOURLESS


@pytest.mark.parametrize("name", HUED)
def test_every_hue_that_is_named_can_be_told(name):
    grey = lab(np.full((1, 1, 3), 0.5, np.float32))
    assert likeness(name, grey, 100.0).shape == (1, 1)
