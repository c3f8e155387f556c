"""Stop is heard within a network's pass over a large picture, not only between two steps.

An engine's networks serve several requests at once, so nothing is hung onto them: torch tells the thread at work, and
only that one, of every function it calls.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from torch.overrides import TorchFunctionMode

from engines.types import FusionResult, ImagePair, Instruction, Progress

# A person who pressed Stop waits at most this long plus the time one function takes.
LOOK_SECONDS = 0.1
# What takes long in a network; everything else happens between two of these. Others are no place to stop at: a load of
# weights or a change of the gradient mode must not end half-way.
_LONG = frozenset(
    "conv2d conv_transpose2d linear matmul bmm einsum scaled_dot_product_attention interpolate softmax".split()
)

Fuse = Callable[[Any, ImagePair, Instruction, Progress | None], FusionResult]


class _Listening(TorchFunctionMode):
    """Says again, from time to time, what was said last; what that raises ends the work."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress
        self._said: tuple[float, str] | None = None
        self._when = 0.0

    def say(self, fraction: float, message: str) -> None:
        """Pass progress on; a `Progress`."""
        self._said, self._when = (fraction, message), time.monotonic()
        self._progress(fraction, message)

    def __torch_function__(
        self, function: Callable[..., Any], types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        due = self._said is not None and time.monotonic() - self._when >= LOOK_SECONDS
        if due and getattr(function, "__name__", "") in _LONG:
            self.say(*self._said)
        return function(*args, **(kwargs or {}))


@contextmanager
def heard_within(progress: Progress | None) -> Iterator[Progress | None]:
    """Repeat progress from within the networks that this thread runs, at most every LOOK_SECONDS.

    Args:
        progress: Called with a fraction in [0, 1] and a message; what it raises ends the pass.

    Yields:
        What is to be called instead of `progress`; None where that is None.
    """
    if progress is None:
        yield None
        return
    with _Listening(progress) as listening:
        yield listening.say


def hears_stop(fuse: Fuse) -> Fuse:
    """An engine's `fuse` whose progress is also called from within its networks."""

    @wraps(fuse)
    def listening(
        self: Any, pair: ImagePair, instruction: Instruction, progress: Progress | None = None
    ) -> FusionResult:
        with heard_within(progress) as told:
            return fuse(self, pair, instruction, told)

    return listening
