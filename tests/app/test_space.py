from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from app import health, space_check, zero_gpu
from app.space_check import ROOT, check, check_settings, front_matter
from engines import InputError


def test_the_settings_of_the_space_fit_this_folder():
    settings = check_settings(ROOT)
    assert settings["sdk"] == "gradio" and settings["app_file"] == "app.py" and settings["title"] == "SayFuse"


def test_settings_that_do_not_fit_are_told(tmp_path):
    (tmp_path / "requirements.txt").write_text("gradio==6.0.0\n")
    (tmp_path / "app.py").write_text("")
    readme = tmp_path / "README.md"
    for text, said in (
        ("# No settings\n", "must begin with the settings"),
        ("---\nsdk: gradio\nsdk_version: 6.1.0\n---\n", "sdk_version must be 6.0.0"),
        ("---\nsdk: gradio\nsdk_version: 6.0.0\napp_file: main.py\n---\n", "app_file must be a file"),
        ("---\nsdk: gradio\nsdk_version: 6.0.0\napp_file: app.py\n---\n", "title must be given"),
    ):
        readme.write_text(text)
        with pytest.raises(InputError, match=said):
            check_settings(tmp_path)
    with pytest.raises(InputError):
        front_matter(readme.with_name("requirements.txt"))


def test_what_is_not_committed_is_not_part_of_the_space(tmp_path):
    large = space_check.tracked_copy(ROOT, tmp_path)
    assert (tmp_path / "app.py").is_file() and not (tmp_path / ".git").exists()
    assert all((tmp_path / name).stat().st_size > 10_000_000 for name in large)


def test_health_tells_what_was_found_out(box_engine, monkeypatch):
    found = health.Health()
    assert found.report()["status"] == "starting"
    found.warm_up()
    report = found.report()
    assert (report["status"], report["missing"]) == ("ready", []) and report["parser"] in ("llama", "rules")
    monkeypatch.setattr(box_engine, "fuse", None)
    found.warm_up()
    assert found.report()["status"] == "failed"


def test_zero_gpu_is_used_only_where_it_is(pair, box_engine, monkeypatch):
    from app import pipeline

    read, said = pipeline.read_pair(pair.visible, pair.infrared), pipeline.understand("make the cones clear", "rules")
    assert not zero_gpu.here()
    asked = []
    monkeypatch.setattr(zero_gpu, "spaces", SimpleNamespace())
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    monkeypatch.setattr(zero_gpu, "fuse", lambda *given: asked.append(given) or box_engine.fuse(*given[3:]))
    assert pipeline.fuse(read, said).engine == "ris-fusion"
    assert asked[0][:3] == ("ris-fusion", None, {})


def test_the_decorator_of_zero_gpu(monkeypatch):
    import importlib

    durations = []

    def decorate(duration: int):
        durations.append(duration)
        return lambda function: function

    monkeypatch.setitem(sys.modules, "spaces", SimpleNamespace(GPU=decorate))
    try:
        importlib.reload(zero_gpu)
        assert durations == [zero_gpu.DURATION]
    finally:
        monkeypatch.undo()
        importlib.reload(zero_gpu)


@pytest.mark.slow
def test_this_folder_runs_as_a_space():
    told: list[str] = []
    check(say=told.append)
    assert any(line.startswith("health: ready") for line in told) and told[-1].startswith("stopped")
