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
from engines.terf.losses import FusionWeights
from engines.terf.model import FusionBackbone
from tests.tiny_terf import TINY
from training.__main__ import build_parser
from training.fusion_pairs import dataset_folders, load_pairs, random_crops
from training.losses.fusion_quality import QualityWeights
from training.terf import CHECKPOINT, Recipe, chosen, train


@pytest.fixture
def data(tmp_path) -> Path:
    folder = tmp_path / "data" / "one"
    (folder / "visible").mkdir(parents=True)
    (folder / "infrared").mkdir()
    rng = np.random.default_rng(0)
    lines = []
    for name, split in (("a", "train"), ("b", "train"), ("c", "val")):
        Image.fromarray(rng.integers(0, 255, (48, 56, 3), np.uint8)).save(folder / "visible" / f"{name}.png")
        Image.fromarray(rng.integers(0, 255, (48, 56), np.uint8)).save(folder / "infrared" / f"{name}.png")
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
    visible, infrared, origins = random_crops(pairs, 6, 32, torch.Generator().manual_seed(0))
    assert visible.shape == (6, 3, 32, 32) and infrared.shape == (6, 1, 32, 32)
    assert len(origins) == 6 and all(any(origin is pair for pair in pairs) for origin in origins)
    assert torch.equal(visible[:, :1], infrared)
    assert visible.min() >= 0.0 and visible.max() <= 1.0 and visible.max() > 0.9
    smaller, _, _ = random_crops(pairs, 2, 100, torch.Generator())
    assert smaller.shape == (2, 3, 48, 48)


@pytest.mark.parametrize("losses", [QualityWeights(), FusionWeights()])
def test_training_writes_weights_and_resumes_with_or_without_its_state(data, tmp_path, losses):
    checkpoint, state = tmp_path / "weights.safetensors", tmp_path / "runs" / "state.pt"
    folders = dataset_folders(data)
    recipe = Recipe(batch=2, crop=44, checkpoint_seconds=1e9, losses=losses)

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


def test_the_papers_losses_are_an_option_that_leaves_the_embedded_weights_alone():
    common = ["terf", "--data", "x", "--minutes", "1"]
    parser = build_parser("terf")
    recipe, checkpoint, _ = chosen(parser.parse_args(common))
    assert isinstance(recipe.losses, QualityWeights) and recipe.losses.light > 0
    assert recipe.learning_rate == 1e-3 and checkpoint == CHECKPOINT
    recipe, checkpoint, state = chosen(parser.parse_args([*common, "--paper-losses", "--seed", "3"]))
    assert recipe.losses == FusionWeights(alpha=1.0, beta=1.0, eta=0.1) and recipe.learning_rate == 3e-4
    assert recipe.seed == 3 and checkpoint.parent == state.parent != CHECKPOINT.parent
    recipe, _, _ = chosen(parser.parse_args([*common, "--paper-losses", "--learning-rate", "1e-3"]))
    assert recipe.learning_rate == 1e-3


def test_quality_training_lowers_the_quality_loss(data, tmp_path):
    checkpoint, state = tmp_path / "weights.safetensors", tmp_path / "state.pt"
    recipe = Recipe(batch=2, crop=44, warm_up=5, learning_rate=5e-3)
    folders = dataset_folders(data)
    before = train(folders, 0.0, False, "cpu", recipe, TINY, checkpoint, state)["best"]
    after = train(folders, 0.05, True, "cpu", recipe, TINY, checkpoint, state)["best"]
    assert after < before - 0.05
