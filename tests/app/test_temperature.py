from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from app.options import Reading
from app.pairs import read_pair
from engines import InputError


def tiff(folder, values: np.ndarray):
    path = folder / "thermal.tiff"
    Image.fromarray(values).save(path)
    return path


RAMP = np.linspace(0, 1, 48 * 64).reshape(48, 64)


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        ((100 * (273.15 + 10 + 20 * RAMP)).astype(np.uint16), "hundredths of a kelvin"),
        ((10 + 20 * RAMP).astype(np.float32), "degrees Celsius"),
        ((283.15 + 20 * RAMP).astype(np.float32), "kelvin"),
    ],
)
def test_a_tiff_of_temperatures_carries_its_scale(pair, tmp_path, values, unit):
    read = read_pair(pair.visible, tiff(tmp_path, values))
    assert read.celsius == pytest.approx((10.1, 29.9), abs=0.1)
    assert any(unit in note and "10.1 °C" in note for note in read.notes)


@pytest.mark.parametrize(
    "values",
    [
        (9000 * RAMP + 4000).astype(np.uint16),
        RAMP.astype(np.float32),
        (255 * RAMP).astype(np.float32),
        (255 * RAMP).astype(np.uint8),
        np.full((48, 64), 300.0, np.float32),
    ],
)
def test_counts_and_display_pictures_carry_none(pair, tmp_path, values):
    assert read_pair(pair.visible, tiff(tmp_path, values)).celsius is None


def test_black_hot_is_inverted_before_anything_else(pair, tmp_path):
    path = tiff(tmp_path, (10 + 20 * RAMP).astype(np.float32))
    plain, inverted = (read_pair(pair.visible, path, reading=Reading(p)) for p in ("white-hot", "black-hot"))
    assert np.allclose(inverted.infrared, 1 - plain.infrared)
    assert inverted.celsius == plain.celsius[::-1]
    assert any("inverted" in note for note in inverted.notes)
    with pytest.raises(InputError, match="white-hot, black-hot"):
        read_pair(pair.visible, path, reading=Reading("cold"))


def test_the_infrared_picture_is_shifted_as_asked(pair):
    plain = read_pair(pair.visible, pair.infrared)
    shifted = read_pair(pair.visible, pair.infrared, reading=Reading(align="5,-3"))
    assert np.allclose(shifted.infrared[10:30, 30:60], plain.infrared[13:33, 25:55])
    assert "+5.0 pixels to the right" in shifted.notes[-1]
