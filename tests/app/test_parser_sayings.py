"""Ways people put things that neither parser was made for."""

from __future__ import annotations

import pytest

from app.parser import parse
from app.parser.fillers import without_fillers
from app.parser.other_languages import is_other_language
from app.parser.remarks import BEYOND, NOT_ENGLISH, NOTHING_UNDERSTOOD

BOTH = pytest.mark.parametrize("parser", ["llama", "rules"])


def _read(text: str, parser: str) -> list[tuple[str | None, str]]:
    if parser == "llama":
        pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")
    return [(edit.region, edit.effect) for edit in parse(text, parser).edits]


@BOTH
@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ("highlight people 🙂", [("people", "highlight")]),
        ("🔥 highlight the hot spots 🔥🔥", [("hot spots", "highlight")]),
        ("👍🏽 brighten the road ✌️", [("road", "brighten")]),
        ("uh, brighten the um road", [("road", "brighten")]),
        ("make everything above 40 °C clear", [("everything above 40 °C", "highlight")]),
    ],
)
def test_pictograms_and_ums_say_nothing(text, edits, parser):
    assert _read(text, parser) == edits


def test_fillers_leave_every_place_where_it_is():
    text = "um… highlight 🧑‍🚒 the hummer ✌️"
    plain = without_fillers(text)
    assert len(plain) == len(text) and plain.split() == ["highlight", "the", "hummer"]
    assert plain.index("hummer") == text.index("hummer") and without_fillers("40 °C") == "40 °C"


@BOTH
@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ("keep everything but make the road darker", [("road", "darken")]),
        ("leave everything as it is, but brighten the people", [("people", "brighten")]),
        ("dim everything but the people", [("everything but the people", "darken")]),
        ("only the cars", [("cars", "highlight")]),
        ("what about the sky?", [("sky", "highlight")]),
        ("is there anyone behind the car?", [("anyone behind the car", "highlight")]),
        ("make the background less prominent", [("background", "darken")]),
        ("de-emphasize the buildings", [("buildings", "darken")]),
        ("raise the shadows", [("shadows", "brighten")]),
        ("recover the highlights", [("highlights", "darken")]),
        ("brighten what's on the left", [("what's on the left", "brighten")]),
        ("brighten the dark areas of the road", [("dark areas of the road", "brighten")]),
        ("anything warmer than 25 °C", [("anything warmer than 25 °C", "highlight")]),
        ("brighten everything above 40 °C", [("everything above 40 °C", "brighten")]),
        ("brighten people over 30 °C", [("people over 30 °C", "brighten")]),
        ("darken everything around the car", [("everything around the car", "darken")]),
    ],
)
def test_what_is_meant_by_it(text, edits, parser):
    assert _read(text, parser) == edits


@BOTH
@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("mach die autos heller", NOT_ENGLISH),
        ("rends les voitures plus visibles", NOT_ENGLISH),
        ("resalta las personas", NOT_ENGLISH),
        ("让行人更清楚", NOT_ENGLISH),
        ("выдели людей", NOT_ENGLISH),
        ("make the car red", BEYOND),
        ("blur the faces", BEYOND),
        ("remove the car", BEYOND),
        ("turn it into black and white", BEYOND),
        ("what is on the road?", NOTHING_UNDERSTOOD),
        ("hello", NOTHING_UNDERSTOOD),
    ],
)
def test_why_nothing_is_done_is_said(text, note, parser):
    assert _read(text, parser) == [] and note in parse(text, parser).notes


@pytest.mark.parametrize("text", ["xray", "hello there", "make teh statue nicr", "what is this", "hdr look"])
def test_short_or_misspelt_english_is_not_taken_for_another_language(text):
    assert not is_other_language(text)


def test_none_of_something_is_not_to_be_found():
    pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")
    assert _read("no people", "llama") == []
    assert _read("no parking sign", "llama") == [("no parking sign", "highlight")]


@BOTH
@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ("use infrared where it is dark", [("it is dark", "infrared")]),
        ("use infrared where the visible is too dark", [("visible is too dark", "infrared")]),
        ("brighten the road where it is dark", [("road where it is dark", "brighten")]),
        ("highlight everything in the lower left corner", [("everything in the lower left corner", "highlight")]),
    ],
)
def test_where_something_is_so_is_a_place(text, edits, parser):
    assert _read(text, parser) == edits
