"""Hugging Face ZeroGPU: an engine gets its GPU inside a decorated call, in a process of its own.

Where the package `spaces` is not installed, nothing here changes anything. Imported before torch, as that package asks.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

try:
    import spaces
except ImportError:
    spaces = None

if TYPE_CHECKING:
    from engines import FusionResult, ImagePair, Instruction

Function = TypeVar("Function", bound=Callable[..., Any])

# Seconds of GPU a call may take; less waiting for those who ask for less.
DURATION = 60


def here() -> bool:
    """Whether this process runs on ZeroGPU."""
    return spaces is not None and os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "true")


def _on_gpu(function: Function) -> Function:
    return function if spaces is None else spaces.GPU(duration=DURATION)(function)


@_on_gpu
def fuse(
    name: str, checkpoint: str | None, options: dict[str, Any], pair: ImagePair, instruction: Instruction
) -> FusionResult:
    """Fuse with an engine; everything that goes in and out can be pickled, so there is no progress callback."""
    import engines

    return engines.build(name, checkpoint=checkpoint, **options).fuse(pair, instruction)
