"""Reading pairs: every file that cannot be used is refused with one clear sentence."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.pairs import read_pair
from engines.errors import InputError
from tests.app.picture_files import H, PictureFolder, W, photo, png, ramp, tiff


@pytest.fixture
def make(tmp_path: Path) -> PictureFolder:
    return PictureFolder(tmp_path)


def refused(visible: Path, infrared: Path, **options: int) -> str:
    """The message of the refusal: one sentence without the folder."""
    with pytest.raises(InputError) as caught:
        read_pair(visible, infrared, **options)
    message = str(caught.value)
    assert "\n" not in message and message.endswith(".")
    assert str(visible.parent) not in message
    return message


class TestRefusals:
    @pytest.mark.parametrize(
        ("content", "word"),
        [
            (b"", "empty"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
            (b"<?xml version='1.0'?>\n<svg/>", "SVG"),
            (b"\n<!DOCTYPE html><html></html>", "HTML"),
            (b"hello, I am no picture", "text"),
            (b"GIF89a\x10\x00\x10\x00", "GIF"),
            (b"\x00\x01\x02\x03 something", "PNG, JPEG, WebP, BMP or TIFF"),
            (b"\x89PNG\r\n\x1a\n", "damaged"),
            (b"\xff\xd8\xff", "damaged"),
            (b"II*\x00\xff\xff\xff\x7f", "damaged"),
            (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "damaged"),
            (b"BM", "damaged"),
        ],
    )
    def test_no_picture(self, make, content, word):
        bad, good = make("bad.png", content), make("good.png", photo())
        for slot, paths in (("visible", (bad, good)), ("infrared", (good, bad))):
            message = refused(*paths)
            assert slot in message and "bad.png" in message and word in message

    def test_missing_folder_and_unusable_names(self, make, tmp_path):
        good = make("good.png", photo())
        assert "nowhere.png" in (message := refused(tmp_path / "nowhere.png", good)) and "not found" in message
        (tmp_path / "folder.png").mkdir()
        assert "folder" in refused(good, tmp_path / "folder.png")
        assert "not found" in refused(good, tmp_path / "a\0b.png")
        assert "infrared" in refused(good, tmp_path / ("x" * 400))

    @pytest.mark.parametrize(
        "name", ["a.png", "a.jpg", "a.webp", "a.bmp", "a.tif", "deep.png", "deep.tif", "rgb16.tif", "f.tif"]
    )
    @pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
    def test_truncated(self, make, tmp_path, name, keep):
        noise = np.random.default_rng(0).integers(0, 60000, (H, W)).astype(np.uint16)
        content = {"deep.png": noise, "deep.tif": noise, "f.tif": noise.astype(np.float32)}.get(name, photo())
        if name == "rgb16.tif":
            path = make(name, tiff(np.repeat(noise[..., None], 3, axis=2), 1))
        else:
            path = make(name, content)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * keep)])
        message = refused(make("good.png", photo()), path)
        assert "infrared" in message and name in message and "truncated" in message

    def test_corrupt_pixels_of_a_deep_png(self, make):
        path = make("deep.png", ramp(np.uint16, 60000))
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 0xFF
        path.write_bytes(bytes(data))
        assert "damaged" in refused(path, make("i.png", ramp()))

    @pytest.mark.parametrize(
        "content",
        [
            png(30_000, 30_000, 8, 2, b""),
            png(30_000, 30_000, 16, 2, b""),
            b"BM" + bytes(12) + struct.pack("<Iii", 40, 30_000, -30_000) + bytes(24),
            b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + (16_000).to_bytes(3, "little") * 2 + bytes(8),
            b"\xff\xd8\xff\xc0\x00\x11\x08" + struct.pack(">HHB", 30_000, 30_000, 3) + bytes(30),
        ],
    )
    def test_bombs_are_refused_by_their_header(self, make, content, recwarn):
        message = refused(make("bomb.png", content), make("i.png", ramp()))
        assert "40,000,000" in message and "pixels" in message
        assert not recwarn.list

    def test_the_cap_is_inclusive_and_settable(self, make):
        visible, infrared = make("v.png", photo()), make("i.png", ramp())
        assert read_pair(visible, infrared, max_pixels=H * W).shape == (H, W)
        assert f"{W} x {H}" in refused(visible, infrared, max_pixels=H * W - 1)

    def test_pillow_s_own_limit_is_neither_used_nor_changed(self, make, monkeypatch, recwarn):
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
        visible, infrared = make("v.png", photo()), make("i.jpg", ramp())
        assert read_pair(visible, infrared).shape == (H, W)
        assert Image.MAX_IMAGE_PIXELS == 10 and not recwarn.list
        assert "too large" in refused(visible, make("i.tif", ramp()))

    def test_tiny(self, make):
        message = refused(make("v.png", photo()[:7]), make("i.png", ramp()))
        assert "visible" in message and "8 x 8" in message and "32 x 7" in message
        assert read_pair(make("v.png", photo()[:8, :8]), make("i.png", ramp()[:8, :8])).shape == (8, 8)

    def test_a_deep_layout_nothing_reads(self, make):
        message = refused(make("v.tif", tiff(np.zeros((H, W, 5), np.uint16), 1)), make("i.png", ramp()))
        assert "5 channels" in message and "v.tif" in message
