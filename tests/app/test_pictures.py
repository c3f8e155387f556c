from __future__ import annotations

import numpy as np
import pytest

from app.contact_sheet import MARGIN, contact_sheet
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


class TestContactSheet:
    def test_pictures_stand_in_rows_under_their_labels(self):
        pictures = {
            name: np.full((20, 40, 3), level, np.float32)
            for name, level in {"a": 0, "b": 0.2, "c": 0.4, "d": 0.6}.items()
        }
        sheet = contact_sheet(pictures, columns=3)
        assert sheet.shape[1] == 3 * 40 + 4 * MARGIN
        step = (sheet.shape[0] - MARGIN) // 2
        assert sheet[MARGIN + 26 + 10, MARGIN + 20] == pytest.approx(0, abs=0.01)
        assert sheet[MARGIN + 26 + 10, 3 * MARGIN + 80 + 20] == pytest.approx(0.4, abs=0.01)
        assert sheet[step + MARGIN + 26 + 10, MARGIN + 20] == pytest.approx(0.6, abs=0.01)
        assert sheet[-MARGIN - 5, -MARGIN - 5] == pytest.approx(1.0)

    def test_grey_and_large_pictures_are_brought_to_the_cell(self):
        sheet = contact_sheet({"infrared": np.full((100, 200), 0.5, np.float32)}, cell_width=50)
        assert sheet.shape == (25 + 26 + 2 * MARGIN, 50 + 2 * MARGIN, 3)

    def test_nothing_to_show_is_refused(self):
        with pytest.raises(ValueError, match="at least one"):
            contact_sheet({})
