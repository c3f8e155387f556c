"""Who works on the processor now and who waits: first come, first served, and everybody can see their place."""

from __future__ import annotations

import threading

from engines.errors import InputError


class Busy(InputError):
    """So many requests wait that one more would wait too long."""


class Turns:
    """A line of requests; safe from several threads.

    Args:
        at_once: How many work at a time.
        waiting: How many may wait.
    """

    def __init__(self, at_once: int = 1, waiting: int = 20) -> None:
        self._at_once = at_once
        self._waiting = waiting
        self._line: list[Turn] = []
        self._changed = threading.Condition()

    def enter(self) -> Turn:
        """A place at the end of the line.

        Raises:
            Busy: The line is full.
        """
        with self._changed:
            if len(self._line) >= self._at_once + self._waiting:
                raise Busy(f"Many people are here: {self._waiting} requests are waiting. Try again in a minute.")
            turn = Turn(self)
            self._line.append(turn)
            return turn

    def _ahead(self, turn: Turn) -> int:
        return max(0, self._line.index(turn) - self._at_once + 1)


class Turn:
    """One request's place in the line."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    @property
    def ahead(self) -> int:
        """How many requests have to end before this one may work; 0 when it may."""
        with self._turns._changed:
            return self._turns._ahead(self)

    def wait(self, seconds: float) -> bool:
        """Wait until the line moves, at most some seconds; returns whether it is this one's turn."""
        with self._turns._changed:
            if self._turns._ahead(self) > 0:
                self._turns._changed.wait(seconds)
            return self._turns._ahead(self) == 0

    def leave(self) -> None:
        """Give the place up; may be called again."""
        with self._turns._changed:
            if self in self._turns._line:
                self._turns._line.remove(self)
                self._turns._changed.notify_all()
