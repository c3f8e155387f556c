"""The TeRF recipe: splits, files, resuming, learning."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engines.checkpoints import load_safetensors
from engines.errors import InputError
from engines.terf.config import TerfConfig
from engines.terf.model import FusionBackbone
from training.fusion_pairs import dataset_folders, load_pairs, random_crops
from training.terf import Recipe, train

TINY = TerfConfig(
    channels=8, growth=4, dense_layers=1, attention_channels=8, attention_blocks=1, heads=2, feed_forward_channels=8
)


@pytest.fixture
def data(tmp_path) -> Path:
    folder = tmp_path / "data" / "one"
    (folder / "visible").mkdir(parents=True)
    (folder / "infrared").mkdir()
    rng = np.random.default_rng(0)
    lines = []
    for name, split in (("a", "train"), ("b", "train"), ("c", "val")):
        Image.fromarray(rng.integers(0, 255, (40, 56, 3), np.uint8)).save(folder / "visible" / f"{name}.png")
        Image.fromarray(rng.integers(0, 255, (40, 56), np.uint8)).save(folder / "infrared" / f"{name}.png")
        lines += [json.dumps({"image": name, "split": split})] * 2
    (folder / "refs.jsonl").write_text("\n".join(lines) + "\n")
    return tmp_path / "data"


def test_only_pictures_of_the_split_once_each(data):
    folders = dataset_folders(data)
    assert folders == [data / "one"] and dataset_folders(data / "one") == folders
    assert [pair.name for pair in load_pairs(folders, "train")] == ["a", "b"]
    assert [pair.name for pair in load_pairs(folders, "val")] == ["c"]
    with pytest.raises(InputError, match="split 'test'"):
        load_pairs(folders, "test")
    with pytest.raises(InputError, match="refs.jsonl"):
        dataset_folders(data / "one" / "visible")


def test_crops_cut_both_pictures_alike(data):
    pairs = load_pairs(dataset_folders(data), "train")
    for pair in pairs:
        pair.infrared.copy_(pair.visible[:1])
    visible, infrared = random_crops(pairs, 6, 32, torch.Generator().manual_seed(0))
    assert visible.shape == (6, 3, 32, 32) and infrared.shape == (6, 1, 32, 32)
    assert torch.equal(visible[:, :1], infrared)
    assert visible.min() >= 0.0 and visible.max() <= 1.0 and visible.max() > 0.9
    smaller, _ = random_crops(pairs, 2, 100, torch.Generator())
    assert smaller.shape == (2, 3, 40, 40)


def test_training_writes_weights_and_resumes_with_or_without_its_state(data, tmp_path):
    checkpoint, state = tmp_path / "weights.safetensors", tmp_path / "runs" / "state.pt"
    folders = dataset_folders(data)
    recipe = Recipe(batch=2, crop=24, checkpoint_seconds=1e9)

    def run(resume: bool) -> dict[str, float]:
        return train(folders, 0.01, resume, "cpu", recipe, TINY, checkpoint, state)

    first = run(False)
    assert first["steps"] >= 1 and np.isfinite(first["best"])
    tensors, configuration = load_safetensors(checkpoint)
    FusionBackbone(TerfConfig.from_dict(configuration)).load_state_dict(tensors)
    second = run(True)
    assert second["steps"] > first["steps"] and second["best"] <= first["best"]
    state.unlink()
    kept = load_safetensors(checkpoint)[0]["output.weight"]
    train(folders, 0.0, True, "cpu", recipe, TINY, checkpoint, state)
    assert load_safetensors(checkpoint)[1] == TINY.to_dict()
    assert torch.equal(load_safetensors(checkpoint)[0]["output.weight"], kept), "no worse weights replace better ones"
