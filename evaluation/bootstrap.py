"""How far a mean over pictures can be trusted: bootstrap confidence intervals and a paired test.

Efron & Tibshirani, An Introduction to the Bootstrap, 1993: percentile intervals (chapter 13), achieved significance
level of a permutation test (chapter 15). Pictures are drawn with replacement; every draw is seeded, so that the same
values give the same interval.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

CONFIDENCE = 0.95
_RESAMPLES = 4000
_SIGN_FLIPS = 10000
_ROWS_AT_ONCE = 500


def mean_interval(values: Sequence[float], groups: Sequence[str] | None = None) -> tuple[float, float] | None:
    """The 95 % percentile interval of the mean.

    Args:
        values: One finite number per item.
        groups: Which picture each item belongs to. Sentences about one picture are not independent, so whole pictures
            are drawn; without it every item stands for itself.

    Returns:
        Low and high; None for fewer than two items or groups, which say nothing about spread.
    """
    sums, counts = _by_group(values, groups)
    if len(sums) < 2:
        return None
    random = np.random.default_rng(0)
    means = np.concatenate(
        [
            sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
            for drawn in (
                random.integers(0, len(sums), (_ROWS_AT_ONCE, len(sums))) for _ in range(_RESAMPLES // _ROWS_AT_ONCE)
            )
        ]
    )
    low, high = np.quantile(means, [(1.0 - CONFIDENCE) / 2.0, (1.0 + CONFIDENCE) / 2.0])
    return float(low), float(high)


def sign_flip_p(differences: Sequence[float], groups: Sequence[str] | None = None) -> float:
    """How often chance alone gives a mean difference as far from zero as this one, two-sided.

    Were A and B equally good, each paired difference could as well have the other sign. Signs are drawn per group.

    Returns:
        Between 1 / 10001 and 1.
    """
    sums, _ = _by_group(differences, groups)
    random = np.random.default_rng(0)
    seen = abs(sums.sum())
    # Differences that only rounding tells apart are ties.
    reached = 0
    for _ in range(_SIGN_FLIPS // _ROWS_AT_ONCE):
        signs = random.integers(0, 2, (_ROWS_AT_ONCE, len(sums))) * 2.0 - 1.0
        reached += int(np.count_nonzero(np.abs(signs @ sums) >= seen * (1.0 - 1e-12)))
    return (1 + reached) / (1 + _SIGN_FLIPS)


def _by_group(values: Sequence[float], groups: Sequence[str] | None) -> tuple[np.ndarray, np.ndarray]:
    """Sum and number of the values of each group."""
    numbers = np.asarray(values, dtype=np.float64)
    if groups is None:
        return numbers, np.ones(len(numbers))
    _, index = np.unique(np.asarray(groups), return_inverse=True)
    return np.bincount(index, weights=numbers), np.bincount(index).astype(np.float64)
