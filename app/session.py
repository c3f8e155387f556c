"""What one person did on the page, so that a step can be taken back or taken further."""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.pipeline import Outcome

MAX_STEPS = 10
MAX_SESSIONS = 20
IDLE_SECONDS = 1800.0
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Session:
    """The outcomes of one person, oldest first. Immutable: every change gives a new session.

    Attributes:
        steps: At most MAX_STEPS outcomes; older ones are forgotten to bound the memory.
        token: The secret of the browser tab it belongs to, 32 hexadecimal digits; empty where there is none.
        files: The visible and the infrared picture's file of the latest step, as they were uploaded.
    """

    steps: tuple[Outcome, ...] = ()
    token: str = ""
    files: tuple[str, str] | None = None

    @property
    def current(self) -> Outcome | None:
        """The outcome on display, None before the first."""
        return self.steps[-1] if self.steps else None

    @property
    def composed(self) -> Outcome | None:
        """The latest outcome whose edits were carried out, None before the first."""
        return next((step for step in reversed(self.steps) if not step.preview), None)

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier outcome to go back to."""
        return len(self.steps) > 1

    def with_step(self, outcome: Outcome, files: tuple[str, str] | None = None) -> Session:
        """The session after one more outcome, made of these two files."""
        return replace(self, steps=(*self.steps, outcome)[-MAX_STEPS:], files=files)

    def undone(self) -> Session:
        """The session without its last outcome; unchanged where there is no earlier one."""
        return replace(self, steps=self.steps[:-1]) if self.can_undo else self


class SessionStore:
    """The latest session of every browser tab, so that a page that was reloaded finds its own again.

    In memory only; those not used for longest, or for IDLE_SECONDS, are forgotten. Safe to use from several threads.
    """

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, tuple[float, Session]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, session: Session) -> None:
        """Remember a session in the place of its tab's earlier one; one without a token is not kept."""
        if not session.token:
            return
        with self._lock:
            self._forget_idle()
            self._sessions[session.token] = time.monotonic(), session
            self._sessions.move_to_end(session.token)
            while len(self._sessions) > MAX_SESSIONS:
                self._sessions.popitem(last=False)

    def recall(self, token: str) -> Session:
        """The session of a tab, an empty one where none is known; what is no token belongs to no tab."""
        if not _TOKEN.fullmatch(token):
            return Session()
        with self._lock:
            self._forget_idle()
            return self._sessions.get(token, (0.0, Session(token=token)))[1]

    def _forget_idle(self) -> None:
        now = time.monotonic()
        while self._sessions and now - next(iter(self._sessions.values()))[0] > IDLE_SECONDS:
            self._sessions.popitem(last=False)
