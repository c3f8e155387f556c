"""What has been worked out of the pictures used last, found by their content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np

from engines.bounded_cache import BoundedCache
from engines.types import ImagePair

Value = TypeVar("Value")


def pair_digest(pair: ImagePair) -> bytes:
    """Digest of both pictures' pixels and size; pictures changed in place have another one."""
    digest = hashlib.sha256(repr((pair.shape, pair.visible.dtype, pair.infrared.dtype)).encode())
    for picture in (pair.visible, pair.infrared):
        digest.update(np.ascontiguousarray(picture))
    return digest.digest()


class PairCache(Generic[Value]):
    """The values of the pairs used last, as many as fit into a number of bytes; safe to use from several threads."""

    def __init__(self, capacity: int) -> None:
        """Start empty; the capacity is that of `BoundedCache`."""
        self._values: BoundedCache[Value] = BoundedCache(capacity)

    def get(self, pair: ImagePair, make: Callable[[], tuple[Value, int]]) -> Value:
        """The pair's value, made where it is not here, as `BoundedCache.get` does."""
        return self._values.get(pair_digest(pair), make)
