"""Average precision of detected boxes at an overlap of one half, and its mean over classes.

Precision and recall over the ranking of all pictures' detections by score; the area under the precision's envelope is
summed over all points (not at 11 recalls), as PASCAL VOC does since 2010. A detection counts where it overlaps an
object of its class, in its picture, that no better-scored detection has taken, by an IoU of 0.5 or more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

OVERLAP = 0.5
_RESAMPLES = 1000


@dataclass(frozen=True)
class Ranked:
    """Detections of one class in one picture, matched.

    Attributes:
        scores: (N,), of the detections.
        right: bool (N,), whether each found an object of its own.
        objects: How many objects there were to find.
    """

    scores: np.ndarray
    right: np.ndarray
    objects: int


def overlaps(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """IoU of each of (N, 4) with each of (M, 4), x0, y0, x1, y1 with right and bottom exclusive: (N, M)."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    common = np.clip(high - low, 0.0, None).prod(axis=2)
    areas = [(given[:, 2:] - given[:, :2]).prod(axis=1) for given in (boxes, others)]
    union = areas[0][:, None] + areas[1][None] - common
    return np.divide(common, union, out=np.zeros_like(common), where=union > 0)


def match(boxes: np.ndarray, scores: np.ndarray, objects: np.ndarray, overlap: float = OVERLAP) -> Ranked:
    """Match detections to objects, best score first; each object once, to the free one overlapped most.

    Args:
        boxes: (N, 4), detections of one class in one picture.
        scores: (N,).
        objects: (M, 4), the class's objects.
        overlap: Least IoU.
    """
    boxes, objects = np.reshape(boxes, (-1, 4)).astype(float), np.reshape(objects, (-1, 4)).astype(float)
    scores = np.asarray(scores, float)
    common = overlaps(boxes, objects)
    right, free = np.zeros(len(boxes), bool), np.ones(len(objects), bool)
    for index in np.argsort(-scores, kind="stable"):
        candidates = np.where(free, common[index], -1.0)
        if candidates.size and candidates.max() >= overlap:
            right[index] = True
            free[candidates.argmax()] = False
    return Ranked(scores, right, len(objects))


def average_precision(pictures: Sequence[Ranked]) -> float | None:
    """Area under the envelope of precision over recall, in [0, 1]; None where there is no object to find."""
    objects = sum(picture.objects for picture in pictures)
    if objects == 0:
        return None
    scores = np.concatenate([picture.scores for picture in pictures])
    right = np.concatenate([picture.right for picture in pictures])
    found = np.cumsum(right[np.argsort(-scores, kind="stable")])
    precision = found / np.arange(1, len(found) + 1)
    # The best precision at this recall or a higher one.
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    steps = np.diff(found, prepend=0) / objects
    return float((envelope * steps).sum())


def mean_average_precision(by_class: dict[str, Sequence[Ranked]]) -> tuple[float | None, dict[str, float | None]]:
    """Mean over the classes that have objects, and each class's own."""
    each = {name: average_precision(pictures) for name, pictures in by_class.items()}
    known = [value for value in each.values() if value is not None]
    return (float(np.mean(known)) if known else None), each


def mean_interval(by_class: dict[str, Sequence[Ranked]], seed: int = 0) -> tuple[float, float] | None:
    """95 % bootstrap interval of the mean over classes, pictures drawn with replacement; None without objects."""
    count = len(next(iter(by_class.values()), ()))
    random = np.random.default_rng(seed)
    means = []
    for _ in range(_RESAMPLES if count else 0):
        drawn = random.integers(count, size=count)
        mean, _ = mean_average_precision({name: [given[i] for i in drawn] for name, given in by_class.items()})
        if mean is not None:
            means.append(mean)
    return tuple(float(v) for v in np.percentile(means, [2.5, 97.5])) if means else None
