from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app import checkpoint_store
from app.cli import main
from engines import CheckpointError, checkpoints
from engines.checkpoints import Checkpoint

CONTENT = bytes(range(256)) * 9000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@dataclass
class Server:
    """Serves CONTENT under any address; keeps where each request began."""

    address: str = ""
    ranges: bool = True
    cut_after: list[int] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    served = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802
            begin = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
            served.begins.append(begin)
            if self.path == "/absent":
                self.send_error(404)
                return
            if begin >= len(CONTENT):
                self.send_error(416)
                return
            begin = begin if served.ranges else 0
            self.send_response(206 if begin else 200)
            self.send_header("Content-Length", str(len(CONTENT) - begin))
            if begin:
                self.send_header("Content-Range", f"bytes {begin}-{len(CONTENT) - 1}/{len(CONTENT)}")
            self.end_headers()
            end = begin + served.cut_after.pop(0) if served.cut_after else None
            self.wfile.write(CONTENT[begin:end])

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        served.address = f"http://127.0.0.1:{listening.server_port}"
        threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True).start()
        yield served
        listening.shutdown()


@pytest.fixture
def registry(tmp_path, monkeypatch, server) -> list[Checkpoint]:
    """An embedded checkpoint that is here, one that is missing, one at an address and one of a hub."""
    import huggingface_hub.constants as constants

    folder = tmp_path / "checkpoints"
    folder.mkdir()
    (folder / "own.safetensors").write_bytes(CONTENT)
    size = len(CONTENT)
    entries = [
        Checkpoint("own", "ris-fusion", "embedded", "own.safetensors", bytes=size, sha256=SHA256),
        Checkpoint("lost", "terf", "embedded", "lost.safetensors", bytes=2_500_000),
        Checkpoint("far", "regions", "published", "far.pth", size, SHA256, url=f"{server.address}/far.pth"),
        Checkpoint("hub", "ris-fusion", "published", "sub/hub.pth", size, repository="who/what", revision="abc"),
    ]
    monkeypatch.setattr(checkpoints, "CHECKPOINT_DIR", folder)
    monkeypatch.setattr(checkpoints, "listed", lambda: entries)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", server.address + "/{repo_id}/{revision}/{filename}")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return entries


def partial_of(entry: Checkpoint) -> object:
    return entry.path.with_name(entry.path.name + ".partial")


def test_the_table_says_what_is_here_and_how_to_get_the_rest(registry, capsys):
    assert main(["checkpoints"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["NAME", "own", "lost", "far", "hub"]
    assert " here" in lines[1] and "missing" in lines[2] and "2.5 MB" in lines[2]
    assert lines[3].endswith("python -m app checkpoints --download far")


def test_an_embedded_one_is_already_here(registry, capsys):
    assert main(["checkpoints", "--download", "own"]) == 0
    assert "already here" in capsys.readouterr().out


def test_a_lost_embedded_one_is_restored_from_the_repository(registry):
    with pytest.raises(CheckpointError, match="checkpoints/lost.safetensors"):
        checkpoint_store.download("lost")


def test_a_published_one_is_fetched_checked_and_placed(registry, server):
    assert "is here now" in checkpoint_store.download("far")
    assert registry[2].path.read_bytes() == CONTENT and not partial_of(registry[2]).exists()
    assert "already here" in checkpoint_store.download("far")
    assert server.begins == [0]


def test_a_broken_connection_is_taken_up_where_it_ended(registry, server):
    server.cut_after = [1_000_000, 500_000]
    checkpoint_store.download("far")
    assert registry[2].path.read_bytes() == CONTENT
    assert server.begins == [0, 1_000_000, 1_500_000]


def test_an_interrupted_download_goes_on_at_the_next_call(registry, server):
    partial_of(registry[2]).write_bytes(CONTENT[:12345])
    checkpoint_store.download("far")
    assert registry[2].path.read_bytes() == CONTENT and server.begins == [12345]


def test_a_complete_partial_file_needs_no_network(registry, server):
    partial_of(registry[2]).write_bytes(CONTENT)
    checkpoint_store.download("far")
    assert registry[2].present and server.begins == []


def test_a_server_without_ranges_sends_it_all_again(registry, server):
    server.ranges = False
    partial_of(registry[2]).write_bytes(b"x" * 1000)
    checkpoint_store.download("far")
    assert registry[2].path.read_bytes() == CONTENT


def test_another_file_than_the_registry_s_is_refused_and_thrown_away(registry):
    partial_of(registry[2]).write_bytes(b"y" + CONTENT[1:1000])
    with pytest.raises(CheckpointError, match="sha256"):
        checkpoint_store.download("far")
    assert not registry[2].present and not partial_of(registry[2]).exists()


def test_another_size_is_refused_before_the_download(registry, server):
    registry[2] = replace(registry[2], bytes=len(CONTENT) + 1)
    with pytest.raises(CheckpointError, match=f"offers {len(CONTENT)} bytes"):
        checkpoint_store.download("far")
    assert not partial_of(registry[2]).exists()


def test_without_a_known_digest_the_first_download_counts(registry, server):
    assert "is here now" in checkpoint_store.download("hub")
    assert registry[3].record.read_text(encoding="utf-8") == f"{SHA256}  hub.pth\n"
    assert checkpoints.verify(registry[3]) == registry[3].path
    registry[3].path.write_bytes(b"z" * len(CONTENT))
    with pytest.raises(CheckpointError, match="damaged.*delete it and fetch it with"):
        checkpoints.verify(registry[3])


def test_what_another_program_fetched_from_the_hub_is_taken(registry, server, tmp_path):
    snapshot = tmp_path / "hub/models--who--what"
    (snapshot / "snapshots/0123/sub").mkdir(parents=True)
    (snapshot / "refs").mkdir()
    (snapshot / "refs/abc").write_text("0123")
    (snapshot / "snapshots/0123/sub/hub.pth").write_bytes(CONTENT)
    checkpoint_store.download("hub")
    assert registry[3].path.read_bytes() == CONTENT and server.begins == []


def test_an_unknown_address_is_one_line(registry, server, capsys):
    registry[2] = replace(registry[2], url=f"{server.address}/absent")
    assert main(["checkpoints", "--download", "far"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and "404" in lines[0]


def test_offline_is_one_line_and_keeps_what_came(registry, capsys):
    registry[2] = replace(registry[2], url="http://127.0.0.1:9/far.pth")
    partial_of(registry[2]).write_bytes(CONTENT[:2_000_000])
    assert main(["checkpoints", "--download", "far"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and "check the connection" in lines[0] and "2.0 MB received so far are kept" in lines[0]
    assert partial_of(registry[2]).stat().st_size == 2_000_000


def test_a_full_disk_is_told_before(registry, monkeypatch):
    monkeypatch.setattr(checkpoint_store.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1000})())
    with pytest.raises(CheckpointError, match="are free"):
        checkpoint_store.download("far")
