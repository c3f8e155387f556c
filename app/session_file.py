"""One ZIP that holds a session: the pictures as they were read and, of every step, the plan and what came of it.

`session.json` lists the steps; `pairs/1/` holds a visible and an infrared picture without loss; `steps/1/` holds
plan.json, report.json, result.png, mask.png, overlay.png and, numbered, each region's mask. `regions/` holds the soft
masks that a step was given, e.g. as a person painted them.
"""

from __future__ import annotations

import hashlib
import json
import platform
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch

from app.export import eight_bits, exact_bytes, inside, plan, png_bytes
from app.overlay import red_overlay
from app.pipeline import Outcome
from app.report import report
from app.session import Session
from engines import ImagePair

FORMAT = 1
_PACKAGES = ("torch", "numpy", "opencv-python", "transformers")


def surroundings() -> dict[str, Any]:
    """What the last bit of a picture can depend on beside the plan: packages, processor, threads."""
    return {
        "packages": {name: version(name) for name in _PACKAGES},
        "processor": platform.machine(),
        "threads": torch.get_num_threads(),
    }


def write_session(session: Session, path: Path) -> None:
    """Write every step that a session still remembers.

    Args:
        session: Has at least one step.
        path: The ZIP file to write.

    Raises:
        CheckpointError: The weights of a step are no longer here.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        writer = _Writer(archive)
        steps = [
            {"pair": writer.pair(step.outcome.pair), "parent": None if step.parent is None else step.parent + 1}
            for step in session.trail
        ]
        for number, step in enumerate(session.trail, start=1):
            writer.step(f"steps/{number}", step.outcome)
        head = {"format": FORMAT, "shown": session.position + 1, "steps": steps, "made_with": surroundings()}
        writer.json("session.json", head)


class _Writer:
    """Puts parts of a session into an archive, each once."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._pairs: dict[int, int] = {}
        self._masks: dict[str, str] = {}

    def json(self, name: str, data: dict[str, Any]) -> None:
        self._archive.writestr(name, json.dumps(data, indent=2, ensure_ascii=False) + "\n")

    def _picture(self, name: str, data: bytes) -> str:
        packed = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
        self._archive.writestr(name, data, packed)
        return name

    def pair(self, pair: ImagePair) -> int:
        """The number of a pair; steps of a session share one object for one pair."""
        if id(pair) not in self._pairs:
            number = self._pairs[id(pair)] = len(self._pairs) + 1
            for slot, picture in (("visible", pair.visible), ("infrared", pair.infrared)):
                suffix, data = exact_bytes(picture)
                self._picture(f"pairs/{number}/{slot}{suffix}", data)
        return self._pairs[id(pair)]

    def step(self, folder: str, outcome: Outcome) -> None:
        """Everything of one step."""
        given = [
            {
                "label": region.label,
                "score": float(region.score),
                "graded": region.graded,
                "mask": self._mask(region.mask),
            }
            for region in outcome.instruction.regions
        ]
        self.json(f"{folder}/plan.json", plan(outcome) | {"given": given})
        self.json(f"{folder}/report.json", report(outcome))
        picture = eight_bits(outcome.result.image)
        self._picture(f"{folder}/result.png", png_bytes(picture))
        self._picture(f"{folder}/mask.png", png_bytes(inside(outcome.mask)))
        self._picture(f"{folder}/overlay.png", png_bytes(eight_bits(red_overlay(outcome.result.image, outcome.mask))))
        for number, region in enumerate(outcome.result.regions, start=1):
            self._picture(f"{folder}/region-{number}.png", png_bytes(inside(region.mask)))

    def _mask(self, mask: np.ndarray) -> str:
        suffix, data = exact_bytes(mask)
        digest = hashlib.sha256(data).hexdigest()[:16]
        if digest not in self._masks:
            self._masks[digest] = self._picture(f"regions/{digest}{suffix}", data)
        return self._masks[digest]
