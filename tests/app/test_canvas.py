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


def test_strokes_on_a_layer_of_their_own_count_too(mask):
    canvas = canvas_of(mask)
    stroke = np.zeros_like(canvas["layers"][0])
    stroke[:5, :5, 3] = 140
    added, removed = painted_on(canvas | {"layers": [canvas["layers"][0], None, stroke]}, mask)
    assert added[0, 0] and not removed.any()
