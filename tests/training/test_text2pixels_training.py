"""The From-Text-to-Pixels recipe: both levels, files, resuming, options."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from engines.checkpoints import load_safetensors
from engines.errors import CheckpointError
from engines.text2pixels.config import DetectorConfig, FusionConfig, Text2PixelsConfig
from engines.text2pixels.networks import Text2PixelsNetworks
from evaluation.run_length import encode_mask
from training.__main__ import build_parser
from training.references import read_scenes
from training.text2pixels import PAPER, Recipe, Trainer
from training.text2pixels_samples import Samples

TINY = Text2PixelsConfig(
    fusion=FusionConfig(
        channels=4,
        blocks=2,
        token_channels=8,
        heads=2,
        feed_forward_channels=8,
        codes=16,
        guide_channels=4,
        decoder_channels=8,
    ),
    detector=DetectorConfig(trunk="test_efficientnet", width=8, pixels=64 * 96),
)
RECIPE = Recipe(crops=2, crop=44, views=2, view=(64, 96), warm_up_steps=1, epoch=3)


@pytest.fixture
def data(tmp_path) -> Path:
    """A warm, bright person on a dark street, twice to train and once to validate."""
    root = tmp_path / "data"
    for slot in ("visible", "infrared"):
        (root / slot).mkdir(parents=True)
    rng = np.random.default_rng(0)
    person = np.zeros((64, 96), bool)
    person[20:44, 30:42] = True
    references, scenes = [], []
    for name, split in (("a", "train"), ("b", "train"), ("c", "val")):
        picture = rng.integers(20, 90, (64, 96, 3), np.uint8)
        picture[person] += 120
        cv2.imwrite(str(root / "visible" / f"{name}.png"), picture)
        cv2.imwrite(str(root / "infrared" / f"{name}.png"), picture[..., 1])
        common = {"image": name, "split": split}
        mask = encode_mask(person)
        references.append(common | {"sentences": ["the person"], "kind": "thing", "classes": ["person"], "mask": mask})
        item = {"id": "x", "class": "person", "box": [30, 20, 42, 44], "area": int(person.sum()), "mask": mask}
        scenes.append({"image": name, "night": True, "objects": [item], "stuff": {}})
    for file, lines in (("refs.jsonl", references), ("scenes.jsonl", scenes)):
        (root / file).write_text("\n".join(json.dumps(line) for line in lines))
    return root


@pytest.fixture
def trainer(tmp_path) -> Trainer:
    return Trainer(TINY, RECIPE, 0, "cpu", tmp_path / "weights.safetensors", tmp_path / "run")


def test_training_writes_weights_and_resumes_with_or_without_its_state(data, trainer):
    train, validation = read_scenes(data, "train"), read_scenes(data, "val")
    values = trainer.run(train, validation, minutes=0.01)
    assert trainer.steps >= 1
    assert {"VIF", "mAP@0.5", "perplexity", "contrast told"} <= values.keys() and np.isfinite(
        list(values.values())
    ).all()
    weights, configuration = load_safetensors(trainer.checkpoint)
    assert weights["fusion.guide.weight"].dtype == torch.float16
    Text2PixelsNetworks(Text2PixelsConfig.from_dict(configuration)).load_state_dict(weights)

    def again() -> Trainer:
        return Trainer(TINY, RECIPE, 1, "cpu", trainer.checkpoint, trainer.run_dir)

    second = again()
    second.resume()
    assert second.steps == trainer.steps
    for mine, theirs in zip(second.networks.state_dict().values(), trainer.networks.state_dict().values(), strict=True):
        assert torch.equal(mine, theirs)
    trainer.state.unlink()
    third = again()
    third.resume()
    kept = third.networks.state_dict()["fusion.guide.weight"]
    assert third.steps == 0 and torch.equal(kept, weights["fusion.guide.weight"].float())
    trainer.checkpoint.unlink()
    with pytest.raises(CheckpointError, match="nothing to resume"):
        again().resume()


def test_the_upper_level_reaches_the_fusion_network_only_when_joint(data, trainer):
    trainer.recipe = replace(RECIPE, sources=0.0)
    batch = Samples(read_scenes(data, "train"), 0).boxed(2, RECIPE.view, told=1.0)
    for joint in (False, True):
        trainer.networks.zero_grad(set_to_none=True)
        loss, _ = trainer.upper_level(batch, joint)
        loss.backward()
        assert trainer.networks.detector.centres.weight.grad.abs().sum() > 0
        gradient = trainer.networks.fusion.decoder.output.weight.grad
        assert (gradient is not None and bool(gradient.abs().sum() > 0)) == joint


def test_the_upper_level_can_show_the_sources_alone(data, trainer):
    trainer.recipe = replace(RECIPE, sources=0.5)
    batch = Samples(read_scenes(data, "train"), 0).boxed(4, RECIPE.view, told=0.0)
    loss, _ = trainer.upper_level(batch, joint=True)
    loss.backward()
    assert trainer.networks.fusion.decoder.output.weight.grad is None


def test_the_lower_level_learns_to_let_the_named_thing_stand_out(data, trainer):
    torch.manual_seed(0)
    trainer.recipe = replace(RECIPE, fusion_rate=1e-2)
    for group in trainer.fusion_optimizer.param_groups:
        group["lr"] = 1e-2
    samples = Samples(read_scenes(data, "train"), 0)
    trainer.networks.train()
    first = last = None
    for _ in range(25):
        terms = trainer._lower_step(samples.pointed(2, 44))
        last = (terms["salience"] + terms["quality"]).item()
        first = first or last
    assert last < 0.95 * first


def test_the_papers_losses_are_an_option(data, trainer):
    trainer.recipe = replace(RECIPE, **PAPER)
    _, terms = trainer.lower_level(Samples(read_scenes(data, "train"), 0).pointed(2, 44))
    assert terms.keys() == {"codes", "constraint"}
    args = build_parser("text2pixels").parse_args(["text2pixels", "--data", "x", "--minutes", "1", "--paper-losses"])
    assert args.paper_losses and not args.imagenet


def test_fusion_alone_leaves_the_detector_as_it_is(data, trainer):
    trainer.fusion_only = True
    before = trainer.networks.detector.centres.weight.detach().clone()
    guide = trainer.networks.fusion.guide.weight.detach().clone()
    trainer.run(read_scenes(data, "train"), read_scenes(data, "val"), minutes=0.01)
    assert trainer.steps >= 1 and torch.equal(trainer.networks.detector.centres.weight, before)
    assert not torch.equal(trainer.networks.fusion.guide.weight, guide)
