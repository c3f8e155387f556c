"""Reports of `python -m evaluation parser` name the weights that read; its sentences are well-formed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.parser.units import find_span, split_units
from engines import checkpoints
from evaluation.cli import main
from evaluation.parser_score import read_cases

EVALUATION = Path(__file__).parents[2] / "evaluation"


@pytest.mark.parametrize("parser", ["auto", "llama", "llama:FILE", "rules"])
def test_the_report_names_the_weights_that_served(parser, tmp_path):
    pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")
    weights = checkpoints.verify(checkpoints.find("parser"))
    sentences, output = tmp_path / "sentences.jsonl", tmp_path / "report.json"
    sentences.write_text('{"text": "make the cones clear", "edits": []}')
    name = parser.replace("FILE", str(weights))
    assert main(["parser", "--data", str(sentences), "--parser", name, "--output", str(output)]) == 0
    named = json.loads(output.read_text())["settings"].get("weights")
    expected = {"file": weights.name, "sha256": checkpoints.file_sha256(weights)}
    assert named == (None if parser == "rules" else expected)


def test_the_everyday_sentences_name_spans_of_their_texts():
    cases = read_cases(EVALUATION / "parser_everyday.jsonl")
    assert len(cases) > 80 and len({case.text for case in cases}) == len(cases)
    for case in cases:
        units = split_units(case.text)
        for edit in case.edits:
            # What is kept out of a region may stand elsewhere: "everything except the lamps".
            for part in (edit.region or "").split(" except "):
                assert not part or find_span(units, [unit.shown for unit in split_units(part)]), case.text
