"""The plan as a strip of chips: one edit each, with what it was read from and how sure the search was."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple

import gradio as gr

from app.pipeline import Outcome
from app.ui import text
from app.ui.region_view import color_class, confidence

FIELDS = 3


class PlanRow(NamedTuple):
    """One edit as the page shows it.

    Attributes:
        region: The phrase; empty for the whole picture.
        effect: One of text.EFFECT_CHOICES.
        strength: 1, 2 or 3.
        hint: How sure the search for the region was; empty where nothing was looked for.
    """

    region: str
    effect: str
    strength: int
    hint: str = ""


def plan_rows(outcome: Outcome) -> list[PlanRow]:
    """The edits of an outcome as rows of the plan."""
    found = {region.label: region for region in outcome.result.regions}
    return [
        PlanRow(
            edit.region or "",
            edit.effect,
            edit.strength,
            confidence(found.get(edit.region)) if edit.region else text.WHOLE,
        )
        for edit in outcome.instruction.edits
    ]


def rows_of_fields(fields: Sequence[Any]) -> list[PlanRow]:
    """Rows of the plan from its fields, three per row, without those to leave out."""
    rows = zip(fields[0::FIELDS], fields[1::FIELDS], fields[2::FIELDS], strict=True)
    return [
        PlanRow((region or "").strip(), effect, int(strength))
        for region, effect, strength in rows
        if effect != text.LEAVE_OUT
    ]


def without_row(fields: Sequence[Any], index: int) -> list[PlanRow]:
    """Rows of the plan from its fields, without the one at an index."""
    start = FIELDS * index
    return rows_of_fields([*fields[:start], *fields[start + FIELDS :]])


def chip(row: PlanRow, phrases: Sequence[str]) -> tuple[list[Any], gr.Button]:
    """One chip: its three fields and the button that takes it out."""
    bare = {"show_label": False, "container": False, "interactive": True}
    with gr.Column(elem_classes=["chip", color_class(row.region, phrases) or "whole"], min_width=250, scale=0):
        with gr.Row(elem_classes="fields"):
            place = gr.Textbox(
                row.region, label="Region", placeholder=text.WHOLE, max_length=text.MAX_REGION, min_width=60, **bare
            )
            out = gr.Button("✕", size="sm", min_width=28, scale=0, elem_classes="remove")
        with gr.Row(elem_classes="fields"):
            what = gr.Dropdown(
                list(text.EFFECT_CHOICES), value=row.effect, label="Effect", min_width=110, scale=3, **bare
            )
            how = gr.Dropdown(
                list(text.STRENGTH_CHOICES), value=row.strength, label="Strength", min_width=80, scale=2, **bare
            )
        gr.HTML(f'<span class="confidence">{escape(row.hint) or "&nbsp;"}</span>')
    return [place, what, how], out
