"""`python -m evaluation speed`: plans, fits, fresh processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engines.errors import InputError
from evaluation.cli import main
from evaluation.speed import Plan, exponent, measure, scaling


def test_a_plan_names_engines_or_one_case():
    assert list(Plan(["terf:denoising", "max"], [(8, 8)], [1], 1).cases()["terf"]) == ["denoising"]
    assert "fuse" in Plan(["terf", "max"], [(8, 8)], [1], 1).cases()["terf"]
    for wrong in ("magic", "terf:magic", "max:denoising"):
        with pytest.raises(InputError, match="magic|denoising"):
            Plan([wrong], [(8, 8)], [1], 1).cases()


def test_the_exponent_is_the_power_of_the_pixels():
    pixels = [100, 400, 1600]
    assert exponent(pixels, [0.01 * value**1.5 for value in pixels]) == pytest.approx(1.5)
    assert exponent(pixels, [0.2] * 3) == pytest.approx(0)
    assert exponent(pixels, [1e-6, 0.1, 0.2]) is None


def test_scaling_fits_every_case_on_its_own():
    def record(engine: str, side: int, seconds: float) -> dict:
        about = {"version": "now", "engine": engine, "case": "fuse", "size": [side, side], "threads": 1}
        return {**about, "warm": {"seconds": seconds, "stages": {"fuse": seconds, "parse": 0.0}}}

    fits = scaling([record("max", 10, 0.1), record("mean", 10, 0.1), record("max", 20, 0.4)])
    (fit,) = fits
    assert (fit["engine"], fit["stages"]["parse"]) == ("max", None)
    assert fit["exponent"] == pytest.approx(1.0) and fit["stages"]["fuse"] == pytest.approx(1.0)


def test_an_engine_is_measured_in_processes_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    output = tmp_path / "new" / "speed.json"
    words = ["--engines", "max", "--sizes", "64x48", "--threads", "1", "--repeat", "2", "--output", str(output)]
    assert main(["speed", *words]) == 0
    report = json.loads(output.read_text(encoding="utf-8"))
    assert list(report) == ["settings", "machine", "reference", "measurements", "scaling"]
    assert report["settings"] == {"weights": {"max": None}}
    (record,) = report["measurements"]
    assert (record["version"], record["engine"], record["case"], record["size"]) == ("now", "max", "fuse", [64, 48])
    stages = record["cold"]
    assert set(stages) == {"start", "import", "load", "parse", "fuse", "total"}
    assert stages["total"] >= stages["import"] + stages["fuse"] > 0
    assert record["warm"]["repetitions"] == 2 and record["second"] is None
    assert 0 < record["warm"]["stages"]["fuse"] <= record["warm"]["seconds"] < stages["total"]
    reference = report["reference"]["threads"]["1"]["seconds"]
    assert record["ratio"] == pytest.approx(record["warm"]["seconds"] / reference)
    # An interpreter with numpy and OpenCV; this process, with torch in it, is several times as large.
    assert 20 < record["peak_mib"] < 250
    assert "max fuse" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--sizes", "640"], "WIDTHxHEIGHT"),
        (["--threads", "0"], "from 1"),
        (["--engines", "magic"], "magic"),
        (["--before", "nowhere", "--engines", "max"], "nowhere"),
    ],
)
def test_what_cannot_be_measured_is_said_in_one_line(words, says, tmp_path, error_line):
    assert says in error_line(["speed", *words, "--output", str(tmp_path / "speed.json")])


def test_a_process_that_fails_is_named(tmp_path):
    (tmp_path / "engines").mkdir()
    (tmp_path / "engines" / "registry.py").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="Measuring max in .* failed: ModuleNotFoundError"):
        measure(Plan(["max"], [(8, 8)], [1], 1, before=tmp_path))
