"""The MCP server, asked by a client of the package `mcp`."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from app import server_options
from app.server_options import ServerOptions
from app.ui import launch, programs
from app.ui.page import build_page

mcp = pytest.importorskip("mcp", reason="needs the package mcp (requirements-dev.txt)")


@pytest.fixture
def server(box_engine, monkeypatch):
    for module in (launch, programs):
        monkeypatch.setattr(module, "server_options", lambda: ServerOptions(mcp=1))
    page = build_page()
    launch.start(page, "127.0.0.1", None)
    yield page.local_url.rstrip("/")
    page.close()


def data_address(file: Path) -> str:
    return f"data:image/png;base64,{base64.b64encode(file.read_bytes()).decode()}"


@pytest.mark.slow
def test_a_client_lists_and_calls_the_tools(server, pair):
    import anyio
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def talk() -> tuple:
        address = f"{server}/gradio_api/mcp/"
        async with streamable_http_client(address) as (read, write, _), ClientSession(read, write) as session:
            await session.initialize()
            tools = {tool.name.removeprefix("sayfuse_"): tool for tool in (await session.list_tools()).tools}
            names = {short: tool.name for short, tool in tools.items()}
            parsed = await session.call_tool(names["parse"], {"instruction": "make the cones clear", "parser": "rules"})
            picture = {"visible": data_address(pair.visible), "infrared": data_address(pair.infrared)}
            request = picture | {"instruction": "make the cones clear", "parser": "rules"}
            fused = await session.call_tool(names["fuse"], request)
            outside = await session.call_tool(names["fuse"], request | {"visible": "http://127.0.0.1:1/x.png"})
            return tools, parsed, fused, outside

    tools, parsed, fused, outside = anyio.run(talk)
    assert {"parse", "engines", "fuse", "metrics", "compare"} <= tools.keys()
    assert not {"undo", "again", "session", "stop"} & tools.keys(), "a tool has no session"
    assert "visible picture" in tools["fuse"].inputSchema["properties"]["visible"]["description"].lower()
    assert "ris-fusion" in str(tools["fuse"].inputSchema["properties"]["engine"])
    assert "'region': 'cones'" in parsed.content[0].text
    (first, *_) = [part for part in fused.content if part.type == "image"]
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(first.data))))
    assert picture.shape[:2] == (48, 64) and picture[10, 10, :3].tolist() == [255, 255, 255]
    assert outside.isError and "fetches nothing" in outside.content[0].text


@pytest.mark.slow
def test_without_the_flag_there_is_no_mcp_server(box_engine):
    page = build_page()
    launch.start(page, "127.0.0.1", None)
    try:
        assert httpx.get(f"{page.local_url}gradio_api/mcp/schema").status_code == 404
    finally:
        page.close()


def test_a_missing_package_is_one_sentence(monkeypatch, capsys):
    monkeypatch.setenv("SAYFUSE_MCP", "1")
    monkeypatch.setattr(launch.importlib.util, "find_spec", lambda name: None)
    server_options.server_options.cache_clear()
    with pytest.raises(SystemExit) as ended:
        launch.main(["--mcp"])
    server_options.server_options.cache_clear()
    assert ended.value.code == 2 and "pip install mcp" in capsys.readouterr().err
