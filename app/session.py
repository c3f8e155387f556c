"""What one person did on the page, so that a step can be taken back. Immutable: every change gives a new session."""

from __future__ import annotations

from dataclasses import dataclass

from app.pipeline import Outcome

MAX_STEPS = 10


@dataclass(frozen=True)
class Session:
    """The outcomes of one person, oldest first.

    Attributes:
        steps: At most MAX_STEPS outcomes; older ones are forgotten to bound the memory.
    """

    steps: tuple[Outcome, ...] = ()

    @property
    def current(self) -> Outcome | None:
        """The outcome on display, None before the first."""
        return self.steps[-1] if self.steps else None

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier outcome to go back to."""
        return len(self.steps) > 1

    def with_step(self, outcome: Outcome) -> Session:
        """The session after one more outcome."""
        return Session((*self.steps, outcome)[-MAX_STEPS:])

    def undone(self) -> Session:
        """The session without its last outcome; unchanged where there is no earlier one."""
        return Session(self.steps[:-1]) if self.can_undo else self
