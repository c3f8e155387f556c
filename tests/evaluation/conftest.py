"""Small pictures and the command line under test, shared by the tests of `python -m evaluation`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from evaluation.cli import main

SHAPE = (48, 64)


def _levels(seed: int, *shape: int) -> np.ndarray:
    small = np.random.default_rng(seed).integers(0, 256, (shape[0] // 4, shape[1] // 4, *shape[2:]), dtype=np.uint8)
    return small.repeat(4, axis=0).repeat(4, axis=1)


def _save(path: Path, levels: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(levels).save(path)


@pytest.fixture
def levels() -> Callable[..., np.ndarray]:
    """levels(seed, height, width[, 3]): blocks of random grey levels, uint8, with edges and flat areas."""
    return _levels


@pytest.fixture
def save() -> Callable[[Path, np.ndarray], None]:
    """save(path, uint8 levels), making the folder."""
    return _save


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """visible/ in colour, infrared/ and fused/ in grey, of the pictures one and two, 64x48."""
    for seed, name in enumerate(("one", "two")):
        _save(tmp_path / "visible" / f"{name}.png", _levels(seed, *SHAPE, 3))
        _save(tmp_path / "infrared" / f"{name}.png", _levels(seed + 10, *SHAPE))
        _save(tmp_path / "fused" / f"{name}.png", _levels(seed + 20, *SHAPE))
    return tmp_path


@pytest.fixture
def read_report(tmp_path: Path) -> Callable[[], dict]:
    """read_report(): what the command wrote to out/report.json, which must be strict JSON."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    path = tmp_path / "out" / "report.json"
    return lambda: json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)


@pytest.fixture
def error_line(capsys: pytest.CaptureFixture[str]) -> Callable[[list[str]], str]:
    """error_line(arguments): the only line on stderr of a command that must end with status 2."""

    def run(arguments: list[str]) -> str:
        capsys.readouterr()
        try:
            status = main(arguments)
        except SystemExit as stop:
            status = stop.code
        captured = capsys.readouterr()
        assert status == 2
        assert captured.out == ""
        assert captured.err.count("\n") == 1 and "Traceback" not in captured.err
        return captured.err

    return run
