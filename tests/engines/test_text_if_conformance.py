"""The published architecture, checked against reference outputs of the published program."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch

from engines.text_if.config import PUBLISHED
from engines.text_if.model import TextIf

CONFORMANCE = Path(__file__).resolve().parents[3] / "shared" / "conformance"
pytestmark = pytest.mark.skipif(
    not CONFORMANCE.is_dir(), reason="the reference values of ../shared/conformance are not on this machine"
)


def drawn(name: str) -> np.random.RandomState:
    return np.random.RandomState(zlib.crc32(name.encode()) & 0x7FFFFFFF)


def recipe(name: str, shape: tuple[int, ...]) -> np.ndarray:
    x = drawn(name).standard_normal(shape)
    if name.endswith("temperature"):
        return 1 + 0.1 * x
    if len(shape) == 1:
        return 1 + 0.1 * x if name.endswith("weight") else 0.05 * x
    return x / np.sqrt(np.prod(shape[1:]))


def test_names_and_shapes_are_the_published_ones():
    with torch.device("meta"):
        state = TextIf(PUBLISHED).state_dict()
    manifest = json.loads((CONFORMANCE / "text_if_manifest.json").read_text())
    assert {name: list(value.shape) for name, value in state.items()} == {
        n: shape for n, (shape, _) in manifest.items()
    }


def test_outputs_are_the_published_ones():
    with torch.device("meta"):
        model = TextIf(PUBLISHED)
    state = {name: recipe(name, tuple(value.shape)) for name, value in model.state_dict().items()}
    state = {name: torch.from_numpy(value.astype(np.float32)) for name, value in state.items()}
    model.load_state_dict(state, assign=True)
    visible, infrared = (
        torch.from_numpy(drawn(name).random_sample(shape).astype(np.float32))
        for name, shape in (("in.vis", (1, 3, 64, 80)), ("in.ir", (1, 1, 64, 80)))
    )
    text = torch.from_numpy(drawn("in.text").standard_normal((1, 512)).astype(np.float32))
    reference = np.load(CONFORMANCE / "text_if.npz")
    with torch.inference_mode():
        for name, feature in (("fused", text), ("fused_neg", -text)):
            fused = model.eval()(visible, infrared, feature)
            np.testing.assert_allclose(fused.numpy(), reference[name], rtol=0, atol=1e-4)
