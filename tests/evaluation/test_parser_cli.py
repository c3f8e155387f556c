"""`python -m evaluation parser` on a few sentences, read by rules whose answers are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evaluation.cli import main
from evaluation.parser_score import read_cases, score_parser


def _row(text: str, *edits: tuple[str | None, str, int], **more: str) -> str:
    named = [{"region": region, "effect": effect, "strength": strength} for region, effect, strength in edits]
    return json.dumps({"text": text, "edits": named, **more})


@pytest.fixture
def sentences(tmp_path: Path) -> Path:
    """Four sentences: two read as intended (one but for an article), one with a strength too low, one for nothing."""
    rows = [
        _row("brighten the Road", ("the road", "brighten", 1), category="one"),
        _row("denoise the sky", ("sky", "denoise", 3), category="one"),
        _row("make the car clear and darken the sky", ("car", "highlight", 1), ("sky", "darken", 1), category="two"),
        _row("hello there", category="none"),
    ]
    path = tmp_path / "sentences.jsonl"
    path.write_text("\n".join(rows) + "\n\n", encoding="utf-8")
    return path


def test_the_report(sentences, tmp_path, capsys):
    output = tmp_path / "deep" / "report.json"
    arguments = ["parser", "--data", str(sentences), "--parser", "rules", "--output", str(output)]
    assert main(arguments) == 0
    report = json.loads(output.read_text())
    assert report["n"] == 4 and report["exact"] == 0.75 and report["parser"] == "rules"
    # Three of four edits found, three of four intended: precision and recall are both 3/4.
    assert report["edit_f1"] == 0.75
    assert 0 < report["seconds_per_text"] < 0.5
    assert report["per_category"]["one"] == {"n": 2, "exact": 0.5}
    assert report["per_category"]["none"] == {"n": 1, "exact": 1.0}
    said = capsys.readouterr().out
    assert said.startswith("rules: n 4") and "50.0 % of 2" in said


def test_the_order_of_edits_counts_for_exact_but_not_for_f1(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text(_row("darken the sky and brighten the car", ("car", "brighten", 1), ("sky", "darken", 1)))
    report = score_parser(read_cases(path), "rules")
    assert report["exact"] == 0.0 and report["edit_f1"] == 1.0


def test_sentences_that_ask_for_nothing_alone(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text(_row("hello"))
    assert score_parser(read_cases(path), "rules")["edit_f1"] == 1.0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "has no sentences"),
        ("no json", "Line 1"),
        ('{"text": "x"}', "Line 1"),
        ('{"text": "x", "edits": [{"region": null, "effect": "paint", "strength": 1}]}', "Line 1|effect must be"),
        ("[1]", "Line 1"),
    ],
)
def test_other_files_are_refused_in_one_line(content, said, tmp_path, capsys):
    path = tmp_path / "x.jsonl"
    path.write_text(content)
    assert main(["parser", "--data", str(path), "--output", str(tmp_path / "r.json")]) == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1 and any(part in line for part in said.split("|"))


def test_a_missing_file_and_an_unknown_parser_are_refused(sentences, tmp_path, capsys):
    assert main(["parser", "--data", str(tmp_path / "none"), "--output", str(tmp_path / "r.json")]) == 2
    assert main(["parser", "--data", str(sentences), "--parser", "gpt", "--output", str(tmp_path / "r.json")]) == 2
    assert "must be one of auto, llama, rules" in capsys.readouterr().err
