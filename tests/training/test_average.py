"""The mean of weight files."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from engines.checkpoints import load_safetensors, save_safetensors
from training.average import main
from training.parser.gguf_file import read_gguf, write_gguf
from training.parser.model import Size, build_model, train_tokenizer
from training.parser.sentences import Sentences


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


def test_the_mean_of_parsers(tmp_path, capsys):
    sentences = Sentences(0)
    drawn = [sentences.draw() for _ in range(400)]
    tokenizers = [train_tokenizer(drawn[start:], 400) for start in (0, 0, 200)]
    size = Size(vocabulary=400, hidden=16, layers=1, heads=2, key_heads=1, feed_forward=16)
    files = [tmp_path / f"{index}.gguf" for index in range(3)]
    models = []
    for seed, (tokenizer, file) in enumerate(zip(tokenizers, files, strict=True)):
        torch.manual_seed(seed)
        models.append(build_model(size))
        write_gguf(models[-1], tokenizer, file)
    output = tmp_path / "mean.gguf"
    assert main([str(files[0]), str(files[1]), "--output", str(output)]) == 0
    mean, tokenizer = read_gguf(output)
    assert tokenizer.to_str() == read_gguf(files[0])[1].to_str()
    first, second = (model.state_dict() for model in models[:2])
    for name, tensor in mean.state_dict().items():
        torch.testing.assert_close(tensor, (first[name] + second[name]) / 2, atol=2e-3, rtol=2e-3)

    output.unlink()
    assert main([str(files[0]), str(files[2]), "--output", str(output)]) == 2
    assert "other tokens" in capsys.readouterr().err and not output.exists()
