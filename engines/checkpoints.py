"""Finds, checks and reads checkpoints listed in checkpoints/registry.toml (DESIGN.md, section 7)."""

from __future__ import annotations

import hashlib
import json
import tomllib
import zipfile
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from engines.errors import CheckpointError

CHECKPOINT_DIR = Path(__file__).resolve().parent.parent / "checkpoints"
REGISTRY = CHECKPOINT_DIR / "registry.toml"


@dataclass(frozen=True)
class Checkpoint:
    """One entry of the registry.

    Attributes:
        name: How it is asked for.
        engine: The engine it belongs to.
        kind: "embedded" (in the repository) or "published" (to be had from a hub).
        file: File name, inside checkpoints/ or inside the hub repository.
        bytes: Size of the file; 0 where the publisher does not say.
        sha256: Hex digest of the file; empty where the publisher gives none: the digest of the first download counts.
        licence: Of the weights.
        trained_on: Data, in words.
        repository: Hub repository of a published one, where it has one.
        revision: Of that repository.
        url: Address of a published one that is in no hub repository.
        configuration: Keyword arguments of the model's configuration.
        metrics: Numbers measured, by name.
        default: True for the one an engine uses when none is named.
    """

    name: str
    engine: str
    kind: str
    file: str
    bytes: int = 0
    sha256: str = ""
    licence: str = ""
    trained_on: str = ""
    repository: str = ""
    revision: str = "main"
    url: str = ""
    configuration: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    default: bool = False

    @property
    def path(self) -> Path:
        """Where the file is, or would be."""
        return CHECKPOINT_DIR / self.file

    @property
    def present(self) -> bool:
        """Whether the file is here."""
        return self.path.is_file()

    @property
    def record(self) -> Path:
        """Holds the digest of the first download, where the registry gives none."""
        return self.path.with_name(self.path.name + ".sha256")

    @property
    def absence(self) -> str:
        """That the file is not here, how large it is and how to get it, one sentence."""
        size = f"{self.bytes / 1e6:.1f} MB" if self.bytes else "size unknown"
        return f"The checkpoint {self.name!r} ({size}) is not here: {self.remedy}."

    @property
    def remedy(self) -> str:
        """What a person does to get the file, as the end of a sentence."""
        if self.kind == "published":
            return f"fetch it with `python -m app checkpoints --download {self.name}`"
        return f"restore checkpoints/{self.file} from the repository"


def listed(registry: Path = REGISTRY) -> list[Checkpoint]:
    """Every entry of the registry, in file order."""
    with registry.open("rb") as file:
        entries = tomllib.load(file)
    return [Checkpoint(name=name, **values) for name, values in entries.items()]


def find(engine: str, name: str | None = None) -> Checkpoint:
    """The entry called `name`, or the engine's default one.

    Raises:
        CheckpointError: No such entry, or it belongs to another engine.
    """
    entries = listed()
    if name is None:
        for entry in entries:
            if entry.engine == engine and entry.default:
                return entry
        raise CheckpointError(f"The engine {engine!r} has no embedded checkpoint in this copy of SayFuse.")
    for entry in entries:
        if entry.name == name:
            if entry.engine != engine:
                raise CheckpointError(f"The checkpoint {name!r} is for the engine {entry.engine!r}, not {engine!r}.")
            return entry
    known = ", ".join(entry.name for entry in entries if entry.engine == engine)
    raise CheckpointError(f"The checkpoint must be one of {known} or a file, but got {name!r}.")


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=64)
def _unchanged(path: Path, sha256: str, size: int, changed: int) -> bool:
    return file_sha256(path) == sha256


def verify(checkpoint: Checkpoint) -> Path:
    """The checkpoint's file, its sha256 checked once per process.

    Raises:
        CheckpointError: The file is missing or damaged; the message names it, its size and how to get it.
    """
    if not checkpoint.present:
        raise CheckpointError(checkpoint.absence)
    sha256 = checkpoint.sha256
    if not sha256 and checkpoint.record.is_file():
        sha256 = checkpoint.record.read_text(encoding="utf-8").split()[0]
    status = checkpoint.path.stat()
    if sha256 and not _unchanged(checkpoint.path, sha256, status.st_size, status.st_mtime_ns):
        if checkpoint.kind == "embedded":
            # Training writes there, and what it wrote must not be thrown away by mistake.
            raise CheckpointError(
                f"The checkpoint file {checkpoint.file} is not the one in checkpoints/registry.toml "
                f"({status.st_size} bytes, wrong sha256): if you trained it, docs/TRAINING.md says how to use it, "
                f"otherwise {checkpoint.remedy}."
            )
        raise CheckpointError(
            f"The checkpoint file {checkpoint.file} is damaged ({status.st_size} bytes, wrong sha256): "
            f"delete it and {checkpoint.remedy}."
        )
    return checkpoint.path


def weight_file(engine: str, checkpoint: str | None) -> Path:
    """The file an engine loads: a path as it is, a registry name or the engine's default one verified.

    Raises:
        CheckpointError: As `find` and `verify` do.
    """
    if checkpoint is not None and Path(checkpoint).is_file():
        return Path(checkpoint)
    return verify(find(engine, checkpoint))


def load_safetensors(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Tensors and configuration of a SayFuse weight file.

    Returns:
        State dict (name -> torch tensor on the CPU) and the configuration stored as JSON under the metadata key
        "configuration" (empty when there is none).

    Raises:
        CheckpointError: Not a readable safetensors file.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="pt", device="cpu") as file:
            metadata = file.metadata() or {}
            state = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (not a dict)
        return state, json.loads(metadata.get("configuration", "{}"))
    except (OSError, SafetensorError, json.JSONDecodeError) as error:
        raise CheckpointError(
            f"The checkpoint file {path.name} cannot be read: it is not a safetensors file."
        ) from error


def load_pickled(path: Path) -> dict[str, Any]:
    """What a published .pth file holds, its tensors on the CPU; nothing in it is executed.

    Raises:
        CheckpointError: Not a readable checkpoint, or one that holds more than tensors, plain values and options.
    """
    import argparse
    import pickle

    import torch

    try:
        # Training scripts like to keep their command line beside the weights.
        with torch.serialization.safe_globals([argparse.Namespace]):
            held = torch.load(path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path))
    except (
        OSError,
        RuntimeError,
        ValueError,
        EOFError,
        pickle.UnpicklingError,
        # What the unpickler itself stumbles over in a file that was made or damaged to mislead it.
        TypeError,
        LookupError,
        AttributeError,
    ) as error:
        raise CheckpointError(f"The checkpoint file {path.name} cannot be read safely: it is no plain one.") from error
    if not isinstance(held, dict):
        raise CheckpointError(f"The checkpoint file {path.name} must hold names and tensors, but has another content.")
    return held


def save_safetensors(path: Path, state: dict[str, Any], configuration: dict[str, Any]) -> None:
    """Write tensors and their configuration, atomically."""
    from safetensors.torch import save_file

    partial = path.with_suffix(".partial")
    tensors = {key: value.detach().cpu().contiguous() for key, value in state.items()}
    save_file(tensors, str(partial), metadata={"configuration": json.dumps(configuration)})
    partial.replace(path)


def load_strict(module: Any, state: dict[str, Any], name: str) -> None:
    """Load a state dict whose names and shapes must match the module's exactly.

    Raises:
        CheckpointError: Says how many names are missing, unexpected or of another shape, with the first five of each.
    """
    own = module.state_dict()
    missing = sorted(own.keys() - state.keys())
    unexpected = sorted(map(str, state.keys() - own.keys()))
    reshaped = sorted(key for key in own.keys() & state.keys() if own[key].shape != getattr(state[key], "shape", None))
    problems = [
        f"{len(keys)} {what} ({', '.join(keys[:5])}{', …' if len(keys) > 5 else ''})"
        for what, keys in (("missing", missing), ("unexpected", unexpected), ("of another shape", reshaped))
        if keys
    ]
    if problems:
        raise CheckpointError(f"The checkpoint {name} does not fit the model: {'; '.join(problems)}.")
    module.load_state_dict(state)
