"""Twenty people at once for a minute, or for SAYFUSE_LOAD_MINUTES: no crash, no cross-talk; memory comes back."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from tests.app.server_process import Server, serving

PEOPLE = 20
_MINUTES = float(os.environ.get("SAYFUSE_LOAD_MINUTES", "1"))
# Two cores serve everybody, and all those people, too.
_QUIET = {"verbose": False, "analytics_enabled": False, "httpx_kwargs": {"timeout": 300}}
# Sentences that a server under load may answer with; anything else is a defect.
_ALLOWED = ("requests are waiting. Try again", "Stopped", "no earlier result", "Add a visible")


@dataclass
class Seen:
    """What everybody met."""

    answers: int = 0
    refusals: list[str] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def write_own_pair(folder: Path, level: int) -> tuple[str, str]:
    """A pair that no other person has: its mean fusion is `level` everywhere."""
    visible, infrared = folder / f"visible-{level}.png", folder / f"infrared-{level}.png"
    Image.fromarray(np.full((120, 160, 3), level + 5, np.uint8)).save(visible)
    Image.fromarray(np.full((120, 160), level - 5, np.uint8)).save(infrared)
    return str(visible), str(infrared)


def person(number: int, address: str, folder: Path, until: float, seen: Seen) -> None:
    level = 20 + 10 * number
    visible, infrared = write_own_pair(folder, level)
    client = Client(address, download_files=str(folder / f"downloads-{number}"), **_QUIET)
    turn = 0
    while time.monotonic() < until:
        turn += 1
        try:
            if turn % 7 == 3:
                client.predict(None, None, "", api_name="/fuse")
                continue
            if turn % 5 == 4:
                fused, _, report = client.predict(api_name="/undo")
            else:
                pair = {"visible": handle_file(visible), "infrared": handle_file(infrared)}
                fused, _, report = client.predict(**pair, instruction="", engine="mean", api_name="/fuse")
            picture = np.asarray(Image.open(fused))
            Path(fused).unlink(missing_ok=True)
            with seen.lock:
                seen.answers += 1
                if (picture != level).any() or report["engine"] != "mean":
                    seen.defects.append(f"person {number} saw {np.unique(picture)[:3]} instead of {level}")
        except AppError as error:
            with seen.lock:
                said = str(error)
                (seen.refusals if any(known in said for known in _ALLOWED) else seen.defects).append(said)
        except Exception as error:
            with seen.lock:
                seen.defects.append(f"{type(error).__name__}: {error}")
    client.close()


def resident(server: Server) -> int:
    """Bytes the server has in memory."""
    return psutil.Process(server.process.pid).memory_info().rss


def crowd(server: Server, folder: Path, seconds: float) -> Seen:
    """What everybody sees who comes at once for so long."""
    seen, until = Seen(), time.monotonic() + seconds
    with ThreadPoolExecutor(PEOPLE) as people:
        for done in [people.submit(person, n, server.url, folder, until, seen) for n in range(PEOPLE)]:
            done.result()
    return seen


@pytest.mark.slow
def test_twenty_people_at_once(tmp_path):
    with serving(tmp_path) as server:
        # Everybody once, so that all is loaded and every thread has been needed.
        crowd(server, tmp_path, 0.01)
        before = resident(server)
        seen = crowd(server, tmp_path, 60 * _MINUTES)
        after = resident(server)
        print(f"{seen.answers} answers, {len(seen.refusals)} refusals, {before / 1e6:.0f} -> {after / 1e6:.0f} MB")
        assert not seen.defects, seen.defects[:5]
        assert seen.answers >= PEOPLE
        client = Client(server.url, **_QUIET)
        assert client.predict("make the cones clear", "rules", api_name="/parse")["engine"] == "ris-fusion"
        assert after < 1.15 * before, f"memory should come back to within 15 %, but went from {before} to {after} bytes"
