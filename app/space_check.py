"""`python -m app.space_check`: whether this folder would run as a Hugging Face Space.

Copies what is committed into a folder of its own and starts the app file there as a Space does: nothing in the home
folder, no network for models, a port from the environment. Then asks /health and fuses an example.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from app.examples_index import examples
from engines.errors import InputError

ROOT = Path(__file__).resolve().parent.parent
# What the hub refuses in a plain git push; larger files go through Git LFS.
_PLAIN_GIT_BYTES = 10_000_000
_SPACE = "somebody/sayfuse"
_INSTALL_SECONDS = 900

Say = Callable[[str], None]


def front_matter(readme: Path) -> dict[str, Any]:
    """The settings at the top of a Space's README.

    Raises:
        InputError: There are none.
    """
    parts = re.match(r"---\n(.*?)\n---\n", readme.read_text(encoding="utf-8"), flags=re.DOTALL)
    settings = yaml.safe_load(parts[1]) if parts else None
    if not isinstance(settings, dict):
        raise InputError(f"{readme.name} must begin with the settings of a Space between two lines of ---.")
    return settings


def check_settings(root: Path) -> dict[str, Any]:
    """Compare the settings with the folder.

    Raises:
        InputError: They do not fit; one sentence.
    """
    settings = front_matter(root / "README.md")
    pinned = re.search(r"^gradio==(\S+)$", (root / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    if settings.get("sdk") != "gradio" or pinned is None or str(settings.get("sdk_version")) != pinned[1]:
        raise InputError(f"sdk_version must be {pinned[1] if pinned else 'pinned'} as in requirements.txt.")
    if not (root / str(settings.get("app_file", ""))).is_file():
        raise InputError(f"app_file must be a file of this folder, but got {settings.get('app_file')!r}.")
    for name, most in (("title", 100), ("short_description", 60), ("license", 40)):
        if not 0 < len(str(settings.get(name, ""))) <= most:
            raise InputError(f"{name} must be given, in at most {most} characters.")
    return settings


def tracked_copy(root: Path, target: Path) -> list[Path]:
    """Copy what is committed; returns the files that need Git LFS on the hub."""
    packed = subprocess.run(
        ["git", "archive", "--format=tar", "HEAD"], cwd=root, check=True, capture_output=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(target, filter="data")
        return [Path(member.name) for member in archive if member.size > _PLAIN_GIT_BYTES]


def _fresh_python(folder: Path, requirements: Path, say: Say) -> Path:
    start = time.monotonic()
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "-q", "-r", str(requirements)], check=True)
    seconds = time.monotonic() - start
    say(f"requirements.txt is installed in {seconds:.0f} s")
    if seconds > _INSTALL_SECONDS:
        raise InputError(f"The requirements must install within {_INSTALL_SECONDS} s, but took {seconds:.0f} s.")
    return python


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment(home: Path, port: int) -> dict[str, str]:
    """What a Space's process sees; of this one's only how to find programs and how many threads to use."""
    names = ("PATH", "LANG", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return kept | {
        "HOME": str(home),
        "TMPDIR": str(home),
        "SPACE_ID": _SPACE,
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "GRADIO_SERVER_PORT": str(port),
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _health(address: str) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)
    except OSError:
        return {"status": "silent"}


def _wait(process: subprocess.Popen, address: str, seconds: float, log: Path) -> dict[str, Any]:
    """The first report of /health that is not about starting."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise InputError(f"The app ended with {process.returncode}: {_last_line(log)}")
        report = _health(address)
        if report["status"] not in ("silent", "starting"):
            return report
        time.sleep(1.0)
    raise InputError(f"The app was not ready after {seconds:.0f} s: {_last_line(log)}")


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing."


def _fuse_example(address: str, folder: Path, downloads: Path) -> dict[str, Any]:
    from gradio_client import Client, handle_file

    example = examples(folder)[0]
    pair = {"visible": handle_file(str(example.visible)), "infrared": handle_file(str(example.infrared))}
    client = Client(address, verbose=False, download_files=str(downloads), analytics_enabled=False)
    return client.predict(**pair, instruction=example.sentences[0], api_name="/fuse")[2]


def check(root: Path = ROOT, fresh: bool = False, seconds: float = 900.0, say: Say = print) -> None:
    """Run the whole check.

    Args:
        root: A clone of the repository.
        fresh: Install requirements.txt into a new virtual environment; otherwise this one is used.
        seconds: How long the app may take until it is ready.
        say: Called with a line for each thing found to be right.

    Raises:
        InputError: Something is not right; one sentence.
    """
    settings = check_settings(root)
    say(f"settings: gradio {settings['sdk_version']}, Python {settings['python_version']}, {settings['app_file']}")
    with tempfile.TemporaryDirectory(prefix="sayfuse-space-") as work:
        copy, home, log = Path(work) / "app", Path(work) / "home", Path(work) / "log"
        home.mkdir()
        large = tracked_copy(root, copy)
        say(f"files: {', '.join(map(str, large)) or 'none'} above 10 MB, for Git LFS")
        python = _fresh_python(Path(work) / "venv", copy / "requirements.txt", say) if fresh else Path(sys.executable)
        port = _free_port()
        start = time.monotonic()
        with log.open("w", encoding="utf-8") as output:
            process = subprocess.Popen(
                [str(python), str(settings["app_file"])],
                cwd=copy,
                env=_environment(home, port),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            address = f"http://127.0.0.1:{port}"
            report = _wait(process, address, seconds, log)
            if report["status"] != "ready":
                raise InputError(f"The app is not healthy: {report}; {_last_line(log)}")
            say(f"health: {report['status']} after {time.monotonic() - start:.0f} s, parser {report['parser']}")
            told = _fuse_example(address, copy / "app" / "examples", Path(work) / "downloads")
            say(f"fuse: {told['engine']} in {sum(told['seconds'].values()):.1f} s")
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        left = sorted(entry.name for entry in home.glob("sayfuse-*"))
        if left:
            raise InputError(f"The app left files behind when it was stopped: {', '.join(left)}.")
        say("stopped: no uploads or results left behind")


def main(arguments: list[str] | None = None) -> int:
    """Run the check from the command line; 0 where everything is right, else 2."""
    parser = argparse.ArgumentParser(prog="python -m app.space_check", description=__doc__.splitlines()[0])
    parser.add_argument("--fresh", action="store_true", help="install requirements.txt into a new virtual environment")
    options = parser.parse_args(arguments)
    try:
        check(fresh=options.fresh)
    except (InputError, subprocess.CalledProcessError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
