"""A TeRF network small enough to be tuned in a test."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from engines.checkpoints import save_safetensors
from engines.terf.config import TerfConfig
from engines.terf.model import FusionBackbone
from tests.tiny_terf import TINY


@pytest.fixture(scope="session")
def tiny_terf() -> TerfConfig:
    return replace(TINY, detail_blocks=0)


@pytest.fixture(scope="session")
def tiny_terf_file(tmp_path_factory, tiny_terf) -> str:
    """A weight file of that network, with random weights."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = FusionBackbone(tiny_terf)
    path = tmp_path_factory.mktemp("terf") / "tiny.safetensors"
    save_safetensors(path, network.state_dict(), tiny_terf.to_dict())
    return str(path)
