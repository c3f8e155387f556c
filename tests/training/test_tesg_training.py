"""The TeSG recipe: files, resuming, learning."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch

import training.tesg as recipe_module
from engines.checkpoints import load_safetensors, save_safetensors
from engines.errors import CheckpointError
from engines.terf.model import FusionBackbone
from engines.tesg.config import TesgConfig
from engines.tesg.model import TesgNet
from engines.text_encoder import WordFeatures
from training.__main__ import build_parser
from training.losses.fusion_quality import QualityWeights
from training.losses.tesg import SupplementWeights
from training.tesg import CHECKPOINT, PAPER, Recipe, chosen, train

TINY = TesgConfig(
    channels=8,
    encoder_blocks=1,
    decoder_blocks=1,
    heads=2,
    feed_forward_channels=8,
    output_channels=4,
    detail_channels=8,
    detail_blocks=1,
    text_dim=6,
)
SHORT = Recipe(batch=2, crop=44, checkpoint_seconds=1e9, validation_batches=1)


class FakeEncoder:
    def encode(self, texts: list[str]) -> WordFeatures:
        words = torch.rand(1, 3, 6, generator=torch.Generator().manual_seed(len(texts[0])))
        return WordFeatures(words, torch.full((1, 3), bool(texts[0])), (False,))


@pytest.fixture
def data(folder, monkeypatch):
    """The pictures of the data set, twice as large and with some texture."""
    from evaluation.run_length import decode_mask, encode_mask

    monkeypatch.setattr(recipe_module, "text_encoder", lambda name, words: FakeEncoder())
    import json

    rng = np.random.default_rng(0)
    root = folder / "tiny"

    def doubled(encoded: dict) -> dict:
        mask = decode_mask(encoded["size"], encoded["counts"]).astype(np.uint8)
        return encode_mask(np.kron(mask, np.ones((2, 2), np.uint8)).astype(bool))

    for file in sorted(root.glob("*/*.png")):
        picture = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
        picture = cv2.resize(picture, None, fx=2, fy=2).astype(int)
        cv2.imwrite(str(file), np.clip(picture + rng.integers(-20, 20, picture.shape), 0, 255).astype(np.uint8))
    for file in ("refs.jsonl", "scenes.jsonl"):
        lines = [json.loads(line) for line in (root / file).read_text().splitlines()]
        for line in lines:
            if "mask" in line:
                line["mask"] = doubled(line["mask"])
            for item in line.get("objects", []):
                item["mask"] = doubled(item["mask"])
            if "stuff" in line:
                line["stuff"] = {name: doubled(mask) for name, mask in line["stuff"].items()}
        (root / file).write_text("\n".join(json.dumps(line) for line in lines))
    return folder


@pytest.mark.parametrize("paper", [False, True])
def test_training_writes_weights_and_resumes_with_or_without_its_state(data, tmp_path, paper):
    checkpoint, state = tmp_path / "weights.safetensors", tmp_path / "runs" / "state.pt"
    recipe = replace(SHORT, quality=None, supplement=SupplementWeights()) if paper else SHORT

    def run(resume: bool, minutes: float) -> dict[str, float]:
        return train(data, minutes, resume, "cpu", recipe, TINY, checkpoint, state)

    first = run(False, 0.01)
    assert np.isfinite(first["best"])
    tensors, configuration = load_safetensors(checkpoint)
    TesgNet(TesgConfig.from_dict(configuration)).load_state_dict(tensors)
    second = run(True, 0.02)
    assert second["steps"] > first["steps"] and second["best"] <= first["best"]
    state.unlink()
    kept = load_safetensors(checkpoint)[0]["decoder.output.weight"]
    run(True, 0.0)
    assert load_safetensors(checkpoint)[1] == TINY.to_dict()
    assert torch.equal(load_safetensors(checkpoint)[0]["decoder.output.weight"], kept), "worse weights replace none"


def test_training_lowers_the_loss(data, tmp_path):
    checkpoint, state = tmp_path / "weights.safetensors", tmp_path / "state.pt"
    recipe = replace(SHORT, warm_up=5, learning_rate=5e-3)
    before = train(data, 0.0, False, "cpu", recipe, TINY, checkpoint, state)["best"]
    after = train(data, 0.05, True, "cpu", recipe, TINY, checkpoint, state)["best"]
    assert after < before - 0.05


def test_the_detail_path_may_begin_with_terfs_weights(data, tmp_path):
    """Plain fusion is then TeRF's, whatever the decoder said before."""
    checkpoint, teacher = tmp_path / "weights.safetensors", tmp_path / "terf.safetensors"
    backbone = FusionBackbone(TINY.detail)
    save_safetensors(teacher, backbone.state_dict(), TINY.detail.to_dict())
    train(data, 0.0, False, "cpu", SHORT, TINY, checkpoint, tmp_path / "state.pt", detail_from=str(teacher))
    tensors, configuration = load_safetensors(checkpoint)
    network = TesgNet(TesgConfig.from_dict(configuration))
    network.load_state_dict(tensors)
    generator = torch.Generator().manual_seed(0)
    visible, infrared = (torch.rand(1, channels, 40, 48, generator=generator) for channels in (3, 1))
    mask, words = torch.ones(1, 1, 40, 48), torch.rand(1, 2, 6, generator=generator)
    with torch.no_grad():
        y = network(visible, infrared, mask, words, torch.ones(1, 2, dtype=torch.bool)).y
        # Both repeat as many pixels around the picture.
        backbone.config = replace(backbone.config, margin=TINY.margin)
        torch.testing.assert_close(y, backbone(visible, infrared), rtol=0, atol=1e-5)


def test_a_backbone_of_another_size_is_refused(data, tmp_path):
    teacher = tmp_path / "terf.safetensors"
    other = replace(TINY, detail_channels=16).detail
    save_safetensors(teacher, FusionBackbone(other).state_dict(), other.to_dict())
    with pytest.raises(CheckpointError, match="does not fit"):
        train(
            data,
            0.0,
            False,
            "cpu",
            SHORT,
            TINY,
            tmp_path / "weights.safetensors",
            tmp_path / "state.pt",
            detail_from=str(teacher),
        )


def test_the_papers_losses_are_an_option_that_leaves_the_embedded_weights_alone():
    common = ["tesg", "--data", "x", "--minutes", "1"]
    parser = build_parser("tesg")
    recipe, checkpoint, _ = chosen(parser.parse_args(common))
    assert isinstance(recipe.quality, QualityWeights) and checkpoint == CHECKPOINT
    recipe, checkpoint, state = chosen(parser.parse_args([*common, "--paper-losses", "--seed", "3"]))
    assert recipe.quality is None and recipe.supplement == SupplementWeights()
    assert (recipe.learning_rate, recipe.batch, recipe.crop, recipe.seed) == (1e-4, 8, 96, 3)
    assert checkpoint.parent == state.parent != CHECKPOINT.parent
    recipe, _, _ = chosen(parser.parse_args([*common, "--paper-losses", "--learning-rate", "1e-3"]))
    assert recipe == replace(Recipe(), **PAPER | {"learning_rate": 1e-3})
