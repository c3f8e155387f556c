"""An upload that is handed over as it came."""

from __future__ import annotations

from abc import ABCMeta
from typing import Any

import gradio as gr


class _QuietMeta(type(gr.Image)):
    """Makes the class as Gradio would, but writes no .pyi file beside this module when it is imported."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attributes: dict[str, Any]) -> type:  # noqa: N804
        return ABCMeta.__new__(mcs, name, bases, attributes)


class PictureInput(gr.Image, metaclass=_QuietMeta):
    """Gives the uploaded file's path without decoding it, so that 16-bit pictures stay whole and errors are ours.

    Gradio has checked before that the path lies in its upload folder or among the examples.
    """

    is_template = True

    def preprocess(self, payload: Any) -> str | None:
        """The uploaded file's path, None without one."""
        return None if payload is None else payload.path
