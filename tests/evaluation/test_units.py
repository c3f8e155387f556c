"""The units' measures, by hand where they can be, and the command over a tiny data set."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from engines.checkpoints import save_safetensors
from engines.terf.config import TerfConfig
from engines.terf.model import FusionBackbone
from engines.types import FusionResult, ImagePair
from evaluation.cli import main
from evaluation.units import HIGHEST_PSNR, effect_measure, preset_measure, psnr, resized, typical_region, with_noise
from evaluation.weights import weights_of
from finetune_units import presets
from finetune_units.presets import Schedule

TINY = TerfConfig(
    channels=4,
    growth=4,
    dense_layers=1,
    attention_channels=4,
    attention_blocks=1,
    heads=2,
    feed_forward_channels=4,
    detail_channels=4,
    detail_blocks=1,
)


def test_psnr_by_hand():
    a, b = np.zeros((4, 4, 3), np.float32), np.zeros((4, 4, 3), np.float32)
    b[:2] = 0.1
    inside = np.zeros((4, 4), bool)
    inside[:2] = True
    assert psnr(a, b, inside) == pytest.approx(20.0, abs=1e-4)
    assert psnr(a, b) == pytest.approx(20.0 + 10 * np.log10(2), abs=1e-4)
    assert psnr(a, b, ~inside) == HIGHEST_PSNR


def test_noise_has_its_level_and_its_seed():
    grey = np.full((100, 100, 3), 0.5, np.float32)
    assert (with_noise(grey, 25) - grey).std() == pytest.approx(25 / 255, rel=0.02)
    assert np.array_equal(with_noise(grey, 25), with_noise(grey, 25))
    assert with_noise(np.ones_like(grey), 25).max() == 1.0


def test_the_region_nearest_to_a_tenth():
    masks = [np.zeros((10, 10), bool) for _ in range(3)]
    masks[0][:4], masks[1][0], masks[2][:] = True, True, True
    assert typical_region(masks, (10, 10)) is masks[1]
    middle = typical_region(masks[2:], (9, 12))
    assert middle.sum() == 12 and middle[4, 6] and not middle[0].any()


def test_resizing_keeps_mask_and_pictures_together():
    mask = np.zeros((40, 60), bool)
    mask[10:30, 20:40] = True
    pair = ImagePair(np.repeat(mask[..., None], 3, axis=2).astype(np.float32), mask.astype(np.float32))
    small, smaller = resized(pair, mask, (30, 20))
    assert small.shape == smaller.shape == (20, 30)
    assert np.array_equal(small.infrared > 0.5, smaller)
    assert resized(pair, mask, None)[1] is mask


@pytest.fixture
def data_folder(tmp_path, save, levels):
    """One pair, 96x72, and one reference."""
    save(tmp_path / "data" / "visible" / "one.png", levels(0, 72, 96, 3))
    save(tmp_path / "data" / "infrared" / "one.png", levels(1, 72, 96))
    counts = [72 * 20, 72 * 30, 72 * 46]
    row = {"image": "one", "sentences": ["the middle"], "mask": {"size": [72, 96], "counts": counts}}
    (tmp_path / "data" / "refs.jsonl").write_text(json.dumps(row) + "\n")
    return tmp_path / "data"


def test_the_command_measures_every_part(tmp_path, monkeypatch, capsys, data_folder):
    quick = {kind: Schedule(steps=2, learning_rate=1e-3) for kind in ("inclination", "illumination", "denoising")} | {
        "illumination_channels": 4,
        "denoising_channels": 4,
    }
    for name in ("fast", "paper"):
        monkeypatch.setitem(presets.PRESETS, name, replace(presets.PRESETS[name], **quick))
    with torch.random.fork_rng():
        torch.manual_seed(0)
        save_safetensors(tmp_path / "tiny.safetensors", FusionBackbone(TINY).state_dict(), TINY.to_dict())
    output = tmp_path / "units.json"
    arguments = ["units", "--data", str(data_folder), "--output", str(output), "--limit", "1", "--size", "64x48"]
    arguments += ["--checkpoint", str(tmp_path / "tiny.safetensors"), "--effects", "brighten", "infrared"]
    assert main(arguments) == 0
    report = json.loads(output.read_text())
    means = report["mean"]
    effects = {f"{part}/{effect}" for part in ("effects", "presets") for effect in ("brighten", "infrared")}
    noise = {f"noise/{level}/{preset}" for level in (10, 25) for preset in ("fast", "paper")}
    assert report["n"] == 1 and set(means) == effects | noise | {"tasks"}
    assert report["settings"]["weights"] == weights_of("terf", str(tmp_path / "tiny.safetensors"))
    assert report["settings"]["denoised_noise"] == 25
    assert means["effects/brighten"]["outside_change"] == 0.0
    assert means["effects/brighten"]["brightness_3"] > means["effects/brighten"]["brightness_0"]
    assert means["noise/25/fast"]["noisy_psnr"] < means["noise/10/fast"]["noisy_psnr"]
    assert means["noise/25/paper"]["noisy_Qabf"] < means["noise/10/paper"]["noisy_Qabf"] < 1.0
    assert 0.0 < means["noise/10/fast"]["Qabf"] <= 1.0
    assert means["presets/brighten"]["psnr"] > 30.0, "the same steps, but on a crop"
    assert {"baseline/Qabf", "VII/SSIM"} <= set(means["tasks"])
    assert not (tmp_path / "units.json.items.jsonl").exists()
    assert "presets/brighten" in capsys.readouterr().out


def test_denoising_is_measured_on_noisy_pictures_and_judged_by_the_clean_ones(monkeypatch, levels):
    class Still:
        """Fuses to the visible picture it is given and never changes it."""

        given: list[ImagePair] = []

        def __init__(self, *arguments, **options):
            self.masker = None

        def fuse(self, pair, instruction):
            self.given.append(pair)
            return FusionResult(pair.visible)

    pair = ImagePair(levels(0, 48, 64, 3).astype(np.float32) / 255.0, levels(1, 48, 64).astype(np.float32) / 255.0)
    inside = np.ones((48, 64), bool)
    monkeypatch.setattr("evaluation.units.TerfEngine", Still)
    for effect, noisy in (("denoise", True), ("brighten", False)):
        Still.given.clear()
        preset_measure(pair, inside, effect, False, None)
        measured = effect_measure(pair, inside, effect, Still())
        assert len(Still.given) == 8
        seen = {psnr(given.visible, pair.visible) < 25.0 for given in Still.given}
        assert seen == {noisy}
        assert (measured["distance_visible_0"] > 0.01) is noisy, "to the clean picture"


def test_bad_options_are_told_in_one_line(tmp_path, capsys, data_folder):
    assert main(["units", "--data", str(data_folder), "--limit", "0", "--output", str(tmp_path / "x.json")]) == 2
    assert "--limit must be 1 or more" in capsys.readouterr().err
