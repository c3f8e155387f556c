"""Starts the page."""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr

logger = logging.getLogger(__name__)

PORT = 7860
MAX_FILE_SIZE = "40mb"


def warm_up() -> None:
    """Run the parser and the default engine once, so that the first person does not wait for them to load."""
    import numpy as np

    from app import pipeline
    from engines import ImagePair

    grey = ImagePair(np.full((64, 64, 3), 0.5, np.float32), np.full((64, 64), 0.5, np.float32))
    try:
        pipeline.fuse(grey, pipeline.understand("make the people clear"))
    except Exception:
        logger.warning("The default engine could not be loaded ahead of the first request.", exc_info=True)


def start(page: gr.Blocks, name: str, port: int | None) -> None:
    """Serve a page in a thread of its own.

    Args:
        page: From `build_page`.
        name: The address to listen at.
        port: The port, or None for a free one.
    """
    from app.ui.style import CSS, theme

    page.queue(max_size=20, api_open=False)
    page.launch(
        server_name=name,
        server_port=port,
        theme=theme(),
        css=CSS,
        max_file_size=MAX_FILE_SIZE,
        state_session_capacity=500,
        run_history=False,
        footer_links=[],
        ssr_mode=False,
        share=False,
        quiet=True,
        prevent_thread_lock=True,
    )


def main() -> None:
    """Serve the page until the process is ended.

    On this machine only, port 7860; GRADIO_SERVER_NAME and GRADIO_SERVER_PORT override. A Hugging Face Space is served
    on every interface.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

    from app.ui.page import build_page

    page = build_page()
    everywhere = "0.0.0.0" if "SPACE_ID" in os.environ else "127.0.0.1"
    start(page, os.environ.get("GRADIO_SERVER_NAME", everywhere), int(os.environ.get("GRADIO_SERVER_PORT", PORT)))
    logger.info("SayFuse is ready at %s", page.local_url)
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
    page.block_thread()
