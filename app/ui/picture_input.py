"""An upload that is handed over as it came."""

from __future__ import annotations

from abc import ABCMeta
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import gradio as gr
from gradio.utils import is_in_or_equal

from app.header import read_header
from app.server_options import server_options
from engines import InputError

NO_ADDRESSES = (
    "Send the picture itself, uploaded or as data:image/png;base64,…: SayFuse fetches nothing from other addresses."
)
_SERVED = "/gradio_api/file="


class _QuietMeta(type(gr.Image)):
    """Makes the class as Gradio would, but writes no .pyi file beside this module when it is imported."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attributes: dict[str, Any]) -> type:  # noqa: N804
        return ABCMeta.__new__(mcs, name, bases, attributes)


class PictureInput(gr.Image, metaclass=_QuietMeta):
    """Gives the uploaded file's path without decoding it, so that 16-bit pictures stay whole and errors are ours.

    Gradio has checked before that the path lies in its upload folder or among the examples. No address is fetched,
    other than that of a file which was uploaded here. Whatever the endpoint, a picture larger than the server allows is
    refused by its header.
    """

    is_template = True

    def preprocess(self, payload: Any) -> str | None:
        """The uploaded file's path, None without one."""
        if payload is None:
            return None
        _check_size(Path(payload.path))
        return payload.path

    async def async_move_resource_to_block_cache(self, url_or_file_path: Any) -> str | None:
        """Gradio's, without the network."""
        return await super().async_move_resource_to_block_cache(self._uploaded(url_or_file_path))

    def move_resource_to_block_cache(self, url_or_file_path: Any) -> str | None:
        """Gradio's, without the network."""
        return super().move_resource_to_block_cache(self._uploaded(url_or_file_path))

    def _uploaded(self, address: Any) -> Any:
        """The file behind an address of this server, anything that is no address as it is."""
        if urlsplit(str(address)).scheme not in ("http", "https"):
            return address
        _, served, file = urlsplit(str(address)).path.partition(_SERVED)
        path = Path(unquote(file)).resolve()
        if served and is_in_or_equal(path, self.GRADIO_CACHE) and path.is_file():
            return str(path)
        raise gr.Error(NO_ADDRESSES, print_exception=False)


def _check_size(file: Path) -> None:
    """Refuse a picture with more pixels than the server allows; what has no header is left to the reader."""
    try:
        with file.open("rb") as opened:
            header = read_header(opened)
    except (InputError, OSError):
        return
    limit = server_options().max_pixels
    if header.width * header.height > limit:
        sentence = f"must have at most {limit:,} pixels, but its header says {header.width} x {header.height}."
        raise gr.Error(escape(f'The file "{file.name}" {sentence}'), print_exception=False)
