from __future__ import annotations

import os
import random
import resource
from pathlib import Path

import httpx
import numpy as np
import pytest
from gradio_client import Client, handle_file

from app import pipeline
from app.pairs import read_pair
from app.ui.launch import start
from app.ui.page import build_page
from engines import Edit, InputError, Instruction
from tests.app.hostile_files import NAMES, pictures, texts

FILES = pictures()


def one_sentence(said: str) -> bool:
    return bool(said.strip()) and "\n" not in said and said.rstrip()[-1] in ".!)" and "Traceback" not in said


def usable(pair) -> bool:
    return all(np.isfinite(p).all() and p.min() >= 0 and p.max() <= 1 for p in (pair.visible, pair.infrared))


def test_there_are_two_hundred():
    assert len(FILES) + len(texts()) == 200


def test_every_picture_is_read_or_refused_with_a_sentence(tmp_path, pair):
    refused = 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, data in FILES.items():
        file = tmp_path / "upload.png"
        file.write_bytes(data)
        for visible, infrared in ((file, pair.infrared), (pair.visible, file)):
            try:
                assert usable(read_pair(visible, infrared)), name
            except InputError as error:
                refused += 1
                assert one_sentence(str(error)), (name, str(error))
    assert refused > len(FILES)
    # Kilobytes; nothing that a small file declares may make the process grow.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000


def test_every_sentence_is_read_or_refused_with_one(pair, box_engine):
    read = read_pair(pair.visible, pair.infrared)
    for text in texts():
        try:
            instruction = pipeline.understand(text, "rules")
        except InputError as error:
            assert one_sentence(str(error)), (text[:40], str(error))
            continue
        assert all(edit.region is None or edit.region in text for edit in instruction.edits), text[:40]
        outcome = pipeline.fuse(read, instruction)
        assert np.isfinite(outcome.result.image).all()


def test_hostile_regions_reach_no_html(pair, box_engine):
    from app.session import Session
    from app.ui import present
    from app.ui.region_view import regions_html

    read = read_pair(pair.visible, pair.infrared)
    for text in texts():
        outcome = pipeline.fuse(read, Instruction(text, (Edit(text, "highlight"),)))
        shown = present.reading_html(outcome) + present.facts_html(outcome)
        shown += str(regions_html(outcome, present.eight_bit(outcome.result.image)))
        assert "<script>alert" not in shown and "<img src=x" not in shown, text[:40]
        assert Session().with_step(outcome).current is outcome


def test_hostile_names_stay_names(tmp_path, pair):
    for name in NAMES:
        file = tmp_path / Path(name.replace("\\", "/")).name
        file.write_bytes(b"no picture")
        with pytest.raises(InputError) as caught:
            read_pair(file, pair.infrared)
        assert str(tmp_path) not in str(caught.value)


@pytest.fixture
def server(box_engine, tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "cache"))
    page = build_page()
    start(page, "127.0.0.1", None)
    yield page.local_url.rstrip("/")
    page.close()


def upload(server: str, name: str, data: bytes) -> str | None:
    """The path an upload got, None where it was refused."""
    answer = httpx.post(f"{server}/gradio_api/upload", files={"files": (name, data)}, timeout=60)
    return answer.json()[0] if answer.status_code == 200 else None


def call(server: str, endpoint: str, data: list) -> str:
    url = f"{server}/gradio_api/call/{endpoint}"
    event = httpx.post(url, json={"data": data}, timeout=60).json()["event_id"]
    return httpx.get(f"{url}/{event}", timeout=120).text


@pytest.mark.slow
def test_a_sample_over_http(server, pair):
    good = upload(server, "good.png", pair.infrared.read_bytes())
    dice = random.Random(3)
    for number, name in enumerate(dice.sample(sorted(FILES), 24)):
        path = upload(server, NAMES[number % len(NAMES)], FILES[name])
        if path is None:
            continue
        assert path.startswith(os.environ["GRADIO_TEMP_DIR"] + os.sep) and ".." not in Path(path).parts
        files = [{"path": p, "meta": {"_type": "gradio.FileData"}} for p in (path, good)]
        answer = call(server, "fuse", [*files, "make the cones clear", "auto", "rules", "fast"])
        assert "event: complete" in answer or "event: error" in answer, (name, answer)
        assert "Traceback" not in answer and "site-packages" not in answer, (name, answer)
    for text in texts():
        answer = call(server, "parse", [text.encode("utf-8", "replace").decode(), "rules"])
        assert ("event: error" in answer) == (len(text) > 300), (text[:40], answer[:200])
    client = Client(server, verbose=False)
    fused, *_ = client.predict(
        handle_file(str(pair.visible)), handle_file(str(pair.infrared)), "", "mean", "rules", "fast", api_name="/fuse"
    )
    assert Path(fused).is_file(), "still serving"


@pytest.mark.slow
def test_what_is_not_offered_cannot_be_had(server, pair):
    mine = upload(server, "mine.png", pair.visible.read_bytes())
    folder = Path(mine).parent
    assert len(folder.name) >= 32, "cannot be guessed"
    served = f"{server}/gradio_api/file="
    assert httpx.get(served + mine).status_code == 200
    for path in (
        folder,
        folder.parent,
        "/etc/passwd",
        f"{mine}/../../../../etc/passwd",
        "..%2f..%2fetc/passwd",
        "app.py",
    ):
        assert httpx.get(served + str(path)).status_code in (403, 404), path
    for target in ("http://127.0.0.1:1/", "https://example.org/x.png", "file:///etc/passwd"):
        answer = httpx.get(served + target, follow_redirects=False)
        assert answer.status_code in (400, 403, 404, 302, 307) and b"root:" not in answer.content
    health = httpx.get(f"{server}/health")
    assert health.status_code == 503 and health.json()["status"] == "starting" and health.json()["missing"] == []
