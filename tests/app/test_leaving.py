from __future__ import annotations

import logging
import socket
import time
from urllib.parse import urlsplit

import gradio as gr
import httpx

from app.ui.launch import start


def test_who_leaves_while_a_picture_is_sent_is_no_defect(tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    with gr.Blocks(analytics_enabled=False) as page:
        gr.Image()
    start(page, "127.0.0.1", None)
    # Uvicorn's loggers hand nothing on to the root.
    monkeypatch.setattr(logging.getLogger("uvicorn"), "propagate", True)
    try:
        address = urlsplit(page.local_url)
        with socket.create_connection((address.hostname, address.port)) as visitor:
            head = (
                f"POST /gradio_api/upload HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 100000\r\n"
                "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
            )
            part = '--b\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\nhalf a pic'
            visitor.sendall((head + part).encode())
            time.sleep(0.5)
        time.sleep(1.0)
        assert httpx.get(f"{page.local_url}gradio_api/info").status_code == 200
    finally:
        page.close()
    assert not [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR]
