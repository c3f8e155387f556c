"""Reading pairs: every sample depth in either slot."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from app.pairs import read_pair
from engines.errors import InputError
from tests.app.picture_files import H, PictureFolder, W, photo, png, ramp, said, tiff


@pytest.fixture
def make(tmp_path: Path) -> PictureFolder:
    return PictureFolder(tmp_path)


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
        with pytest.raises(InputError, match='infrared file "t.tif" must hold finite numbers'):
            read_pair(make("v.png", photo()), path)
        with pytest.raises(InputError, match="visible file"):
            read_pair(path, make("i.png", ramp()))

    def test_a_hot_spot_smaller_than_the_percentiles_stays_visible(self, make):
        counts = np.full((H, W), 8000, np.uint16)
        counts[5, 5] = 9000
        pair = read_pair(make("v.png", photo()), make("i.png", counts))
        assert pair.infrared[5, 5] == 1.0 and pair.infrared[0, 0] == 0.0
