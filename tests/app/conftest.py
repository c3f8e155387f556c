"""What the tests of app/ share: a small pair on disk and an engine whose answer can be worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import engines
from engines import FusionResult, ImagePair, Instruction, Region
from engines.types import Progress

HEIGHT, WIDTH = 48, 64
VISIBLE_LEVEL, INFRARED_LEVEL = 100, 200
BOX = (8, 4, 24, 20)
# What the page's controls say of SAM's size and of GroundingDINO's certainty as long as nobody touches them.
SURE = ("vit-b", 0.3, 0.25)


@dataclass
class Pair:
    """Files of one pair."""

    visible: Path
    infrared: Path

    @property
    def arguments(self) -> list[str]:
        """The pair as words of the command line."""
        return ["--visible", str(self.visible), "--infrared", str(self.infrared)]


@dataclass
class BoxEngine:
    """Finds BOX for every edit and paints it white; keeps what it was asked."""

    steps: int = 3
    asked: list[Instruction] = field(default_factory=list)
    options: list[dict] = field(default_factory=list)

    def fuse(self, pair: ImagePair, instruction: Instruction, progress: Progress | None = None) -> FusionResult:
        self.asked.append(instruction)
        for step in range(self.steps):
            if progress is not None:
                progress(step / self.steps, f"step {step}")
        x0, y0, x1, y1 = BOX
        mask = np.zeros(pair.shape, dtype=np.float32)
        mask[y0:y1, x0:x1] = 1.0
        image = pair.visible.copy()
        if instruction.edits:
            image[y0:y1, x0:x1] = 1.0
        regions = [Region(edit.region or "whole picture", mask, 0.5, BOX) for edit in instruction.edits]
        return FusionResult(
            image=image,
            mask=mask if regions else None,
            regions=regions,
            maps={"gate": mask} if regions else {},
            seconds={"fuse": 0.25},
            notes=["A note of the engine."],
        )


@pytest.fixture
def box_engine(monkeypatch: pytest.MonkeyPatch) -> BoxEngine:
    """ris-fusion and terf are a BoxEngine; the classical engines stay themselves."""
    engine = BoxEngine()
    real_build = engines.build

    def build(name: str, checkpoint: str | None = None, device: str = "auto", **options: object) -> object:
        if name not in ("ris-fusion", "terf"):
            return real_build(name, checkpoint=checkpoint, device=device, **options)
        engine.options.append({"name": name, "checkpoint": checkpoint, **options})
        return engine

    monkeypatch.setattr(engines, "build", build)
    return engine


def write_pair(folder: Path, stem: str = "scene") -> Pair:
    """A visible picture at level 100 with a darker square and an infrared one at level 200 with a hotter square."""
    visible = np.full((HEIGHT, WIDTH, 3), VISIBLE_LEVEL, dtype=np.uint8)
    infrared = np.full((HEIGHT, WIDTH), INFRARED_LEVEL, dtype=np.uint8)
    visible[30:40, 40:50] = 60
    infrared[30:40, 40:50] = 240
    for kind in ("visible", "infrared"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    pair = Pair(folder / "visible" / f"{stem}.png", folder / "infrared" / f"{stem}.png")
    Image.fromarray(visible).save(pair.visible)
    Image.fromarray(infrared).save(pair.infrared)
    return pair


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    """A pair of files, 64 x 48."""
    return write_pair(tmp_path)


@pytest.fixture
def pair_writer() -> object:
    """write_pair, for tests that need several pairs."""
    return write_pair
