"""The operating point of the referring head."""

from __future__ import annotations

import numpy as np
import pytest

from training.ris_calibration import MARGINS, best_margin, ious_by_margin


def test_iou_at_every_margin():
    truth = np.zeros((4, 5), bool)
    truth[:2] = True
    # The object scores 3, half of the background 1: margins below 1 take too much, above 3 nothing.
    margin = np.where(truth, 3.0, -3.0)
    margin[2] = 1.0
    ious = ious_by_margin(margin, truth)
    assert ious[MARGINS < 1] == pytest.approx(10 / 15)
    assert ious[(MARGINS >= 1) & (MARGINS < 3)] == pytest.approx(1.0)
    assert ious[MARGINS >= 3] == pytest.approx(0.0)
    assert 1 <= best_margin(ious[None]) < 3


def test_nothing_found_where_nothing_is():
    assert ious_by_margin(np.full((3, 3), -9.0), np.zeros((3, 3), bool)) == pytest.approx(1.0)
