"""What words and a given mask change: an engine that does exactly what it is told is measured exactly so."""

from __future__ import annotations

import json

import numpy as np
import pytest

import engines
import evaluation.guidance
from engines.color import image_luma, with_luma
from engines.masks import mask_box
from engines.types import FusionResult, ImagePair, Instruction
from evaluation.cli import main
from evaluation.guidance import VALUES, guidance
from evaluation.run_length import encode_mask

LIFT = 0.1


class ObedientEngine:
    """The visible picture; what is highlighted is brighter, what is inclined is half-way to its source."""

    def __init__(self, leaks: float = 0.0) -> None:
        self.leaks = leaks
        self.asked: list[tuple[str, str, int]] = []

    def fuse(self, pair: ImagePair, instruction: Instruction, progress=None) -> FusionResult:
        (edit,), (region,) = instruction.edits, instruction.regions
        assert region.label == edit.region and region.box == mask_box(region.mask)
        self.asked.append((edit.region, edit.effect, edit.strength))
        y = 0.8 * image_luma(pair.visible) + 0.2 * pair.infrared
        target = {"highlight": y + LIFT, "infrared": pair.infrared, "visible": image_luma(pair.visible)}[edit.effect]
        weight = region.mask if edit.effect == "highlight" else 0.5 * region.mask
        y = y + weight * (target - y) + self.leaks * region.mask.max()
        return FusionResult(with_luma(pair.visible, y))


@pytest.fixture
def pair() -> ImagePair:
    rng = np.random.default_rng(0)
    visible = np.full((60, 80, 3), 0.4, np.float32) + 0.02 * rng.random((60, 80, 1), dtype=np.float32)
    return ImagePair(visible, np.full((60, 80), 0.6, np.float32))


@pytest.fixture
def mask() -> np.ndarray:
    mask = np.zeros((60, 80), bool)
    mask[20:40, 30:50] = True
    return mask


def test_changes_are_told_by_place_in_levels(pair, mask):
    engine = ObedientEngine()
    values = guidance(engine, pair, "box", mask)
    assert set(values) == set(VALUES)
    assert values["inside"] == pytest.approx(255.0 * LIFT, abs=0.1)
    assert values["rim"] == pytest.approx(0.0, abs=1e-3) and values["outside"] == pytest.approx(0.0, abs=1e-3)
    assert values["contrast after"] > 2.0 + values["contrast before"]
    assert engine.asked[0][1:] == ("highlight", 1)
    assert engine.asked[1:] == [("box", "highlight", 1), ("box", "infrared", 3), ("box", "visible", 3)]


def test_inclining_is_told_as_the_distance_to_the_source(pair, mask):
    values = guidance(ObedientEngine(), pair, "box", mask)
    for source in ("infrared", "visible"):
        assert values[f"{source} after"] == pytest.approx(0.5 * values[f"{source} before"], rel=0.02)


def test_what_changes_elsewhere_shows(pair, mask):
    values = guidance(ObedientEngine(leaks=0.05), pair, "box", mask)
    assert values["outside"] == pytest.approx(255.0 * 0.05, abs=0.1)


def test_a_thing_too_small_for_a_contrast_is_left_out(pair):
    mask = np.zeros((60, 80), bool)
    mask[3, 4] = True
    assert guidance(ObedientEngine(), pair, "dot", mask) is None


def test_the_command_reports_every_reference(folders, monkeypatch, read_report, capsys):
    (folders / "fused").rename(folders / "elsewhere")
    large, tiny = np.zeros((48, 64), bool), np.zeros((48, 64), bool)
    large[16:32, 20:44], tiny[2, 2] = True, True
    lines = [
        {"image": name, "split": "val", "sentences": ["the box"], "kind": "thing", "classes": ["box"]}
        | {"mask": encode_mask(mask)}
        for name in ("one", "two")
        for mask in (large, tiny)
    ]
    (folders / "refs.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    monkeypatch.setattr(engines, "build", lambda name, **options: ObedientEngine())
    monkeypatch.setattr(evaluation.guidance, "weights_of", lambda engine, checkpoint: None)
    output = str(folders / "out" / "report.json")
    arguments = ["guidance", "--data", str(folders), "--split", "val", "--engine", "obedient", "--output", output]
    assert main(arguments) == 0
    assert capsys.readouterr().out.startswith("n 2 ")
    report = read_report()
    assert set(report["per_reference"]) == {"one#0.0", "two#0.0"} and report["per_kind"]["thing"]["n"] == 2
    assert report["mean"]["inside"] > 5.0 and len(report["interval"]["inside"]) == 2
