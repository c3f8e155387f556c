from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import httpx
import numpy as np
import pytest
from gradio_client import Client, handle_file
from PIL import Image

from app.ui.launch import start
from app.ui.page import build_page

API = Path(__file__).parents[2] / "docs" / "API.md"
ENDPOINTS = {"/parse", "/engines", "/fuse", "/again", "/undo", "/session", "/metrics", "/stop"}


@pytest.fixture
def client(pair, box_engine, tmp_path) -> Client:
    entry = {"name": "scene", "visible": str(pair.visible), "infrared": str(pair.infrared), "sentences": ["the cones"]}
    (tmp_path / "examples.json").write_text(json.dumps([entry]), encoding="utf-8")
    page = build_page(tmp_path)
    start(page, "127.0.0.1", None)
    yield Client(page.local_url, verbose=False, download_files=str(tmp_path / "downloads"))
    page.close()


def fuse(client: Client, pair, text: str, **options: str) -> tuple[np.ndarray, np.ndarray, dict]:
    pictures = {"visible": handle_file(str(pair.visible)), "infrared": handle_file(str(pair.infrared))}
    options = {"parser": "rules"} | options
    fused, mask, report = client.predict(**pictures, instruction=text, **options, api_name="/fuse")
    return np.asarray(Image.open(fused)), np.asarray(Image.open(mask).convert("L")), report


def call(client: Client, endpoint: str, data: list) -> str:
    url = f"{client.src.rstrip('/')}/gradio_api/call/{endpoint}"
    event = httpx.post(url, json={"data": data}).json()["event_id"]
    return httpx.get(f"{url}/{event}", timeout=30).text


def test_the_named_endpoints(client, pair):
    described = client.view_api(return_format="dict")["named_endpoints"]
    assert set(described) == ENDPOINTS | {"/compare"}
    defaults = {p["parameter_name"]: p["parameter_default"] for p in described["/fuse"]["parameters"][2:]}
    assert defaults == {"instruction": "", "engine": "auto", "parser": "auto", "preset": "fast"}
    told = client.predict("make the cones clear", "rules", api_name="/parse")
    assert told["edits"] == [{"region": "cones", "effect": "highlight", "strength": 1}]
    assert (told["engine"], told["parser"]) == ("ris-fusion", "rules")
    known = {engine["name"]: engine for engine in client.predict(api_name="/engines")}
    assert known["terf"]["ready"] and not known["max"]["learned"]

    picture, inside, report = fuse(client, pair, "make the cones clear")
    assert picture.shape == (48, 64, 3) and picture[10, 10].tolist() == [255, 255, 255]
    assert inside.sum() == 255 * 16 * 16
    assert report["regions"][0]["box"] == [8, 4, 24, 20]

    with pytest.raises(Exception, match="Add a visible"):
        client.predict(None, None, "", "auto", "rules", "fast", api_name="/fuse")
    with pytest.raises(Exception, match="The parser must be one of"):
        client.predict("make it clear", "llama:/etc/passwd", api_name="/parse")


def test_steps_belong_to_their_client(client, pair, box_engine, tmp_path):
    for endpoint in ("/undo", "/session", "/again"):
        with pytest.raises(Exception, match="call /fuse first"):
            client.predict(api_name=endpoint)
    fuse(client, pair, "darken the cones")
    _, _, report = client.predict(instruction="darken the kerb", api_name="/again")
    assert [edit["region"] for edit in report["edits"]] == ["cones", "kerb"]
    other = Client(client.src, verbose=False)
    with pytest.raises(Exception, match="call /fuse first"):
        other.predict(api_name="/undo")
    archive = client.predict(api_name="/session")
    with zipfile.ZipFile(archive) as opened:
        assert {"steps/1/result.png", "steps/2/plan.json"} <= set(opened.namelist())
    _, _, report = client.predict(api_name="/undo")
    assert [edit["region"] for edit in report["edits"]] == ["cones"]
    with pytest.raises(Exception, match="no earlier result"):
        client.predict(api_name="/undo")


def test_only_uploads_are_read(client, pair, tmp_path):
    hidden = tmp_path.parent / "hidden.png"
    Image.open(pair.visible).save(hidden)
    for path in (str(hidden), f"{tmp_path}/../hidden.png", "http://127.0.0.1:1/x.png", "https://example.org/x.png"):
        stolen = {"path": path, "meta": {"_type": "gradio.FileData"}}
        answer = call(client, "fuse", [stolen, stolen, "", "mean", "rules", "fast"])
        assert "event: error" in answer and "complete" not in answer
    assert "fetches nothing" in answer


def test_a_picture_beyond_the_limit_is_refused_by_its_header(client, pair, tmp_path, monkeypatch):
    from app.server_options import ServerOptions
    from app.ui import picture_input

    monkeypatch.setattr(picture_input, "server_options", lambda: ServerOptions(max_pixels=1000))
    with pytest.raises(Exception, match="at most 1,000 pixels, but its header says 64 x 48"):
        fuse(client, pair, "")


def test_the_examples_of_the_documentation_run(client, pair, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Image.open(pair.visible).save("visible.png")
    Image.open(pair.infrared).save("infrared.png")
    blocks = re.findall(r"```python\n(.*?)```", API.read_text(encoding="utf-8"), flags=re.DOTALL)
    code = "\n".join(blocks).replace("http://127.0.0.1:7860", client.src)
    names: dict = {}
    exec(code, names)
    assert "cones" in capsys.readouterr().out and 0 < names["numbers"]["SSIM"] <= 2
    assert zipfile.is_zipfile(names["archive"])
    documented = set(re.findall(r"^\| `(/\w+)` \|", API.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert documented == ENDPOINTS | {"/compare"}
