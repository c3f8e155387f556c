"""`python -m evaluation codebook`, with an engine whose codes are known."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import engines
from engines.types import FusionResult
from evaluation.cli import main
from evaluation.codebook import report
from evaluation.run_length import encode_mask

SHAPE = (48, 64)


class FakeEngine:
    """Five codes: of the first picture it makes code 4 alone, of the second as much of code 1 as of code 3."""

    def __init__(self) -> None:
        self.fused = 0

    def load(self) -> SimpleNamespace:
        return SimpleNamespace(fusion=SimpleNamespace(codebook=SimpleNamespace(codes=np.zeros((5, 2)))))

    def fuse(self, pair, instruction, progress=None) -> FusionResult:
        assert not instruction.edits
        codes = np.full(SHAPE, 4 / 4, np.float32)
        if self.fused:
            codes[:, :32], codes[:, 32:] = 1 / 4, 3 / 4
        self.fused += 1
        return FusionResult(pair.visible, maps={"codes": codes})


@pytest.fixture
def data(tmp_path: Path, levels, save, monkeypatch) -> Path:
    """Two pictures."""
    rows = []
    for seed, name in enumerate(("one", "two")):
        save(tmp_path / "data" / "visible" / f"{name}.png", levels(seed, *SHAPE, 3))
        save(tmp_path / "data" / "infrared" / f"{name}.png", levels(seed + 10, *SHAPE))
        mask = encode_mask(np.ones(SHAPE, bool))
        rows.append({"image": name, "split": "val", "sentences": ["the road"], "mask": mask})
    (tmp_path / "data" / "refs.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    monkeypatch.setattr(engines, "build", lambda name, **options: FakeEngine())
    monkeypatch.setattr("evaluation.codebook_command.weights_of", lambda name, checkpoint: {"sha256": name})
    return tmp_path / "data"


def test_codes_are_counted_over_all_pictures_and_in_each(data, capsys):
    output = data / "report.json"
    assert main(["codebook", "--data", str(data), "--split", "val", "--output", str(output)]) == 0
    made = json.loads(output.read_text())
    assert made["n"] == 2 and made["codes"] == 5
    # Half of all pixels have code 4, a quarter each of 1 and 3: entropy 1.5 bits.
    assert made["all"]["perplexity"] == pytest.approx(2**1.5) and made["all"]["used"] == 3
    assert made["per_image"]["one"] == {"perplexity": pytest.approx(1.0), "used": 1}
    assert made["per_image"]["two"] == {"perplexity": pytest.approx(2.0), "used": 2}
    assert made["mean"] == {"perplexity": pytest.approx(1.5), "used": 1.5}
    assert made["settings"] == {"data": "data val", "weights": {"sha256": "text2pixels"}}
    assert "used 3 of 5" in capsys.readouterr().out


def test_an_even_use_of_all_codes_is_the_number_of_codes():
    made = report({"a": np.full(256, 7)})
    assert made["all"] == {"perplexity": pytest.approx(256.0), "used": 256}


def test_bad_options_are_one_line(data, error_line):
    asked = ["codebook", "--data", str(data), "--output", str(data / "x.json")]
    assert "--limit must be 1 or more" in error_line([*asked, "--limit", "0"])
    assert "refs.jsonl" in error_line([*asked[:1], "--data", str(data / "visible"), *asked[3:]])
