"""Results of a long evaluation, kept item by item, so that a stopped command goes on where it was."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)


class ResumableResults:
    """Results by item name in a file of lines beside the report, which goes when the report is written.

    The file's first line says what was asked for. Results of another question, e.g. with other weights, are not used.

    Attributes:
        done: Item name -> result, in the order they came.
    """

    def __init__(self, output: Path, question: dict[str, Any]) -> None:
        """Read what an earlier, stopped command left.

        Args:
            output: The report's file; the results are kept in OUTPUT.items.jsonl beside it.
            question: Everything the results depend on, as JSON.
        """
        self.path = _beside(output)
        self.done: dict[str, Any] = {}
        self._head = json.dumps({"question": question}, sort_keys=True)
        self._started = False
        lines = self.path.read_text(encoding="utf-8").split("\n") if self.path.is_file() else []
        if lines and lines[0] == self._head:
            # What follows the last line end was cut off when the command was stopped.
            for line in lines[1:-1]:
                name, result = json.loads(line)
                self.done[name] = result
            logger.info("%d items are done already, see %s.", len(self.done), self.path)

    def add(self, name: str, result: Any) -> None:
        """Keep one result, as JSON; NaN and infinity are allowed. It is on disk when this returns."""
        if not self._started:
            kept = [self._head, *map(json.dumps, self.done.items())]
            self.path.write_text("\n".join(kept) + "\n", encoding="utf-8")
            self._started = True
        self.done[name] = result
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([name, result]) + "\n")

    @staticmethod
    def forget(output: Path) -> None:
        """Remove the file beside a report that is written."""
        _beside(output).unlink(missing_ok=True)


def _beside(output: Path) -> Path:
    return output.with_name(f"{output.name}.items.jsonl")
