"""docs/ADD_AN_ENGINE.md, carried out as it stands: its code becomes an installed package with a working engine."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import engines
from engines.plugins import GROUP, register, register_installed
from engines.registry import ENGINES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "ADD_AN_ENGINE.md").read_text(encoding="utf-8")
CODE, PROJECT = (re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL).group(1) for kind in ("python", "toml"))
FOLDER = ROOT / "app" / "examples"


@pytest.fixture
def registered(monkeypatch, tmp_path):
    """The page's module on the path; what is registered is forgotten afterwards."""
    before = dict(ENGINES)
    (tmp_path / "hot_tint.py").write_text(CODE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    ENGINES.clear()
    ENGINES.update(before)
    sys.modules.pop("hot_tint", None)


@pytest.fixture
def site(tmp_path) -> Path:
    """A folder with the package as pip would install it."""
    folder = tmp_path / "site"
    project = tomllib.loads(PROJECT)["project"]
    metadata = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    metadata.mkdir(parents=True)
    (folder / "hot_tint.py").write_text(CODE, encoding="utf-8")
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", encoding="utf-8"
    )
    lines = [f"{name} = {value}" for name, value in project["entry-points"][GROUP].items()]
    (metadata / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *lines, ""]), encoding="utf-8")
    return folder


def run(site: Path, *arguments: str) -> subprocess.CompletedProcess:
    """A command of the repository with the package installed."""
    environment = os.environ | {"PYTHONPATH": str(site)}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_the_page_s_engine_has_at_most_forty_lines_of_code():
    assert 20 < len([line for line in CODE.splitlines() if line.strip()]) <= 40


def test_it_fuses_where_the_words_point(registered):
    register_installed([EntryPoint("hot-tint", "hot_tint:SPEC", GROUP)])
    rng = np.random.default_rng(0)
    pair = engines.ImagePair(rng.random((33, 47, 3), np.float32), rng.random((33, 47), np.float32))
    engine = engines.build("hot-tint")
    assert engines.build("hot-tint") is engine
    whole = engine.fuse(pair, engines.Instruction())
    assert whole.image.shape == (33, 47, 3) and whole.image.dtype == np.float32 and whole.mask is None
    assert whole.image.min() >= 0.0 and whole.image.max() <= 1.0

    mask = np.zeros((33, 47), np.float32)
    mask[5:15, 10:30] = 1.0
    painted = engines.Region("people", mask, 1.0, (10, 5, 30, 15))
    edits = (engines.Edit("people", "highlight"),)
    pointed = engine.fuse(pair, engines.Instruction("the people", edits, regions=(painted,)))
    np.testing.assert_array_equal(pointed.image[mask == 1], whole.image[mask == 1])
    np.testing.assert_array_equal(pointed.image[mask == 0], pair.visible[mask == 0])
    assert np.abs(pointed.image - pair.visible)[mask == 1].max() > 0.1


def test_a_name_belongs_to_one_engine(registered):
    other = engines.EngineSpec("terf", "Mine", "hot_tint:HotTint")
    with pytest.raises(engines.InputError, match="terf"):
        register(other)
    register(ENGINES["terf"])
    assert ENGINES["terf"].title == "TeRF"


def test_a_broken_package_takes_nobody_with_it(registered, caplog):
    with caplog.at_level(logging.WARNING):
        register_installed(
            [EntryPoint("lost", "no_such_module:SPEC", GROUP), EntryPoint("hot-tint", "hot_tint:SPEC", GROUP)]
        )
    assert "hot-tint" in engines.names() and "lost" not in engines.names()
    assert [record.levelname for record in caplog.records] == ["WARNING"] and "lost" in caplog.text


@pytest.mark.slow
def test_the_command_line_serves_an_installed_engine(site, tmp_path):
    pair = ("--visible", str(FOLDER / "day_crossing_visible.jpg"), "--infrared")
    pair += (str(FOLDER / "day_crossing_infrared.png"), "--text", "")
    done = run(site, "app", "fuse", *pair, "--engine", "hot-tint", "--output", str(tmp_path / "out.png"))
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "out.png") as picture:
        assert picture.size == (640, 480)
    done = run(site, "app", "compare", *pair, "--engines", "hot-tint,mean", "--output", str(tmp_path / "both"))
    assert done.returncode == 0, done.stderr
    assert "hot-tint" in json.dumps(json.loads((tmp_path / "both" / "comparison.json").read_text(encoding="utf-8")))
