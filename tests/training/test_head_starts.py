"""Head starts are made from training pictures: they bring other pictures nearer to the source they are for."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engines.checkpoints import file_sha256, save_safetensors
from engines.terf.model import FusionBackbone, image_luma, recolor
from finetune_units.head_starts import SOURCES, move, read_head_starts
from finetune_units.inclination import inclination_loss
from tests.tiny_terf import TINY
from training.head_starts import REPETITIONS, denoising_unit, main, make


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("set")
    rng = np.random.default_rng(2)
    lines = []
    for name in ("a", "b"):
        for kind, size in (("visible", (24, 32, 3)), ("infrared", (24, 32))):
            (folder / kind).mkdir(exist_ok=True)
            smooth = np.kron(rng.integers(0, 256, (6, 8, *size[2:])), np.ones((4, 4, *(1 for _ in size[2:]))))
            Image.fromarray(smooth.astype(np.uint8)).save(folder / kind / f"{name}.png")
        lines.append(json.dumps({"image": name, "split": "train"}))
    (folder / "refs.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with torch.random.fork_rng():
        torch.manual_seed(4)
        network = FusionBackbone(TINY)
    file = tmp_path_factory.mktemp("weights") / "network.safetensors"
    save_safetensors(file, network.state_dict(), TINY.to_dict())
    return file


@pytest.mark.slow
def test_a_head_start_leads_towards_its_source(data: Path, weights: Path, tmp_path: Path):
    output = tmp_path / "starts.safetensors"
    make([data], weights, output, steps=30, denoising_steps=1)
    starts = read_head_starts(output, file_sha256(weights))
    generator = torch.Generator().manual_seed(9)
    coarse = torch.rand(1, 4, 4, 4, generator=generator)
    both = torch.nn.functional.interpolate(coarse, size=(32, 48), mode="bilinear")
    visible, infrared = both[:, :3], both[:, 3:]
    for source in SOURCES:
        assert len(starts.offsets[source]) == REPETITIONS
        losses = {}
        for share in (-1.0, 0.0, 1.0):
            with torch.random.fork_rng():
                torch.manual_seed(4)
                network = FusionBackbone(TINY).eval()
            move(network, starts.of(source, 0), share)
            with torch.no_grad():
                fused = recolor(network(visible, infrared), visible)
            losses[share] = inclination_loss(fused, visible, infrared, source).item()
        assert losses[1.0] < losses[0.0] < losses[-1.0]


@pytest.mark.slow
def test_the_denoising_unit_removes_noise_from_another_picture():
    generator = torch.Generator().manual_seed(9)

    def smooth(count: int) -> torch.Tensor:
        coarse = torch.rand(count, 3, 4, 4, generator=generator)
        return torch.nn.functional.interpolate(coarse, size=(16, 16), mode="bilinear")

    def network(visible: torch.Tensor, infrared: torch.Tensor) -> torch.Tensor:
        return image_luma(visible)

    clean = smooth(1)
    noisy = clean + 25 / 255 * torch.randn(clean.shape, generator=generator)
    distances = {}
    for steps in (1, 300):
        unit = denoising_unit(network, lambda: (smooth(6), torch.zeros(6, 1, 16, 16)), steps, generator)
        with torch.no_grad():
            distances[steps] = (noisy - unit(noisy) - clean).abs().mean().item()
    assert distances[300] < 0.8 * (noisy - clean).abs().mean().item() < distances[1]


def test_the_command_says_in_one_line_what_it_cannot_use(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture):
    missing = tmp_path / "none.safetensors"
    status = main(["--data", str(data), "--network", str(missing), "--output", str(tmp_path / "out.safetensors")])
    error = capsys.readouterr().err
    assert status == 2 and error.count("\n") == 1 and "none.safetensors" in error
    assert not list(tmp_path.iterdir())
