"""How this process keeps freed memory, for a server that runs for weeks."""

from __future__ import annotations

import ctypes
import sys

# glibc's name for the number of its heaps, <malloc.h>.
_M_ARENA_MAX = -8
_HEAPS = 2


def keep_few_heaps() -> None:
    """Let threads share two heaps instead of having one each, where the C library is glibc.

    Requests are answered by a few dozen threads. In heaps of their own what one thread freed serves no other, and the
    process grows with every picture although nothing is held. To be called before threads are started.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _HEAPS)
