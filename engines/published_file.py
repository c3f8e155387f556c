"""Published weight files, torch files, converted once to safetensors and JSON in the cache."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engines.cache import cache_folder, whole_or_not_at_all
from engines.checkpoints import file_sha256, load_pickled, load_strict
from engines.errors import CheckpointError

WEIGHTS, FACTS, TEXT_ENCODER = "weights.safetensors", "checkpoint.json", "text_encoder"


def is_published(path: Path) -> bool:
    """Whether a file is a torch file, which published formats are, rather than one of ours."""
    if path.suffix == ".safetensors":
        return False
    with path.open("rb") as file:
        start = file.read(2)
    return start == b"PK" or start[:1] == b"\x80"


def converted_folder(path: Path, engine: str, convert: Callable[[dict[str, Any], str, Path], dict[str, Any]]) -> Path:
    """Convert a file, or find what an earlier call made of the same one.

    Args:
        path: The torch file.
        engine: Whose cache is used.
        convert: Called with what the file holds, its name, and a folder to write to; gives facts to keep as JSON.

    Returns:
        The folder: what `convert` wrote, and its facts with the file's name and sha256 in FACTS.

    Raises:
        CheckpointError: The file is damaged or unsafe, `convert` refuses it, or the cache cannot be written.
    """
    sha256 = file_sha256(path)
    target = cache_folder(engine) / sha256[:16]
    if not target.is_dir():
        contents = load_pickled(path)
        try:
            with whole_or_not_at_all(target) as folder:
                facts = {"file": path.name, "sha256": sha256} | convert(contents, path.name, folder)
                (folder / FACTS).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise CheckpointError(
                f"The checkpoint {path.name} cannot be converted into {target.parent}: {error.strerror or error}."
            ) from error
    return target


def is_state(value: object) -> bool:
    """Whether something is a state dict: names and tensors."""
    return isinstance(value, dict) and all(isinstance(name, str) and torch.is_tensor(t) for name, t in value.items())


def check_names(model: nn.Module, state: dict[str, Tensor], name: str) -> None:
    """Compare names and shapes with those of a model on the meta device, without memory for its weights.

    Raises:
        CheckpointError: They differ; the message names the first of them.
    """
    load_strict(model, {key: value.to("meta") for key, value in state.items()}, name)


def side(weights: dict[str, Tensor], name: str, axis: int, default: int) -> int:
    """Length of a weight's axis; the default where there is no such weight or axis."""
    value = weights.get(name)
    return value.shape[axis] if value is not None and value.dim() > axis else default


def count(names: Iterable[str], pattern: str) -> int:
    """How many numbers, from 0, occur where the pattern's group is."""
    found = (re.match(pattern, name) for name in names)
    return max((int(match.group(1)) + 1 for match in found if match), default=0)
