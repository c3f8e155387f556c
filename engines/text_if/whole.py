"""What the network learns from the whole picture at once, so that a piece of it can be given the same.

Attention maps and the statistics of norms are sums over all pixels. Every layer asks for its own through a `Share`; the
order of these questions is always the same, which makes answers to one picture usable for another.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# Called with what works a value out from the picture at hand; gives that value, or the one known already.
Share = Callable[[Callable[[], Any]], Any]


def at_hand(make: Callable[[], Any]) -> Any:
    """The picture at hand is the whole."""
    return make()


class Recorded:
    """The values of one picture, to be used for others."""

    def __init__(self) -> None:
        self._values: list[Any] = []

    def record(self, make: Callable[[], Any]) -> Any:
        """Work a value out and remember it; a `Share`."""
        self._values.append(make())
        return self._values[-1]

    def replay(self) -> Share:
        """A `Share` for one more pass of the network, which gives the values in the order they came."""
        values = iter(self._values)
        return lambda make: next(values)
