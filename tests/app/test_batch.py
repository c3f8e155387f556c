from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.batch import Job, Settings, fingerprint, fuse_one, is_done, matched
from app.batch_journal import Journal, remembered
from app.batch_shards import Shard
from app.cli import main
from engines import Edit, InputError, Instruction
from engines.regions.options import RegionOptions

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


def made_at(folder: Path) -> dict[str, int]:
    return {path.stem: path.stat().st_mtime_ns for path in folder.glob("*.png")}


def test_what_is_done_is_not_done_again(folders, capsys):
    assert main(words(folders)) == 0
    first, told = made_at(folders / "fused"), (folders / "fused" / "batch.json").read_text(encoding="utf-8")
    assert main(words(folders)) == 0
    assert made_at(folders / "fused") == first
    assert (folders / "fused" / "batch.json").read_text(encoding="utf-8") == told
    assert "2 by an earlier run" in capsys.readouterr().err


@pytest.mark.parametrize("change", ["engine", "input", "output", "redo", "polarity"])
def test_what_has_changed_is_done_again(change, folders):
    assert main(words(folders)) == 0
    first, more = made_at(folders / "fused"), []
    again = {"a", "c"}
    if change == "engine":
        more = ["--engine", "max"]
    elif change == "redo":
        more = ["--redo"]
    elif change == "polarity":
        more = ["--polarity", "black-hot"]
    else:
        again = {"a"}
        folder = folders / ("fused" if change == "output" else "visible")
        Image.new("RGB", (64, 48), (10, 10, 10)).save(folder / "a.png")
        first["a"] = 0 if change == "input" else made_at(folders / "fused")["a"]
    assert main(words(folders, *more)) == 0
    second = made_at(folders / "fused")
    assert {stem for stem in second if second[stem] != first[stem]} == again
    # Inverted, the infrared level of 200 is 55.
    level = {"engine": 200, "input": 105, "output": 150, "redo": 150, "polarity": 78}[change]
    assert np.asarray(Image.open(folders / "fused" / "a.png"))[0, 0, 0] == level


def test_the_masker_reaches_the_engine_and_another_one_means_another_result(folders, box_engine):
    settings = Settings(Instruction("x", (Edit("x", "darken"),)), "terf", "fast", None, folders)
    job = Job("a", folders / "visible" / "a.png", folders / "infrared" / "a.png")
    plain = fingerprint(job, settings)
    other = replace(settings, regions=RegionOptions("embedded"))
    _, record = fuse_one(job, other)
    assert box_engine.options[-1]["regions"] == RegionOptions("embedded")
    assert record["fingerprint"] == fingerprint(job, other) != plain
    assert is_done(job, other, record) and not is_done(job, settings, record)


def test_an_alignment_that_is_none_is_refused_before_any_pair(folders, capsys):
    assert main(words(folders, "--align", "sideways")) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1 and "'sideways'" in told[0] and not (folders / "fused").exists()


def test_pictures_are_moved_as_asked(folders):
    assert main(words(folders, "--align", "8,0")) == 0
    told = json.loads((folders / "fused" / "batch.json").read_text(encoding="utf-8"))
    assert any("+8.0 pixels to the right" in note for note in told["a"]["notes"])


def test_a_run_that_was_stopped_is_gone_on_with(folders):
    assert main(words(folders)) == 0
    fused = folders / "fused"
    record = json.loads((fused / "batch.json").read_text(encoding="utf-8"))["a"]
    (fused / "batch.json").unlink()
    journal = Journal(fused)
    journal.add("a", record)
    journal.close()
    with (fused / ".batch.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"stem": "c", "rec')
    (fused / ".c.123.partial").write_bytes(b"half a picture")
    assert remembered(fused) == {"a": record}
    first = made_at(fused)
    assert main(words(folders)) == 0
    second = made_at(fused)
    assert second["a"] == first["a"] and second["c"] != first["c"]
    assert {path.name for path in fused.iterdir()} == {"a.png", "c.png", "batch.json"}


def test_strict_tells_a_calling_program_of_failures(folders, capsys):
    assert main(words(folders, "--strict")) == 2
    errors = capsys.readouterr().err
    assert "note: b:" in errors and "1 of 3 pairs could not be fused" in errors.splitlines()[-1]
    assert (folders / "fused" / "c.png").is_file()


def test_shards_divide_the_pairs_and_a_last_run_gathers_their_reports(folders, monkeypatch):
    assert main(words(folders, "--shard", "0/2")) == 0
    assert {path.name for path in (folders / "fused").iterdir()} == {"a.png", "c.png", "batch.0-of-2.json"}
    first = made_at(folders / "fused")
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert main(words(folders, "--shard", "auto")) == 2, "its only pair is the damaged one"
    assert main(words(folders)) == 0
    assert made_at(folders / "fused") == first
    told = json.loads((folders / "fused" / "batch.json").read_text(encoding="utf-8"))
    assert list(told) == ["a", "b", "c"] and told["c"]["engine"] == "mean"


def test_shards_of_schedulers():
    slurm = {"SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_ARRAY_TASK_MIN": "5"}
    assert Shard.parse("auto", slurm) == Shard(2, 4)
    assert sorted(item for i in range(4) for item in Shard(i, 4).of(range(10))) == list(range(10))
    for text in ("auto", "4/4", "1", "-1/2", "a/b"):
        with pytest.raises(ValueError):
            Shard.parse(text, {})


def test_ray_that_is_not_there_is_named(folders, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    assert main(words(folders, "--ray")) == 2
    assert "pip install ray" in capsys.readouterr().err


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Twenty noisy pairs, 480 x 360."""
    rng = np.random.default_rng(0)
    for kind, shape in (("visible", (360, 480, 3)), ("infrared", (360, 480))):
        (tmp_path / kind).mkdir()
        for index in range(20):
            Image.fromarray(rng.integers(0, 256, shape, dtype=np.uint8)).save(tmp_path / kind / f"{index:02d}.png")
    return tmp_path


def start(folder: Path, output: str, *more: str) -> subprocess.Popen:
    inputs = ["--visible", str(folder / "visible"), "--infrared", str(folder / "infrared"), "--text", ""]
    command = ["batch", *inputs, "--engine", "guided", "--threads", "1", "--output", str(folder / output), *more]
    return subprocess.Popen([sys.executable, "-m", "app", *command], cwd=ROOT, stderr=subprocess.PIPE, text=True)


def descendants(process: int) -> list[int]:
    """The processes below one."""
    found = []
    for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
        found += [int(child), *descendants(int(child))]
    return found


def workers_of(process: int, name: str) -> list[int]:
    """The processes below one whose command line holds `name`."""
    found = []
    for child in descendants(process):
        try:
            command = Path(f"/proc/{child}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if name in command:
            found.append(child)
    return found


def wait_until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 400
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.png")}


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds worker processes in /proc")
def test_a_killed_worker_loses_nothing(many):
    alone = start(many, "alone")
    assert alone.wait(600) == 0, alone.stderr.read()
    batch = start(many, "fused", "--workers", "2")
    wait_until(lambda: any((many / "fused").glob("*.png")))
    os.kill(workers_of(batch.pid, "spawn_main")[0], signal.SIGKILL)
    unfinished = 20 - len(contents(many / "fused"))
    assert batch.wait(600) == 0, batch.stderr.read()
    assert unfinished > 0, "the worker was to be killed before the end"
    assert "20 of 20 pairs fused" in batch.stderr.read()
    assert contents(many / "fused") == contents(many / "alone") and len(contents(many / "alone")) == 20


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds worker processes in /proc")
def test_a_killed_batch_is_gone_on_with(many):
    batch = start(many, "fused", "--workers", "2")
    wait_until(lambda: len(contents(many / "fused")) >= 4)
    workers = workers_of(batch.pid, "spawn_main")
    batch.kill()
    batch.wait()
    wait_until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
    journal = (many / "fused" / ".batch.jsonl").read_text(encoding="utf-8").splitlines()
    done = {json.loads(line)["stem"] for line in journal}
    first = made_at(many / "fused")
    again = start(many, "fused")
    assert again.wait(600) == 0, again.stderr.read()
    assert f"({len(done)} by an earlier run)" in again.stderr.read()
    second = made_at(many / "fused")
    assert len(second) == 20 and all(second[stem] == first[stem] for stem in done)
    assert not list((many / "fused").glob(".*"))


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds worker processes in /proc")
@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray, an optional extra, is not installed")
def test_ray_makes_the_same_files_and_survives_a_killed_worker(many):
    alone = start(many, "alone")
    assert alone.wait(600) == 0, alone.stderr.read()
    batch = start(many, "fused", "--ray", "--workers", "2")
    wait_until(lambda: any((many / "fused").glob("*.png")))
    # Ray's own services are called "ray::" too, and its node ends with them; a worker at work has its task's name.
    found: list[int] = []
    wait_until(lambda: found.extend(workers_of(batch.pid, "ray::_fuse_with_threads")) or found)
    os.kill(found[0], signal.SIGKILL)
    unfinished = 20 - len(contents(many / "fused"))
    assert batch.wait(600) == 0, batch.stderr.read()
    assert unfinished > 0, "the worker was to be killed before the end"
    assert contents(many / "fused") == contents(many / "alone") and len(contents(many / "alone")) == 20
