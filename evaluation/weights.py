"""Which weights a number was measured with, so that a page of results can tell when they have been replaced."""

from __future__ import annotations

from engines.checkpoints import file_sha256, weight_file
from engines.registry import ENGINES


def weights_of(engine: str, checkpoint: str | None = None) -> dict[str, str] | None:
    """File name and sha256 of the weights an engine loads; None for a method without any, or an engine nobody knows.

    Raises:
        CheckpointError: The weights are missing or damaged.
    """
    spec = ENGINES.get(engine)
    if spec is None or not spec.learned:
        return None
    path = weight_file(engine, checkpoint)
    return {"file": path.name, "sha256": file_sha256(path)}
