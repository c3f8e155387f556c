"""The part of the page that compares methods: its layout and which handler each control calls."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import gradio as gr
import numpy as np
from PIL import Image

import engines
from app.options import PARSERS, PRESETS
from app.ui import compare_view, zoom_grid
from app.ui.compare_handlers import CompareHandlers, default_names
from app.ui.events import INSTANT, MODEL, QUICK, by_name, each_by_name
from app.ui.picture_input import PictureInput
from app.ui.region_controls import REGION_CONTROLS

TITLE = "Compare methods"
INTRODUCTION = "The pair and the instruction above, through several methods, one after another."
_DOWNLOADS = (
    ("png", "Sheet (PNG)"),
    ("pdf", "Sheet (PDF)"),
    ("tex", "Table (LaTeX)"),
    ("csv", "Table (CSV)"),
    ("json", "Everything (JSON)"),
)
_PICTURE = {"format": "png", "buttons": ["download", "fullscreen"], "min_width": 300}


def compare_section(page: gr.Blocks, shared: dict[str, Any]) -> None:
    """Add the section to the page that is being built.

    Args:
        page: The page.
        shared: Its components "visible", "infrared", "instruction", "parser", "preset", "session" and those of
            REGION_CONTROLS, which say what is compared.
    """
    with gr.Accordion(TITLE, open=False, elem_id="compare"):
        named = _controls() | _results()
    handlers = CompareHandlers(lambda picture: _served(named["grid"], picture))
    _wire(page, handlers, named, shared)
    _programs(handlers)


def _controls() -> dict[str, Any]:
    titles = [(spec.title, spec.name) for spec in engines.registry.ENGINES.values()]
    chosen = gr.CheckboxGroup(
        titles, value=default_names(), label="Methods", info=INTRODUCTION, elem_id="compare-methods"
    )
    with gr.Row():
        go = gr.Button("Compare", variant="primary", elem_id="compare-run", min_width=120, scale=3)
        halt = gr.Button("Stop", interactive=False, elem_id="compare-stop", min_width=80, scale=1)
    status = gr.HTML("", elem_id="compare-status")
    grid = gr.HTML("", css_template=zoom_grid.STYLE, js_on_load=zoom_grid.SCRIPT, elem_id="compare-grid")
    return {"chosen": chosen, "go": go, "halt": halt, "status": status, "grid": grid}


def _results() -> dict[str, Any]:
    named: dict[str, Any] = {"comparison": gr.State(None, time_to_live=1800)}
    with gr.Column(visible=False, elem_id="compare-results") as results:
        named["results"] = results
        with gr.Row():
            named["left"] = gr.Dropdown([], label="Left, A", min_width=160, elem_id="compare-left")
            named["right"] = gr.Dropdown([], label="Right, B", min_width=160, elem_id="compare-right")
        with gr.Row(equal_height=False):
            named["slide"] = gr.ImageSlider(label="A | B", elem_id="compare-slider", max_height=560, **_PICTURE)
            with gr.Column(min_width=300):
                named["difference"] = gr.Image(
                    label="Difference A − B", interactive=False, elem_id="compare-difference", **_PICTURE
                )
                named["difference_note"] = gr.HTML(css_template=compare_view.NOTE_STYLE)
        named["region"] = gr.Radio([], label="Metrics of", elem_id="compare-region")
        named["table"] = gr.HTML(
            css_template=compare_view.TABLE_STYLE + compare_view.NOTE_STYLE, elem_id="compare-table"
        )
        named["enlarge"] = gr.Checkbox(True, label="The sheet enlarges the region below each picture")
        with gr.Row():
            for kind, label in _DOWNLOADS:
                named[f"save_{kind}"] = gr.DownloadButton(
                    label, size="sm", min_width=120, interactive=False, elem_id=f"compare-{kind}"
                )
    return named


def _served(grid: gr.HTML, picture: np.ndarray) -> str:
    """Put a picture into the grid's part of Gradio's cache, and tell its address relative to the page."""
    with tempfile.TemporaryDirectory(prefix="sayfuse-") as folder:
        path = Path(folder) / "picture.png"
        Image.fromarray(picture).save(path, compress_level=3)
        return f"gradio_api/file={quote(grid.move_resource_to_block_cache(path))}"


def _wire(page: gr.Blocks, handlers: CompareHandlers, named: dict[str, Any], shared: dict[str, Any]) -> None:
    everything = list(named.values())
    words = [shared["visible"], shared["infrared"], shared["instruction"], named["chosen"]]
    begun = named["go"].click(by_name(named, handlers.begin), words, everything, **QUICK)
    ran = begun.success(
        each_by_name(named, handlers.run),
        [*words, *(shared[name] for name in ("parser", "preset", *REGION_CONTROLS, "session"))],
        everything,
        show_progress="hidden",
        **MODEL,
    )
    ran.failure(by_name(named, handlers.end), None, everything, **INSTANT)
    files = {"fn": each_by_name(named, handlers.files), "inputs": [named["comparison"], named["enlarge"]]}
    ran.success(**files, outputs=everything, **QUICK)
    named["enlarge"].input(**files, outputs=everything, **QUICK)
    named["halt"].click(by_name(named, handlers.stop), None, everything, **INSTANT)
    for picker in ("left", "right"):
        two = [named["comparison"], named["left"], named["right"]]
        named[picker].input(by_name(named, handlers.show_two), two, everything, **QUICK)
    named["region"].input(
        by_name(named, handlers.show_region), [named["comparison"], named["region"]], everything, **INSTANT
    )
    page.unload(handlers.leave)


def _programs(handlers: CompareHandlers) -> None:
    """The named endpoint for programs."""
    upload = {"type": "filepath", "image_mode": None, "format": "png"}
    with gr.Column(visible=False):
        inputs = [
            PictureInput(label="visible", **upload),
            PictureInput(label="infrared", **upload),
            gr.Textbox(label="instruction"),
            gr.CheckboxGroup(engines.names(), value=default_names(), label="engines"),
            gr.Dropdown(list(PARSERS), value="auto", label="parser"),
            gr.Dropdown(list(PRESETS), value="fast", label="preset"),
            gr.Textbox("auto", label="crop"),
        ]
        outputs = [
            gr.Gallery(format="png", label="results"),
            gr.File(file_count="multiple", label="files"),
            gr.JSON(label="comparison"),
        ]
        gr.Button("compare").click(handlers.compare, inputs, outputs, api_name="compare", concurrency_limit=None)
