from __future__ import annotations

import hashlib

import pytest

from app import checkpoint_store
from app.cli import main
from engines import CheckpointError, checkpoints
from engines.checkpoints import Checkpoint

CONTENT = b"weights"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def registry(tmp_path, monkeypatch) -> list[Checkpoint]:
    """An embedded checkpoint that is here, one that is missing, and a published one."""
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    (folder / "own.safetensors").write_bytes(CONTENT)
    entries = [
        Checkpoint("own", "ris-fusion", "embedded", "own.safetensors", bytes=7, sha256=SHA256),
        Checkpoint("lost", "terf", "embedded", "lost.safetensors", bytes=2_500_000),
        Checkpoint("far", "ris-fusion", "published", "sub/far.pth", bytes=7, sha256=SHA256, repository="who/what"),
    ]
    monkeypatch.setattr(checkpoints, "CHECKPOINT_DIR", folder)
    monkeypatch.setattr(checkpoints, "listed", lambda: entries)
    return entries


def test_the_table_says_what_is_here_and_how_to_get_the_rest(registry, capsys):
    assert main(["checkpoints"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["NAME", "own", "lost", "far"]
    assert " here" in lines[1] and "missing" in lines[2] and "2.5 MB" in lines[2]
    assert lines[3].endswith("python -m app checkpoints --download far")


def test_an_embedded_one_is_already_here(registry, capsys):
    assert main(["checkpoints", "--download", "own"]) == 0
    assert "already here" in capsys.readouterr().out


def test_a_lost_embedded_one_is_restored_from_the_repository(registry):
    with pytest.raises(CheckpointError, match="checkpoints/lost.safetensors"):
        checkpoint_store.download("lost")


def test_a_published_one_is_checked_and_placed(registry, tmp_path, monkeypatch):
    fetched = tmp_path / "cache"
    fetched.write_bytes(CONTENT)
    monkeypatch.setattr(checkpoint_store, "_fetched", lambda entry: fetched)
    assert "is here now" in checkpoint_store.download("far")
    assert registry[2].path.read_bytes() == CONTENT
    assert "already here" in checkpoint_store.download("far")


def test_another_file_than_the_registry_s_is_refused(registry, tmp_path, monkeypatch):
    fetched = tmp_path / "cache"
    fetched.write_bytes(b"something else")
    monkeypatch.setattr(checkpoint_store, "_fetched", lambda entry: fetched)
    with pytest.raises(CheckpointError, match="sha256"):
        checkpoint_store.download("far")
    assert not registry[2].present


def test_offline_is_one_line(registry, tmp_path, monkeypatch, capsys):
    import huggingface_hub.constants as constants

    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    assert main(["checkpoints", "--download", "far"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and "connection" in lines[0] and "who/what" in lines[0]
