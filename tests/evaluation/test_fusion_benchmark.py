"""What `python -m evaluation fusion` can score beside two folders: data sets, regions, noise; and how it resumes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas
import pytest
from PIL import Image

import app.pairs
import engines
from evaluation.cli import main
from evaluation.metrics import fusion_metrics
from evaluation.metrics_regions import region_metrics
from evaluation.parallel import each
from evaluation.run_length import encode_mask

_SHAPE = (48, 64)


@pytest.fixture
def half() -> np.ndarray:
    """bool (48, 64), true in the left half."""
    mask = np.zeros(_SHAPE, dtype=bool)
    mask[:, :32] = True
    return mask


@pytest.fixture
def data(folders: Path, half: np.ndarray) -> Path:
    """The folders as referring data: two references of `one`, split val; one of `two`, split train."""
    rows = [("one", "val", "the left half", half), ("one", "val", "the right", ~half), ("two", "train", "all", half)]
    lines = [
        json.dumps({"image": image, "split": split, "sentences": [sentence, "it"], "mask": encode_mask(mask)})
        for image, split, sentence, mask in rows
    ]
    (folders / "refs.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folders


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., list[str]]:
    """run(*options): the command line of `fusion` with a place for its report."""
    return lambda *options: ["fusion", *map(str, options), "--output", str(tmp_path / "out" / "report.json")]


def _folders(root: Path) -> Sequence[str]:
    return "--visible", str(root / "visible"), "--infrared", str(root / "infrared")


def test_each_picture_of_a_split_is_scored_once(
    data: Path, run: Callable[..., list[str]], read_report: Callable[[], dict]
) -> None:
    assert main(run("--data", data, "--split", "val", "--engine", "mean")) == 0
    of_split = read_report()
    assert list(of_split["per_image"]) == ["one"] and of_split["settings"]["data"] == f"{data.name} val"
    assert main(run("--data", data, "--engine", "mean")) == 0
    assert list(read_report()["per_image"]) == ["one", "two"]
    assert read_report()["per_image"]["one"] == of_split["per_image"]["one"]
    assert main(run("--data", data, "--fused", data / "fused", "--limit", "1")) == 0
    assert read_report()["n"] == 1


def test_mm_ris_parquet_is_scored_like_the_folder_it_holds(
    data: Path,
    half: np.ndarray,
    run: Callable[..., list[str]],
    read_report: Callable[[], dict],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("SAYFUSE_CACHE", str(tmp_path / "cache"))
    stored = io.BytesIO()
    np.save(stored, half.astype(np.uint8))
    row = {
        "image_name": "one.png",
        "visible_image": (data / "visible" / "one.png").read_bytes(),
        "infrared_image": (data / "infrared" / "one.png").read_bytes(),
        "question": "the left half",
        "segmentation": stored.getvalue(),
    }
    file = tmp_path / "mm_ris_val.parquet"
    pandas.DataFrame([row, {**row, "question": "the left"}]).to_parquet(file)
    assert main(run("--data", data, "--split", "val", "--engine", "max", "--regions", "--limit", "1")) == 0
    of_folder = read_report()
    assert main(run("--data", file, "--split", "val", "--engine", "max", "--regions")) == 0
    of_parquet = read_report()
    assert of_parquet["n"] == 2
    expected = of_folder["regions"]["inside"]["per_image"]["one#0"]
    assert list(of_parquet["regions"]["inside"]["per_image"].values()) == [expected, expected]


def test_regions_by_masks_of_files(
    folders: Path,
    half: np.ndarray,
    levels: Callable[..., np.ndarray],
    save: Callable[[Path, np.ndarray], None],
    run: Callable[..., list[str]],
    read_report: Callable[[], dict],
    error_line: Callable[[list[str]], str],
) -> None:
    save(folders / "masks" / "one.png", np.where(half, 255, 0).astype(np.uint8))
    save(folders / "masks" / "two.png", np.zeros(_SHAPE, dtype=np.uint8))
    command = run(*_folders(folders), "--fused", folders / "fused", "--masks", folders / "masks")
    assert main(command) == 0
    report = read_report()
    visible = np.round(levels(0, *_SHAPE, 3) @ np.array([0.299, 0.587, 0.114]))
    expected = region_metrics(levels(10, *_SHAPE), visible, levels(20, *_SHAPE), half)
    for region, values in expected.items():
        assert report["regions"][region]["per_image"]["one"] == pytest.approx(values)
    # Nothing is inside the empty mask of the second picture.
    assert set(report["regions"]["inside"]["per_image"]["two"].values()) == {None}
    assert report["regions"]["inside"]["mean"]["EN"] == pytest.approx(expected["inside"]["EN"])
    save(folders / "masks" / "two.png", np.zeros((10, 10), dtype=np.uint8))
    assert "The mask of two must be 64x48, but is 10x10" in error_line(command)


class _Recorder:
    """Gives the visible picture back; remembers what it was asked and shown."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.shown: list[np.ndarray] = []

    def fuse(self, pair: engines.ImagePair, instruction: engines.Instruction) -> engines.FusionResult:
        self.asked.append(instruction.text)
        self.shown.append(pair.visible)
        return engines.FusionResult(image=pair.visible)


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> _Recorder:
    """The engine that every name builds."""
    recorder = _Recorder()
    monkeypatch.setattr(engines, "build", lambda name, checkpoint, device: recorder)
    return recorder


def test_every_reference_is_a_region_and_may_be_asked_for(
    data: Path, recorder: _Recorder, run: Callable[..., list[str]], read_report: Callable[[], dict]
) -> None:
    assert main(run("--data", data, "--engine", "mean", "--regions")) == 0
    assert list(read_report()["regions"]["ring"]["per_image"]) == ["one#0", "one#1", "two#0"]
    assert recorder.asked == ["", "", ""]
    assert main(run("--data", data, "--engine", "mean", "--regions", "--highlight")) == 0
    assert recorder.asked[3:] == ["the left half", "the right", "all"]
    left, right = (read_report()["regions"]["inside"]["per_image"][name] for name in ("one#0", "one#1"))
    assert read_report()["regions"]["outside"]["per_image"]["one#0"] == right != left


def test_noise_is_shown_to_the_engine_and_scored_against_the_clean_picture(
    folders: Path, recorder: _Recorder, run: Callable[..., list[str]], read_report: Callable[[], dict]
) -> None:
    command = run(*_folders(folders), "--engine", "mean", "--visible-noise", "20")
    assert main(command) == 0
    noisy = read_report()
    clean = app.pairs.read_pair(folders / "visible" / "one.png", folders / "infrared" / "one.png").visible
    inner = (clean > 0.3) & (clean < 0.7)
    assert 255 * (recorder.shown[0] - clean)[inner].std() == pytest.approx(20, rel=0.1)
    assert main(command) == 0
    assert read_report() == noisy and noisy["settings"]["visible_noise"] == 20
    # The engine gave the visible picture back: with noise it is no longer kept whole.
    assert main(run(*_folders(folders), "--engine", "mean")) == 0
    assert read_report()["mean"]["SSIM"] > noisy["mean"]["SSIM"]


def test_a_stopped_run_goes_on_where_it_was(
    folders: Path,
    monkeypatch: pytest.MonkeyPatch,
    run: Callable[..., list[str]],
    read_report: Callable[[], dict],
    error_line: Callable[[list[str]], str],
) -> None:
    command = run(*_folders(folders), "--engine", "mean")
    assert main(command) == 0
    uninterrupted = read_report()
    real = engines.build("mean")
    fused: list[np.ndarray] = []

    class _Stops:
        def fuse(self, pair: engines.ImagePair, instruction: engines.Instruction) -> engines.FusionResult:
            fused.append(pair.visible)
            if len(fused) == 2:
                raise engines.InputError("The lamp went out.")
            return real.fuse(pair, instruction)

    monkeypatch.setattr(engines, "build", lambda name, checkpoint, device: _Stops())
    assert "The lamp went out." in error_line(command)
    kept = folders / "out" / "report.json.items.jsonl"
    assert len(kept.read_text(encoding="utf-8").splitlines()) == 2
    # A line that was being written when the machine stopped does not count.
    with kept.open("a", encoding="utf-8") as file:
        file.write('["two", {"who')
    assert main(command) == 0
    assert len(fused) == 3 and read_report() == uninterrupted and not kept.exists()


def test_scores_of_another_question_are_not_used(
    folders: Path,
    run: Callable[..., list[str]],
    read_report: Callable[[], dict],
    error_line: Callable[[list[str]], str],
) -> None:
    (folders / "visible" / "two.png").rename(folders / "kept.png")
    (folders / "visible" / "two.png").write_bytes(b"no picture")
    error_line(run(*_folders(folders), "--engine", "mean"))
    (folders / "kept.png").replace(folders / "visible" / "two.png")
    kept = folders / "out" / "report.json.items.jsonl"
    head = kept.read_text(encoding="utf-8").splitlines()[0]
    kept.write_text(f'{head}\n["one", {{"whole": {{"EN": 99.0}}}}]\n', encoding="utf-8")
    assert main(run(*_folders(folders), "--engine", "mean", "--profile", "tang")) == 0
    assert read_report()["settings"]["profile"] == "tang" and read_report()["per_image"]["one"]["EN"] < 8


def test_the_profile_reaches_the_metrics(
    folders: Path, levels: Callable[..., np.ndarray], run: Callable[..., list[str]], read_report: Callable[[], dict]
) -> None:
    assert main(run(*_folders(folders), "--fused", folders / "fused", "--profile", "cddfuse")) == 0
    visible = np.round(levels(0, *_SHAPE, 3) @ np.array([0.299, 0.587, 0.114]))
    expected = fusion_metrics(levels(10, *_SHAPE), visible, levels(20, *_SHAPE), profile="cddfuse")
    assert read_report()["per_image"]["one"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--engine", "mean"], "--visible and --infrared, or as --data"),
        (["--visible", "v", "--engine", "mean"], "--visible and --infrared, or as --data"),
        (["--visible", "v", "--infrared", "i", "--data", "d", "--engine", "mean"], "or as --data"),
        (["--visible", "v", "--infrared", "i", "--split", "val", "--engine", "mean"], "--split must be given with"),
        (["--visible", "v", "--infrared", "i", "--regions", "--engine", "mean"], "--regions must be given with"),
        (["--data", "d", "--masks", "m", "--engine", "mean"], "--masks must be given with"),
        (["--data", "d", "--fused", "f", "--visible-noise", "3"], "--visible-noise must be given with"),
        (["--data", "d", "--engine", "mean", "--highlight"], "--highlight must be given with --regions"),
        (["--data", "d", "--engine", "mean", "--highlight", "--regions", "--text", "t"], "without --text"),
        (["--data", "nowhere", "--engine", "mean"], "must be a folder"),
    ],
)
def test_options_that_do_not_go_together(
    options: list[str], message: str, run: Callable[..., list[str]], error_line: Callable[[list[str]], str]
) -> None:
    assert message in error_line(run(*options))


def test_values_that_cannot_be_used(
    folders: Path, run: Callable[..., list[str]], error_line: Callable[[list[str]], str]
) -> None:
    command = run(*_folders(folders), "--fused", folders / "fused")
    assert "--limit must be 1 or more" in error_line([*command, "--limit", "0"])
    assert "at least 1" in error_line([*command, "--workers", "0"])
    assert "default, cddfuse, tang" in error_line([*command, "--profile", "matlab"])
    assert "'nonsense'" in error_line(run(*_folders(folders), "--engine", "nonsense"))
    assert list((folders / "out").iterdir()) == []


def _size(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def test_workers_give_what_one_process_gives(folders: Path) -> None:
    files = sorted((folders / "visible").iterdir())
    assert dict(each(_size, files, workers=2)) == dict(each(_size, files)) == dict.fromkeys(files, (64, 48))


def test_what_a_worker_cannot_do_comes_through(folders: Path) -> None:
    files = [folders / "visible" / "one.png", folders / "visible" / "none.png"]
    with pytest.raises(FileNotFoundError):
        list(each(_size, files, workers=2))
