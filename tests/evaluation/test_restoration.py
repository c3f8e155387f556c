"""`python -m evaluation restoration` with an engine that is told what to restore and does it perfectly."""

from __future__ import annotations

import json

import numpy as np
import pytest

import engines
from engines.text_if.sentences import DEFAULT_SENTENCE
from engines.types import FusionResult
from evaluation import restoration
from evaluation.cli import main
from evaluation.restoration import degraded, sentences_for, similarity
from evaluation.run_length import encode_mask
from training.degradations import DEGRADATIONS
from training.restoration_sentences import HELD_OUT


class Oracle:
    """Fuses by the maximum, of the clean pair where the sentence names what is wrong."""

    def __init__(self) -> None:
        self.clean = {}

    def fuse(self, pair, instruction, progress=None):
        assert not instruction.edits
        for key, (task, clean) in self.clean.items():
            if key == pair.visible.tobytes() + pair.infrared.tobytes() and instruction.text in HELD_OUT[task]:
                pair = clean
        return FusionResult(engines.build("max").fuse(pair, instruction).image)


@pytest.fixture
def data(folders):
    (folders / "fused").rename(folders / "elsewhere")
    mask = encode_mask(np.ones((48, 64), bool))
    line = {"split": "val", "sentences": ["x"], "kind": "stuff", "classes": ["road"], "mask": mask}
    lines = [json.dumps({"image": name} | line) for name in ("one", "two")]
    (folders / "refs.jsonl").write_text("\n".join(lines))
    return folders


@pytest.fixture
def oracle(monkeypatch):
    oracle, build = Oracle(), engines.build
    make = restoration.degraded

    def remember(pair, name, picture):
        worse = make(pair, name, picture)
        oracle.clean[worse.visible.tobytes() + worse.infrared.tobytes()] = name, pair
        return worse

    monkeypatch.setattr(restoration, "degraded", remember)
    monkeypatch.setattr(restoration, "weights_of", lambda engine, checkpoint: None)
    monkeypatch.setattr(engines, "build", lambda name, **options: oracle if name == "oracle" else build(name))
    return oracle


def arguments(data, *more: str) -> list[str]:
    output = str(data / "out" / "report.json")
    return ["restoration", "--data", str(data), "--split", "val", "--engine", "oracle", "--output", output, *more]


def test_a_sentence_that_restores_is_worth_decibels(data, oracle, read_report, capsys):
    assert main(arguments(data)) == 0
    report = read_report()
    assert capsys.readouterr().out.startswith("n 2 ")
    assert report["n"] == 2 and set(report["per_image"]) == {"one", "two"}
    for name in DEGRADATIONS:
        means = report["mean"][name]
        assert means["matching"]["clean fusion"] == {"PSNR": 100.0, "SSIM": pytest.approx(1.0)}
        assert means["default"]["clean fusion"]["PSNR"] < 60
        gain = report["gain"][name]["over default"]["clean maximum"]
        assert gain["PSNR"] > 10 and gain["share"] == 1.0 and len(gain["interval"]) == 2


def test_a_limit_below_one_is_refused(data, oracle, error_line):
    assert "--limit" in error_line(arguments(data, "--limit", "0"))


def test_sentences_are_held_out_and_the_wrong_one_names_something_else():
    for name in DEGRADATIONS:
        said = [sentences_for(name, f"picture {i}") for i in range(12)]
        assert all(one["matching"] in HELD_OUT[name] and one["default"] == DEFAULT_SENTENCE for one in said)
        others = {text for other, texts in HELD_OUT.items() if other != name for text in texts}
        assert all(one["wrong"] in others for one in said) and len({one["wrong"] for one in said}) > 3
        assert said[0] == sentences_for(name, "picture 0")


def test_a_picture_is_degraded_the_same_way_every_time():
    rng = np.random.default_rng(0)
    pair = engines.ImagePair(rng.random((16, 20, 3), dtype=np.float32), rng.random((16, 20), dtype=np.float32))
    for name in DEGRADATIONS:
        first, again, other = (degraded(pair, name, picture) for picture in ("a", "a", "b"))
        assert np.array_equal(first.visible, again.visible) and np.array_equal(first.infrared, again.infrared)
        assert not (np.array_equal(first.visible, other.visible) and np.array_equal(first.infrared, other.infrared))


def test_similarity_falls_with_the_error():
    image = np.random.default_rng(0).random((16, 16, 3), dtype=np.float32)
    worse, worst = (np.clip(image + step, 0, 1).astype(np.float32) for step in (0.05, 0.2))
    assert similarity(image, image)["SSIM"] == pytest.approx(1.0)
    assert similarity(worse, image)["PSNR"] > similarity(worst, image)["PSNR"]
