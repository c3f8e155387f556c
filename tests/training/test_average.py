"""The mean of weight files."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from engines.checkpoints import load_safetensors, save_safetensors
from training.average import main


def weights(folder: Path, name: str, level: float, width: int = 2) -> str:
    tensors = {
        "fusion.w": torch.full((width,), level).half(),
        "head.w": torch.full((3,), 10 * level).half(),
        "head.index": torch.tensor([int(level)], dtype=torch.int16),
    }
    save_safetensors(folder / name, tensors, {"level": level})
    return str(folder / name)


def test_the_mean_and_a_part_of_another(tmp_path):
    first, second, third = (weights(tmp_path, f"{level}.safetensors", level) for level in (1.0, 3.0, 7.0))
    output = tmp_path / "mean.safetensors"
    assert main([first, second, "--output", str(output), "--part", "fusion.", third]) == 0
    tensors, configuration = load_safetensors(output)
    assert configuration == {"level": 3.0}
    assert tensors["head.w"].tolist() == [20.0] * 3 and tensors["head.w"].dtype == torch.float16
    assert tensors["fusion.w"].tolist() == [7.0] * 2
    assert tensors["head.index"].tolist() == [3]


@pytest.mark.parametrize("wrong", ["another network", "no such part"])
def test_what_does_not_fit_is_told_in_one_line(tmp_path, capsys, wrong):
    first = weights(tmp_path, "first.safetensors", 1.0)
    more = ["--part", "nothing.", first]
    if wrong == "another network":
        more = [weights(tmp_path, "wide.safetensors", 1.0, width=5)]
    output = tmp_path / "mean.safetensors"
    assert main([first, *more, "--output", str(output)]) == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1 and ("'fusion.w'" in line or "'nothing.'" in line)
    assert not output.exists()
