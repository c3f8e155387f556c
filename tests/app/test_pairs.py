"""Reading pairs: formats, channel layouts, orientation, the common grid, remarks, and writing results."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from app.pairs import read_pair, write_mask, write_png
from engines.errors import InputError
from tests.app.picture_files import H, PictureFolder, W, photo, ramp, said, tiff


@pytest.fixture
def make(tmp_path: Path) -> PictureFolder:
    return PictureFolder(tmp_path)


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
