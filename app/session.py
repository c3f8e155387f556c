"""What one person did on the page, so that a step can be taken back, made again or taken further."""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.continuation import same_pair
from app.options import Reading
from app.server_options import server_options

if TYPE_CHECKING:
    import numpy as np

    from app.pipeline import Outcome

MAX_STEPS = 10
MAX_SESSIONS = 20
IDLE_SECONDS = 1800.0
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Step:
    """One outcome and where it came from.

    Attributes:
        outcome: What was made.
        files: The visible and the infrared picture's file it was made of, as they were uploaded; None where unknown.
        parent: The index of the step that was on display when it was made; None for a first one.
    """

    outcome: Outcome
    files: tuple[str, str] | None = None
    parent: int | None = None


@dataclass(frozen=True)
class Session:
    """The steps of one person, oldest first, as a tree: what was taken back stays, and a new step grows from the one
    on display. Immutable: every change gives a new session.

    Attributes:
        trail: At most MAX_STEPS steps, and no more than fit; older ones are forgotten to bound the memory.
        token: The secret of the browser tab it belongs to, 32 hexadecimal digits; empty where there is none.
        position: The index of the step on display; -1 before the first.
        reading: How the next pair is read.
        palette: What infrared pictures are shown in.
        tinted: Whether the result is shown in the palette, too.
    """

    trail: tuple[Step, ...] = ()
    token: str = ""
    position: int = -1
    reading: Reading = Reading()
    palette: str = "white-hot"
    tinted: bool = False

    @property
    def steps(self) -> tuple[Outcome, ...]:
        """Every outcome, oldest first."""
        return tuple(step.outcome for step in self.trail)

    @property
    def current(self) -> Outcome | None:
        """The outcome on display, None before the first."""
        return self.trail[self.position].outcome if self.trail else None

    @property
    def files(self) -> tuple[str, str] | None:
        """The files of the outcome on display."""
        return self.trail[self.position].files if self.trail else None

    @property
    def previous(self) -> Outcome | None:
        """The outcome that the one on display grew from; None where there is none."""
        parent = self._parent
        return None if parent is None else self.trail[parent].outcome

    @property
    def composed(self) -> Outcome | None:
        """The latest outcome on the way to the one on display whose edits were carried out, None before the first."""
        index = self.position if self.trail else None
        while index is not None and self.trail[index].outcome.preview:
            index = self.trail[index].parent
        return None if index is None else self.trail[index].outcome

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier outcome to go back to."""
        return self._parent is not None

    @property
    def can_redo(self) -> bool:
        """Whether a step was made from the one on display."""
        return self._child is not None

    def with_step(self, outcome: Outcome, files: tuple[str, str] | None = None) -> Session:
        """The session after one more outcome, made of these two files."""
        parent = self.position if self.trail else None
        shared = None if parent is None else self.trail[parent].outcome.pair
        if shared is not None and shared is not outcome.pair and same_pair(shared, outcome.pair):
            # One copy of the pictures serves every step on them.
            outcome = replace(outcome, pair=shared)
        grown = replace(self, trail=(*self.trail, Step(outcome, files, parent)), position=len(self.trail))
        limit = server_options().session_mb * 1_000_000
        while len(grown.trail) > MAX_STEPS or len(grown.trail) > 1 and grown._bytes > limit:
            kept = (grown.position, grown._parent) if len(grown.trail) > 2 else (grown.position,)
            grown = grown._without(next(index for index in range(len(grown.trail)) if index not in kept))
        return grown

    @property
    def _bytes(self) -> int:
        """What the pictures of all steps take; those that steps share count once."""
        arrays = {id(array): array.nbytes for outcome in self.steps for array in _arrays(outcome)}
        return sum(arrays.values())

    def at(self, index: int) -> Session:
        """The session with another of its steps on display; unchanged where there is no such step."""
        return replace(self, position=index) if 0 <= index < len(self.trail) else self

    def undone(self) -> Session:
        """The session with the step before on display; unchanged where there is none."""
        return self if self._parent is None else self.at(self._parent)

    def redone(self) -> Session:
        """The session with the latest step that was made from the one on display; unchanged where there is none."""
        return self if self._child is None else self.at(self._child)

    @property
    def _parent(self) -> int | None:
        return self.trail[self.position].parent if self.trail else None

    @property
    def _child(self) -> int | None:
        children = [index for index, step in enumerate(self.trail) if step.parent == self.position]
        return children[-1] if children else None

    def _without(self, gone: int) -> Session:
        """The session without a step that is not on display; its children become those of its parent."""

        def moved(index: int | None) -> int | None:
            if index == gone:
                index = self.trail[gone].parent
            return None if index is None else index - (index > gone)

        kept = (step for index, step in enumerate(self.trail) if index != gone)
        trail = tuple(replace(step, parent=moved(step.parent)) for step in kept)
        return replace(self, trail=trail, position=moved(self.position))


def _arrays(outcome: Outcome) -> Iterator[np.ndarray]:
    result = outcome.result
    yield from (outcome.pair.visible, outcome.pair.infrared, result.image, *result.maps.values())
    if result.mask is not None:
        yield result.mask
    for region in (*result.regions, *outcome.instruction.regions):
        yield from (region.mask, *(part.mask for part in region.parts))


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
