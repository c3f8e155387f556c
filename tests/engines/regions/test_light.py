"""Phrases about light and dark are answered by the pictures."""

from __future__ import annotations

import numpy as np
import pytest

from engines.color import image_luma
from engines.masks import INSIDE, mask_box
from engines.regions.composed import names, region_of
from engines.regions.light import Light, read_light
from engines.terf.compose import graded_weights
from engines.terf.engine import TerfEngine
from engines.types import Edit, ImagePair, Instruction, Region

SHAPE = (60, 80)
CARS = [np.s_[40:50, 5:20], np.s_[40:50, 30:45], np.s_[40:50, 55:70]]
ROAD = np.s_[36:60, :]


def _pair(dark: float = 0.05) -> ImagePair:
    """A grey scene with a dark left end, a white lamp, three cars of which the last is black, and a warm person."""
    visible = np.full((*SHAPE, 3), 0.5, np.float32)
    visible[:36, :20] = dark
    visible[4:10, 60:68] = 1.0
    for place, grey in zip(CARS, (0.7, 0.85, 0.1), strict=True):
        visible[place] = grey
    visible[52:56, 30:50] = 0.04
    infrared = np.full(SHAPE, min(0.1, dark), np.float32)
    infrared[12:30, 8:14] = 0.9
    return ImagePair(visible, infrared)


def _masked(phrase: str) -> Region:
    mask = np.zeros(SHAPE, np.float32)
    if phrase.startswith("car"):
        for place in CARS:
            mask[place] = 0.9
    elif phrase == "road":
        mask[ROAD] = 0.9
    return Region(phrase, mask, 0.9, mask_box(mask))


def _mask(phrase: str, pair: ImagePair | None = None) -> np.ndarray:
    return region_of(phrase, pair or _pair(), _masked).mask >= INSIDE


@pytest.mark.parametrize(
    ("phrase", "light"),
    [
        ("dark areas", Light(None, bright=False)),
        ("everything that is too dark", Light(None, bright=False)),
        ("the shadows on the road", Light("road", bright=False)),
        ("highlights", Light(None)),
        ("it is too dark", Light(None, bright=False)),
        ("visible image is dark", Light(None, bright=False, visible=True)),
        ("road where it's bright", Light("road")),
        ("picture where it is dark", Light(None, bright=False)),
        ("blown-out highlights of the picture", Light(None, burnt=True)),
        ("overexposed parts of the sky", Light("sky", burnt=True)),
        ("brightest part of the road", Light("road", count=1)),
        ("two darkest cars", Light("cars", within=False, bright=False, count=2)),
        ("poorly lit side of the street", Light("street", bright=False)),
    ],
)
def test_what_a_phrase_says_of_light(phrase, light):
    assert read_light(phrase) == light


@pytest.mark.parametrize(
    "phrase",
    ["dark car", "dark cars", "shadow of the tree", "shadows of the trees", "traffic lights", "bright lights", "light"]
    + ["man in the dark coat", "white van", "lit window", "darkroom", "black and white sign"],
)
def test_colours_of_things_say_nothing_of_it(phrase):
    assert read_light(phrase) is None


def test_dark_areas_are_dark_in_both_pictures():
    dark = _mask("dark areas")
    assert dark[:36, :7].all() and dark[52:56, 31:49].all() and not dark[14:28, 9:13].any()
    assert not dark[:36, 22:].any() and names("dark areas") == []


def test_a_picture_that_is_dark_all_over_is_a_dark_area():
    night = ImagePair(np.full((*SHAPE, 3), 0.05, np.float32), np.full(SHAPE, 0.05, np.float32))
    assert _mask("dark areas", night).all() and not _mask("bright areas", night).any()


def test_shadows_on_a_thing_stay_on_it():
    shadows = _mask("shadows on the road")
    assert shadows[53:55, 32:48].all() and not shadows[:36].any() and names("shadows on the road") == ["road"]


def test_bright_areas_and_what_is_burnt_out():
    assert _mask("highlights")[5:9, 61:67].all() and _mask("highlights")[14:28, 9:13].all()
    burnt = _mask("overexposed areas")
    assert burnt[6:8, 62:66].all() and burnt.mean() < 0.02


def test_the_brightest_and_the_darkest_of_several_things():
    assert np.array_equal(np.flatnonzero(_mask("brightest car").any(axis=0))[[0, -1]], [30, 44])
    assert np.array_equal(np.flatnonzero(_mask("darkest car").any(axis=0))[[0, -1]], [55, 69])
    two = _mask("two brightest cars")
    assert two[45, 10] and two[45, 40] and not two[45, 60]


def test_it_is_told_where_nothing_stands_out():
    even = ImagePair(np.full((*SHAPE, 3), 0.5, np.float32), np.full(SHAPE, 0.5, np.float32))
    region = region_of("dark areas", even, _masked)
    assert region.box is None and "nothing stands out" in region.notes[-1]


def test_the_dark_part_of_a_thing_may_be_most_of_it():
    pair = _pair()
    pair.visible[ROAD] = 0.3
    pair.visible[40:50, 60:75] = 0.9
    dark, bright = _mask("dark parts of the road", pair), _mask("bright parts of the road", pair)
    assert dark[38, 5] and not dark[45, 68] and bright[45, 68] and not bright[38, 5]


def test_how_dark_a_place_is_says_how_much_is_done_there():
    ramp = np.tile(np.linspace(0.0, 1.0, 80, dtype=np.float32), (60, 1))
    region = region_of("dark areas", ImagePair(np.repeat(ramp[..., None], 3, axis=2), ramp * 0), _masked)
    weights = graded_weights(region.mask)[30]
    assert region.graded and weights[1] > 0.9 and (np.diff(weights) <= 1e-6).all() and weights[30:].max() == 0.0
    assert not region_of("darkest area", ImagePair(np.repeat(ramp[..., None], 3, axis=2), ramp * 0), _masked).graded


def test_brightening_dark_areas_keeps_the_order_of_light():
    ramp = np.tile(np.linspace(0.02, 1.0, 80, dtype=np.float32), (60, 1))
    pair = ImagePair(np.repeat(ramp[..., None], 3, axis=2), ramp)
    engine = TerfEngine(preset="fast")
    plain = image_luma(engine.fuse(pair, Instruction()).image)
    lifted = image_luma(engine.fuse(pair, Instruction(edits=(Edit("dark areas", "brighten"),))).image)
    assert (lifted - plain)[10:50, 2:12].mean() > 0.02 and np.array_equal(lifted[:, 50:], plain[:, 50:])
    assert np.diff(lifted[30, 4:76]).min() > -0.02


def test_infrared_is_for_what_is_dark_in_the_visible_picture():
    pair = _pair()
    pair.visible[12:30, 8:14] = 0.05

    def found(phrase: str, effect: str | None) -> np.ndarray:
        return region_of(phrase, pair, _masked, effect=effect).mask >= INSIDE

    person = np.s_[14:28, 9:13]
    assert found("dark areas", "infrared")[person].all() and not found("dark areas", "brighten")[person].any()
    assert found("visible is too dark", "denoise")[person].all()
