"""How the rate falls over the minutes a run was planned for, and where in them it is."""

from __future__ import annotations

from dataclasses import dataclass

_POWER = 0.9
# Steps over which the rate rises at the very beginning.
_WARM_UP = 100


@dataclass(frozen=True)
class PolyPlan:
    """A poly schedule over wall-clock minutes, which a stopped run goes on with.

    Attributes:
        planned: Minutes of the whole schedule.
        spent: Minutes of it that are over.
    """

    planned: float
    spent: float = 0.0

    @property
    def left(self) -> float:
        """Minutes to come."""
        return max(0.0, self.planned - self.spent)

    def after(self, minutes: float) -> PolyPlan:
        """The plan so many minutes later."""
        return PolyPlan(self.planned, self.spent + minutes)

    def share(self, minutes: float, step: int) -> float:
        """How much of its peak the rate is, in [0, 1].

        Args:
            minutes: Beyond those spent, less than those left.
            step: From 0, of all runs together.
        """
        fraction = (self.spent + minutes) / self.planned
        return min(1.0, (step + 1) / _WARM_UP) * (1.0 - fraction) ** _POWER
