"""Luma and chroma: round trip, and colour kept at another luma."""

from __future__ import annotations

import numpy as np

from engines.color import image_luma, rgb_to_ycbcr, with_luma, ycbcr_to_rgb


def test_round_trip():
    rgb = np.random.default_rng(0).random((9, 7, 3))
    back = np.stack(ycbcr_to_rgb(*rgb_to_ycbcr(*np.moveaxis(rgb, -1, 0))), axis=-1)
    np.testing.assert_allclose(back, rgb, atol=2e-6)


def test_primaries():
    y, cb, cr = rgb_to_ycbcr(1.0, 0.0, 0.0)
    assert abs(y - 0.299) < 1e-9 and abs(cr - 1.0) < 1e-9 and abs(cb - (0.5 - 0.168736)) < 1e-9


def test_same_luma_gives_the_same_picture():
    rgb = np.random.default_rng(1).random((20, 30, 3)).astype(np.float32)
    np.testing.assert_allclose(with_luma(rgb, image_luma(rgb)), rgb, atol=3e-6)


def test_new_luma_is_reached_and_hue_kept_at_the_gamut_border():
    rgb = np.tile(np.array([0.9, 0.2, 0.1], np.float32), (4, 4, 1))
    bright = with_luma(rgb, np.full((4, 4), 0.95, np.float32))
    np.testing.assert_allclose(image_luma(bright), 0.95, atol=1e-4)
    assert bright.max() <= 1 and bright.min() >= 0
    before, after = rgb[0, 0] - image_luma(rgb)[0, 0], bright[0, 0] - 0.95
    np.testing.assert_allclose(after / np.linalg.norm(after), before / np.linalg.norm(before), atol=1e-2)
