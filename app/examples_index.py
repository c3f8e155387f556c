"""The example pairs that come with the repository (app/examples/examples.json)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent / "examples"


@dataclass(frozen=True)
class Example:
    """One rendered pair and what can be said about it."""

    name: str
    visible: Path
    infrared: Path
    sentences: tuple[str, ...]


def examples(folder: Path = EXAMPLES) -> list[Example]:
    """Every example of a folder, in the order of its examples.json."""
    entries = json.loads((folder / "examples.json").read_text(encoding="utf-8"))
    return [
        Example(entry["name"], folder / entry["visible"], folder / entry["infrared"], tuple(entry["sentences"]))
        for entry in entries
    ]
