"""The checkpoints that GroundingDINO and SAM need; without torch, so that one can ask before anything is loaded."""

from __future__ import annotations

from engines import checkpoints

DETECTOR = "groundingdino-swint-ogc"
ENGINE = "regions"


def needed(sam: str = "vit-b") -> list[checkpoints.Checkpoint]:
    """The checkpoints that GroundingDINO and a SAM of this size need."""
    return [checkpoints.find(ENGINE, name) for name in (DETECTOR, f"sam-{sam}")]
