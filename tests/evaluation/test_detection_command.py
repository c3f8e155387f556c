"""`python -m evaluation detection`, with a detector that says what it is told to."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import engines
from engines.text2pixels.detector import Detection
from engines.types import FusionResult
from evaluation.cli import main
from evaluation.run_length import encode_mask

SHAPE = (48, 64)


class FakeEngine:
    """Its pictures are black; as a detector it finds the person in anything, and the car in the visible picture."""

    def fuse(self, pair, instruction, progress=None) -> FusionResult:
        assert not instruction.edits
        return FusionResult(np.zeros_like(pair.visible))

    def detect(self, image: np.ndarray, least: float = 0.05) -> list[Detection]:
        found = [Detection("person", 0.9, (4, 4, 12, 20)), Detection("person", 0.4, (40, 4, 50, 20))]
        coloured = bool((image[..., 0] != image[..., 1]).any())
        return found + [Detection("car", 0.8, (20, 20, 40, 32))] * coloured


@pytest.fixture
def data(tmp_path: Path, levels, save, monkeypatch) -> Path:
    """Two pictures with a person and a car each."""
    references, scenes = [], []
    for seed, name in enumerate(("one", "two")):
        save(tmp_path / "data" / "visible" / f"{name}.png", levels(seed, *SHAPE, 3))
        save(tmp_path / "data" / "infrared" / f"{name}.png", levels(seed + 10, *SHAPE))
        mask = encode_mask(np.ones(SHAPE, bool))
        references.append({"image": name, "split": "val", "sentences": ["the road"], "mask": mask})
        boxes = {"person": [4, 4, 12, 20], "car": [20, 20, 40, 32]}
        objects = [{"class": kind, "box": box, "area": 9, "mask": mask} for kind, box in boxes.items()]
        scenes.append({"image": name, "objects": objects, "stuff": {}})
    for file, lines in (("refs.jsonl", references), ("scenes.jsonl", scenes)):
        (tmp_path / "data" / file).write_text("\n".join(json.dumps(line) for line in lines))
    monkeypatch.setattr(engines, "build", lambda name, **options: FakeEngine())
    monkeypatch.setattr("evaluation.detection_benchmark.weights_of", lambda name, checkpoint: None)
    return tmp_path / "data"


def _score(data: Path, *options: str) -> dict:
    output = data / "report.json"
    assert main(["detection", "--data", str(data), *options, "--output", str(output)]) == 0
    return json.loads(output.read_text())


@pytest.mark.parametrize(
    ("options", "car"), [(["--source", "visible"], 100.0), (["--source", "infrared"], 0.0), (["--engine", "max"], 0.0)]
)
def test_scores_what_the_detector_finds_in_each_kind_of_picture(data, capsys, options, car):
    report = _score(data, "--split", "val", *options)
    assert report["n"] == 2 and report["objects"] == {"person": 2, "car": 2, "bicycle": 0}
    # The second person detected is nobody, but ranks behind both.
    expected = {"mAP@0.5": (100.0 + car) / 2, "AP@0.5 person": 100.0, "AP@0.5 car": car, "AP@0.5 bicycle": None}
    assert report["mean"] == expected
    assert report["interval"]["mAP@0.5"] == [expected["mAP@0.5"]] * 2
    assert report["settings"]["picture"] == options[1] and report["settings"]["interpolation"] == "all points"
    assert capsys.readouterr().out.startswith("n 2  mAP@0.5")


def test_a_limit_takes_fewer_pictures_and_data_without_boxes_is_refused(data, capsys):
    assert _score(data, "--source", "visible", "--limit", "1")["n"] == 1
    (data / "scenes.jsonl").unlink()
    assert main(["detection", "--data", str(data), "--source", "visible", "--output", str(data / "x.json")]) == 2
    error = capsys.readouterr().err
    assert "boxes in scenes.jsonl" in error and error.count("\n") == 1
