"""Values that took work to make, as many as fit into a number of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class BoundedCache(Generic[Value]):
    """Values by key; those not used for longest are forgotten first. Safe to use from several threads."""

    def __init__(self, capacity: int) -> None:
        """Start empty.

        Args:
            capacity: Bytes of all values together; a larger value is handed out, but not kept.
        """
        self._capacity = capacity
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], tuple[Value, int]]) -> Value:
        """The key's value, made where it is not here.

        Two threads that ask for the same new key both make it, rather than one waiting for the other's work.

        Args:
            key: What the value depends on.
            make: Gives the value and its size in bytes; nobody may change the value afterwards.
        """
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
