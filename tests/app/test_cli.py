from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import engines
from app.cli import main
from engines import CheckpointError
from engines.regions.options import RegionOptions
from tests.app.comparison.conftest import Levels

ROOT = Path(__file__).resolve().parents[2]


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path))


def error_line(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on stderr."""
    captured = capsys.readouterr()
    lines = captured.err.splitlines()
    assert len(lines) == 1, captured.err
    assert captured.out == ""
    return lines[0]


class TestParse:
    def test_prints_the_contract(self, capsys):
        assert main(["parse", "make the cones clear", "--parser", "rules"]) == 0
        assert json.loads(capsys.readouterr().out) == {
            "text": "make the cones clear",
            "edits": [{"region": "cones", "effect": "highlight", "strength": 1}],
            "engine": "ris-fusion",
            "parser": "rules",
        }

    def test_another_effect_goes_to_terf(self, capsys):
        assert main(["parse", "Reduce the illumination of the trees and buildings", "--parser", "rules"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["engine"] == "terf"
        assert [(edit["region"], edit["effect"]) for edit in told["edits"]] == [
            ("trees", "darken"),
            ("buildings", "darken"),
        ]

    def test_empty_text_has_no_edits(self, capsys):
        assert main(["parse", ""]) == 0
        assert json.loads(capsys.readouterr().out)["edits"] == []

    def test_notes_go_to_stderr(self, capsys):
        assert main(["parse", "the the", "--parser", "rules"]) == 0
        captured = capsys.readouterr()
        assert json.loads(captured.out)["edits"] == []
        assert captured.err.startswith("note: ")

    def test_starts_without_models_or_pictures(self):
        code = (
            "import sys; from app.cli import main; main(['parse', 'make the cones clear', '--parser', 'rules']);"
            "sys.exit(any(name in sys.modules for name in ('torch', 'cv2', 'gradio', 'transformers')))"
        )
        assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True).returncode == 0


class TestFuse:
    def test_picture_mask_and_report_of_plain_fusion(self, pair, tmp_path, capsys):
        out = tmp_path / "new" / "out.png"
        mask, report = tmp_path / "mask.png", tmp_path / "report.json"
        words = [*pair.arguments, "--text", "", "--engine", "mean", "--output", str(out)]
        assert main(["fuse", *words, "--mask", str(mask), "--report", str(report)]) == 0
        fused = pixels(out)
        assert fused.shape == (48, 64, 3)
        assert fused[0, 0].tolist() == [150, 150, 150]
        assert not pixels(mask).any()
        told = json.loads(report.read_text(encoding="utf-8"))
        assert list(told) == ["engine", "parser", "edits", "regions", "seconds", "notes"]
        assert (told["engine"], told["edits"], told["regions"]) == ("mean", [], [])
        assert {"read", "parse", "load", "fuse"} <= set(told["seconds"])

    def test_region_reaches_mask_overlay_and_report(self, pair, tmp_path, box_engine):
        out, mask, overlay, report = (tmp_path / name for name in ("o.png", "m.png", "v.png", "r.json"))
        words = [*pair.arguments, "--text", "make the cones clear", "--parser", "rules", "--output", str(out)]
        outputs = ["--mask", str(mask), "--overlay", str(overlay), "--report", str(report)]
        assert main(["fuse", *words, *outputs]) == 0
        inside = pixels(mask)
        assert inside.dtype == np.uint8 and inside.ndim == 2
        assert np.unique(inside[4:20, 8:24]).tolist() == [255]
        assert inside.sum() == 255 * 16 * 16
        assert pixels(overlay)[10, 10].tolist() == [255, 128, 128]
        assert pixels(overlay)[0, 0].tolist() == pixels(out)[0, 0].tolist() == [100, 100, 100]
        told = json.loads(report.read_text(encoding="utf-8"))
        assert told["regions"] == [{"label": "cones", "box": [8, 4, 24, 20], "area": 256, "score": 0.5}]
        assert told["edits"] == [{"region": "cones", "effect": "highlight", "strength": 1}]
        assert told["parser"] == "rules" and "A note of the engine." in told["notes"]

    def test_checkpoint_and_preset_reach_terf(self, pair, tmp_path, box_engine):
        words = [*pair.arguments, "--text", "darken the sky", "--parser", "rules", "--output", str(tmp_path / "o.png")]
        assert main(["fuse", *words, "--preset", "paper", "--checkpoint", "own"]) == 0
        assert box_engine.options == [{"name": "terf", "checkpoint": "own", "preset": "paper"}]

    def test_the_way_to_find_regions_reaches_terf(self, pair, tmp_path, box_engine):
        words = [*pair.arguments, "--text", "darken the sky", "--parser", "rules", "--output", str(tmp_path / "o.png")]
        words += ["--regions", "grounded-sam", "--regions-source", "both", "--sam", "vit-l"]
        words += ["--box-threshold", "0.4", "--text-threshold", "0.1"]
        assert main(["fuse", *words]) == 0
        assert box_engine.options[0]["regions"] == RegionOptions("grounded-sam", "both", "vit-l", 0.4, 0.1)

    def test_semantics_reach_tesg(self, pair, tmp_path, capsys, monkeypatch):
        real_import = importlib.import_module

        def without_diffusers(name: str, *others: object) -> object:
            if name == "diffusers":
                raise ImportError(name)
            return real_import(name, *others)

        monkeypatch.setattr(importlib, "import_module", without_diffusers)
        words = [*pair.arguments, "--text", "", "--engine", "tesg", "--output", str(tmp_path / "o.png")]
        assert main(["fuse", *words, "--semantics", "paper"]) == 2
        assert "pip install diffusers" in error_line(capsys)


class TestErrors:
    @pytest.mark.parametrize(
        ("changed", "says"),
        [
            ({"--engine": "magic"}, "engine must be one of"),
            ({"--preset": "slow"}, "--preset"),
            ({"--box-threshold": "1.5"}, "box threshold must lie between 0 and 1"),
            ({"--parser": "guess"}, "--parser"),
            ({"--visible": "nowhere.png"}, "nowhere.png"),
            ({"--infrared": "{text}"}, "notes.txt"),
            ({"--output": "{out}.jpg"}, ".png"),
            ({"--output": "{visible}"}, "overwrite"),
            ({"--output": "{text}/out.png"}, "cannot"),
            ({"--output": "{folder}"}, ".png"),
            ({"--mask": "{out}"}, "different"),
            ({"--report": "{out}"}, ".json"),
            ({"--checkpoint": "any"}, "takes no checkpoint"),
            ({"--unknown": "1"}, "--unknown"),
            ({"--semantics": "paper"}, "Only the engine tesg"),
            ({"--semantics": "none"}, "--semantics"),
        ],
    )
    def test_one_line_and_exit_2(self, changed, says, pair, tmp_path, capsys):
        text = tmp_path / "notes.txt"
        text.write_text("not a picture", encoding="utf-8")
        out = tmp_path / "out.png"
        known = {"{text}": str(text), "{out}": str(out), "{visible}": str(pair.visible), "{folder}": str(tmp_path)}
        options = {
            "--visible": str(pair.visible),
            "--infrared": str(pair.infrared),
            "--text": "",
            "--engine": "mean",
            "--output": str(out),
        }
        for option, value in changed.items():
            for name, real in known.items():
                value = value.replace(name, real)
            options[option] = value
        assert main(["fuse", *(word for item in options.items() for word in item)]) == 2
        assert says in error_line(capsys)
        assert not out.exists()

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            ([], "COMMAND"),
            (["bake"], "bake"),
            (["parse"], "TEXT"),
            (["fuse"], "--visible"),
            (["parse", "x", "--parser", "guess"], "guess"),
            (["checkpoints", "--download", "nothing-of-that-name"], "nothing-of-that-name"),
            (["batch", "--workers", "0"], "--workers"),
        ],
    )
    def test_wrong_command_line(self, words, says, capsys):
        assert main(words) == 2
        assert says in error_line(capsys)

    def test_a_defect_is_one_line_and_not_exit_2(self, pair, tmp_path, capsys, monkeypatch):
        def broken(*_: object, **__: object) -> None:
            raise ZeroDivisionError("of our own making")

        monkeypatch.setattr(engines, "build", broken)
        assert main(["fuse", *pair.arguments, "--text", "", "--output", str(tmp_path / "o.png")]) == 1
        line = error_line(capsys)
        assert "of our own making" in line and "SAYFUSE_DEBUG" in line

    def test_process_exits_2_without_traceback(self):
        done = subprocess.run([sys.executable, "-m", "app", "fuse"], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr and len(done.stderr.splitlines()) == 1


class TestCompare:
    def test_one_picture_each_a_sheet_and_a_report(self, pair, tmp_path):
        out = tmp_path / "compared"
        words = [*pair.arguments, "--text", "", "--engines", "mean, max", "--output", str(out)]
        assert main(["compare", *words]) == 0
        sheets = {f"comparison.{kind}" for kind in ("png", "pdf", "csv", "json", "tex")}
        assert {path.name for path in out.iterdir()} == {"mean.png", "max.png", *sheets}
        assert pixels(out / "mean.png")[0, 0, 0] == 150
        assert pixels(out / "max.png")[0, 0, 0] == 200
        told = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
        assert list(told["engines"]) == ["mean", "max"] and told["failures"] == {}
        assert told["engines"]["max"]["engine"] == "max"

    def test_an_engine_without_weights_is_left_out(self, pair, tmp_path, capsys, monkeypatch):
        real_build = engines.build

        def build(name: str, **options: object) -> object:
            if name == "terf":
                raise CheckpointError("The weights are missing.")
            return real_build(name, **options)

        monkeypatch.setattr(engines, "build", build)
        out = tmp_path / "compared"
        assert main(["compare", *pair.arguments, "--text", "", "--engines", "mean,terf", "--output", str(out)]) == 0
        told = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
        assert told["failures"] == {"terf": "The weights are missing."}
        assert "The weights are missing." in capsys.readouterr().err
        assert main(["compare", *pair.arguments, "--text", "", "--engines", "terf", "--output", str(out)]) == 2
        assert "The weights are missing." in error_line(capsys)

    @pytest.mark.parametrize(
        ("option", "value", "said"),
        [
            ("--crop", "everywhere", "X0,Y0,X1,Y1"),
            ("--crop", "0,0,65,10", "within the 64 × 48 pixels"),
            ("--difference", "mean", "two names"),
            ("--difference", "mean,guided", "'guided'"),
        ],
    )
    def test_bad_options_give_one_line_and_no_files(self, option, value, said, pair, tmp_path, capsys):
        out = tmp_path / "compared"
        words = [*pair.arguments, "--text", "", "--engines", "mean,max", "--output", str(out), option, value]
        assert main(["compare", *words]) == 2
        assert said in error_line(capsys) and not out.exists()

    def test_differences_are_mapped_on_request(self, pair, tmp_path):
        out = tmp_path / "compared"
        words = [*pair.arguments, "--text", "", "--engines", "mean,max", "--output", str(out)]
        assert main(["compare", *words, "--difference", "mean,max", "--difference", "max,visible"]) == 0
        # The mean is darker than the maximum: blue.
        assert pixels(out / "difference_mean_max.png")[5, 150].argmax() == 2
        assert pixels(out / "difference_max_visible.png")[5, 150].argmax() == 0

    def test_weights_and_masker_can_be_named(self, pair, tmp_path, box_engine):
        file = tmp_path / "own.safetensors"
        file.write_text("weights")
        out = tmp_path / "compared"
        words = [*pair.arguments, "--text", "", "--engines", f"terf,terf:{file}", "--output", str(out)]
        assert main(["compare", *words, "--regions", "embedded"]) == 0
        assert [options["checkpoint"] for options in box_engine.options[:2]] == [None, str(file)]
        assert all(options["regions"] == RegionOptions("embedded") for options in box_engine.options[:2])
        told = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
        assert list(told["engines"]) == ["terf", f"terf:{file}"]
        assert f"TeRF ({tmp_path.name}/own.safetensors)" in (out / "comparison.tex").read_text().replace("\\_", "_")

    def test_one_method_written_in_two_ways_is_one(self, pair, tmp_path, box_engine):
        (tmp_path / "own.safetensors").write_text("weights")
        out, file = tmp_path / "compared", f"{tmp_path}/own.safetensors"
        names = f"terf,terf:,terf:{file},terf:{tmp_path}/./own.safetensors"
        words = [*pair.arguments, "--text", "", "--engines", names, "--output", str(out)]
        assert main(["compare", *words, "--difference", f"terf:,terf:{tmp_path}//own.safetensors"]) == 0
        told = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
        assert list(told["engines"]) == ["terf", f"terf:{file}"]
        assert len(list(out.glob("difference_*.png"))) == 1

    def test_names_that_look_alike_have_files_of_their_own(self, pair, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        names = ["a b.pth", "a_b.pth", "A_B.pth"]
        for name in names:
            Path(name).write_text(name)

        monkeypatch.setattr(
            engines, "build", lambda name, checkpoint=None, **options: Levels(names.index(checkpoint) / 5)
        )
        out = tmp_path / "compared"
        weights = [f"terf:{name}" for name in names]
        words = [*pair.arguments, "--text", "", "--engines", ",".join(weights), "--output", str(out)]
        differences = [word for other in weights[1:] for word in ("--difference", f"{other},{weights[0]}")]
        assert main(["compare", *words, *differences]) == 0
        files = ("terf_a_b.pth.png", "terf_a_b.pth_2.png", "terf_A_B.pth_3.png")
        assert [pixels(out / file)[0, 0, 0] for file in files] == [0, 51, 102]
        maps = ("difference_terf_a_b.pth_terf_a_b.pth.png", "difference_terf_A_B.pth_terf_a_b.pth_2.png")
        assert (out / maps[0]).read_bytes() != (out / maps[1]).read_bytes()

    @pytest.mark.parametrize("name", ["max", "comparison", "difference_max_mean"])
    def test_inputs_are_never_overwritten(self, name, pair, tmp_path, capsys):
        precious = tmp_path / "out" / f"{name}.png"
        precious.parent.mkdir()
        pair.visible.rename(precious)
        before = precious.read_bytes()
        words = ["--visible", str(precious), "--infrared", str(pair.infrared), "--text", "", "--engines", "max,mean"]
        words += ["--difference", "max,mean", "--output"]
        assert main(["compare", *words, str(precious.parent)]) == 2
        assert "would overwrite an input: name another folder" in error_line(capsys)
        assert precious.read_bytes() == before and len(list(precious.parent.iterdir())) == 1
        assert main(["compare", *words, str(tmp_path / "elsewhere")]) == 0

    @pytest.mark.parametrize("names", ["mean,magic", ",", "mean,auto", "mean:any.pth", ":any.pth"])
    def test_engines_must_be_known(self, names, pair, tmp_path, capsys):
        out = tmp_path / "compared"
        assert main(["compare", *pair.arguments, "--text", "", "--engines", names, "--output", str(out)]) == 2
        assert "engine" in error_line(capsys)


class TestReading:
    def fused(self, pair, tmp_path, *options: str) -> np.ndarray:
        output = tmp_path / "out.png"
        assert main(["fuse", *pair.arguments, "--text", "", "--engine", "mean", "--output", str(output), *options]) == 0
        return pixels(output)[..., 0].astype(int)

    def test_polarity_and_alignment_reach_the_pair(self, pair, tmp_path):
        plain = self.fused(pair, tmp_path)
        assert (plain[35, 45], plain[5, 5]) == (150, 150)
        inverted = self.fused(pair, tmp_path, "--polarity", "black-hot")
        assert abs(inverted[5, 5] - (100 + 55) / 2) <= 1
        moved = self.fused(pair, tmp_path, "--align", "12,0")
        assert abs(moved[35, 55] - (100 + 240) / 2) <= 1

    def test_an_alignment_that_means_nothing_is_refused(self, pair, tmp_path, capsys):
        words = ["fuse", *pair.arguments, "--text", "", "--engine", "mean", "--output", str(tmp_path / "out.png")]
        assert main([*words, "--align", "left"]) == 2
        assert "DX,DY" in error_line(capsys)
