"""FLIR radiometric JPEG with a stand-in for exiftool that prints what the real one would."""

from __future__ import annotations

import io
import json
import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app import flir
from app.pairs import read_pair
from engines import InputError

# Constants of the size that exiftool prints for a camera.
TAGS = {"PlanckR1": 14906.216, "PlanckR2": 0.010956882, "PlanckB": 1396.5, "PlanckF": 1, "PlanckO": -7261}
PLACE = {"Real2IR": 1.25, "OffsetX": 4, "OffsetY": -3}


def encoded(picture: np.ndarray, kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format=kind)
    return buffer.getvalue()


@pytest.fixture
def radiometric(tmp_path: Path) -> Path:
    """A JPEG with FLIR's segment after the usual one; the rest is the stand-in's."""
    jpeg = encoded(np.full((48, 64, 3), 90, np.uint8), "JPEG")
    segment = b"FLIR\x00\x01\x00\x00" + bytes(8)
    path = tmp_path / "IR_0001.jpg"
    path.write_bytes(jpeg[:2] + b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + jpeg[2:])
    return path


@pytest.fixture
def exiftool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Puts a program of that name in the path that prints these tags and pictures."""

    def install(tags: dict, thermal: bytes, photograph: bytes = b"") -> None:
        folder = tmp_path / "programs"
        folder.mkdir(exist_ok=True)
        (folder / "tags").write_text(json.dumps([{"SourceFile": "x", **tags}]))
        (folder / "thermal").write_bytes(thermal)
        (folder / "photograph").write_bytes(photograph)
        program = folder / "exiftool"
        program.write_text(
            f'#!/bin/sh\ncase "$*" in *-RawThermalImage" "*) cat {folder}/thermal ;; '
            f"*-EmbeddedImage*) cat {folder}/photograph ;; *) cat {folder}/tags ;; esac\n"
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    return install


def test_counts_to_temperatures_by_hand():
    # 0.010956882 · (12000 − 7261) = 51.92466; 14906.216 / 51.92466 + 1 = 288.0739; ln = 5.663217;
    # 1396.5 / 5.663217 = 246.591 K = −26.559 °C
    (value,) = flir.celsius(np.array([[12000]], np.uint16), TAGS)[0]
    assert value == pytest.approx(-26.559, abs=0.002)


def test_what_is_reflected_is_taken_off():
    # A body as warm as its surroundings looks the same whatever its emissivity.
    surroundings = 14906.216 / (0.010956882 * (math.exp(1396.5 / 293.15) - 1)) + 7261
    counts = np.array([[surroundings, surroundings + 500]])
    shiny, black = (flir.celsius(counts, TAGS | {"Emissivity": e})[0] for e in (0.5, 1.0))
    assert shiny[0] == pytest.approx(20.0, abs=1e-3) and black[0] == pytest.approx(20.0, abs=1e-3)
    assert shiny[1] > black[1] > 20


@pytest.mark.parametrize("kind", ["TIFF", "PNG"])
def test_one_file_is_a_whole_pair(radiometric, exiftool, kind):
    counts = np.full((30, 40), 16000, np.uint16)
    counts[10:20, 10:20] = 18000
    stored = counts.byteswap() if kind == "PNG" else counts
    photograph = np.zeros((80, 100, 3), np.uint8)
    photograph[:, 54:] = 255
    tags = {**TAGS, **PLACE, "Emissivity": 0.95, "RawThermalImageType": kind}
    exiftool(tags, encoded(stored, kind), encoded(photograph, "JPEG"))
    assert flir.is_radiometric(radiometric) and flir.available()
    pair = read_pair(radiometric, radiometric)
    assert pair.shape == (64, 80)
    # 20 columns are cut off, 4 pixels more on the left: the border at column 54 comes to lie at 40.
    assert pair.visible[30, 38, 0] < 0.2 and pair.visible[30, 42, 0] > 0.8
    assert pair.infrared[30, 30] > 0.9 and pair.infrared[5, 5] < 0.1
    cold, hot = flir.celsius(np.array([[16000, 18000]]), tags)[0]
    assert pair.celsius == pytest.approx((cold, hot), abs=0.01)


def test_a_photograph_of_ones_own_goes_with_the_temperatures(radiometric, exiftool, pair):
    exiftool(TAGS | {"RawThermalImageType": "TIFF"}, encoded(np.full((48, 64), 16000, np.uint16), "TIFF"))
    both = read_pair(pair.visible, radiometric)
    assert both.shape == (48, 64) and both.celsius is not None
    with pytest.raises(InputError, match="no photograph"):
        read_pair(radiometric, radiometric)


def test_without_exiftool_one_sentence_says_what_to_do(radiometric, pair, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(InputError, match=r'"IR_0001.jpg" .*install exiftool'):
        read_pair(radiometric, radiometric)
    alone = read_pair(pair.visible, radiometric)
    assert alone.celsius is None and any("install exiftool" in note for note in alone.notes)


@pytest.mark.parametrize(
    ("tags", "thermal", "reason"),
    [
        ({}, np.full((8, 8), 16000, np.uint16), "lacks the constants"),
        (TAGS | {"PlanckB": "x"}, np.full((8, 8), 16000, np.uint16), "lacks the constants"),
        (TAGS, None, "without a raw thermal picture"),
        (TAGS, np.zeros((8, 8), np.uint16), "into no temperature"),
    ],
)
def test_damaged_files_are_refused(radiometric, exiftool, tags, thermal, reason):
    exiftool(tags, b"" if thermal is None else encoded(thermal, "TIFF"))
    with pytest.raises(InputError, match=f'"IR_0001.jpg".*{reason}'):
        read_pair(radiometric, radiometric)


def test_other_files_are_not_radiometric(pair, tmp_path):
    assert not flir.is_radiometric(pair.visible) and not flir.is_radiometric(tmp_path / "none.jpg")
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(b"\xff\xd8\xff\xe1\x00")
    assert not flir.is_radiometric(cut)
