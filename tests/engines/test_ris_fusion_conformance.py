"""The published architecture, checked against reference outputs of the published program."""

from __future__ import annotations

import argparse
import json
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch

from engines.cache import CACHE_VARIABLE
from engines.ris_fusion import engine
from engines.ris_fusion.config import PUBLISHED, RisFusionConfig, SegmentationConfig
from engines.ris_fusion.model import RisFusionModel

CONFORMANCE = Path(__file__).resolve().parents[3] / "shared" / "conformance"
pytestmark = pytest.mark.skipif(
    not CONFORMANCE.is_dir(), reason="the reference values of ../shared/conformance are not on this machine"
)
TINY = RisFusionConfig(
    segmentation=SegmentationConfig(width=96, depths=(2, 2, 6, 2), heads=(3, 6, 12, 24), window=7), keeps_end=False
)


def normal(name: str, shape: tuple[int, ...]) -> np.ndarray:
    return np.random.RandomState(zlib.crc32(name.encode()) & 0x7FFFFFFF).standard_normal(shape)


def recipe(name: str, shape: tuple[int, ...]) -> np.ndarray:
    x = normal(name, shape)
    if name.endswith("running_var"):
        return 1 + 0.2 * np.abs(x)
    if name.endswith("running_mean"):
        return 0.1 * x
    if len(shape) == 1:
        return 1 + 0.1 * x if name.endswith("weight") else 0.05 * x
    if "relative_position_bias_table" in name:
        return 0.2 * x
    return x / np.sqrt(np.prod(shape[1:]))


def tensor(name: str, shape: tuple[int, ...]) -> torch.Tensor:
    return torch.from_numpy(normal(name, shape).astype(np.float32))


def manifest_names(segmentation: str) -> dict[str, list[int]]:
    manifest = json.loads((CONFORMANCE / "ris_fusion_manifest.json").read_text())
    names = {f"prefusion_model.{name}": shape for name, (shape, _) in manifest["prefusion_model"].items()}
    return names | {f"model.{name}": shape for name, (shape, _) in manifest[segmentation].items()}


@pytest.mark.parametrize(("config", "segmentation"), [(TINY, "model_tiny"), (PUBLISHED, "model_base")])
def test_names_and_shapes_are_the_published_ones(config, segmentation):
    with torch.device("meta"):
        state = RisFusionModel(config).state_dict()
    assert {name: list(value.shape) for name, value in state.items()} == manifest_names(segmentation)


def published_file(path: Path) -> Path:
    """The recipe's weights as the published program saves its own."""
    state = RisFusionModel(TINY).state_dict()
    for name, value in state.items():
        constant = name.rpartition(".")[2].startswith(("mean_", "std_"))
        if value.is_floating_point() and not constant:
            value.copy_(torch.from_numpy(recipe(name, tuple(value.shape)).astype(np.float32)))
    networks = {
        network: {
            key.removeprefix(f"{network}."): value for key, value in state.items() if key.startswith(f"{network}.")
        }
        for network in ("prefusion_model", "model")
    }
    torch.save({**networks, "epoch": 9, "args": argparse.Namespace(swin_type="tiny", img_size=480)}, path)
    return path


def test_outputs_are_the_published_ones(tmp_path, monkeypatch):
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    # The words are given, so no BERT is needed.
    monkeypatch.setattr(engine, "text_encoder", lambda name, max_words, keeps_end: name)
    built = engine.RisFusionEngine(str(published_file(tmp_path / "model_best_lavt.pth")), device="cpu")
    assert built.config == TINY and built.encoder == "bert-base-uncased"
    words = tensor("in.text", (2, 20, 768))
    mask = torch.arange(20)[None] < torch.tensor([[7], [12]])
    reference = np.load(CONFORMANCE / "ris_fusion_tiny.npz")
    cases = (("", (2, 3, 96, 128), "in.vis", "in.ir"), ("_odd", (1, 3, 100, 132), "in.vis2", "in.ir2"))
    for suffix, shape, visible, infrared in cases:
        n, _, h, w = shape
        with torch.inference_mode():
            fused, _ = built.model.prefusion_model(
                tensor(visible, shape), tensor(infrared, (n, 1, h, w)).repeat(1, 3, 1, 1), words[:n], mask[:n]
            )
            logits = built.model.model(fused, words[:n], mask[:n])
        np.testing.assert_allclose(fused.numpy(), reference["fused" + suffix], rtol=0, atol=2e-5)
        np.testing.assert_allclose(logits.numpy(), reference["logits" + suffix], rtol=0, atol=2e-5)
