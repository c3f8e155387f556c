"""How a handler refuses a request: one sentence for the person, never a traceback."""

from __future__ import annotations

import logging
from html import escape
from typing import NoReturn

import gradio as gr

from app.ui import text
from engines import InputError, SayFuseError

logger = logging.getLogger(__name__)

MAX_TEXT = 300


def refuse(error: Exception) -> NoReturn:
    """Show the person one sentence; anything but a SayFuseError goes to the log."""
    if isinstance(error, SayFuseError):
        message = str(error)
    else:
        logger.error("A request failed.", exc_info=error)
        message = text.UNEXPECTED
    # Gradio renders the message as HTML, and it may quote what the person typed.
    raise gr.Error(escape(message), print_exception=False) from None


def check_request(visible: str | None, infrared: str | None, instruction: str) -> None:
    """What can be told without opening a file.

    Raises:
        InputError: A picture is missing, or the text is too long.
    """
    if not visible or not infrared:
        raise InputError(text.MISSING_PICTURE)
    check_text(instruction)


def check_text(instruction: str) -> None:
    """Refuse a text that no instruction needs.

    Raises:
        InputError: It is longer than MAX_TEXT.
    """
    if len(instruction) > MAX_TEXT:
        raise InputError(text.TEXT_TOO_LONG.format(limit=MAX_TEXT, length=len(instruction)))
