"""The RIS-FUSION recipe at a tiny scale: it learns, saves what the engine loads, and resumes."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
import torch
import torch.distributed as dist

from engines.checkpoints import CHECKPOINT_DIR, load_safetensors
from engines.color import luma
from engines.errors import CheckpointError, InputError
from engines.ris_fusion.config import PUBLISHED, CompactConfig, FusionConfig, RisFusionConfig, SegmentationConfig
from engines.ris_fusion.engine import RisFusionEngine
from engines.types import Edit, ImagePair, Instruction
from training import ris_fusion
from training.references import read_scenes
from training.referring_samples import ReferringSampler
from training.ris_fusion import (
    RUN_DIR,
    Trainer,
    _class_weights,
    add_arguments,
    default_output,
    main,
    run_folder,
)

TINY = RisFusionConfig(
    fusion=FusionConfig(width=4, text_dim=384, attention_dim=8, attention_heads=2, gate_dim=4),
    segmentation=CompactConfig(
        trunk="tf_efficientnet_lite0",
        pyramid_width=8,
        width=8,
        depths=(1, 1),
        heads=(2, 2),
        windows=(4, 4),
        decoder_widths=(8, 8, 8),
        drop_path=0.0,
    ),
    text_encoder="minilm",
    max_words=16,
    mask_size=(64, 64),
)

# The published networks, narrower and shallower.
TINY_PUBLISHED = replace(
    TINY,
    segmentation=SegmentationConfig(
        width=8, depths=(1, 1, 1, 1), heads=(1, 1, 2, 2), window=4, text_dim=384, drop_path=0.0
    ),
)


@pytest.fixture
def arguments(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    options = ["--size", "64", "64", "--pictures", "2", "--sentences", "2"]
    args = parser.parse_args([*options, "--output", str(tmp_path / "weights.safetensors")])
    args.device, args.seed, args.minutes = "cpu", 0, 0.05
    return args


@pytest.mark.slow
def test_trains_saves_and_resumes(folder, arguments):
    train, val = read_scenes(folder, "train"), read_scenes(folder, "val")
    trainer = Trainer(arguments, TINY)
    trainer.run(train, val)
    assert trainer.step > 0
    state, configuration = load_safetensors(arguments.output)
    assert RisFusionConfig.from_dict(configuration) == TINY
    assert all(torch.isfinite(value).all() for value in state.values() if value.is_floating_point())
    run = run_folder(arguments.output)
    last = json.loads((run / "log.jsonl").read_text().splitlines()[-1])
    assert last["n"] == 4 and 0 <= last["mIoU"] <= 100

    again = Trainer(arguments, TINY)
    again.resume()
    assert again.step == trainer.step
    for name, value in trainer.model.state_dict().items():
        assert torch.equal(value, again.model.state_dict()[name]), name

    with pytest.raises(CheckpointError, match=r"state\.pt is that of a run with another configuration: .*--resume\.$"):
        Trainer(arguments, replace(TINY, fusion=replace(TINY.fusion, language=False))).resume()

    (run / "state.pt").unlink()
    from_weights = Trainer(arguments, TINY)
    from_weights.resume()
    expected = trainer.average.module.state_dict()["model.out.weight"]
    torch.testing.assert_close(from_weights.model.model.out.weight.data, expected, atol=1e-3, rtol=1e-2)


def test_every_other_step_of_the_head_sees_windows_of_twice_as_many_pictures(folder, arguments):
    arguments.head_only, arguments.window_size, arguments.minutes = True, [32, 48], 0.001
    trainer = Trainer(arguments, TINY)
    trainer.run(read_scenes(folder, "train"), read_scenes(folder, "val"))
    sizes = []
    for trainer.step in range(3):
        batch = trainer.drawn()
        assert all(term.isfinite() for term in trainer.losses(batch).values())
        sizes.append(tuple(batch.visible.shape))
    assert sizes == [(2, 3, 64, 64), (4, 3, 32, 48), (2, 3, 64, 64)]


def test_nothing_to_resume_is_a_fresh_run(arguments, monkeypatch):
    trainer = Trainer(arguments, TINY)
    monkeypatch.setattr(trainer, "begin", lambda: begun.append(True))
    begun = []
    trainer.resume()
    assert begun == [True] and trainer.step == 0


def test_every_weight_file_has_a_state_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    parser = argparse.ArgumentParser()
    add_arguments(parser)

    def written(*options: str) -> tuple[Path, Path]:
        output = default_output(parser.parse_args(options))
        return output, run_folder(output)

    assert written() == (CHECKPOINT_DIR / "ris_fusion_embedded.safetensors", RUN_DIR)
    published = Path("runs/ris_fusion_published")
    assert written("--config", "published") == (published / "weights.safetensors", published)
    ablations = [
        written(*options)
        for config in ((), ("--config", "published"))
        for options in (
            (*config, "--detach"),
            (*config, "--no-language"),
            (*config, "--paper-losses"),
            (*config, "--detach", "--no-language"),
        )
    ]
    assert all(output.parent.parent == Path("runs") for output, _ in ablations)
    folders = [folder for _, folder in ablations]
    assert len({*folders, RUN_DIR, published}) == 10
    assert run_folder(tmp_path / "a.safetensors") != run_folder(tmp_path / "b.safetensors")


def test_gradient_reaches_the_fusion_unless_detached(folder, arguments):
    batch = ReferringSampler(read_scenes(folder, "train"), (64, 64), seed=0).batch(2, 2)
    for detach, expected in ((False, True), (True, False)):
        arguments.detach = detach
        trainer = Trainer(arguments, TINY)
        trainer.losses(batch)["dice"].backward()
        gradient = trainer.model.prefusion_model.net.outc.weight.grad
        assert (gradient is not None and bool(gradient.abs().sum() > 0)) is expected


def test_paper_losses_are_equations_6_to_8_alone(folder, arguments):
    batch = ReferringSampler(read_scenes(folder, "train"), (64, 64), seed=0).batch(2, 2)
    arguments.paper_losses = True
    assert set(Trainer(arguments, TINY).losses(batch)) == {"dice", "fusion"}
    arguments.paper_losses = False
    arguments.head_only = True
    trainer = Trainer(arguments, TINY)
    losses = trainer.losses(batch)
    assert set(losses) == {"dice", "bce", "dense"}
    sum(losses.values()).backward()
    assert trainer.model.prefusion_model.net.outc.weight.grad is None


@pytest.mark.parametrize("told", [0.0, 1.0])
def test_the_head_alone_sees_a_picture_for_each_sentence_when_told(folder, arguments, monkeypatch, told):
    batch = ReferringSampler(read_scenes(folder, "train"), (64, 64), seed=0).batch(2, 2)
    arguments.head_only, arguments.told = True, told
    trainer = Trainer(arguments, TINY)
    seen, look = [], trainer.model.model.look
    monkeypatch.setattr(trainer.model.model, "look", lambda picture: seen.append(picture) or look(picture))
    losses = trainer.losses(batch)
    assert len(batch.sentences) > 2, "the test needs a picture with several sentences"
    assert len(seen[0]) == (len(batch.sentences) if told else 2)
    assert bool(torch.isfinite(sum(losses.values())))


def test_the_fusion_network_can_be_trained_alone(folder, arguments):
    batch = ReferringSampler(read_scenes(folder, "train"), (64, 64), seed=0).batch(2, 2)
    arguments.fusion_only = True
    trainer = Trainer(arguments, TINY)
    losses = trainer.losses(batch)
    assert set(losses) == {"fusion", "contrast", "even", "elsewhere", "quality"}
    sum(losses.values()).backward()
    assert bool(trainer.model.prefusion_model.net.outc.weight.grad.abs().sum() > 0)
    assert all(parameter.grad is None for parameter in trainer.model.model.parameters())


def test_the_fusion_network_can_learn_through_a_head_that_stays_as_it_is(folder, arguments):
    train, val = read_scenes(folder, "train"), read_scenes(folder, "val")
    arguments.fusion_only = arguments.ask_head = True
    trainer = Trainer(arguments, TINY)
    losses = trainer.losses(ReferringSampler(train, (64, 64), seed=0).batch(2, 2))
    assert set(losses) == {"dice", "bce", "fusion", "contrast", "even", "elsewhere", "quality"}
    losses["dice"].backward()
    assert bool(trainer.model.prefusion_model.net.lang_l3.film[0].weight.grad.abs().sum() > 0)

    before = {name: value.clone() for name, value in trainer.model.state_dict().items()}
    while trainer.step < 2:
        trainer.run(train, val)
    changed = {name for name, value in trainer.model.state_dict().items() if not torch.equal(value, before[name])}
    assert changed and all(name.startswith("prefusion_model.") for name in changed), "norms, too, stay as they are"


def test_the_head_is_asked_only_where_the_fusion_is_trained_alone(folder, arguments):
    arguments.ask_head = True
    with pytest.raises(InputError, match="--ask-head goes with --fusion-only"):
        main(arguments)


def test_windows_want_steps_of_the_head_alone(folder, arguments):
    arguments.window_size = [32, 48]
    with pytest.raises(InputError, match="--window-size goes with --head-only or --head-steps"):
        main(arguments)


def test_a_bright_sky_that_says_nothing_stays_bright(folder, arguments):
    clouds = 0.1 * torch.rand(1, 1, 16, 16, generator=torch.Generator().manual_seed(0))
    infrared = 0.2 + torch.nn.functional.interpolate(clouds, size=64, mode="bilinear")
    visible = torch.full_like(infrared, 0.7)
    trainer = Trainer(arguments, TINY)
    dark, bright = (float(trainer.quality(y, visible, infrared)) for y in (infrared, infrared + 0.5))
    assert bright + 1.0 < dark


def test_the_published_networks_are_trained_by_the_same_recipe(folder, arguments):
    train, val = read_scenes(folder, "train"), read_scenes(folder, "val")
    batch = ReferringSampler(train, (64, 64), seed=0).batch(2, 2)
    trainer = Trainer(arguments, TINY_PUBLISHED)
    assert set(trainer.losses(batch)) == {"dice", "bce", "fusion", "contrast", "even", "elsewhere", "quality"}
    assert len(trainer.optimiser.param_groups[1]["params"]) > 20, "the Swin blocks have the pretrained part's rate"
    arguments.head_only, arguments.told = True, 0.0
    assert set(trainer.losses(batch)) == {"dice", "bce"}, "one picture for several sentences"
    arguments.head_only, arguments.paper_losses, arguments.minutes = False, True, 0.02
    trainer.run(train, val)
    assert trainer.step > 0 and not RUN_DIR.exists()

    engine = RisFusionEngine(str(arguments.output), "cpu")
    assert engine.config == TINY_PUBLISHED
    pair = ImagePair(train[0].visible / 255.0, train[0].infrared / 255.0)
    pair = ImagePair(pair.visible.astype("float32"), pair.infrared.astype("float32"))
    fused = engine.fuse(pair, Instruction("the person", (Edit("person", "highlight", 1),)))
    assert fused.image.shape == pair.visible.shape


def test_the_published_configuration_can_be_asked_for(monkeypatch):
    seen = []
    monkeypatch.setattr(ris_fusion, "read_scenes", lambda data, part: [])
    monkeypatch.setattr(ris_fusion, "Trainer", lambda args, config: seen.append((args.output, config)) or MagicMock())
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    for options, expected in (
        (["--config", "published"], PUBLISHED),
        (["--config", "published", "--no-language"], None),
    ):
        args = parser.parse_args(options)
        args.data, args.resume = Path("data"), False
        ris_fusion.main(args)
        output, config = seen.pop()
        assert output.parent.name == "ris_fusion_published"
        assert config == expected or not config.fusion.language


def test_joint_steps_take_turns_with_steps_of_the_head(folder, arguments):
    batch = ReferringSampler(read_scenes(folder, "train"), (64, 64), seed=0).batch(2, 2)
    arguments.head_steps = 2
    trainer = Trainer(arguments, TINY)
    kinds = []
    for trainer.step in range(6):
        kinds.append("fusion" in trainer.losses(batch))
    assert kinds == [True, False, False, True, False, False]


def test_the_batch_is_drawn_at_the_size_of_its_step(folder, arguments):
    train, val = read_scenes(folder, "train"), read_scenes(folder, "val")
    arguments.head_steps, arguments.joint_size, arguments.minutes = 1, (48, 48), 0.01
    trainer = Trainer(arguments, TINY)
    sizes = []
    losses = trainer.losses
    trainer.losses = lambda batch: sizes.append(tuple(batch.visible.shape[-2:])) or losses(batch)
    while trainer.step < 2:
        trainer.run(train, val)
    assert sizes[:2] == [(48, 48), (64, 64)]


def test_fusing_all_sentences_of_a_picture_at_once_is_fusing_each(folder, arguments):
    batch = ReferringSampler(read_scenes(folder, "train"), (64, 64), seed=0).batch(2, 2)
    trainer = Trainer(arguments, TINY)
    trainer.model.eval()
    words, mask = trainer.text(batch.sentences)
    y = luma(*batch.visible.split(1, dim=1))
    rgb, told, plain = trainer.fused(batch.visible, y, batch.infrared, words, mask, batch.index)
    fuse = trainer.model.prefusion_model.fuse
    one_rgb, one_y, _ = fuse(batch.visible[batch.index], batch.infrared[batch.index], words, mask)
    torch.testing.assert_close(told, one_y)
    torch.testing.assert_close(rgb, one_rgb)
    _, silent, _ = fuse(batch.visible, batch.infrared, words[:2], torch.zeros_like(mask[:2]))
    torch.testing.assert_close(plain, silent)


def test_several_batches_a_step_give_the_mean_gradient(folder, arguments):
    train, val = read_scenes(folder, "train"), read_scenes(folder, "val")
    arguments.accumulate, arguments.minutes = 3, 1e-9
    trainer = Trainer(arguments, TINY)
    seen = []
    losses = trainer.losses
    trainer.losses = lambda batch: seen.append(batch) or losses(batch)
    arguments.minutes = 0.005
    trainer.run(train, val)
    assert len(seen) == 3 * trainer.step


def test_data_without_dense_labels_trains_too(folder, arguments):
    scenes = read_scenes(folder, "train")
    for scene in scenes:
        scene.annotation = None
    trainer = Trainer(arguments, TINY)
    trainer.class_weights = _class_weights(scenes)
    losses = trainer.losses(ReferringSampler(scenes, (64, 64), seed=0).batch(2, 2))
    assert losses["dense"].item() == 0
    assert all(torch.isfinite(loss) for loss in losses.values())


class Clock:
    """A clock on which every look takes half a minute; after so many steps the run is stopped."""

    def __init__(self, trainer: Trainer, monkeypatch, steps: int | None = None) -> None:
        self.rates, self.peaks, self.batches, self._now, self._steps = [], [], [], 0.0, steps
        monkeypatch.setattr("training.ris_fusion.time", SimpleNamespace(monotonic=self.look))
        monkeypatch.setattr(trainer, "losses", self.losses)
        self._trainer = trainer

    def look(self) -> float:
        self._now += 30.0
        return self._now

    def losses(self, batch) -> dict[str, torch.Tensor]:
        if len(self.batches) == self._steps:
            raise KeyboardInterrupt
        self.rates.append([group["lr"] / group["peak"] for group in self._trainer.optimiser.param_groups])
        self.peaks.append([group["peak"] for group in self._trainer.optimiser.param_groups])
        self.batches.append((batch.sentences, torch.rand(3)))
        return {"some": sum(p.sum() for p in self._trainer.model.parameters()) * 0.0}


@pytest.mark.slow
def test_a_stopped_run_goes_on_where_it_was_in_its_schedule(folder, arguments, monkeypatch):
    train, val = read_scenes(folder, "train"), read_scenes(folder, "val")
    arguments.minutes, arguments.validate_every = 20.0, 1e9

    def trained(steps: int | None, resume: bool) -> Clock:
        trainer = Trainer(arguments, TINY)
        monkeypatch.setattr(trainer, "validate", lambda val, limit: {})
        if resume:
            trainer.resume()
        clock = Clock(trainer, monkeypatch, steps)
        if steps is None:
            trainer.run(train, val)
        else:
            with pytest.raises(KeyboardInterrupt):
                trainer.run(train, val)
        return clock

    through = trained(None, resume=False)
    (run_folder(arguments.output) / "state.pt").unlink()
    arguments.output.unlink()
    # Saved after more than three minutes: the fourth step, at two looks a step.
    stopped = trained(5, resume=False)
    arguments.lr, before = 2 * arguments.lr, arguments.lr
    rest = trained(None, resume=True)
    assert rest.peaks[0][2] == before
    saved = 4
    assert stopped.rates == through.rates[:5]
    warm_up = [(step + 1) / 100 for step in range(20)]
    assert stopped.rates[0][0] == pytest.approx(warm_up[0] * (1 - 0.5 / 20) ** 0.9)
    # Seconds between the save and the stop are lost, so the clock of the rest is the saved one and one look.
    assert rest.rates[0][0] == pytest.approx(warm_up[saved] * (1 - (3.5 + 0.5) / 20) ** 0.9)
    assert 0 < rest.rates[-1][0] < 0.15 * warm_up[saved + len(rest.rates) - 1]
    assert len(rest.rates) == pytest.approx(len(through.rates) - saved, abs=1)
    assert rest.batches[0][0] == stopped.batches[saved][0]
    assert torch.equal(rest.batches[0][1], stopped.batches[saved][1])

    # That run has ended: another begins a plan of its own, with the rates it is given.
    new = trained(1, resume=True)
    assert new.peaks[0][2] == arguments.lr
    assert new.rates[0][0] == pytest.approx((1 - 0.5 / 20) ** 0.9 * (saved + len(rest.rates) + 1) / 100)


def _train_beside_another(rank: int, folder: Path, args: argparse.Namespace, meeting: Path) -> None:
    """One of two processes; leaves its clock, its first gradients and its weights in a file."""
    os.chdir(meeting.parent)
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=2)
    trainer = Trainer(args, TINY)
    left = {"clock": trainer._agreed(5.0 + rank)}
    average = trainer._average_gradients

    def watched() -> None:
        grads = [p.grad for group in trainer.optimiser.param_groups for p in group["params"] if p.grad is not None]
        left.setdefault("own", torch.cat([grad.flatten() for grad in grads]))
        average()
        left.setdefault("mean", torch.cat([grad.flatten() for grad in grads]))

    trainer._average_gradients = watched
    trainer.validate = lambda val, limit: {}
    trainer.run(read_scenes(folder, "train"), [])
    weights = torch.cat([parameter.detach().flatten() for parameter in trainer.model.parameters()])
    torch.save(left | {"weights": weights, "step": trainer.step}, meeting.parent / f"{rank}.pt")
    dist.destroy_process_group()


@pytest.mark.slow
def test_two_processes_draw_apart_and_learn_together(folder, arguments, tmp_path):
    torch.multiprocessing.spawn(_train_beside_another, (folder, arguments, tmp_path / "meeting"), nprocs=2, join=True)
    first, second = (torch.load(tmp_path / f"{rank}.pt", weights_only=True) for rank in (0, 1))
    assert first["clock"] == second["clock"] == 5.0, "the first process's clock"
    assert first["step"] == second["step"] > 0
    assert not torch.equal(first["own"], second["own"])
    torch.testing.assert_close(first["mean"], (first["own"] + second["own"]) / 2)
    assert torch.equal(first["mean"], second["mean"]) and torch.equal(first["weights"], second["weights"])
