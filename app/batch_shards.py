"""A batch divided among programs that know nothing of one another: tasks of a Slurm array, ranks of torchrun."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")

# Where a scheduler says which of how many programs this one is: (index, count, first index).
_SCHEDULERS = (
    ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN"),
    ("RANK", "WORLD_SIZE", None),
)


@dataclass(frozen=True)
class Shard:
    """Every `count`-th item from the `index`-th on, counted from 0; all items by default."""

    index: int = 0
    count: int = 1

    @classmethod
    def parse(cls, text: str, environment: Mapping[str, str]) -> Shard:
        """Read "2/8", or "auto" for what Slurm or torchrun say in the environment.

        Raises:
            ValueError: Neither, or "auto" where no scheduler says anything.
        """
        if text == "auto":
            for index_name, count_name, first_name in _SCHEDULERS:
                if index_name in environment and count_name in environment:
                    index = int(environment[index_name]) - int(environment.get(first_name or "", 0))
                    return cls._checked(index, int(environment[count_name]))
            raise ValueError("is auto, but neither Slurm (an array) nor torchrun says which part this is")
        index, slash, count = text.partition("/")
        if not (slash and index.isdecimal() and count.isdecimal()):
            raise ValueError(f"must be I/N, e.g. 0/8, or auto, but got {text!r}")
        return cls._checked(int(index), int(count))

    @classmethod
    def _checked(cls, index: int, count: int) -> Shard:
        if not 0 <= index < count:
            raise ValueError(f"must be from 0/{count} to {count - 1}/{count}, but got {index}/{count}")
        return cls(index, count)

    @property
    def label(self) -> str:
        """Part of file names; empty for the whole."""
        return "" if self.count == 1 else f"{self.index}-of-{self.count}"

    def of(self, items: Sequence[Item]) -> Sequence[Item]:
        """The items of this shard."""
        return items[self.index :: self.count]
