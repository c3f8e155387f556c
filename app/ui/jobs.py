"""Runs one request in a thread of its own, so that its person can watch and stop it."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TypeVar

from app.server_options import server_options
from app.ui.turns import Turn, Turns
from engines import Cancelled, InputError
from engines.types import Progress

Step = tuple[float, str]
Result = TypeVar("Result")

_FIRST_STEP = (0.0, "Reading the pictures")
# How often a request that waits looks whether it was stopped.
_LOOK_SECONDS = 0.5
# Between two of an engine's steps; one that takes longer is given up.
_GRACE_SECONDS = 60.0


class StopFlags:
    """One flag per browser session, set when its person presses Stop or leaves; safe from several threads."""

    def __init__(self) -> None:
        self._flags: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    def fresh(self, session: str) -> threading.Event:
        """A new, unset flag for a session; the request it had before is asked to stop."""
        with self._lock:
            self._set(session)
            self._flags[session] = threading.Event()
            return self._flags[session]

    def current(self, session: str) -> threading.Event:
        """The flag of the session's latest request; a set one where it has none."""
        with self._lock:
            if session in self._flags:
                return self._flags[session]
        flag = threading.Event()
        flag.set()
        return flag

    def stop(self, session: str) -> None:
        """Ask the session's request to stop; nothing happens without one."""
        with self._lock:
            self._set(session)

    def forget(self, session: str) -> None:
        """Ask the session's request to stop and drop the flag, for a person who left."""
        with self._lock:
            self._set(session)
            self._flags.pop(session, None)

    def _set(self, session: str) -> None:
        if session in self._flags:
            self._flags[session].set()


@lru_cache(maxsize=1)
def everybodys_turns() -> Turns:
    """The line in which all requests of this process wait, as they want the same processor."""
    return Turns(server_options().at_once, server_options().max_waiting)


def watch(
    call: Callable[[Progress], Result],
    stop: threading.Event,
    turns: Turns | None = None,
    max_seconds: float | None = None,
) -> Iterator[Step | Result]:
    """Wait for a turn, run `call` in a thread and yield its progress, then what it returns, which is no tuple.

    Progress that comes faster than it is taken is dropped. Closing the iterator asks the call to stop.

    Args:
        call: Gets the progress callback, which raises Cancelled once `stop` is set.
        stop: The session's flag.
        turns: The line to wait in; None for everybody's.
        max_seconds: How long the call may work; None for what the server allows.

    Raises:
        Cancelled: `stop` was set.
        InputError: Too many wait already, or the call took too long.
        Exception: Whatever `call` raised.
    """
    turn = (turns or everybodys_turns()).enter()
    try:
        yield from _waited(turn, stop)
        yield from _worked(call, stop, max_seconds or server_options().max_seconds)
    finally:
        turn.leave()
        stop.set()


def last(steps: Iterator[Step | Result]) -> Result:
    """What a watched call returns, for callers that show no progress; everything is raised as by `watch`."""
    return deque(steps, maxlen=1)[0]


def _waited(turn: Turn, stop: threading.Event) -> Iterator[Step]:
    """Yields how many are before this request, whenever that changes, until it is its turn."""
    told = 0
    while not turn.wait(_LOOK_SECONDS):
        if stop.is_set():
            raise Cancelled("Stopped.")
        ahead = turn.ahead
        if ahead != told:
            told = ahead
            yield 0.0, f"Waiting: {ahead} {'request is' if ahead == 1 else 'requests are'} before yours"


def _worked(call: Callable[[Progress], Result], stop: threading.Event, seconds: float) -> Iterator[Step | Result]:
    steps: queue.SimpleQueue[Step | Result | BaseException] = queue.SimpleQueue()
    too_long = (
        f"This took more than {seconds:g} seconds, so it was stopped: use a smaller picture, fewer regions or the fast "
        "preset."
    )
    deadline = time.monotonic() + seconds

    def progress(fraction: float, message: str) -> None:
        if stop.is_set():
            raise Cancelled("Stopped.")
        if time.monotonic() > deadline:
            raise InputError(too_long)
        steps.put((fraction, message))

    def work() -> None:
        try:
            steps.put(call(progress))
        except BaseException as error:
            steps.put(error)

    # Before the work starts, so that the person sees it begin however fast it ends.
    yield _FIRST_STEP
    if stop.is_set():
        raise Cancelled("Stopped.")
    threading.Thread(target=work, name="fusion", daemon=True).start()
    while True:
        try:
            step = steps.get(timeout=max(0.0, deadline - time.monotonic()) + _GRACE_SECONDS)
        except queue.Empty:
            raise InputError(too_long) from None
        while isinstance(step, tuple) and not steps.empty():
            step = steps.get()
        if isinstance(step, BaseException):
            raise step
        yield step
        if not isinstance(step, tuple):
            return
