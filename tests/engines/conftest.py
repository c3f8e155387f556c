"""A TeRF network small enough to be tuned in a test."""

from __future__ import annotations

import pytest
import torch

from engines.checkpoints import save_safetensors
from engines.terf.config import TerfConfig
from engines.terf.model import FusionBackbone


@pytest.fixture(scope="session")
def tiny_terf() -> TerfConfig:
    return TerfConfig(
        channels=8,
        growth=4,
        dense_layers=1,
        attention_channels=8,
        attention_blocks=1,
        heads=2,
        feed_forward_channels=8,
        detail_blocks=0,
    )


@pytest.fixture(scope="session")
def tiny_terf_file(tmp_path_factory, tiny_terf) -> str:
    """A weight file of that network, with random weights."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = FusionBackbone(tiny_terf)
    path = tmp_path_factory.mktemp("terf") / "tiny.safetensors"
    save_safetensors(path, network.state_dict(), tiny_terf.to_dict())
    return str(path)
