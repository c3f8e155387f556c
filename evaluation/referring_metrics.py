"""Referring segmentation metrics: mIoU, oIoU and P@X, in percent (Yang et al., LAVT, CVPR 2022, section 4)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engines.errors import InputError

# P@X counts the references whose IoU is at least X.
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)


def overlap(predicted: np.ndarray, truth: np.ndarray) -> tuple[float, int, int]:
    """How far a predicted mask covers the referred object.

    Args:
        predicted: bool (H, W).
        truth: bool (H, W).

    Returns:
        IoU in [0, 1], intersection and union in pixels. Where both masks are empty the prediction is right: IoU 1.

    Raises:
        InputError: The masks differ in size.
    """
    if predicted.shape != truth.shape:
        raise InputError(f"The predicted mask must be {truth.shape} like the reference, but got {predicted.shape}.")
    intersection = int(np.count_nonzero(predicted & truth))
    union = int(np.count_nonzero(predicted | truth))
    return (intersection / union if union else 1.0), intersection, union


def summary(ious: Sequence[float], intersections: Sequence[int], unions: Sequence[int]) -> dict[str, float]:
    """The referring metrics of a set of references.

    Args:
        ious: IoU of each reference in [0, 1]; 1 where prediction and truth are both empty.
        intersections: Pixels in both masks, per reference.
        unions: Pixels in either mask, per reference.

    Returns:
        `n`, the number of references, and in percent: `mIoU`, the mean of the IoUs; `oIoU`, the sum of the
        intersections over the sum of the unions (100 where every mask is empty), which large objects dominate; and
        `P@0.5` … `P@0.9`, the share of references with at least that IoU.

    Raises:
        InputError: No reference, or lists of different lengths.
    """
    if not len(ious) == len(intersections) == len(unions):
        raise InputError(
            "The IoUs, intersections and unions must be of the same references, "
            f"but got {len(ious)}, {len(intersections)} and {len(unions)}."
        )
    if len(ious) == 0:
        raise InputError("There must be at least one reference to evaluate, but got none.")
    values = np.asarray(ious, dtype=np.float64)
    union = int(np.sum(unions, dtype=np.int64))
    overall = int(np.sum(intersections, dtype=np.int64)) / union if union else 1.0
    return {
        "n": len(values),
        "mIoU": 100.0 * float(values.mean()),
        "oIoU": 100.0 * overall,
        **{f"P@{threshold}": 100.0 * float(np.mean(values >= threshold)) for threshold in THRESHOLDS},
    }
