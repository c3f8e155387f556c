"""Every engine by name, built lazily and once."""

from __future__ import annotations

import importlib
import threading
from dataclasses import dataclass
from typing import Any

from engines.errors import InputError
from engines.types import Engine


@dataclass(frozen=True)
class EngineSpec:
    """How to find an engine without importing it.

    Attributes:
        name: What the command line and the router call it.
        title: What a person reads.
        factory: "module:callable"; called as callable(checkpoint=…, device=…, **options).
        learned: False for the classical methods, which need no weights and take no checkpoint.
        options: Names of what else the callable takes, e.g. "regions", how regions are looked for.
    """

    name: str
    title: str
    factory: str
    learned: bool = True
    options: tuple[str, ...] = ()


_SPECS = (
    EngineSpec("ris-fusion", "RIS-FUSION", "engines.ris_fusion.engine:RisFusionEngine"),
    EngineSpec("terf", "TeRF", "engines.terf.engine:TerfEngine", options=("preset", "regions")),
    EngineSpec("text-if", "Text-IF", "engines.text_if.engine:TextIfEngine", options=("regions",)),
    EngineSpec("tesg", "TeSG", "engines.tesg.engine:TesgEngine", options=("regions", "semantics")),
    EngineSpec(
        "text2pixels", "From Text to Pixels", "engines.text2pixels.engine:Text2PixelsEngine", options=("regions",)
    ),
    EngineSpec("mean", "Mean", "engines.classical.engine:mean", learned=False),
    EngineSpec("max", "Maximum", "engines.classical.engine:maximum", learned=False),
    EngineSpec("laplacian", "Laplacian pyramid", "engines.classical.engine:laplacian", learned=False),
    EngineSpec("guided", "Guided filter", "engines.classical.engine:guided", learned=False),
    EngineSpec("msx", "MSX-style high-pass", "engines.classical.engine:msx", learned=False),
)
ENGINES: dict[str, EngineSpec] = {spec.name: spec for spec in _SPECS}

_built: dict[tuple, Engine] = {}
_lock = threading.RLock()


def names() -> list[str]:
    """The names `build` knows, learned methods first."""
    return list(ENGINES)


def build(name: str, checkpoint: str | None = None, device: str = "auto", **options: Any) -> Engine:
    """Return the engine called `name`; the same arguments give the same object.

    Args:
        name: One of `names()`.
        checkpoint: A name of checkpoints/registry.toml or a path; None for the embedded one.
        device: "auto", "cpu" or "cuda".
        **options: Passed to the engine, e.g. preset="paper" for terf.

    Raises:
        InputError: Unknown name, or a checkpoint for a method that has none.
        CheckpointError: The checkpoint is missing, damaged or does not fit.
    """
    spec = ENGINES.get(name)
    if spec is None:
        raise InputError(f"The engine must be one of {', '.join(ENGINES)}, but got {name!r}.")
    if not spec.learned:
        if checkpoint is not None:
            raise InputError(f"The engine {name!r} has no weights, so it takes no checkpoint.")
        options = {}
    key = (name, checkpoint, device, *sorted(options.items()))
    with _lock:
        if key not in _built:
            module, attribute = spec.factory.split(":")
            factory = getattr(importlib.import_module(module), attribute)
            arguments = {"checkpoint": checkpoint, "device": device, **options} if spec.learned else {}
            _built[key] = factory(**arguments)
        return _built[key]
