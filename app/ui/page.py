"""The layout of the page and which handler each control calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from PIL import Image

import engines
from app.examples_index import EXAMPLES, Example, examples
from app.session import Session
from app.ui import text
from app.ui.canvas import COLOR, OPACITY
from app.ui.compare import compare_section
from app.ui.events import INSTANT, MODEL, QUICK, Updates, by_name, each_by_name
from app.ui.exports import export_buttons, wire_exports
from app.ui.handlers import PageHandlers
from app.ui.pair_panel import pair_panel, wire_pair_panel
from app.ui.picture_input import PictureInput
from app.ui.plan_strip import PlanRow, chip, rows_of_fields, without_row
from app.ui.programs import add_endpoints
from app.ui.refusals import MAX_TEXT
from app.ui.region_controls import REGION_CONTROLS, region_controls

_UPLOAD = {"type": "filepath", "image_mode": None, "format": "png"}
_PICTURE = {"format": "png", "buttons": ["download", "fullscreen"]}
# On a phone the result lies below the examples.
_TO_RESULTS = "() => { if (innerWidth < 760) document.getElementById('results').scrollIntoView({behavior: 'smooth'}) }"
# Gradio gives the slider's pictures no words for those who cannot see them.
_NAME_SLIDER = """() => setTimeout(() => {
    for (const picture of document.querySelectorAll('#slider img')) picture.alt = '%s';
}, 500)"""
# A secret of the browser tab that outlives a reload, but not the tab.
_TAB = """() => {
    let token = sessionStorage.getItem('sayfuse');
    if (!token) {
        const digits = crypto.getRandomValues(new Uint8Array(16));
        token = Array.from(digits, (digit) => digit.toString(16).padStart(2, '0')).join('');
        sessionStorage.setItem('sayfuse', token);
    }
    return token;
}"""
_CACHE_SECONDS = (600, 3600)


def build_page(folder: Path = EXAMPLES) -> gr.Blocks:
    """The whole page, ready to launch.

    Args:
        folder: Where the example pairs are; its files become readable over the network.
    """
    shown = examples(folder)
    gr.set_static_paths([folder])
    handlers = PageHandlers(shown)
    with gr.Blocks(title=text.TITLE, analytics_enabled=False, delete_cache=_CACHE_SECONDS) as page:
        named: dict[str, Any] = {
            "session": gr.State(Session(), time_to_live=1800),
            "plan": gr.State([]),
            "draft": gr.State(None, time_to_live=1800),
            "painting": gr.State(None),
        }
        gr.HTML(f'<div id="header"><h1>{text.TITLE}</h1><span>{text.TAGLINE}</span></div>')
        with gr.Row(equal_height=False):
            with gr.Column(scale=5, min_width=320):
                named |= _inputs(shown)
            with gr.Column(scale=7, min_width=320):
                named |= _outputs()
        # First, as Gradio gives a name to the first event that asks for it.
        add_endpoints(page)
        compare_section(page, named)
        with gr.Accordion(text.GLOSSARY_TITLE, open=False, elem_id="glossary"):
            gr.HTML(_glossary())
        gr.HTML(f'<div id="footer">{text.FOOTER}</div>')
        _wire(page, handlers, named)
        wire_exports(named)
    return page


def _glossary() -> str:
    return f"<dl>{''.join(f'<dt>{word}</dt><dd>{meaning}</dd>' for word, meaning in text.GLOSSARY)}</dl>"


def _thumbnail(example: Example) -> np.ndarray:
    """Both pictures of an example in one, visible above the diagonal."""
    size = (240, 180)
    visible = np.asarray(Image.open(example.visible).convert("RGB").resize(size))
    infrared = np.asarray(Image.open(example.infrared).convert("L").resize(size))[..., None]
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]]
    lower = (columns / size[0] + rows / size[1] > 1.0)[..., None]
    return np.where(lower, infrared, visible).astype(np.uint8)


def _inputs(shown: Sequence[Example]) -> dict[str, Any]:
    with gr.Row():
        upload = _UPLOAD | {"sources": ["upload", "clipboard"], "height": 230, "min_width": 150}
        visible = PictureInput(label="Visible", alt_text="Visible picture", elem_id="visible", **upload)
        infrared = PictureInput(label="Infrared", alt_text="Infrared picture", elem_id="infrared", **upload)
    instruction = gr.Textbox(
        label="Instruction",
        placeholder=text.PLACEHOLDER,
        max_length=MAX_TEXT,
        max_lines=3,
        elem_id="instruction",
    )
    sentences = gr.Dataset(
        label="Try",
        components=[instruction],
        samples=[[sentence] for sentence in text.SENTENCES],
        elem_id="sentences",
        show_label=False,
    )
    with gr.Row():
        run = gr.Button("Fuse", variant="primary", elem_id="run", min_width=120, scale=3)
        find = gr.Button("Regions first", elem_id="find", min_width=140, scale=2)
        stop = gr.Button("Stop", interactive=False, elem_id="stop", min_width=80, scale=1)
    status = gr.HTML("", elem_id="status")
    fitting = pair_panel()
    gallery = gr.Gallery(
        value=[(_thumbnail(example), example.name.replace("_", " ")) for example in shown],
        label="Examples",
        columns=3,
        allow_preview=False,
        object_fit="cover",
        height="auto",
        format="png",
        interactive=False,
        buttons=[],
        elem_id="examples",
    )
    with gr.Accordion("Advanced", open=False), gr.Row():
        titles = [(spec.title, spec.name) for spec in engines.registry.ENGINES.values()]
        engine = gr.Dropdown([("automatic", "auto"), *titles], value="auto", label="Engine", min_width=140)
        parser = gr.Dropdown(list(text.PARSER_CHOICES), value="auto", label="Parser", min_width=120)
        preset = gr.Dropdown(
            list(text.PRESET_CHOICES), value="fast", label="Tuning of each picture (TeRF)", min_width=120
        )
        looking = region_controls()
    return {
        "visible": visible,
        "infrared": infrared,
        "instruction": instruction,
        "sentences": sentences,
        "run": run,
        "find": find,
        "stop": stop,
        "status": status,
        "gallery": gallery,
        "engine": engine,
        "parser": parser,
        "preset": preset,
        **looking,
        **fitting,
    }


def _outputs() -> dict[str, Any]:
    named: dict[str, Any] = {"empty": gr.HTML(f'<div id="empty">{text.EMPTY_RESULT}</div>')}
    with gr.Column(visible=False, elem_id="results") as results:
        named["results"] = results
        with gr.Row(equal_height=False):
            named["reading"] = gr.HTML(elem_id="reading", min_width=240)
            with gr.Column(min_width=220, scale=0), gr.Row(elem_id="steps"):
                for name, label in text.STEPS:
                    named[name] = gr.Button(label, size="sm", interactive=False, elem_id=name, min_width=66, scale=0)
        named["plan_place"] = gr.Column(elem_id="plan")
        named["slider"] = gr.ImageSlider(label="Result", elem_id="slider", max_height=640, **_PICTURE)
        named["scale"] = gr.HTML(elem_id="scale")
        with gr.Row(elem_id="view"):
            named["left"] = gr.Radio(
                list(text.LEFT_CHOICES),
                value="Visible",
                label="Left of the slider (the result is on the right)",
                min_width=320,
                scale=3,
                elem_id="left",
            )
            with gr.Column(min_width=180, scale=1):
                named["palette"] = gr.Dropdown(
                    list(text.PALETTE_CHOICES), value="white-hot", label="Show infrared in", elem_id="palette"
                )
                named["tinted"] = gr.Checkbox(False, label="the result, too", container=False, elem_id="tinted")
        named["history"] = gr.Gallery(
            label="Steps (choose one to go on from there)",
            columns=6,
            allow_preview=False,
            object_fit="cover",
            height="auto",
            format="png",
            interactive=False,
            buttons=[],
            elem_id="history",
        )
        with gr.Row():
            named["regions"] = gr.HTML(min_width=260, elem_id="regions")
            named["overlay"] = gr.Image(
                label="Red overlay", alt_text=text.OVERLAY_ALT, min_width=260, elem_id="overlay", **_PICTURE
            )
        named |= _region_editor()
        with gr.Accordion("Inside the engine", open=False) as panel:
            named["maps_panel"] = panel
            named["maps"] = gr.Gallery(
                show_label=False, columns=3, object_fit="contain", format="png", interactive=False, elem_id="maps"
            )
            named["attention"] = gr.Button(text.ATTENTION, size="sm", elem_id="attention")
        named["facts"] = gr.HTML(elem_id="facts")
        with gr.Row(elem_id="downloads"):
            for kind, label in text.DOWNLOADS:
                named[f"download_{kind}"] = gr.DownloadButton(
                    label, size="sm", min_width=120, elem_id=f"download-{kind}"
                )
            named |= export_buttons()
    return named


def _region_editor() -> dict[str, Any]:
    color = ("#" + "".join(f"{value:02x}" for value in COLOR), OPACITY)
    with gr.Accordion(text.REGION_EDITOR, open=False, visible=False, elem_id="region-editor") as panel:
        with gr.Row(equal_height=False):
            place = gr.Dropdown([], label="On the canvas", info=text.REGION_HINT, min_width=200, elem_id="place")
            delete = gr.Button("Delete this region", size="sm", min_width=130, scale=0, elem_id="delete-region")
            compose = gr.Button("Compose", variant="primary", size="sm", min_width=130, scale=0, elem_id="compose")
        canvas = gr.ImageEditor(
            show_label=False,
            sources=(),
            transforms=(),
            brush=gr.Brush(colors=[color], color_mode="fixed"),
            layers=gr.LayerOptions(allow_additional_layers=False),
            format="png",
            buttons=[],
            height=540,
            elem_id="canvas",
        )
    return {"region_editor": panel, "place": place, "delete_region": delete, "compose": compose, "canvas": canvas}


def _wire(page: gr.Blocks, handlers: PageHandlers, named: dict[str, Any]) -> None:
    """Connect the controls; a component is an output of every event, which updates those it names."""
    everything = [component for name, component in named.items() if name != "plan_place"]

    def inputs(*names: str) -> list[Any]:
        return [named[name] for name in names]

    def fusing(trigger: Callable[..., Any], handler: Callable[..., Iterator[Updates]], values: list[Any]) -> None:
        begun = trigger(
            by_name(named, handlers.begin), inputs("visible", "infrared", "instruction"), everything, **QUICK
        )
        ran = begun.success(each_by_name(named, handler), values, everything, show_progress="hidden", **MODEL)
        ran.success(None, js=_TO_RESULTS, **INSTANT)
        ran.failure(by_name(named, handlers.end), None, everything, **INSTANT)

    words = ("visible", "infrared", "instruction", "engine")
    request = inputs(*words, "parser", "preset", *REGION_CONTROLS, "session", "left")
    fusing(named["run"].click, handlers.run, request)
    fusing(named["find"].click, handlers.find_regions, request)
    fusing(named["instruction"].submit, handlers.run, request)
    named["stop"].click(by_name(named, handlers.stop), None, everything, **INSTANT)
    at = inputs("session", "left")
    named["undo"].click(each_by_name(named, handlers.undo), at, everything, **QUICK)
    named["redo"].click(each_by_name(named, handlers.redo), at, everything, **QUICK)
    named["history"].select(each_by_name(named, handlers.go_to), at, everything, **QUICK)
    fusing(named["again"].click, handlers.again, inputs("visible", "infrared", "preset", "session", "left"))
    shown = inputs("session", "left", "palette", "tinted")
    for name in ("palette", "tinted"):
        named[name].input(by_name(named, handlers.show_in_palette), shown, everything, **QUICK)
    named["attention"].click(
        by_name(named, handlers.show_attention), named["session"], [named["maps"]], show_progress="minimal", **MODEL
    )
    named["slider"].change(None, js=_NAME_SLIDER % text.SLIDER_ALT, **INSTANT)
    named["left"].input(by_name(named, handlers.show_left), inputs("session", "left"), everything, **INSTANT)
    drawn = ("session", "draft", "painting", "canvas")
    named["place"].input(by_name(named, handlers.choose_region), inputs(*drawn, "place"), everything, **QUICK)
    named["delete_region"].click(by_name(named, handlers.delete_region), inputs(*drawn), everything, **QUICK)
    fusing(named["compose"].click, handlers.compose, inputs("visible", "infrared", "preset", *drawn, "left"))
    named["gallery"].select(by_name(named, handlers.load_example), named["session"], everything, **QUICK)
    named["sentences"].click(lambda sample: sample[0], named["sentences"], named["instruction"], **INSTANT)
    tab = gr.Textbox(visible=False)
    page.load(each_by_name(named, handlers.restore), tab, everything, js=_TAB, **QUICK)
    page.unload(handlers.leave)
    wire_pair_panel(named)

    with named["plan_place"]:

        @gr.render(inputs=named["plan"], show_progress="hidden")
        def plan(rows: list[PlanRow]) -> None:
            rows = [PlanRow(*row) for row in rows]
            phrases = list(dict.fromkeys(row.region for row in rows if row.region))
            with gr.Row(elem_id="chips"):
                chips = [chip(row, phrases) for row in rows]
            fields = [field for row_fields, _ in chips for field in row_fields]
            with gr.Row():
                again = gr.Button(
                    "Run this plan", size="sm", elem_id="run-plan", min_width=130, scale=0, interactive=bool(rows)
                )
                more = gr.Button("Add a change", size="sm", elem_id="add-row", min_width=120, scale=0)
            values = inputs(*words, "preset", *REGION_CONTROLS, "session", "left")
            for start in [again.click, *(row_fields[0].submit for row_fields, _ in chips)]:
                fusing(start, handlers.run_plan, [*values, *fields])
            more.click(
                lambda *told: [*rows_of_fields(told), PlanRow("", "highlight", 1)], fields, named["plan"], **QUICK
            )
            for index, (_, out) in enumerate(chips):
                out.click(lambda *told, index=index: without_row(told, index), fields, named["plan"], **QUICK)
