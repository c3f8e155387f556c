"""Starts the page."""

from __future__ import annotations

import argparse
import atexit
import importlib.util
import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app import zero_gpu
from app.health import READY, Health
from app.heap import keep_few_heaps
from app.server_options import server_options
from engines.errors import InputError

if TYPE_CHECKING:
    import gradio as gr

logger = logging.getLogger(__name__)

PORT = 7860
# Longer than the line of requests (app.ui.turns), which tells people their place and refuses with a sentence.
_QUEUE = 128
# What other servers log for a client that closed its connection.
_LEFT = 499


def start(page: gr.Blocks, name: str, port: int | None, health: Health | None = None) -> None:
    """Serve a page in a thread of its own, and /health beside it.

    Args:
        page: From `build_page`.
        name: The address to listen at.
        port: The port, or None for a free one.
        health: What /health tells.
    """
    from starlette.requests import ClientDisconnect, Request
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route

    from app.ui import whole_pictures
    from app.ui.style import CSS, theme

    whole_pictures.install()
    health = health or Health()

    def answer(request: Request) -> JSONResponse:
        report = health.report()
        return JSONResponse(report, status_code=200 if report["status"] == READY else 503)

    def left(request: Request, error: Exception) -> Response:
        """Somebody who goes away while sending a picture is no defect; nobody reads this answer."""
        return Response(status_code=_LEFT)

    options = server_options()
    page.queue(max_size=_QUEUE, api_open=False)
    page.launch(
        server_name=name,
        server_port=port,
        theme=theme(),
        css=CSS,
        max_file_size=f"{options.max_file_mb}mb",
        state_session_capacity=options.max_sessions,
        run_history=False,
        footer_links=[],
        ssr_mode=False,
        share=False,
        quiet=True,
        prevent_thread_lock=True,
        mcp_server=bool(options.mcp),
        # Gradio asks its own page for three seconds and gives up where a busy machine takes longer to make it.
        _frontend=False,
        app_kwargs={"routes": [Route("/health", answer)], "exception_handlers": {ClientDisconnect: left}},
    )


def _own_cache() -> None:
    """Keep uploads and results in a folder that only this person can read and that goes with the process."""
    if "GRADIO_TEMP_DIR" not in os.environ:
        folder = os.environ["GRADIO_TEMP_DIR"] = tempfile.mkdtemp(prefix="sayfuse-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # A container is stopped with this signal, at which Python would leave without tidying up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def _check_mcp() -> None:
    if server_options().mcp and importlib.util.find_spec("mcp") is None:
        raise InputError("The MCP server needs a further package: pip install mcp.")


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve the page until the process is ended.

    On this machine only, port 7860; GRADIO_SERVER_NAME and GRADIO_SERVER_PORT override. A Hugging Face Space is served
    on every interface. The other knobs are in docs/SPACE.md.

    Args:
        arguments: The words after `python app.py`; None takes those of this process.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for chatty in ("httpx", "fontTools"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    parser = argparse.ArgumentParser(prog="python app.py", description="Serve the SayFuse page.")
    parser.add_argument("--mcp", action="store_true", help="serve the endpoints as MCP tools, too")
    if parser.parse_args(arguments).mcp:
        os.environ["SAYFUSE_MCP"] = "1"
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    try:
        _check_mcp()
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    _own_cache()
    keep_few_heaps()

    from app.ui.page import build_page

    if zero_gpu.here():
        logger.info("Engines run on ZeroGPU.")
    page, health = build_page(), Health()
    everywhere = "0.0.0.0" if "SPACE_ID" in os.environ else "127.0.0.1"
    name, port = os.environ.get("GRADIO_SERVER_NAME", everywhere), int(os.environ.get("GRADIO_SERVER_PORT", PORT))
    start(page, name, port, health)
    logger.info("SayFuse is ready at %s", page.local_url)
    threading.Thread(target=health.warm_up, name="warm-up", daemon=True).start()
    page.block_thread()
