"""`python app.py` in a process of its own, as a person starts it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# A loaded machine takes its time.
_UP_SECONDS = 400


@dataclass(frozen=True)
class Server:
    """Where it is served, and the process that serves."""

    url: str
    process: subprocess.Popen


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """The page on a free port, working in `folder`; by the end it must have logged no traceback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "log").open("w") as log:
        environment = os.environ | {"GRADIO_SERVER_PORT": str(port), "GRADIO_TEMP_DIR": str(folder / "cache")}
        process = subprocess.Popen([sys.executable, str(ROOT / "app.py")], cwd=folder, env=environment, stderr=log)
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_until_ready(url, process)
            yield Server(url, process)
        finally:
            process.terminate()
            process.wait(timeout=120)
    assert "Traceback" not in (folder / "log").read_text()


def _wait_until_ready(url: str, process: subprocess.Popen) -> None:
    """Wait for the page and the models behind it."""
    deadline = time.monotonic() + _UP_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError(f"The page did not get ready (exit code {process.poll()}).")
