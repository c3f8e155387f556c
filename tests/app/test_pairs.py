"""Reading pairs: every format, depth and channel layout in either slot, and every file that cannot be used."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from app.pairs import read_pair, write_mask, write_png
from engines.errors import InputError

H, W = 24, 32


def ramp(dtype: type = np.uint8, top: int = 255) -> np.ndarray:
    """(H, W), from 0 to `top`, no symmetry."""
    return np.rint(np.linspace(0, top, H * W)).reshape(H, W).astype(dtype)


def photo() -> np.ndarray:
    """uint8 (H, W, 3): colours that are no function of luma."""
    return np.random.default_rng(3).integers(0, 256, (H, W, 3)).astype(np.uint8)


@pytest.fixture
def make(tmp_path: Path):
    """Writes an array or bytes under a name in tmp_path and returns the path."""

    def write(name: str, content: np.ndarray | bytes, **options: object) -> Path:
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            Image.fromarray(content).save(path, **options)
        return path

    return write


def tiff(pixels: np.ndarray, sample_format: int, big_endian: bool = False, **tags: int) -> bytes:
    """An uncompressed TIFF of one strip, written by hand because Pillow writes few of these layouts."""
    pixels = pixels[..., None] if pixels.ndim == 2 else pixels
    rows, columns, channels = pixels.shape
    order = ">" if big_endian else "<"
    data = pixels.astype(pixels.dtype.newbyteorder(order)).tobytes()
    bits = [pixels.dtype.itemsize * 8] * channels
    entries = {
        256: (4, [columns]),
        257: (4, [rows]),
        258: (3, bits),
        259: (3, [1]),
        262: (3, [tags.get("photometric", 2 if channels > 2 else 1)]),
        273: (4, [0]),
        277: (3, [channels]),
        278: (4, [rows]),
        279: (4, [len(data)]),
        339: (3, [sample_format] * channels),
    }
    if channels in (2, 4):
        entries[338] = (3, [2])
    if "orientation" in tags:
        entries[274] = (3, [tags["orientation"]])
    size, code = {3: 2, 4: 4}, {3: "H", 4: "I"}
    after = 8 + 2 + 12 * len(entries) + 4
    long_values = sum(len(v) * size[t] for t, v in entries.values() if len(v) * size[t] > 4)
    directory = extra = b""
    for number, (kind, values) in sorted(entries.items()):
        values = [after + long_values] if number == 273 else values
        packed = struct.pack(order + code[kind] * len(values), *values)
        if len(packed) > 4:
            directory += struct.pack(order + "HHII", number, kind, len(values), after + len(extra))
            extra += packed
        else:
            directory += struct.pack(order + "HHI", number, kind, len(values)) + packed.ljust(4, b"\0")
    head = (b"MM" if big_endian else b"II") + struct.pack(order + "HIH", 42, 8, len(entries))
    return head + directory + struct.pack(order + "I", 0) + extra + data


def png(width: int, height: int, bits: int, colour: int, rows: bytes) -> bytes:
    """A PNG written by hand."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def said(notes: tuple[str, ...], *words: str) -> bool:
    """Whether one note holds all the words."""
    return any(all(word in note for word in words) for note in notes)


def refused(visible: Path, infrared: Path, **options: int) -> str:
    """The message of the refusal: one sentence without the folder."""
    with pytest.raises(InputError) as caught:
        read_pair(visible, infrared, **options)
    message = str(caught.value)
    assert "\n" not in message and message.endswith(".")
    assert str(visible.parent) not in message
    return message


class TestFormats:
    @pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.tif", "a.tiff"])
    def test_lossless_formats_give_the_values(self, make, name):
        colour, grey = photo(), ramp()
        pair = read_pair(make("v" + name, colour), make("i" + name, grey))
        assert pair.visible.dtype == pair.infrared.dtype == np.float32
        np.testing.assert_allclose(pair.visible, colour / 255, atol=1e-6)
        np.testing.assert_allclose(pair.infrared, grey / 255, atol=1e-6)
        assert pair.notes == ()

    @pytest.mark.parametrize(("name", "options"), [("a.jpg", {"quality": 95}), ("a.webp", {"quality": 95})])
    def test_lossy_formats_come_close(self, make, name, options):
        grey = ramp()
        pair = read_pair(make("v.png", photo()), make(name, grey, **options))
        assert np.abs(pair.infrared - grey / 255).max() < 0.04

    @pytest.mark.parametrize("extra", [b"", b"VP8X", b"VP8L"])
    def test_webp_containers(self, make, extra):
        options = {b"": {}, b"VP8X": {"exif": Image.Exif().tobytes() or b"Exif\0\0"}, b"VP8L": {"lossless": True}}[
            extra
        ]
        path = make("v.webp", photo(), **options)
        assert read_pair(path, make("i.png", ramp())).shape == (H, W)

    def test_the_content_counts_not_the_name(self, make):
        path = make("v.png", photo())
        renamed = path.rename(path.with_suffix(".tif"))
        assert read_pair(renamed, make("i.png", ramp())).shape == (H, W)

    def test_palette_one_bit_and_cmyk(self, make, tmp_path):
        colour = np.zeros((H, W, 3), np.uint8)
        colour[:, : W // 2] = (200, 30, 90)
        Image.fromarray(colour).quantize(4).save(tmp_path / "p.png")
        Image.fromarray(ramp() > 99).save(tmp_path / "one.png")
        pair = read_pair(tmp_path / "p.png", tmp_path / "one.png")
        np.testing.assert_allclose(pair.visible, colour / 255, atol=1e-6)
        np.testing.assert_array_equal(pair.infrared, (ramp() > 99).astype(np.float32))
        Image.fromarray(colour).convert("CMYK").save(tmp_path / "c.tif")
        pair = read_pair(tmp_path / "c.tif", tmp_path / "one.png")
        np.testing.assert_allclose(pair.visible, colour / 255, atol=0.01)

    def test_grey_visible_becomes_three_equal_channels(self, make):
        pair = read_pair(make("v.png", ramp()[::-1].copy()), make("i.png", ramp()))
        assert pair.visible.shape == (H, W, 3)
        assert (pair.visible == pair.visible[..., :1]).all()

    def test_colour_infrared_becomes_luma(self, make):
        colour = np.zeros((H, W, 3), np.uint8)
        colour[:, :, 0], colour[:8, :, 1] = 100, 200
        pair = read_pair(make("v.png", photo()), make("i.png", colour))
        assert pair.infrared[0, 0] == pytest.approx((0.299 * 100 + 0.587 * 200) / 255, abs=1e-6)
        assert pair.infrared[-1, 0] == pytest.approx(0.299 * 100 / 255, abs=1e-6)

    @pytest.mark.parametrize("mode", ["LA", "RGBA"])
    def test_alpha_is_laid_on_black_and_told(self, make, tmp_path, mode):
        alpha = np.full((H, W), 255, np.uint8)
        alpha[:, 0] = 51
        picture = Image.fromarray(np.full((H, W), 200, np.uint8)).convert(mode)
        picture.putalpha(Image.fromarray(alpha))
        picture.save(tmp_path / "a.png")
        for visible, infrared in (
            (tmp_path / "a.png", make("i.png", ramp())),
            (make("v.png", photo()), tmp_path / "a.png"),
        ):
            pair = read_pair(visible, infrared)
            plane = pair.visible[..., 1] if visible.name == "a.png" else pair.infrared
            assert plane[0, 0] == pytest.approx(200 / 255 * 0.2, abs=1e-6)
            assert plane[0, 1] == pytest.approx(200 / 255, abs=1e-6)
            assert said(pair.notes, "transparent", "black")

    def test_opaque_alpha_and_transparent_palette(self, make, tmp_path):
        Image.fromarray(photo()).convert("RGBA").save(tmp_path / "a.png")
        assert read_pair(tmp_path / "a.png", make("i.png", ramp())).notes == ()
        picture = Image.fromarray(photo()).quantize(8)
        picture.save(tmp_path / "p.png", transparency=0)
        pair = read_pair(tmp_path / "p.png", make("i.png", ramp()))
        assert said(pair.notes, "transparent")
        assert (pair.visible[np.asarray(picture) == 0] == 0).all()

    def test_first_page_and_first_frame_are_used_and_told(self, make, tmp_path):
        pages = [Image.fromarray(page) for page in (photo(), 255 - photo())]
        pages[0].save(tmp_path / "m.tif", save_all=True, append_images=pages[1:])
        pages[0].save(tmp_path / "m.png", save_all=True, append_images=pages[1:])
        pages[0].save(tmp_path / "m.webp", save_all=True, append_images=pages[1:], lossless=True)
        for name in ("m.tif", "m.png", "m.webp"):
            pair = read_pair(tmp_path / name, make("i.png", ramp()))
            np.testing.assert_allclose(pair.visible, photo() / 255, atol=1e-6)
            assert said(pair.notes, "visible", "first")


class TestOrientation:
    # Where the stored top-left pixel must end, (row, column) from the top-left, for each EXIF value.
    CORNER = {1: (0, 0), 2: (0, -1), 3: (-1, -1), 4: (-1, 0), 5: (0, 0), 6: (0, -1), 7: (-1, -1), 8: (-1, 0)}

    @staticmethod
    def marked(dtype: type, top: int) -> np.ndarray:
        grey = np.zeros((H, W), dtype)
        grey[0, 0], grey[0, 1] = top, top // 2
        return grey

    @pytest.mark.parametrize("orientation", range(1, 9))
    @pytest.mark.parametrize("name", ["o.png", "o.tif", "o.webp", "o.jpg"])
    def test_both_slots(self, make, name, orientation):
        exif = Image.Exif()
        exif[274] = orientation
        options = {"o.webp": {"lossless": True}, "o.jpg": {"quality": 100}}.get(name, {})
        turned = make(name, np.kron(self.marked(np.uint8, 255), np.ones((8, 8), np.uint8)), exif=exif, **options)
        pair = read_pair(turned, turned)
        assert pair.shape == ((H * 8, W * 8) if orientation < 5 else (W * 8, H * 8))
        for plane in (pair.visible[..., 0], pair.infrared):
            assert plane[self.CORNER[orientation]] > 0.9

    @pytest.mark.parametrize("orientation", range(1, 9))
    @pytest.mark.parametrize("kind", ["png16", "tiff16", "tiff64", "half"])
    def test_deep_pictures_turn_alike(self, make, tmp_path, kind, orientation):
        grey = self.marked(np.uint16, 60000)
        if kind == "png16":
            exif = Image.Exif()
            exif[274] = orientation
            path = make("o.png", grey, exif=exif)
        else:
            dtype, form = {"tiff16": (np.uint16, 1), "tiff64": (np.float64, 3), "half": (np.float16, 3)}[kind]
            path = make("o.tif", tiff(grey.astype(dtype), form, orientation=orientation))
        reference = np.asarray(Image.fromarray((grey > 0).astype(np.uint8) * 9 + (grey > 40000).astype(np.uint8) * 9))
        exif = Image.Exif()
        exif[274] = orientation
        expected = read_pair(make("r.png", reference, exif=exif), make("s.png", reference, exif=exif)).infrared
        found = read_pair(make("v.png", photo()), path)
        assert said(found.notes, "percentile")
        alone = read_pair(path, path).infrared
        assert alone.shape == expected.shape
        np.testing.assert_array_equal(np.argsort(alone.ravel())[-2:], np.argsort(expected.ravel())[-2:])


class TestDepth:
    @pytest.mark.parametrize("suffix", [".png", ".tif"])
    def test_16_bit_thermal_is_stretched_by_percentiles(self, make, suffix):
        counts = (7000 + np.arange(H * W)).reshape(H, W).astype(np.uint16)
        counts[0, 0], counts[-1, -1] = 0, 65535
        pair = read_pair(make("v.png", photo()), make("i" + suffix, counts))
        low, high = np.percentile(counts, [0.5, 99.5])
        assert said(pair.notes, "infrared", f"{low:.6g}", f"{high:.6g}")
        middle = counts[H // 2, W // 2]
        assert pair.infrared[H // 2, W // 2] == pytest.approx((middle - low) / (high - low), abs=1e-5)
        assert pair.infrared.min() == 0.0 and pair.infrared.max() == 1.0

    @pytest.mark.parametrize(
        ("dtype", "form"),
        [(np.int8, 2), (np.uint16, 1), (np.int16, 2), (np.uint32, 1), (np.int32, 2)]
        + [(np.float16, 3), (np.float32, 3), (np.float64, 3)],
    )
    @pytest.mark.parametrize("big_endian", [False, True])
    @pytest.mark.parametrize("channels", [1, 2, 3, 4])
    def test_deep_tiff_in_both_slots(self, make, dtype, form, big_endian, channels):
        if channels in (3, 4) and dtype == np.float16:
            channels = 2
        values = ramp(np.float64, 100).astype(dtype)
        stored = np.repeat(values[..., None], channels, axis=2)
        if channels in (2, 4):
            stored[..., -1] = 1 if np.dtype(dtype).kind == "f" else np.iinfo(dtype).max
        path = make("deep.tif", tiff(stored, form, big_endian))
        pair = read_pair(make("v.png", photo()), path)
        low, high = np.percentile(values.astype(np.float64), [0.5, 99.5])
        expected = np.clip((values.astype(np.float64) - low) / (high - low), 0, 1)
        np.testing.assert_allclose(pair.infrared, expected, atol=1e-3)
        visible = read_pair(path, make("i.png", ramp()[::-1].copy())).visible
        assert (np.diff(visible[..., 0].ravel()) >= 0).all() and np.ptp(visible) > 0.3

    def test_uint32_above_the_signed_range(self, make):
        counts = (np.uint32(3_000_000_000) + ramp(np.uint32, 1000)).astype(np.uint32)
        pair = read_pair(make("v.png", photo()), make("i.tif", tiff(counts, 1)))
        assert (np.diff(pair.infrared.ravel()) >= 0).all()

    def test_white_is_zero(self, make):
        pair = read_pair(make("v.png", photo()), make("i.tif", tiff(ramp(np.uint16, 9000), 1, photometric=0)))
        assert pair.infrared[0, 0] == 1.0 and pair.infrared[-1, -1] == 0.0

    @pytest.mark.parametrize("suffix", [".png", ".tif"])
    def test_16_bit_colour_keeps_its_depth_and_channel_order(self, make, tmp_path, suffix):
        colour = np.zeros((H, W, 3), np.uint16)
        colour[..., 0], colour[..., 1], colour[..., 2] = 60001, 30003, 101
        colour[0] = 65535
        path = tmp_path / f"v{suffix}"
        assert cv2.imwrite(str(path), colour[..., ::-1])
        pair = read_pair(path, make("i.png", ramp()))
        np.testing.assert_allclose(pair.visible[5, 5], np.array([60001, 30003, 101]) / 65535, atol=1e-6)
        swapped = read_pair(make("w.png", photo()), path)
        assert said(swapped.notes, "percentile")

    def test_16_bit_grey_with_alpha_png(self, make):
        grey, alpha = ramp(np.uint16, 65535), np.full((H, W), 65535, np.uint16)
        alpha[0, -1] = 0
        samples = np.stack([grey, alpha], axis=-1).astype(">u2")
        rows = b"".join(b"\0" + samples[row].tobytes() for row in range(H))
        pair = read_pair(make("v.png", png(W, H, 16, 4, rows)), make("i.png", ramp()[::-1].copy()))
        np.testing.assert_allclose(pair.visible[1, :, 2], grey[1] / 65535, atol=1e-6)
        assert pair.visible[0, -1, 0] == 0.0 and said(pair.notes, "visible", "transparent")

    @pytest.mark.parametrize(("top", "white"), [(255, 255), (1000, 1023), (4001, 4095), (16001, 16383), (40001, 65535)])
    def test_16_bit_visible_by_its_sensor_depth(self, make, top, white):
        values = ramp(np.uint16, top)
        pair = read_pair(make("v.png", values), make("i.png", ramp()[::-1].copy()))
        np.testing.assert_allclose(pair.visible[..., 0], values / white, atol=1e-6)
        assert said(pair.notes, str(white)) == (white != 65535)

    @pytest.mark.parametrize("factor", [16, 257])
    def test_a_dark_widened_16_bit_visible_stays_dark(self, make, factor):
        values = ramp(np.uint16, 40) * factor
        pair = read_pair(make("v.png", values), make("i.png", ramp()[::-1].copy()))
        np.testing.assert_allclose(pair.visible[..., 0], values / 65535, atol=1e-6)

    @pytest.mark.parametrize(("top", "divisor"), [(1.0, 1.0), (200.0, 255.0)])
    def test_float_visible(self, make, top, divisor):
        values = (ramp(np.float32) / 255 * top).astype(np.float32)
        pair = read_pair(make("v.tif", values), make("i.png", ramp()[::-1].copy()))
        np.testing.assert_allclose(pair.visible[..., 0], values / divisor, atol=1e-6)

    @pytest.mark.parametrize("slot", ["visible", "infrared"])
    def test_nan_and_infinity_get_the_smallest_finite_value(self, make, slot):
        degrees = ramp(np.float32) / 255 * 40 - 10
        degrees[3, 3:6] = np.nan, np.inf, -np.inf
        path = make("t.tif", degrees.astype(np.float32))
        pair = read_pair(path, make("i.png", ramp())) if slot == "visible" else read_pair(make("v.png", photo()), path)
        plane = pair.visible[..., 0] if slot == "visible" else pair.infrared
        assert np.isfinite(plane).all() and (plane[3, 3:6] == 0).all()
        assert said(pair.notes, slot, "3 values", "-10")

    def test_all_nan_is_refused(self, make):
        path = make("t.tif", np.full((H, W), np.nan, np.float32))
        assert "infrared" in (message := refused(make("v.png", photo()), path)) and "t.tif" in message
        assert "visible" in refused(path, make("i.png", ramp()))

    def test_a_hot_spot_smaller_than_the_percentiles_stays_visible(self, make):
        counts = np.full((H, W), 8000, np.uint16)
        counts[5, 5] = 9000
        pair = read_pair(make("v.png", photo()), make("i.png", counts))
        assert pair.infrared[5, 5] == 1.0 and pair.infrared[0, 0] == 0.0


class TestGrid:
    def test_larger_infrared_is_averaged(self, make):
        fine = np.kron(ramp(), np.ones((2, 2), np.uint8))
        fine[0, 0], fine[1, 1] = 100, 100
        pair = read_pair(make("v.png", photo()), make("i.png", fine))
        assert pair.shape == (H, W)
        assert pair.infrared[0, 0] == pytest.approx(50 / 255, abs=1e-6)
        assert pair.infrared[5, 7] == pytest.approx(ramp()[5, 7] / 255, abs=1e-6)
        assert said(pair.notes, "resampled", f"{2 * W} x {2 * H}", f"{W} x {H}") and not said(pair.notes, "aligned")

    def test_smaller_infrared_is_interpolated_within_range(self, make):
        coarse = np.where(np.arange(H * W // 4).reshape(H // 2, W // 2) % 2, 255, 0).astype(np.uint8)
        pair = read_pair(make("v.png", photo()), make("i.png", coarse))
        assert pair.shape == (H, W)
        assert pair.infrared.min() >= 0.0 and pair.infrared.max() <= 1.0
        assert len(np.unique(pair.infrared)) > 2

    @pytest.mark.parametrize(("width", "warned"), [(64, False), (65, False), (66, True), (40, True)])
    def test_another_shape_may_not_be_aligned(self, make, width, warned):
        pair = read_pair(make("v.png", photo()), make("i.png", np.zeros((48, width), np.uint8) + ramp()[0, 0] + 9))
        assert said(pair.notes, "aligned") == warned


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


class TestPairChecks:
    def test_swapped_slots(self, make):
        pair = read_pair(make("v.png", ramp()), make("i.png", photo()))
        assert said(pair.notes, "swap")
        assert not said(read_pair(make("v.png", photo()), make("i.png", ramp())).notes, "swap")

    def test_identical(self, make):
        same = make("a.png", photo())
        assert said(read_pair(same, same).notes, "identical")
        assert not said(read_pair(same, same).notes, "swap")
        deep = make("d.png", ramp(np.uint16, 60001))
        assert said(read_pair(deep, deep).notes, "identical")
        grey_copy = make("g.bmp", np.repeat(ramp()[..., None], 3, axis=2))
        assert said(read_pair(grey_copy, make("h.png", ramp())).notes, "identical")

    @pytest.mark.parametrize("value", [0, 77, 255])
    def test_flat(self, make, value):
        flat = np.full((H, W), value, np.uint8)
        assert said(read_pair(make("v.png", photo()), make("i.png", flat)).notes, "infrared", "flat")
        assert said(read_pair(make("v.png", flat), make("i.png", ramp())).notes, "visible", "flat")
        deep = read_pair(make("v.png", photo()), make("j.png", flat.astype(np.uint16) * 100))
        assert said(deep.notes, "infrared", "flat")

    @pytest.mark.parametrize("name", ["JET", "INFERNO", "HOT", "PLASMA", "RAINBOW"])
    def test_pseudo_colour_infrared(self, make, name):
        mapped = cv2.applyColorMap(ramp(), getattr(cv2, f"COLORMAP_{name}"))[..., ::-1].copy()
        for visible in (photo(), ramp()[::-1].copy()):
            notes = read_pair(make("v.png", visible), make("i.png", mapped)).notes
            assert said(notes, "pseudo-colour", "grey") and not said(notes, "swap")

    def test_pseudo_colour_in_the_visible_slot(self, make):
        mapped = cv2.applyColorMap(ramp(), cv2.COLORMAP_INFERNO)[..., ::-1].copy()
        assert said(read_pair(make("v.png", mapped), make("i.png", ramp()[::-1].copy())).notes, "swap")


class TestWriting:
    def test_rounding_and_clipping(self, tmp_path):
        values = np.array([[0.0, 0.5 / 255 + 1e-4, 0.4 / 255, 1.0, 2.0, -1.0]], np.float32)
        write_png(tmp_path / "g.png", values)
        stored = Image.open(tmp_path / "g.png")
        assert stored.format == "PNG" and stored.mode == "L"
        np.testing.assert_array_equal(np.asarray(stored), [[0, 1, 0, 255, 255, 0]])

    def test_colour_round_trip(self, tmp_path, make):
        write_png(tmp_path / "c.png", photo().astype(np.float32) / 255)
        np.testing.assert_allclose(
            read_pair(tmp_path / "c.png", make("i.png", ramp())).visible, photo() / 255, atol=1e-6
        )

    def test_png_whatever_the_name(self, tmp_path):
        write_png(tmp_path / "c.jpg", np.zeros((4, 4), np.float32))
        assert (tmp_path / "c.jpg").read_bytes().startswith(b"\x89PNG")

    def test_mask(self, tmp_path):
        write_mask(tmp_path / "m.png", np.array([[0.0, 0.49, 0.5, 1.0]], np.float32))
        np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "m.png")), [[0, 0, 255, 255]])
        write_mask(tmp_path / "b.png", np.array([[True, False]]))
        np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "b.png")), [[255, 0]])

    def test_refusals(self, tmp_path):
        with pytest.raises(InputError, match="finite"):
            write_png(tmp_path / "n.png", np.full((4, 4), np.nan))
        with pytest.raises(InputError, match=r"\(H, W\)"):
            write_png(tmp_path / "n.png", np.zeros((4, 4, 4)))
        with pytest.raises(InputError, match=r"\(H, W\)"):
            write_mask(tmp_path / "n.png", np.zeros((4, 4, 3)))
        with pytest.raises(InputError, match='"n.png" cannot be written') as caught:
            write_png(tmp_path / "nowhere" / "n.png", np.zeros((4, 4)))
        assert str(tmp_path) not in str(caught.value)
