from __future__ import annotations

import base64
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from app import pipeline
from app.ui.plan_strip import PlanRow, plan_rows, rows_of_fields, without_row
from app.ui.present import eight_bit
from app.ui.region_view import phrases_of, regions_html, sentence_html
from engines import Edit, Region


@pytest.fixture
def outcome(pair, box_engine):
    return pipeline.run(pair.visible, pair.infrared, "make the cones clear and darken the road", "terf", "rules")


def drawn(outcome) -> str:
    return regions_html(outcome, eight_bit(outcome.result.image))


def test_a_region_is_drawn_where_its_mask_is(outcome):
    path = re.search(r'<path d="M([^Z]+)Z"', drawn(outcome))[1]
    corners = {tuple(float(value) for value in corner.split()) for corner in path.split("L")}
    assert corners == {(8.5, 4.5), (23.5, 4.5), (23.5, 19.5), (8.5, 19.5)}


def test_words_regions_and_chips_share_a_colour(outcome):
    html, phrases = drawn(outcome), phrases_of(outcome.instruction.edits)
    assert phrases == ["cones", "road"]
    words = sentence_html(outcome.instruction.text, phrases)
    assert re.findall(r'word (region-\d)"[^>]*>(\w+)<', words) == [("region-0", "cones"), ("region-1", "road")]
    assert re.findall(r'shape (region-\d)"[^>]*aria-label="“(\w+)”', html) == [
        ("region-0", "cones"),
        ("region-1", "road"),
    ]
    assert html.count('tabindex="0"') == 4, "shapes and legend can be reached by keyboard"


def test_several_effects_on_one_region_are_told_together(outcome):
    edits = (Edit("cones", "brighten", 2), Edit("cones", "infrared"))
    shown = drawn(replace(outcome, instruction=replace(outcome.instruction, edits=edits)))
    assert "“cones”: brighten strongly and towards infrared, 50 % sure" in shown


def test_the_picture_below_is_the_one_given(outcome):
    data = re.search(r"base64,([^\"]+)", drawn(outcome))[1]
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(data)))).astype(int)
    assert picture.shape == (48, 64, 3) and np.abs(picture - eight_bit(outcome.result.image)).mean() < 6


def test_nothing_found_nothing_drawn(outcome):
    empty = [Region(label, np.zeros((48, 64), np.float32), 0.1, None) for label in ("cones", "road")]
    lost = replace(outcome, result=replace(outcome.result, regions=empty))
    assert drawn(lost) == ""
    assert [row.hint for row in plan_rows(lost)] == ["not found", "not found"]


def test_what_was_typed_is_escaped():
    shown = sentence_html('clear the <b>"x"</b> & cones', ['<b>"x"</b>'], {'<b>"x"</b>': '"<i>'})
    assert "<b>" not in shown and "<i>" not in shown and "&lt;b&gt;" in shown and "&amp; cones" in shown


def test_a_phrase_within_another_is_marked_where_it_stands_alone():
    shown = sentence_html("the road sign and the road", ["road sign", "road"])
    assert re.findall(r">([^<]+)</mark>", shown) == ["road sign", "road"]
    assert sentence_html("make it clear", ["a region of the plan"]) == "make it clear"


def test_rows_of_the_plan(outcome):
    assert plan_rows(outcome) == [
        ("cones", "highlight", 1, "50 % sure"),
        ("road", "darken", 1, "50 % sure"),
    ]
    fields = ["kerb", "darken", 2, "sky", "leave out", 1, " ", "denoise", 1]
    assert rows_of_fields(fields) == [PlanRow("kerb", "darken", 2), PlanRow("", "denoise", 1)]
    assert without_row(fields, 0) == [PlanRow("", "denoise", 1)]
    assert without_row(fields, 2) == [PlanRow("kerb", "darken", 2)]
