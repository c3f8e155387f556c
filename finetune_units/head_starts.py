"""Where fast fine-tuning starts: what the paper's steps make of the networks on other pictures.

The paper tunes the fusion network to one pair in fifty steps, and a denoising unit from random weights in a hundred.
Much of what these steps do they do for every pair; taken once on training pictures (`training.head_starts`), their
outcome is kept beside the network and spares a pair half of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor, nn

from engines.checkpoints import file_sha256, find, load_safetensors, save_safetensors, verify
from engines.errors import CheckpointError

Source = Literal["visible", "infrared"]
SOURCES: tuple[Source, ...] = ("visible", "infrared")
_DENOISING = "denoising"
# The name under which the registry lists the file.
ENGINE = "terf-head-starts"

Offsets = Mapping[str, Tensor]


@dataclass(frozen=True)
class HeadStarts:
    """What every repetition of an inclination changes in the weights on pictures in general, and a unit that denoises
    them.

    Attributes:
        offsets: Source -> per repetition, the last of which serves all further ones, parameter name -> change.
        denoising: Weights of a denoising unit, parameter name -> value.
    """

    offsets: Mapping[str, tuple[Offsets, ...]]
    denoising: Mapping[str, Tensor]

    def __deepcopy__(self, memo: dict[int, object]) -> HeadStarts:
        """Itself, as it is only read."""
        return self

    def of(self, source: Source, repetition: int) -> Offsets:
        """The change that a repetition, counted from 0, makes."""
        repetitions = self.offsets[source]
        return repetitions[min(repetition, len(repetitions) - 1)]


@torch.no_grad()
def move(module: nn.Module, offsets: Offsets, share: float) -> None:
    """Add a share of the offsets to a module's parameters."""
    for name, parameter in module.named_parameters():
        parameter.add_(offsets[name].to(parameter), alpha=share)


def load_head_starts(network_file: Path) -> HeadStarts | None:
    """The head starts that belong to a network's weights.

    Args:
        network_file: Weight file of the fusion network.

    Returns:
        None where there are none, as for weights of another training: fine-tuning then has to go the whole way.

    Raises:
        CheckpointError: The file of the head starts is damaged.
    """
    entry = find(ENGINE)
    if not entry.present:
        return None
    return read_head_starts(verify(entry), file_sha256(network_file))


def read_head_starts(file: Path, network_sha256: str) -> HeadStarts | None:
    """As `load_head_starts`, from any file.

    Raises:
        CheckpointError: The file cannot be read, or it lacks a source or the denoising unit.
    """
    tensors, configuration = load_safetensors(file)
    if configuration.get("network_sha256") != network_sha256:
        return None
    found: dict[str, list[dict[str, Tensor]]] = {source: [] for source in SOURCES}
    denoising: dict[str, Tensor] = {}
    for key, tensor in tensors.items():
        kind, rest = key.split(".", 1)
        if kind == _DENOISING:
            denoising[rest] = tensor
            continue
        source, (number, name) = kind, rest.split(".", 1)
        repetitions = found[source]
        while len(repetitions) < int(number):
            repetitions.append({})
        repetitions[int(number) - 1][name] = tensor
    if not all(found.values()) or not denoising:
        raise CheckpointError(
            f"The checkpoint file {file.name} must have offsets for both sources and a denoising unit."
        )
    return HeadStarts({source: tuple(repetitions) for source, repetitions in found.items()}, denoising)


def write_head_starts(file: Path, starts: HeadStarts, network_sha256: str) -> None:
    """Write head starts in half precision: they are a beginning only."""
    tensors = {
        f"{source}.{number}.{name}": tensor.half()
        for source, repetitions in starts.offsets.items()
        for number, offsets in enumerate(repetitions, start=1)
        for name, tensor in offsets.items()
    }
    tensors |= {f"{_DENOISING}.{name}": tensor.half() for name, tensor in starts.denoising.items()}
    save_safetensors(file, tensors, {"network_sha256": network_sha256})
