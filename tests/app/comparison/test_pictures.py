"""Difference maps, crops and the contact sheet."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from app.comparison.crop import PANEL_HEIGHT, chosen_window, panel_window, region_window
from app.comparison.difference import difference, difference_map, labelled_map
from app.comparison.files import write_summary
from app.comparison.sheet import columns_for, write_sheet
from engines import InputError
from evaluation.metrics_profiles import COMMON_NINE
from tests.app.comparison.conftest import HEIGHT, WIDTH, hand_made


def grey(level: int) -> np.ndarray:
    return np.full((HEIGHT, WIDTH, 3), level, np.uint8)


class TestDifference:
    def test_red_where_a_is_brighter_and_blue_where_b_is(self):
        a, b = grey(100), grey(100)
        a[:, :20] = 130
        b[:, 40:] = 150
        shown = difference(a, b)
        assert shown.values[0, 0] == 30 and shown.values[0, 30] == 0 and shown.values[0, 50] == -50
        assert shown.limit == 50 and shown.clipped == 0.0
        red, white, blue = (difference_map(shown)[0, column].astype(int) for column in (0, 30, 50))
        assert red[0] > red[2] + 40 and blue[2] > blue[0] + 40 and white.min() > 240

    def test_the_scale_is_symmetric(self):
        a, b = grey(100), grey(100)
        a[:, :20] = 140
        there, back = difference_map(difference(a, b)), difference_map(difference(b, a))
        assert difference(a, b).limit == difference(b, a).limit == 40
        assert there[0, 0, 0] > there[0, 0, 2] and back[0, 0, 2] > back[0, 0, 0]

    def test_a_few_wild_pixels_do_not_set_the_scale(self):
        a, b = grey(100), grey(103)
        a[0, 0] = 255
        shown = difference(a, b)
        assert shown.limit == 5 and shown.clipped == pytest.approx(1 / (HEIGHT * WIDTH))

    def test_the_labelled_map_keeps_its_pixels(self):
        shown = difference(grey(100), grey(80))
        sheet = labelled_map(shown, "A", "B")
        left = (sheet.shape[1] - WIDTH) // 2
        assert (sheet[:HEIGHT, left : left + WIDTH] == difference_map(shown)).all()
        assert sheet.shape[0] > HEIGHT and (sheet[HEIGHT + 10] != 255).any()

    def test_sizes_must_agree(self):
        with pytest.raises(ValueError, match="one size"):
            difference(grey(1), grey(1)[:10])


class TestCrop:
    @pytest.mark.parametrize("box", [(0, 0, 4, 4), (500, 400, 640, 480), (300, 100, 320, 300), (0, 0, 640, 480)])
    def test_a_window_lies_in_the_picture_in_the_shape_of_the_panel(self, box):
        x0, y0, x1, y1 = panel_window(box, (480, 640), 0.3)
        assert 0 <= x0 < x1 <= 640 and 0 <= y0 < y1 <= 480
        assert (x1 - x0) / (y1 - y0) == pytest.approx(640 / (480 * PANEL_HEIGHT), rel=0.03)

    def test_a_wide_region_gives_way_to_its_largest_piece(self):
        mask = np.zeros((480, 640), bool)
        mask[200:240, 10:30] = mask[200:260, 600:630] = True
        x0, y0, x1, y1 = region_window(mask)
        assert x0 <= 600 and x1 >= 630 and y0 <= 200 and y1 >= 260 and x0 > 300
        assert region_window(np.ones((480, 640), bool)) is None
        assert region_window(None) is None and region_window(np.zeros((480, 640), bool)) is None

    def test_what_a_person_types(self):
        x0, y0, x1, y1 = chosen_window("100,100,200,150", (480, 640))
        assert x0 <= 100 and x1 >= 200 and y0 <= 100 and y1 >= 150
        assert chosen_window("auto", (480, 640)) is None and chosen_window("none", (480, 640)) is None

    @pytest.mark.parametrize("choice", ["", "all", "1,2,3", "5,5,5,9", "-1,0,5,5", "0,0,641,5"])
    def test_other_words_are_refused(self, choice):
        with pytest.raises(InputError, match="crop must be"):
            chosen_window(choice, (480, 640))


class TestSheet:
    def test_png_and_pdf_are_written_with_and_without_a_crop(self, tmp_path):
        scores = {name: {"whole": dict.fromkeys(COMMON_NINE, 1.0)} for name in ("mean", "max")}
        comparison = hand_made(scores)
        plain = write_summary(comparison, tmp_path)
        sheet = np.asarray(Image.open(plain["png"]).convert("RGB"))
        # 7.16 inches at 300 dots: as wide as two columns of a journal.
        assert sheet.shape[1] == 2148
        # Two sources at level 90, then 100 and 110, in one row.
        row = sheet[sheet.shape[0] // 3, :, 0]
        assert [int(row[int((place + 0.5) * 2148 / 4)]) for place in range(4)] == [90, 90, 100, 110]
        assert plain["pdf"].read_bytes().startswith(b"%PDF")
        write_sheet(comparison, tmp_path / "crop.png", (10, 10, 30, 20))
        assert Image.open(tmp_path / "crop.png").height > sheet.shape[0]

    def test_a_shorter_last_row_stands_in_the_middle(self, tmp_path):
        names = ("ris-fusion", "mean", "max")
        comparison = hand_made({name: {"whole": dict.fromkeys(COMMON_NINE, 1.0)} for name in names})
        write_sheet(comparison, tmp_path / "sheet.png")
        row = np.asarray(Image.open(tmp_path / "sheet.png").convert("L"))[-330]
        assert [int(row[int(place * 2148 / 12)]) for place in (1, 4, 6, 8, 11)] == [255, 110, 255, 120, 255]

    @pytest.mark.parametrize(("count", "columns"), [(3, 3), (4, 4), (5, 3), (6, 3), (7, 4), (8, 4), (9, 3), (10, 4)])
    def test_no_picture_stands_alone_in_a_row(self, count, columns):
        assert columns_for(count) == columns and count % columns != 1
