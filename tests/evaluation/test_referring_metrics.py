"""mIoU, oIoU and P@X on masks small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pytest

from engines.errors import InputError
from evaluation.referring_metrics import overlap, summary


def _mask(*columns: int) -> np.ndarray:
    """A 1 x 10 mask that is true at the given columns."""
    mask = np.zeros((1, 10), dtype=bool)
    mask[0, list(columns)] = True
    return mask


@pytest.mark.parametrize(
    ("predicted", "truth", "expected"),
    [
        (_mask(0, 1, 2), _mask(1, 2, 3), (0.5, 2, 4)),
        (_mask(4), _mask(4), (1.0, 1, 1)),
        (_mask(0), _mask(9), (0.0, 0, 2)),
        (_mask(), _mask(3, 4), (0.0, 0, 2)),
        (_mask(3, 4), _mask(), (0.0, 0, 2)),
        (_mask(), _mask(), (1.0, 0, 0)),
    ],
    ids=["half", "same", "apart", "nothing found", "nothing there", "both empty"],
)
def test_overlap(predicted: np.ndarray, truth: np.ndarray, expected: tuple[float, int, int]) -> None:
    assert overlap(predicted, truth) == expected


def test_overlap_needs_masks_of_one_size() -> None:
    with pytest.raises(InputError, match=r"must be \(1, 10\)"):
        overlap(np.zeros((10, 1), dtype=bool), _mask(1))


def test_summary_by_hand() -> None:
    # IoUs 1/2, 9/10, 0 and 3/4 with unions 2, 100, 10 and 4.
    report = summary([0.5, 0.9, 0.0, 0.75], [1, 90, 0, 3], [2, 100, 10, 4])
    assert list(report) == ["n", "mIoU", "oIoU", "P@0.5", "P@0.6", "P@0.7", "P@0.8", "P@0.9"]
    assert report["n"] == 4
    assert report["mIoU"] == pytest.approx(100 * 2.15 / 4)
    assert report["oIoU"] == pytest.approx(100 * 94 / 116)
    assert [report[f"P@0.{digit}"] for digit in range(5, 10)] == [75.0, 50.0, 50.0, 25.0, 25.0]


@pytest.mark.parametrize("tenths", [5, 6, 7, 8, 9])
def test_a_threshold_that_is_just_reached_counts(tenths: int) -> None:
    report = summary([tenths / 10], [tenths], [10])
    assert report[f"P@0.{tenths}"] == 100.0
    if tenths < 9:
        assert report[f"P@0.{tenths + 1}"] == 0.0


def test_both_empty_counts_as_right_and_leaves_the_overall_iou_alone() -> None:
    report = summary([1.0, 0.25], [0, 1], [0, 4])
    assert report["mIoU"] == pytest.approx(62.5)
    assert report["oIoU"] == pytest.approx(25.0)
    assert summary([1.0], [0], [0])["oIoU"] == 100.0


def test_large_sums_do_not_overflow() -> None:
    pixels = [2**31 - 1] * 4
    assert summary([1.0] * 4, pixels, pixels)["oIoU"] == 100.0


def test_summary_refuses_nothing_and_lists_that_do_not_match() -> None:
    with pytest.raises(InputError, match="at least one reference"):
        summary([], [], [])
    with pytest.raises(InputError, match="same references"):
        summary([0.5], [1, 2], [2])
