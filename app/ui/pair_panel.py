"""The panel in which a person checks how the two pictures fit, shifts one, and says how warm things look."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from app import flir, registration
from app.options import Reading
from app.pairs import read_pair
from app.session import Session
from app.ui import present, text
from app.ui.events import QUICK, Updates, by_name
from app.ui.refusals import check_request, refuse
from engines import SayFuseError

NUMBERS = ("right", "down", "size", "turn")
_AS_GIVEN = (0.0, 0.0, 1.0, 0.0)
# Looking for the alignment takes seconds of the processor: one at a time.
_LOOKING = QUICK | {"concurrency_limit": 1, "concurrency_id": "align", "show_progress": "minimal"}


def pair_panel() -> dict[str, Any]:
    """Lay the panel out."""
    with gr.Accordion(text.PAIR_PANEL, open=False, elem_id="pair-panel"):
        polarity = gr.Radio(list(text.POLARITY_CHOICES), value="white-hot", label="Warm things are", elem_id="polarity")
        with gr.Row():
            check = gr.Button("Show the edges", size="sm", min_width=120, elem_id="check-pair")
            align = gr.Button("Align automatically", size="sm", min_width=140, elem_id="align-pair")
        with gr.Row():
            right = gr.Number(0, label="Right", step=1, min_width=90, elem_id="shift-right")
            down = gr.Number(0, label="Down", step=1, min_width=90, elem_id="shift-down")
            size = gr.Number(1, label="Size", step=0.01, min_width=80)
            turn = gr.Number(0, label="Turn", step=0.1, min_width=90)
        fit = gr.HTML("", elem_id="fit")
        picture = gr.Image(
            label="Edges of both pictures",
            format="png",
            interactive=False,
            visible=False,
            buttons=["fullscreen"],
            elem_id="fit-picture",
        )
    return {
        "polarity": polarity,
        "check": check,
        "align": align,
        "right": right,
        "down": down,
        "size": size,
        "turn": turn,
        "fit": fit,
        "fit_picture": picture,
    }


def wire_pair_panel(named: dict[str, Any]) -> None:
    """Connect the panel and the two uploads, which start every pair unshifted."""
    everything = [component for name, component in named.items() if name != "plan_place"]
    pair = [named["visible"], named["infrared"], named["session"]]
    chosen = [named[name] for name in ("polarity", *NUMBERS)]
    for name in ("polarity", *NUMBERS):
        named[name].input(by_name(named, set_reading), [named["session"], *chosen], everything, **QUICK)
    named["check"].click(by_name(named, check_pair), [*pair, *chosen], everything, **_LOOKING)
    named["align"].click(by_name(named, align_pair), [*pair, named["polarity"]], everything, **_LOOKING)
    for slot in ("visible", "infrared"):
        named[slot].upload(by_name(named, picture_came), pair, everything, **QUICK)
        named[slot].clear(by_name(named, start_over), named["session"], everything, **QUICK)


def set_reading(session: Session, polarity: str, *numbers: float | None) -> Updates:
    """Keep how the pair is to be read; an empty field stands for no change."""
    filled = [given if value is None else value for value, given in zip(numbers, _AS_GIVEN, strict=True)]
    align = registration.AS_GIVEN if tuple(filled) == _AS_GIVEN else ",".join(f"{value:g}" for value in filled)
    return {"session": replace(session, reading=Reading(polarity, align))}


def check_pair(
    visible: str | None, infrared: str | None, session: Session, polarity: str, *numbers: float | None
) -> Updates:
    """Show the edges of both pictures as they are shifted now, with the score."""
    try:
        check_request(visible, infrared, "")
        updates = set_reading(session, polarity, *numbers)
        return updates | _fit(visible, infrared, updates["session"].reading)
    except Exception as error:
        refuse(error)


def align_pair(visible: str | None, infrared: str | None, session: Session, polarity: str) -> Updates:
    """Find the shift, put it into the fields and show how the edges lie then."""
    try:
        check_request(visible, infrared, "")
        found = registration.found(read_pair(visible, infrared, reading=Reading(polarity)))
        numbers = (round(found.dx, 2), round(found.dy, 2), round(found.scale, 4), round(found.angle, 3))
        updates = set_reading(session, polarity, *numbers) | dict(zip(NUMBERS, numbers, strict=True))
        return updates | _fit(visible, infrared, updates["session"].reading)
    except Exception as error:
        refuse(error)


def _fit(visible: str, infrared: str, reading: Reading) -> Updates:
    as_given = read_pair(visible, infrared, reading=replace(reading, align=registration.AS_GIVEN))
    pair = registration.aligned(as_given, reading.align)
    score = 100 * registration.score(pair)
    told = text.FIT.format(score=score)
    if pair is not as_given:
        told = text.FIT_MOVED.format(score=score, before=100 * registration.score(as_given))
    picture = present.eight_bit(registration.edge_overlay(pair))
    return {
        "fit": f'<div class="fit" role="status"><b>{told}</b> {text.PAIR_HINT}</div>',
        "fit_picture": gr.update(value=picture, visible=True),
    }


def start_over(session: Session) -> Updates:
    """Forget the shift of the pair before."""
    reading = replace(session.reading, align=registration.AS_GIVEN)
    shift = dict(zip(NUMBERS, _AS_GIVEN, strict=True))
    return shift | {"session": replace(session, reading=reading), "fit": "", "fit_picture": gr.update(visible=False)}


def picture_came(visible: str | None, infrared: str | None, session: Session) -> Updates:
    """A picture was added: nothing is shifted yet, and a FLIR picture that holds both fills the other place, too."""
    updates = start_over(session)
    only = visible or infrared
    if not (visible and infrared) and only and flir.is_radiometric(Path(only)):
        try:
            read_pair(only, only)
        except SayFuseError as error:
            refuse(error)
        gr.Info(text.WHOLE_PAIR, duration=8)
        updates |= {"visible": only, "infrared": only}
    return updates
