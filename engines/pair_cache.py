"""What has been worked out of the pictures used last, found by their content."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np

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
        """Start empty.

        Args:
            capacity: Bytes of all values together; a larger value is handed out, but not kept.
        """
        self._capacity = capacity
        self._values: OrderedDict[bytes, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, pair: ImagePair, make: Callable[[], tuple[Value, int]]) -> Value:
        """The pair's value, made where it is not here.

        Two threads that ask for the same new pair both make it, rather than one waiting for the other's work.

        Args:
            pair: The pictures.
            make: Gives the value and its size in bytes; nobody may change the value afterwards.
        """
        key = pair_digest(pair)
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key][0]
        value, size = make()
        with self._lock:
            if size <= self._capacity:
                self._values[key] = (value, size)
                self._values.move_to_end(key)
                while sum(size for _, size in self._values.values()) > self._capacity:
                    self._values.popitem(last=False)
        return value
