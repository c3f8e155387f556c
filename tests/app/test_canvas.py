from __future__ import annotations

import numpy as np
import pytest

from app.ui.canvas import painted_on, to_canvas


@pytest.fixture(params=[(60, 80), (1501, 2003)])
def mask(request) -> np.ndarray:
    height, width = request.param
    mask = np.zeros(request.param, bool)
    mask[height // 4 : height // 2, width // 4 : width // 2] = True
    return mask


def canvas_of(mask: np.ndarray) -> dict:
    return to_canvas(np.full((*mask.shape, 3), 90, np.uint8), mask)


def test_the_editor_gets_a_picture_of_bearable_size(mask):
    canvas = canvas_of(mask)
    height, width = canvas["background"].shape[:2]
    assert width == min(800, mask.shape[1]) and abs(height / width - mask.shape[0] / mask.shape[1]) < 0.01
    (layer,) = canvas["layers"]
    assert layer.shape == (height, width, 4)
    assert (layer[..., 3] > 0).mean() == pytest.approx(mask.mean(), abs=0.01)


def test_without_a_stroke_nothing_changes(mask):
    added, removed = painted_on(canvas_of(mask), mask)
    assert not added.any() and not removed.any()
    for untouched in (None, {"layers": []}):
        assert not any(change.any() for change in painted_on(untouched, mask))


def test_brush_and_eraser(mask):
    canvas = canvas_of(mask)
    layer = canvas["layers"][0]
    height, width = layer.shape[:2]
    layer[: height // 10, : width // 10] = (228, 87, 46, 140)
    layer[height // 4 : height // 3, :, 3] = 0
    added, removed = painted_on(canvas, mask)
    rows, columns = mask.shape
    assert added[: rows // 11, : columns // 11].all() and not (added & mask).any()
    assert added.mean() == pytest.approx(0.01, abs=0.002)
    assert removed[rows * 7 // 24, columns * 3 // 8] and not (removed & ~mask).any()
    assert removed.mean() == pytest.approx(0.25 / 12, abs=0.003)


@pytest.fixture
def large() -> np.ndarray:
    """A blob, a dot and a line thinner than a pixel of the preview, which is 3.75 pixels here."""
    mask = np.zeros((2250, 3000), bool)
    mask[1000:1400, 1000:1200] = True
    mask[100:103, 101:104] = True
    mask[501:503, :] = True
    return mask


def test_whatever_a_mask_holds_can_be_seen_and_erased(large):
    canvas = canvas_of(large)
    alpha = canvas["layers"][0][..., 3]
    assert alpha[133].all(), "the line shows"
    assert alpha[133].max() < alpha[300, 290], "what a pixel holds in part is paler"
    canvas["layers"][0][:] = 0
    added, removed = painted_on(canvas, large)
    assert (removed == large).all() and not added.any()


def test_erasing_leaves_every_pixel_that_was_not_touched(large):
    canvas = canvas_of(large)
    canvas["layers"][0][:200, :, 3] = 0
    added, removed = painted_on(canvas, large)
    left = large & ~removed
    assert not added.any() and not left[:750].any() and (left[750:] == large[750:]).all()


def test_paint_over_a_thin_piece_and_along_a_rim_leaves_no_gap(large):
    canvas = canvas_of(large)
    layer = canvas["layers"][0]
    # Paint lies on what is there as the editor lays it: never less opaque than it is itself.
    layer[80:300, 200:400, 3] = np.maximum(layer[80:300, 200:400, 3], 140)
    added, removed = painted_on(canvas, large)
    after = (large | added) & ~removed
    assert after[300:1125, 750:1500].all() and not removed.any()
    assert (after[:, :750] == large[:, :750]).all() and (after[1125:] == large[1125:]).all()


def test_strokes_on_a_layer_of_their_own_count_too(mask):
    canvas = canvas_of(mask)
    stroke = np.zeros_like(canvas["layers"][0])
    stroke[:5, :5, 3] = 140
    added, removed = painted_on(canvas | {"layers": [canvas["layers"][0], None, stroke]}, mask)
    assert added[0, 0] and not removed.any()
