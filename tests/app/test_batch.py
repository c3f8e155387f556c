from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.batch import matched
from app.cli import main
from engines import InputError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folders(tmp_path: Path, pair_writer) -> Path:
    """Pairs a, b and c, where b's infrared file is no picture; d has no partner."""
    for stem in "abcd":
        pair_writer(tmp_path, stem)
    (tmp_path / "infrared" / "b.png").write_bytes(b"not a picture")
    (tmp_path / "infrared" / "d.png").unlink()
    (tmp_path / "visible" / "notes.txt").write_text("no picture", encoding="utf-8")
    return tmp_path


def words(folder: Path, *more: str) -> list[str]:
    inputs = ["--visible", str(folder / "visible"), "--infrared", str(folder / "infrared"), "--text", ""]
    return ["batch", *inputs, "--engine", "mean", "--output", str(folder / "fused"), *more]


def test_a_damaged_pair_does_not_stop_the_others(folders, capsys):
    assert main(words(folders)) == 0
    fused = folders / "fused"
    assert {path.name for path in fused.iterdir()} == {"a.png", "c.png", "batch.json"}
    assert np.asarray(Image.open(fused / "a.png"))[0, 0, 0] == 150
    told = json.loads((fused / "batch.json").read_text(encoding="utf-8"))
    assert list(told) == ["a", "b", "c"]
    assert list(told["b"]) == ["error"] and "b.png" in told["b"]["error"]
    assert told["a"]["engine"] == "mean"
    errors = capsys.readouterr().err
    assert "2 of 3 pairs" in errors and "d.png" in errors and "Traceback" not in errors


def test_exit_2_where_nothing_could_be_fused(folders, capsys):
    for stem in "ac":
        (folders / "visible" / f"{stem}.png").unlink()
    assert main(words(folders)) == 2
    assert "None of the 1 pairs" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("visible", "output", "says"),
    [("nowhere", "fused", "nowhere"), ("infrared", "visible", "input folders"), ("empty", "fused", "partner")],
)
def test_folders_are_checked_first(visible, output, says, folders, capsys):
    (folders / "empty").mkdir()
    inputs = ["--visible", str(folders / visible), "--infrared", str(folders / "infrared"), "--text", ""]
    output_path = folders / "infrared" if output == "visible" else folders / output
    assert main(["batch", *inputs, "--engine", "mean", "--output", str(output_path)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and says in lines[0]


def test_files_pair_by_stem_whatever_their_suffix(folders):
    (folders / "infrared" / "a.png").rename(folders / "infrared" / "a.PNG")
    files, alone = matched(folders / "visible", folders / "infrared")
    assert files["a"] == (folders / "visible" / "a.png", folders / "infrared" / "a.PNG")
    assert list(files) == ["a", "b", "c"] and alone == ["d.png"]


def test_one_stem_twice_is_refused(folders):
    Image.new("RGB", (64, 48)).save(folders / "visible" / "a.bmp")
    with pytest.raises(InputError, match="a.bmp and a.png"):
        matched(folders / "visible", folders / "infrared")


def test_several_processes_give_the_same_files(folders):
    done = subprocess.run(
        [sys.executable, "-m", "app", *words(folders, "--workers", "2")], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (folders / "fused").iterdir()} == {"a.png", "c.png", "batch.json"}
    assert np.asarray(Image.open(folders / "fused" / "c.png"))[0, 0, 0] == 150
