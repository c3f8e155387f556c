"""`python -m evaluation ris` on a small data set made here."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import app.pairs
import engines
from engines import Edit, FusionResult
from evaluation.cli import main

_SHAPE = (48, 64)
_NAMES = ["n", "mIoU", "oIoU", "P@0.5", "P@0.6", "P@0.7", "P@0.8", "P@0.9"]


def _rle(mask: np.ndarray) -> dict:
    """Uncompressed: the lengths of the runs down the columns, outside first."""
    edges = np.flatnonzero(np.diff(mask.T.ravel().astype(int), prepend=0)) if mask.any() else []
    return {"size": list(mask.shape), "counts": np.diff([0, *edges, mask.size]).tolist()}


def _left(columns: int) -> np.ndarray:
    mask = np.zeros(_SHAPE, dtype=bool)
    mask[:, :columns] = True
    return mask


@pytest.fixture
def references(folders: Path, levels: Callable[..., np.ndarray], save: Callable[[Path, np.ndarray], None]) -> Path:
    """Two pictures of split val, one of train; the masks are the left 32, 10 and 64 columns of 64."""
    save(folders / "visible" / "three.png", levels(2, *_SHAPE, 3))
    save(folders / "infrared" / "three.png", levels(12, *_SHAPE))
    rows = [
        ("one", "val", ["the left half", "An area at the left"], "stuff", _left(32)),
        ("two", "val", ["a narrow strip"], "thing", _left(10)),
        ("one", "val", ["the theatre"], "thing", _left(64)),
        ("three", "train", ["elsewhere"], "thing", _left(64)),
        ("unsaid", "val", [], "thing", _left(64)),
    ]
    lines = [
        json.dumps({"image": image, "split": split, "sentences": sentences, "kind": kind, "mask": _rle(mask)})
        for image, split, sentences, kind, mask in rows
    ]
    (folders / "refs.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folders


class _HalfEngine:
    """Finds the left half whatever is asked for; remembers what it was asked."""

    name = "half"

    def __init__(self) -> None:
        self.asked: list[engines.Instruction] = []

    def fuse(self, pair: engines.ImagePair, instruction: engines.Instruction, progress: object = None) -> FusionResult:
        self.asked.append(instruction)
        mask = np.where(_left(32), 0.5, 0.49).astype(np.float32)
        return FusionResult(image=pair.visible, mask=mask)


class _TwoWayEngine(_HalfEngine):
    """Finds everything when it may not fuse with the text."""

    def fuse_without_text(self, pair: engines.ImagePair, instruction: engines.Instruction) -> FusionResult:
        return FusionResult(image=pair.visible, mask=np.ones(pair.shape, dtype=np.float32))


def _ris(folder: Path, *arguments: str) -> list[str]:
    output = folder / "out" / "report.json"
    return ["ris", "--data", str(folder), "--engine", "mean", "--output", str(output), *arguments]


def test_ris_by_hand(references: Path, monkeypatch: pytest.MonkeyPatch, read_report: Callable[[], dict]) -> None:
    engine = _HalfEngine()
    monkeypatch.setattr(engines, "build", lambda name, checkpoint, device: engine)
    assert main(_ris(references, "--split", "val")) == 0
    report = read_report()
    # IoU 1 twice (the half), 32/64 (everything), 10/32 (the strip).
    assert list(report) == [*_NAMES, "per_kind"]
    assert report["n"] == 4
    assert report["mIoU"] == pytest.approx(100 * (1 + 1 + 0.5 + 10 / 32) / 4)
    assert report["oIoU"] == pytest.approx(100 * (32 + 32 + 32 + 10) / (32 + 32 + 64 + 32))
    assert [report[name] for name in _NAMES[3:]] == [75.0, 50.0, 50.0, 50.0, 50.0]
    assert list(report["per_kind"]) == ["stuff", "thing"]
    assert report["per_kind"]["stuff"] == {"n": 2, **dict.fromkeys(_NAMES[1:], 100.0)}
    assert report["per_kind"]["thing"]["mIoU"] == pytest.approx(100 * (0.5 + 10 / 32) / 2)
    assert [(ask.text, ask.edits, ask.parser) for ask in engine.asked] == [
        ("the left half", (Edit("left half", "highlight"),), "none"),
        ("An area at the left", (Edit("area at the left", "highlight"),), "none"),
        ("the theatre", (Edit("theatre", "highlight"),), "none"),
        ("a narrow strip", (Edit("narrow strip", "highlight"),), "none"),
    ]


def test_ris_reads_each_pair_once_and_all_splits_by_default(
    references: Path, monkeypatch: pytest.MonkeyPatch, read_report: Callable[[], dict]
) -> None:
    read, read_pair = [], app.pairs.read_pair
    monkeypatch.setattr(engines, "build", lambda name, checkpoint, device: _HalfEngine())
    monkeypatch.setattr(
        app.pairs, "read_pair", lambda visible, infrared: (read.append(visible.stem), read_pair(visible, infrared))[1]
    )
    assert main(_ris(references)) == 0
    assert read_report()["n"] == 5
    assert read == ["one", "two", "three"]


def test_ris_of_an_engine_without_regions_finds_nothing(references: Path, read_report: Callable[[], dict]) -> None:
    assert main(_ris(references)) == 0
    report = read_report()
    assert report["n"] == 5
    assert all(report[name] == 0.0 for name in _NAMES[1:])


def test_ris_without_text(
    references: Path,
    monkeypatch: pytest.MonkeyPatch,
    read_report: Callable[[], dict],
    error_line: Callable[[list[str]], str],
) -> None:
    assert "--without-text must be left out" in error_line(_ris(references, "--without-text"))
    monkeypatch.setattr(engines, "build", lambda name, checkpoint, device: _TwoWayEngine())
    assert main(_ris(references, "--split", "train", "--without-text")) == 0
    assert read_report()["mIoU"] == 100.0
    assert main(_ris(references, "--split", "train")) == 0
    assert read_report()["mIoU"] == 50.0


def test_ris_takes_what_other_programs_write(
    references: Path, monkeypatch: pytest.MonkeyPatch, read_report: Callable[[], dict]
) -> None:
    # A line separator inside a sentence, no split, no kind.
    row = {"image": "one", "sentences": ["left\u2028half"], "mask": _rle(_left(32))}
    (references / "refs.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    monkeypatch.setattr(engines, "build", lambda name, checkpoint, device: _HalfEngine())
    assert main(_ris(references)) == 0
    assert read_report()["per_kind"]["unknown"]["mIoU"] == 100.0


def test_ris_data_that_cannot_be_used(references: Path, error_line: Callable[[list[str]], str]) -> None:
    index = references / "refs.jsonl"
    good = index.read_text(encoding="utf-8")
    row = json.loads(good.splitlines()[0])
    assert "one of train, val, but got 'test'" in error_line(_ris(references, "--split", "test"))

    def error_with(**changes: object) -> str:
        index.write_text(good + json.dumps({**row, **changes}) + "\n", encoding="utf-8")
        return error_line(_ris(references))

    assert "Line 6" in error_with(sentences="the car")
    assert "Line 6" in error_with(sentences=[" "])
    assert "Line 6" in error_with(mask={"size": [48], "counts": ""})
    assert "four has none" in error_with(image="four")
    assert "cannot be decoded" in error_with(mask={"size": list(_SHAPE), "counts": "1"})
    assert "must be 64x48 like its visible picture" in error_with(mask=_rle(np.ones((48, 60))))
    index.write_text(good + "{", encoding="utf-8")
    assert "Line 6" in error_line(_ris(references))
    index.write_text("", encoding="utf-8")
    assert "at least one sentence" in error_line(_ris(references))
    index.unlink()
    assert "refs.jsonl" in error_line(_ris(references))
