"""Downloads that are made when they are asked for, because few people ask and the files are large."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from app.export import write_tiff
from app.session import Session
from app.session_file import write_session
from app.ui.events import INSTANT, QUICK, Updates, each_by_name
from app.ui.refusals import refuse

_KINDS = {"tiff": ("Picture (16-bit TIFF)", "sayfuse-fused.tiff"), "session": ("Session (ZIP)", "sayfuse-session.zip")}
_SAVE = """(file) => {
    if (!file) return;
    const link = document.createElement('a');
    link.href = file.url;
    link.download = file.orig_name;
    link.click();
}"""


def export_buttons() -> dict[str, Any]:
    """Lay the buttons out, in the row of the other downloads."""
    buttons = {
        f"export_{kind}": gr.Button(label, size="sm", min_width=120, elem_id=f"download-{kind}")
        for kind, (label, _) in _KINDS.items()
    }
    return buttons | {"exported": gr.File(visible="hidden", elem_id="exported")}


def wire_exports(named: dict[str, Any]) -> None:
    """Connect the buttons; the browser saves the file as soon as it is there."""
    for kind in _KINDS:
        handler = each_by_name(named, partial(export, kind))
        made = named[f"export_{kind}"].click(handler, named["session"], [named["exported"]], **QUICK)
        made.success(None, named["exported"], js=_SAVE, **INSTANT)


def export(kind: str, session: Session) -> Iterator[Updates]:
    """Make one of the files: the picture on display as 16-bit TIFF, or every step as a ZIP that replays."""
    if session.current is None:
        return
    try:
        # Gradio has copied the file when the generator goes on.
        with tempfile.TemporaryDirectory(prefix="sayfuse-") as folder:
            file = Path(folder) / _KINDS[kind][1]
            if kind == "tiff":
                write_tiff(file, session.current.result.image)
            else:
                write_session(session, file)
            yield {"exported": str(file)}
    except Exception as error:
        refuse(error)
