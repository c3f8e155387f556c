"""The cache of pairs: by content, bounded, shared by threads."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from engines.pair_cache import PairCache
from engines.types import ImagePair


def pair(level: float) -> ImagePair:
    return ImagePair(np.full((4, 6, 3), level, np.float32), np.full((4, 6), level, np.float32))


class Maker:
    """Counts how often a value of a size is made."""

    def __init__(self, size: int = 1) -> None:
        self.size, self.made = size, 0

    def __call__(self) -> tuple[object, int]:
        self.made += 1
        return object(), self.size


def test_equal_pixels_are_one_pair_and_changed_ones_another():
    cache, make = PairCache(10), Maker()
    first = pair(0.5)
    value = cache.get(first, make)
    assert cache.get(pair(0.5), make) is value and make.made == 1
    first.infrared[0, 0] = 0.6
    assert cache.get(first, make) is not value
    wide = ImagePair(first.visible.reshape(6, 4, 3), first.infrared.reshape(6, 4))
    cache.get(wide, make)
    assert make.made == 3


@pytest.mark.parametrize(("size", "kept"), [(5, [1, 2]), (10, [2]), (11, [])])
def test_what_was_used_last_is_kept_within_the_capacity(size, kept):
    cache, makers = PairCache(10), [Maker(size) for _ in range(3)]
    for level, make in enumerate(makers):
        cache.get(pair(level / 10), make)
    found = []
    for level in reversed(range(3)):
        again = Maker(size)
        cache.get(pair(level / 10), again)
        if not again.made:
            found.append(level)
    assert sorted(found) == kept


def test_threads_get_one_value_each_pair():
    cache, results = PairCache(100), []

    def work() -> None:
        for level in range(8):
            results.append((level, cache.get(pair(level / 10), lambda level=level: (level, 1))))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 32 and all(level == value for level, value in results)
