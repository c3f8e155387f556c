"""Which weights a number was measured with, so that a page of results can tell when they have been replaced."""

from __future__ import annotations

from engines.checkpoints import file_sha256, find, weight_file
from engines.registry import ENGINES
from finetune_units.head_starts import ENGINE, load_head_starts


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


def head_starts_of(checkpoint: str | None = None) -> dict[str, str] | None:
    """File name and sha256 of the head starts that TeRF's fine-tuning takes with these weights; None where it has none.

    Raises:
        CheckpointError: A file is missing or damaged.
    """
    if load_head_starts(weight_file("terf", checkpoint)) is None:
        return None
    entry = find(ENGINE)
    return {"file": entry.file, "sha256": entry.sha256}
