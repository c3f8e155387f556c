"""How far the measures go together: the descent raises what it is asked to raise, and never ends below its start."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engines.color import image_luma
from engines.errors import InputError
from engines.types import ImagePair
from evaluation.ceiling import METRICS, START, WISHES, ceilings, descended
from evaluation.cli import main
from evaluation.fusion.grey import to_8bit
from evaluation.metrics import fusion_metrics
from evaluation.run_length import encode_mask
from training.losses.fusion_quality import QualityWeights

_NOTHING = dict.fromkeys(("information", "edges", "structure", "differences", "deviation", "overshoot"), 0.0)


@pytest.fixture
def pair() -> ImagePair:
    rng = np.random.default_rng(3)
    ramp = np.linspace(0.2, 0.8, 56, dtype=np.float32)
    visible = np.repeat((ramp + 0.05 * rng.random((48, 56), dtype=np.float32))[..., None], 3, axis=2)
    return ImagePair(visible, ramp[::-1] + 0.05 * rng.random((48, 56), dtype=np.float32))


@pytest.mark.parametrize(("measure", "metric"), [("structure", "SSIM"), ("information", "VIF"), ("edges", "Qabf")])
def test_the_measure_asked_for_rises_most(pair: ImagePair, measure: str, metric: str) -> None:
    start = 0.5 * (image_luma(pair.visible) + pair.infrared)
    asked = descended(pair, start, QualityWeights(**{**_NOTHING, measure: 1.0}), steps=40)
    assert asked.shape == start.shape and asked.dtype == np.float32
    assert asked.min() >= 0.0 and asked.max() <= 1.0
    sources = to_8bit(pair.infrared), to_8bit(image_luma(pair.visible))
    before, after = (fusion_metrics(*sources, to_8bit(y), METRICS) for y in (start, asked))
    assert after[metric] > before[metric] + 0.01


def test_a_descent_that_finds_nothing_better_keeps_its_start(pair: ImagePair) -> None:
    start = image_luma(pair.visible)
    kept = descended(pair, start, QualityWeights(**_NOTHING), steps=3)
    np.testing.assert_array_equal(kept, start)


def test_every_wish_is_scored_beside_the_start(pair: ImagePair) -> None:
    found = ceilings(pair, pair.visible, steps=15)
    assert set(found) == {START, *WISHES}
    assert all(set(values) == set(METRICS) for values in found.values())
    assert found["SSIM alone"]["SSIM"] == max(values["SSIM"] for values in found.values())


def test_pictures_too_small_for_vif_are_refused() -> None:
    small = ImagePair(np.zeros((40, 60, 3), np.float32), np.zeros((40, 60), np.float32))
    with pytest.raises(InputError, match="sides of 41 pixels or more"):
        ceilings(small, small.visible, steps=1)


def test_the_command_writes_what_it_found(folders: Path, read_report: Callable[[], dict]) -> None:
    rle = encode_mask(np.ones((48, 64), bool))
    rows = [{"image": name, "split": "val", "sentences": ["the box"], "mask": rle} for name in ("one", "two")]
    (folders / "refs.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    output = folders / "out" / "report.json"
    arguments = ["ceiling", "--data", str(folders), "--split", "val", "--engine", "mean", "--steps", "2"]
    assert main([*arguments, "--output", str(output)]) == 0
    report = read_report()
    assert report["n"] == 2 and set(report["per_image"]) == {"one", "two"}
    of_both = [report["per_image"][name]["SSIM alone"]["SSIM"] for name in ("one", "two")]
    assert report["mean"]["SSIM alone"]["SSIM"] == pytest.approx(np.mean(of_both))
    assert not list(output.parent.glob("*.items.jsonl"))


def test_no_steps_are_refused(folders: Path, error_line: Callable[[list[str]], str]) -> None:
    line = error_line(["ceiling", "--data", str(folders), "--steps", "0", "--output", str(folders / "o.json")])
    assert "--steps must be 1 or more" in line
