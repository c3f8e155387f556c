"""An engine's network from its weight file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import torch
from torch import nn

from engines.checkpoints import load_safetensors, load_strict, weight_file

Network = TypeVar("Network", bound=nn.Module)


def load_network(
    engine: str, checkpoint: str | None, build: Callable[[dict[str, Any]], Network], device: torch.device
) -> Network:
    """Read weights and make them ready to run.

    Args:
        engine: Name of the engine whose weights are wanted.
        checkpoint: A name of the registry or a weight file; None for the embedded one.
        build: The network of a configuration as the weight file holds it.
        device: Where it shall run.

    Returns:
        The network in eval mode and channels-last, without gradients.

    Raises:
        CheckpointError: The checkpoint is missing, damaged or does not fit.
    """
    path = weight_file(engine, checkpoint)
    state, configuration = load_safetensors(path)
    network = build(configuration)
    load_strict(network, state, path.name)
    return network.eval().requires_grad_(False).to(device, memory_format=torch.channels_last)
