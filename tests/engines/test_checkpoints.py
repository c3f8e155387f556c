"""Weight files of strangers: whatever is in them, the answer is weights or one clear sentence."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from engines import checkpoints
from engines.checkpoints import Checkpoint, load_pickled, load_strict, verify
from engines.errors import CheckpointError

# Each ends the unpickler in another way than a damaged file does.
CRAFTED = {
    "takes from an empty stack": b"\x80\x02.",
    "recalls what was never kept": b"\x80\x02h\x05.",
    "builds a tensor out of nothing": b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n)R.",
    "puts a state on a number": b"\x80\x02K\x01}b.",
}


@pytest.mark.parametrize("program", CRAFTED.values(), ids=CRAFTED.keys())
@pytest.mark.parametrize("legacy", [True, False])
def test_a_crafted_file_is_one_sentence(tmp_path, program, legacy):
    path = tmp_path / "crafted.pth"
    if legacy:
        path.write_bytes(program)
    else:
        writer = torch._C.PyTorchFileWriter(str(path))
        writer.write_record("data.pkl", program, len(program))
        writer.write_end_of_file()
    with pytest.raises(CheckpointError, match=r"crafted\.pth") as caught:
        load_pickled(path)
    assert "\n" not in str(caught.value)


def test_names_and_values_that_are_no_weights_are_told(tmp_path):
    path = tmp_path / "odd.pth"
    torch.save({"weight": "heavy", "bias": torch.zeros(2), 7: torch.zeros(1)}, path)
    with pytest.raises(CheckpointError, match=r"1 unexpected \(7\); 1 of another shape \(weight\)"):
        load_strict(nn.Linear(3, 2), load_pickled(path), path.name)


def test_another_content_than_names_is_told(tmp_path):
    path = tmp_path / "list.pth"
    torch.save([torch.zeros(2)], path)
    with pytest.raises(CheckpointError, match="names and tensors"):
        load_pickled(path)


def test_weights_that_were_trained_in_place_are_not_to_be_deleted(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoints, "CHECKPOINT_DIR", tmp_path)
    (tmp_path / "own.safetensors").write_bytes(b"new")
    entry = Checkpoint("own", "terf", "embedded", "own.safetensors", 3, sha256="0" * 64)
    with pytest.raises(
        CheckpointError, match=r"if you trained it, docs/TRAINING\.md .* restore checkpoints/"
    ) as caught:
        verify(entry)
    assert "delete" not in str(caught.value)
