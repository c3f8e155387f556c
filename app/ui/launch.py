"""Starts the page."""

from __future__ import annotations

import logging
import os
import threading

logger = logging.getLogger(__name__)

PORT = 7860
MAX_FILE_SIZE = "40mb"


def warm_up() -> None:
    """Load the parser and the default engine, so that the first person does not wait for them."""
    import engines
    from app.parser import parse
    from app.router import route

    try:
        engines.build(route(parse("make the people clear"))[0])
    except Exception:
        logger.warning("The default engine could not be loaded ahead of the first request.", exc_info=True)


def main() -> None:
    """Serve the page until the process is ended.

    On this machine only, port 7860; GRADIO_SERVER_NAME and GRADIO_SERVER_PORT override. A Hugging Face Space is served
    on every interface.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

    from app.ui.page import build_page
    from app.ui.style import CSS, theme

    page = build_page()
    page.queue(max_size=20, api_open=False)
    name = "0.0.0.0" if "SPACE_ID" in os.environ else os.environ.get("GRADIO_SERVER_NAME", "127.0.0.1")
    page.launch(
        server_name=name,
        server_port=int(os.environ.get("GRADIO_SERVER_PORT", PORT)),
        theme=theme(),
        css=CSS,
        max_file_size=MAX_FILE_SIZE,
        state_session_capacity=500,
        run_history=False,
        footer_links=[],
        ssr_mode=False,
        show_error=False,
        share=False,
        prevent_thread_lock=True,
    )
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
    page.block_thread()
