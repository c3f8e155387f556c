"""`python -m evaluation fusion` on small pictures made here."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import app.pairs
import engines
from evaluation.cli import main
from evaluation.metrics import METRICS, fusion_metrics

_ROOT = Path(__file__).parents[2]
_SHAPE = (48, 64)


def _fusion(folder: Path, *arguments: str) -> list[str]:
    sources = ["--visible", str(folder / "visible"), "--infrared", str(folder / "infrared")]
    return ["fusion", *sources, "--output", str(folder / "out" / "report.json"), *arguments]


def _luma(rgb: np.ndarray) -> np.ndarray:
    return np.round(rgb @ np.array([0.299, 0.587, 0.114]))


def test_fused_pictures_are_scored_on_rounded_luma(
    folders: Path, levels: Callable[..., np.ndarray], read_report: Callable[[], dict]
) -> None:
    assert main(_fusion(folders, "--fused", str(folders / "fused"))) == 0
    report = read_report()
    assert list(report) == ["n", "mean", "interval", "per_image", "settings"]
    assert report["n"] == 2 and list(report["per_image"]) == ["one", "two"]
    for seed, name in enumerate(("one", "two")):
        visible = _luma(levels(seed, *_SHAPE, 3).astype(float))
        expected = fusion_metrics(levels(seed + 10, *_SHAPE), visible, levels(seed + 20, *_SHAPE))
        assert report["per_image"][name] == pytest.approx(expected)
    for metric in METRICS:
        values = [report["per_image"][name][metric] for name in ("one", "two")]
        assert report["mean"][metric] == pytest.approx(sum(values) / 2)


def test_names_match_by_stem_and_other_files_are_passed_over(folders: Path, read_report: Callable[[], dict]) -> None:
    (folders / "fused" / "one.png").rename(folders / "fused" / "one.PNG")
    Image.open(folders / "fused" / "two.png").convert("RGB").save(folders / "fused" / "two.bmp")
    (folders / "fused" / "two.png").unlink()
    (folders / "fused" / "report.json").write_text("{}", encoding="utf-8")
    assert main(_fusion(folders, "--fused", str(folders / "fused"))) == 0
    assert list(read_report()["per_image"]) == ["one", "two"]


def test_an_engine_is_scored_as_the_pictures_it_would_save(folders: Path, read_report: Callable[[], dict]) -> None:
    assert main(_fusion(folders, "--engine", "mean")) == 0
    fused_here = read_report()
    engine = engines.build("mean")
    (folders / "saved").mkdir()
    for name in ("one", "two"):
        pair = app.pairs.read_pair(folders / "visible" / f"{name}.png", folders / "infrared" / f"{name}.png")
        image = engine.fuse(pair, engines.Instruction()).image
        app.pairs.write_png(folders / "saved" / f"{name}.png", image)
    assert main(_fusion(folders, "--fused", str(folders / "saved"))) == 0
    saved = read_report()
    assert fused_here.pop("settings") == {"profile": "default", "engine": "mean", "weights": None}
    assert saved.pop("settings") == {"profile": "default"}
    assert saved == fused_here
    # The mean keeps more of both sources than the unrelated pictures of the other tests.
    assert fused_here["mean"]["CC"] > 0.5


def test_the_text_reaches_the_engine_as_the_parser_read_it(
    folders: Path, monkeypatch: pytest.MonkeyPatch, read_report: Callable[[], dict]
) -> None:
    asked = []

    class Recorder:
        def fuse(self, pair: engines.ImagePair, instruction: engines.Instruction) -> engines.FusionResult:
            asked.append(instruction)
            return engines.FusionResult(image=pair.visible)

    read = engines.Instruction(text="brighten it", edits=(engines.Edit(None, "brighten"),))
    monkeypatch.setattr(engines, "build", lambda name, checkpoint, device: Recorder())
    monkeypatch.setattr("app.parser.parse", {"brighten it": read}.__getitem__, raising=False)
    assert main(_fusion(folders, "--engine", "terf", "--text", "brighten it")) == 0
    assert main(_fusion(folders, "--engine", "terf")) == 0
    assert asked == [read, read, engines.Instruction(), engines.Instruction()]
    assert read_report()["mean"]["PSNR"] > 0


def test_values_without_meaning_are_null_and_left_out_of_the_mean(
    folders: Path, save: Callable[[Path, np.ndarray], None], read_report: Callable[[], dict]
) -> None:
    save(folders / "fused" / "two.png", np.full(_SHAPE, 90, dtype=np.uint8))
    assert main(_fusion(folders, "--fused", str(folders / "fused"))) == 0
    report = read_report()
    assert report["per_image"]["two"]["CC"] is None
    assert report["mean"]["CC"] == report["per_image"]["one"]["CC"]
    assert report["mean"]["EN"] == pytest.approx(report["per_image"]["one"]["EN"] / 2)


def test_the_module_runs_as_a_program(folders: Path) -> None:
    command = [sys.executable, "-m", "evaluation", *_fusion(folders, "--fused", str(folders / "fused"))]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("n 2  EN ")
    command[-1] = str(folders / "nowhere")
    failed = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
    assert failed.returncode == 2
    assert failed.stderr.splitlines() == [
        f"python -m evaluation: {folders / 'nowhere'} must be a folder of pictures, but there is no such folder."
    ]


def test_a_missing_counterpart_is_named(folders: Path, error_line: Callable[[list[str]], str]) -> None:
    (folders / "fused" / "two.png").unlink()
    assert "1 of 2 have none: two." in error_line(_fusion(folders, "--fused", str(folders / "fused")))
    (folders / "infrared" / "one.png").unlink()
    error = error_line(_fusion(folders, "--engine", "mean"))
    assert "infrared" in error and "one" in error


def test_fused_pictures_that_cannot_be_used(
    folders: Path,
    levels: Callable[..., np.ndarray],
    save: Callable[[Path, np.ndarray], None],
    error_line: Callable[[list[str]], str],
) -> None:
    arguments = _fusion(folders, "--fused", str(folders / "fused"))
    bad = folders / "fused" / "one.png"
    save(bad, levels(1, 48, 60))
    assert "must be 64x48 like its visible picture, but is 60x48" in error_line(arguments)
    save(bad, np.zeros(_SHAPE, dtype=np.uint16))
    assert "must be an 8-bit picture" in error_line(arguments)
    bad.write_bytes(b"not a picture")
    assert "must be a picture that can be read" in error_line(arguments)
    save(bad, levels(1, *_SHAPE))
    save(bad.with_suffix(".bmp"), levels(1, *_SHAPE))
    assert "must occur once" in error_line(arguments)


def test_options_that_cannot_be_used(folders: Path, error_line: Callable[[list[str]], str]) -> None:
    fused = ["--fused", str(folders / "fused")]
    assert "'nonsense'" in error_line(_fusion(folders, "--engine", "nonsense"))
    assert "--text" in error_line(_fusion(folders, *fused, "--text", "make the car clear"))
    assert "not allowed with" in error_line(_fusion(folders, *fused, "--engine", "mean"))
    assert "--fused --engine" in error_line(_fusion(folders))
    (folders / "out" / "report.json").mkdir(parents=True)
    assert "must be a file" in error_line(_fusion(folders, *fused))
