"""Which engine serves an instruction (DESIGN.md, section 4)."""

from __future__ import annotations

from collections.abc import Collection

from engines import registry
from engines.errors import InputError
from engines.types import Instruction

HIGHLIGHTING = "ris-fusion"
EDITING = "terf"


def route(instruction: Instruction, requested: str = "auto", names: Collection[str] | None = None) -> tuple[str, str]:
    """Choose an engine.

    Args:
        instruction: The parsed sentence.
        requested: "auto", or the name the person wants.
        names: The engines there are; None for those registered.

    Returns:
        The engine's name and why, in one sentence.

    Raises:
        InputError: `requested` is neither "auto" nor one of the names.
    """
    known = registry.names() if names is None else list(names)
    if requested != "auto":
        if requested not in known:
            raise InputError(f"The engine must be one of auto, {', '.join(known)}, but got {requested!r}.")
        return requested, f"{requested} was asked for."
    others = list(dict.fromkeys(edit.effect for edit in instruction.edits if edit.effect != "highlight"))
    if others:
        return EDITING, f"{EDITING} serves it, because {', '.join(others)} changes how a region looks."
    if instruction.edits:
        return HIGHLIGHTING, f"{HIGHLIGHTING} serves it, because regions are only to be highlighted."
    return HIGHLIGHTING, f"{HIGHLIGHTING} serves it, because no change is asked for."
