"""Bootstrap intervals, the paired test, and `python -m evaluation compare`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engines.errors import InputError
from evaluation.bootstrap import mean_interval, sign_flip_p
from evaluation.cli import main
from evaluation.comparison import compare


def _report(values: dict[str, dict[str, float | None]], profile: str = "default") -> dict:
    return {"n": len(values), "per_image": values, "settings": {"profile": profile}}


def test_the_interval_is_that_of_the_mean() -> None:
    values = np.random.default_rng(0).normal(5.0, 2.0, 400)
    low, high = mean_interval(values)
    # Two standard errors of the mean on either side: 1.96 * 2 / sqrt(400).
    assert low == pytest.approx(values.mean() - 0.196, abs=0.02)
    assert high == pytest.approx(values.mean() + 0.196, abs=0.02)
    assert mean_interval(values) == (low, high)


def test_items_of_one_picture_are_drawn_together() -> None:
    values = list(np.random.default_rng(1).normal(0.0, 1.0, 30))
    alone = mean_interval(values)
    # Ten copies of each value say no more than one does.
    copies = mean_interval(np.repeat(values, 10), np.repeat([f"p{index:02}" for index in range(30)], 10))
    assert copies == pytest.approx(alone)
    low, high = mean_interval(np.repeat(values, 10))
    assert high - low < 0.5 * (alone[1] - alone[0])


def test_one_item_says_nothing_about_spread() -> None:
    assert mean_interval([3.0]) is None and mean_interval([]) is None
    assert mean_interval([3.0, 4.0], ["same", "same"]) is None
    assert mean_interval([3.0, 3.0, 3.0]) == (3.0, 3.0)


def test_chance_of_a_difference() -> None:
    # All of ten signs equal: 2 of 2^10 ways.
    assert sign_flip_p([1.0] * 10) == pytest.approx(2 / 1024, abs=0.001)
    assert sign_flip_p([1.0, -1.0]) == 1.0 and sign_flip_p([0.0, 0.0]) == 1.0
    assert sign_flip_p([1.0] * 10, ["a"] * 10) == 1.0


def test_a_better_run_is_found_and_by_how_much() -> None:
    random = np.random.default_rng(2)
    names = [f"p{index}" for index in range(40)]
    b = {name: {"VIF": random.random(), "Nabf": random.random(), "EN": random.random()} for name in names}
    a = {
        name: {
            "VIF": scores["VIF"] + 0.1 + 0.05 * random.normal(),
            "Nabf": scores["Nabf"] + 0.1 + 0.05 * random.normal(),
            "EN": scores["EN"] + 0.05 * random.normal(),
        }
        for name, scores in b.items()
    }
    found = compare(_report(a), _report(b))["metrics"]
    assert found["VIF"]["verdict"] == "A" and found["EN"]["verdict"] == "undecided"
    # More artefacts are worse.
    assert found["Nabf"]["verdict"] == "B" and found["Nabf"]["better_share"] < 0.2
    low, high = found["VIF"]["interval"]
    assert low < 0.1 < high and found["VIF"]["difference"] == pytest.approx(0.1, abs=0.03)
    swapped = compare(_report(b), _report(a))["metrics"]
    assert swapped["VIF"]["verdict"] == "B"
    assert swapped["VIF"]["difference"] == pytest.approx(-found["VIF"]["difference"])


def test_equal_runs_are_undecided() -> None:
    values = {"one": {"EN": 1.0}, "two": {"EN": 2.0}}
    found = compare(_report(values), _report(values))["metrics"]["EN"]
    assert found["difference"] == 0.0 and found["p"] == 1.0
    assert found["better_share"] == 0.5 and found["verdict"] == "undecided"


def test_many_metrics_need_more_evidence() -> None:
    random = np.random.default_rng(3)
    base = {f"p{index}": float(random.normal()) for index in range(12)}
    better = {name: 0.6 + value for name, value in base.items()}
    one = compare(_report({n: {"m": v} for n, v in better.items()}), _report({n: {"m": 0.0} for n in base}))
    p = one["metrics"]["m"]["p"]
    many_a = {n: {"m": v, **{f"x{k}": base[n] for k in range(9)}} for n, v in better.items()}
    many_b = {n: {"m": 0.0, **{f"x{k}": 0.0 for k in range(9)}} for n in base}
    adjusted = compare(_report(many_a), _report(many_b))["metrics"]["m"]["p_adjusted"]
    assert adjusted == pytest.approx(min(1.0, 10 * p))


def test_items_without_a_value_and_items_of_one_run_are_left_out() -> None:
    a = _report({"one": {"CC": 0.5}, "two": {"CC": None}, "three": {"CC": 0.7}, "four": {"CC": 1.0}})
    b = _report({"one": {"CC": 0.4}, "two": {"CC": 0.1}, "three": {"CC": 0.5}})
    found = compare(a, b)
    assert (found["n"], found["only_in_a"], found["only_in_b"]) == (3, 1, 0)
    assert found["metrics"]["CC"]["n"] == 2 and found["metrics"]["CC"]["difference"] == pytest.approx(0.15)


def test_runs_that_cannot_be_compared() -> None:
    one = _report({"one": {"EN": 1.0}})
    with pytest.raises(InputError, match="none in common"):
        compare(one, _report({"two": {"EN": 1.0}}))
    with pytest.raises(InputError, match="one metric profile"):
        compare(one, _report({"one": {"EN": 1.0}}, profile="tang"))
    with pytest.raises(InputError, match="scores per item"):
        compare(one, {"n": 1, "settings": {"profile": "default"}})


def test_the_command_shows_and_writes_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], error_line: Callable[[list[str]], str]
) -> None:
    paths = {name: tmp_path / f"{name}.json" for name in ("a", "b")}
    for index, path in enumerate(paths.values()):
        values = {f"p{picture}": {"EN": picture + 0.5 * index} for picture in range(20)}
        path.write_text(json.dumps(_report(values)), encoding="utf-8")
    output = tmp_path / "new" / "difference.json"
    assert main(["compare", str(paths["a"]), str(paths["b"]), "--output", str(output)]) == 0
    shown = capsys.readouterr().out
    assert "20 items in both" in shown and "-0.5" in shown and shown.rstrip().endswith("B")
    assert json.loads(output.read_text(encoding="utf-8"))["metrics"]["EN"]["difference"] == -0.5
    assert "must be a report" in error_line(["compare", str(paths["a"]), str(tmp_path / "none.json")])
    paths["b"].write_text("{", encoding="utf-8")
    assert "must be a report" in error_line(["compare", str(paths["a"]), str(paths["b"])])
