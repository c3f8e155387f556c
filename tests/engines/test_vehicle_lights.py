"""Lights of vehicles are what shines on them, not the vehicles."""

from __future__ import annotations

import numpy as np
import pytest

from engines.masks import INSIDE, mask_box
from engines.regions.composed import names, region_of, told_words
from engines.regions.vehicle_lights import VehicleLights, read_vehicle_lights
from engines.types import ImagePair, Region


@pytest.mark.parametrize(
    ("phrase", "things", "red"),
    [
        ("the headlights", "vehicles", False),
        ("dazzling headlights", "vehicles", False),
        ("the white car's headlights", "white car", False),
        ("headlights of the car on the left", "car on the left", False),
        ("headlights on the left", "vehicles on the left", False),
        ("the red tail lights of the bus", "bus", True),
        ("brake lights", "vehicles", True),
        ("lights of the cars", "cars", None),
        ("car lights", "car", None),
    ],
)
def test_lights_and_whose_they_are(phrase, things, red):
    assert read_vehicle_lights(phrase) == VehicleLights(things, red)


@pytest.mark.parametrize(
    "phrase", ["car with headlights", "traffic lights", "street lights", "lights", "the light", "car"]
)
def test_other_phrases_name_no_lights_of_vehicles(phrase):
    assert read_vehicle_lights(phrase) is None


def _street(car: float) -> tuple[ImagePair, np.ndarray]:
    """A car with two white lights and a red one, and its mask; a lamp elsewhere."""
    visible = np.full((240, 320, 3), 0.1, np.float32)
    inside = np.zeros((240, 320), np.float32)
    inside[100:160, 100:200] = 1.0
    visible[inside > 0] = car
    visible[130:140, 110:122] = visible[130:140, 178:190] = 1.0
    visible[110:118, 145:155] = (1.0, 0.2, 0.1)
    visible[20:30, 300:310] = 1.0
    return ImagePair(visible, np.full((240, 320), 0.3, np.float32)), inside


def _found(phrase: str, car: float = 0.2) -> tuple[Region, list[str]]:
    pair, inside = _street(car)
    asked = []

    def locate(said: str) -> Region:
        asked.append(said)
        return Region(said, inside, 0.9, mask_box(inside))

    return region_of(phrase, pair, locate), asked


def test_headlights_are_the_white_spots_of_the_vehicles():
    region, asked = _found("the headlights")
    assert asked == ["vehicles"]
    inside = region.mask >= INSIDE
    assert inside[132:138, 112:120].all() and inside[132:138, 180:188].all()
    assert not inside[111:117, 146:154].any() and not inside[20:30, 300:310].any()
    assert inside.sum() < 600


def test_tail_lights_are_the_red_ones():
    inside = _found("tail lights")[0].mask >= INSIDE
    assert inside[112:116, 147:153].all()
    assert not inside[130:140].any()


def test_a_white_car_in_the_sun_has_no_lights_that_shine():
    region, _ = _found("the headlights", car=0.99)
    assert region.box is None
    assert any("no such lights shine" in note for note in region.notes)


def test_what_a_masker_is_asked_for():
    assert names("the headlights") == ["vehicles"]
    assert told_words(["the bus's tail lights"]) == ["bus"]
    assert "street lamps" in names("lights") and "vehicles" in names("lights")
