"""What a comparison holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import engines
from engines import Instruction

VISIBLE, INFRARED = "visible", "infrared"
# Region -> metric -> value, for the regions of `app.comparison.scores.REGIONS`.
Scores = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Cell:
    """One engine's place in a comparison: its result, or why there is none.

    Attributes:
        engine: A name of the registry, or NAME:CHECKPOINT.
        image: uint8 (H, W, 3) RGB, the size of the pair; None where the engine failed.
        report: What `app.report.report` says of the run; empty where the engine failed.
        seconds: Wall-clock seconds of the fusion, without reading, parsing and loading; NaN where the engine failed.
        error: Why there is no result, one sentence; empty where there is one.
        cached: Whether an earlier comparison had made the result; the seconds are then those of that run.
    """

    engine: str
    image: np.ndarray | None = None
    report: dict[str, Any] = field(default_factory=dict)
    seconds: float = float("nan")
    error: str = ""
    cached: bool = False

    @property
    def title(self) -> str:
        """The engine's name as a person reads it."""
        return title(self.engine)


@dataclass(frozen=True)
class CommonRegion:
    """The one region in which every result of a comparison is scored.

    Attributes:
        mask: bool (H, W), true inside; None where the sentence names no region or none was found.
        phrases: The noun phrases whose masks it is the union of.
        source: What it is and who found it, or why there is none, one sentence for the person.
    """

    mask: np.ndarray | None
    phrases: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Comparison:
    """One pair and one instruction through several engines.

    Attributes:
        visible: uint8 (H, W, 3) RGB.
        infrared: uint8 (H, W, 3), the same grey in all channels.
        instruction: The sentence and how it was understood.
        preset: How long TeRF tuned.
        cells: One per engine, in the order asked for.
        region: Where results are scored apart from their surroundings.
        scores: By engine name, of those that served.
        notes: What was changed to make the pair usable.
    """

    visible: np.ndarray
    infrared: np.ndarray
    instruction: Instruction
    preset: str
    cells: tuple[Cell, ...]
    region: CommonRegion
    scores: dict[str, Scores]
    notes: tuple[str, ...] = ()

    @property
    def served(self) -> list[Cell]:
        """The cells with a result."""
        return [cell for cell in self.cells if not cell.error]

    @property
    def failures(self) -> dict[str, str]:
        """The sentence for the person, by the name of each engine that could not serve."""
        return {cell.engine: cell.error for cell in self.cells if cell.error}

    @property
    def pictures(self) -> dict[str, np.ndarray]:
        """Sources and results by name, uint8 (H, W, 3), all of one size."""
        results = {cell.engine: cell.image for cell in self.served}
        return {VISIBLE: self.visible, INFRARED: self.infrared, **results}


def engine_and_checkpoint(name: str) -> tuple[str, str | None]:
    """The parts of NAME or NAME:CHECKPOINT."""
    engine, _, checkpoint = name.partition(":")
    return engine, checkpoint or None


def normal_name(name: str) -> str:
    """NAME, or NAME:CHECKPOINT, in the one way of writing it that others are compared with."""
    engine, checkpoint = engine_and_checkpoint(name)
    return engine if checkpoint is None else f"{engine}:{Path(checkpoint)}"


def title(name: str) -> str:
    """What a person reads for a name of `Comparison.pictures`; of a path to weights its last two parts."""
    if name in (VISIBLE, INFRARED):
        return name.capitalize()
    engine, checkpoint = engine_and_checkpoint(name)
    told = engines.registry.ENGINES[engine].title
    return told if checkpoint is None else f"{told} ({'/'.join(Path(checkpoint).parts[-2:])})"
