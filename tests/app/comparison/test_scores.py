"""Tables: which number is the best of its column, ties, dashes, and the forms a paper needs."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.comparison import Cell, Comparison
from app.comparison.scores import score_table
from app.comparison.tables import comparison_data, csv_table, escape_latex, latex_table
from engines import Instruction
from evaluation.metrics import METRICS
from evaluation.metrics_profiles import COMMON_NINE
from tests.app.comparison.conftest import hand_made

NAN = float("nan")


def with_values(en: list[float], mask: np.ndarray | None = None) -> Comparison:
    """Three engines that differ in EN only."""
    names = ("ris-fusion", "mean", "max")
    rest = dict.fromkeys(COMMON_NINE[1:], 1.0)
    regions = ("whole",) if mask is None else ("whole", "inside", "outside", "ring")
    return hand_made(
        {name: {r: {"EN": value, **rest} for r in regions} for name, value in zip(names, en, strict=True)}, mask
    )


def best_of_first_column(comparison: Comparison) -> list[bool]:
    return [entries[0].best for _, entries in score_table(comparison, "whole").rows]


@pytest.mark.parametrize(
    ("values", "better", "best"),
    [
        ([1.0, 3.0, 2.0], "higher", [False, True, False]),
        ([1.0, 3.0, 2.0], "lower", [True, False, False]),
        ([NAN, 1.0, 2.0], "higher", [False, False, True]),
        # Equal as printed is equal.
        ([2.00001, 2.00002, 1.0], "higher", [True, True, False]),
        ([2.0, 2.0, 2.0], "higher", [False, False, False]),
        ([NAN, NAN, 2.0], "higher", [False, False, False]),
        ([NAN, NAN, NAN], "higher", [False, False, False]),
    ],
)
def test_the_best_of_a_column(values, better, best, monkeypatch):
    monkeypatch.setattr("app.comparison.scores.METRICS", METRICS | {"EN": replace(METRICS["EN"], better=better)})
    comparison = with_values(values)
    assert best_of_first_column(comparison) == best
    table = score_table(comparison, "whole")
    assert table.header[0] == ("EN ↑" if better == "higher" else "EN ↓") and table.header[-1] == "s ↓"
    printed = [entries[0].text for _, entries in table.rows]
    assert [text == "–" for text in printed] == [value != value for value in values]
    # The fastest is the first of the hand-made ones.
    assert [entries[-1].best for _, entries in table.rows] == [True, False, False]


def test_every_arrow_points_where_its_metric_improves():
    header = score_table(with_values([1.0, 2.0, 3.0]), "whole").header
    assert header[:-1] == tuple(f"{name} {'↑' if METRICS[name].better == 'higher' else '↓'}" for name in COMMON_NINE)


def test_latex_is_a_booktabs_table_with_bold_best():
    mask = np.zeros((48, 64), bool)
    mask[4:9, 4:9] = True
    said = latex_table(with_values([1.0, 3.0, NAN], mask))
    rows = [line for line in said.splitlines() if line.startswith("Mean &")]
    assert len(rows) == 4 and all(r"& \textbf{3.000} &" in row for row in rows)
    assert r"EN $\uparrow$" in said and r"s $\downarrow$" in said
    assert [said.count(word) for word in (r"\toprule", r"\bottomrule", r"\midrule")] == [1, 1, 4]
    assert "Maximum & -- &" in said
    widths = {line.count("&") for line in said.splitlines() if line.endswith(r"\\") and "multicolumn" not in line}
    assert widths == {10}


def test_latex_escapes_what_the_person_typed():
    comparison = with_values([1.0, 2.0, 3.0])
    text = "50% of $x_1$ & {#1} ~ ^ \\input{secret}\n<b>"
    typed = replace(comparison, instruction=Instruction(text))
    caption = next(line for line in latex_table(typed).splitlines() if line.startswith(r"\caption"))
    assert r"50\% of \$x\_1\$ \& \{\#1\} \textasciitilde{} \textasciicircum{}" in caption
    assert r"\textbackslash{}input\{secret\} \textless{}b\textgreater{}" in caption


_AS_TEXT = re.compile(
    r"\\(?:textbackslash|textasciicircum|textasciitilde|textless|textgreater|textbar)\{\}|\\[{}$&#%_]"
    r"|\$\\(?:times|uparrow|downarrow)\$"
)


@settings(max_examples=60, deadline=None)
@given(st.text("\\{}$&#%_^~<>|a \n“”–×↑↓", max_size=30) | st.text(max_size=30))
def test_no_text_reaches_latex_as_a_command(text):
    escaped = escape_latex(text)
    assert "\n" not in escaped
    assert not re.search(r"[\\{}$&#%_^~]", _AS_TEXT.sub("", escaped))


def test_csv_has_a_line_per_engine_and_region_and_one_per_failure():
    comparison = with_values([1.23456789, NAN, 2.0])
    failed = Cell("terf", error='No weights, "sorry".')
    comparison = replace(comparison, cells=(*comparison.cells, failed))
    lines = list(csv.DictReader(io.StringIO(csv_table(comparison))))
    assert [(line["engine"], line["region"]) for line in lines[:3]] == [
        ("ris-fusion", "whole"),
        ("mean", "whole"),
        ("max", "whole"),
    ]
    assert lines[0]["EN"] == "1.23457" and lines[1]["EN"] == "" and lines[3]["error"] == 'No weights, "sorry".'


def test_json_keeps_its_contract_and_has_no_nan():
    told = comparison_data(with_values([1.0, NAN, 2.0]))
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert {"text", "edits", "parser", "engines", "failures"} <= told.keys()
    assert told["metrics"]["mean"]["whole"]["EN"] is None and told["best"]["whole"]["EN"] == ["max"]
    assert told["directions"]["EN"] == "higher" and told["seconds"]["mean"] == 3.0
    assert told["size"] == [64, 48]
