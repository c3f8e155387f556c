"""What was done, as plain data: the JSON shapes of DESIGN.md, sections 4 and 5."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engines import Instruction, Region

if TYPE_CHECKING:
    from app.pipeline import Outcome


def edits_data(instruction: Instruction) -> list[dict[str, Any]]:
    """Every edit as {"region", "effect", "strength"}, in the order typed."""
    return [{"region": edit.region, "effect": edit.effect, "strength": edit.strength} for edit in instruction.edits]


def parse_report(instruction: Instruction, engine: str) -> dict[str, Any]:
    """What `python -m app parse` prints: {"text", "edits", "engine", "parser"}."""
    return {
        "text": instruction.text,
        "edits": edits_data(instruction),
        "engine": engine,
        "parser": instruction.parser,
    }


def _region_data(region: Region) -> dict[str, Any]:
    return {
        "label": region.label,
        "box": None if region.box is None else [int(edge) for edge in region.box],
        "area": int(np.count_nonzero(region.mask >= 0.5)),
        "score": round(float(region.score), 4),
    }


def report(outcome: Outcome) -> dict[str, Any]:
    """REPORT.json (DESIGN.md, section 5); areas in pixels, boxes [x0, y0, x1, y1)."""
    return {
        "engine": outcome.engine,
        "parser": outcome.instruction.parser,
        "edits": edits_data(outcome.instruction),
        "regions": [_region_data(region) for region in outcome.result.regions],
        "seconds": {stage: round(value, 4) for stage, value in outcome.seconds.items()},
        "notes": list(outcome.notes),
    }


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Write a report as UTF-8 JSON."""
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
