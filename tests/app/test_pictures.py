from __future__ import annotations

import numpy as np
import pytest

from app.overlay import red_overlay


class TestRedOverlay:
    def test_half_red_inside_and_untouched_outside(self):
        image = np.full((2, 3, 3), 0.4, dtype=np.float32)
        mask = np.zeros((2, 3), dtype=np.float32)
        mask[0, 0] = 1.0
        laid = red_overlay(image, mask)
        assert laid[0, 0] == pytest.approx([0.7, 0.2, 0.2])
        assert (laid[1] == image[1]).all() and (image == np.float32(0.4)).all()

    def test_soft_masks_weigh_the_red(self):
        image = np.zeros((1, 1, 3), dtype=np.float32)
        assert red_overlay(image, np.full((1, 1), 0.5, dtype=np.float32))[0, 0] == pytest.approx([0.25, 0, 0])

    def test_contour_is_the_outermost_ring(self):
        image = np.zeros((7, 7, 3), dtype=np.float32)
        mask = np.zeros((7, 7), dtype=np.float32)
        mask[1:6, 1:6] = 1.0
        red = red_overlay(image, mask, contour=True)[..., 0]
        assert int((red == 1.0).sum()) == 16 and int((red == 0.5).sum()) == 9

    def test_sizes_must_agree(self):
        with pytest.raises(ValueError, match="mask must be"):
            red_overlay(np.zeros((2, 2, 3), dtype=np.float32), np.zeros((3, 2), dtype=np.float32))
