"""Runs one request in a thread of its own, so that its person can watch and stop it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

from engines import Cancelled
from engines.types import Progress

Step = tuple[float, str]
Result = TypeVar("Result")


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


def watch(call: Callable[[Progress], Result], stop: threading.Event) -> Iterator[Step | Result]:
    """Run `call` in a thread and yield its progress, then what it returns, which is no tuple.

    Progress that comes faster than it is taken is dropped. Closing the iterator asks the call to stop.

    Args:
        call: Gets the progress callback, which raises Cancelled once `stop` is set.
        stop: The session's flag.

    Raises:
        Cancelled: `stop` was set.
        Exception: Whatever `call` raised.
    """
    steps: queue.SimpleQueue[Step | Result | BaseException] = queue.SimpleQueue()

    def progress(fraction: float, message: str) -> None:
        if stop.is_set():
            raise Cancelled("Stopped.")
        steps.put((fraction, message))

    def work() -> None:
        try:
            steps.put(call(progress))
        except BaseException as error:
            steps.put(error)

    try:
        # Before the work starts, so that the person sees it begin however fast it ends.
        yield 0.0, "Reading the pictures"
        if stop.is_set():
            raise Cancelled("Stopped.")
        threading.Thread(target=work, name="fusion", daemon=True).start()
        while True:
            step = steps.get()
            while isinstance(step, tuple) and not steps.empty():
                step = steps.get()
            if isinstance(step, BaseException):
                raise step
            yield step
            if not isinstance(step, tuple):
                return
    finally:
        stop.set()
