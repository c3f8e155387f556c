"""A small pair in memory, and engines whose answers can be worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

import engines
from app.comparison import Cell, CommonRegion, Comparison
from engines import CheckpointError, Edit, FusionResult, ImagePair, Instruction, Region
from engines.bounded_cache import BoundedCache
from engines.types import Progress

HEIGHT, WIDTH = 48, 64
INSTRUCTION = Instruction("make the cones clear", (Edit("cones", "highlight"),), "rules")


@dataclass
class Levels:
    """Paints the whole picture in one grey level; counts its calls and tells progress in steps."""

    level: float
    calls: list[Instruction] = field(default_factory=list)
    shape: tuple[int, int] | None = None

    def fuse(self, pair: ImagePair, instruction: Instruction, progress: Progress | None = None) -> FusionResult:
        self.calls.append(instruction)
        for step in range(3):
            if progress is not None:
                progress(step / 3, f"step {step}")
        height, width = self.shape or pair.shape
        return FusionResult(np.full((height, width, 3), self.level, np.float32), seconds={"load": 9.0, "fuse": 0.25})

    def locate(self, phrase: str, pair: ImagePair) -> Region:
        mask = np.zeros(pair.shape, np.float32)
        if phrase != "unicorns":
            mask[10:30, 8:24] = 1.0
        return Region(phrase, mask, 0.5, (8, 10, 24, 30) if mask.any() else None)


class Broken:
    """Fails as nobody expects."""

    def fuse(self, pair: ImagePair, instruction: Instruction, progress: Progress | None = None) -> FusionResult:
        raise RuntimeError("a defect")


@pytest.fixture
def pair() -> ImagePair:
    """Noise, so that every metric has a value."""
    noise = np.random.default_rng(5)
    return ImagePair(
        noise.random((HEIGHT, WIDTH, 3)).astype(np.float32), noise.random((HEIGHT, WIDTH)).astype(np.float32)
    )


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """ris-fusion paints 0.2; terf is to be set, its weights are missing; the classical engines stay themselves."""
    known: dict[str, object] = {"ris-fusion": Levels(0.2)}
    real_build = engines.build

    def build(name: str, **options: object) -> object:
        if name in known:
            return known[name]
        if name == "terf":
            raise CheckpointError("The weights of terf are missing.")
        return real_build(name, **options)

    monkeypatch.setattr(engines, "build", build)
    return known


@pytest.fixture
def cache() -> BoundedCache:
    """An empty cache of the comparison's size."""
    return BoundedCache(10_000_000)


def hand_made(scores: dict[str, dict[str, dict[str, float]]], mask: np.ndarray | None = None) -> Comparison:
    """A comparison with these scores, of grey pictures."""
    grey = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    cells = tuple(
        Cell(name, grey + 10 * index, {"engine": name}, 1.0 + index) for index, name in enumerate(scores, start=1)
    )
    region = CommonRegion(mask, ("cones",), "One mask for all.")
    return Comparison(grey, grey, INSTRUCTION, "fast", cells, region, scores)
