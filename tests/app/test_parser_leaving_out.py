"""What a sentence wants left as it is stays out of what is edited."""

from __future__ import annotations

import pytest

from app import pipeline
from app.parser import parse
from app.parser.leaving_out import kept_as_it_is, take_out
from app.parser.references import with_references_resolved
from engines.types import Edit


def _read(text: str, parser: str) -> list[tuple[str | None, str]]:
    if parser == "llama":
        pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")
    return [(edit.region, edit.effect) for edit in parse(text, parser).edits]


@pytest.mark.parametrize("parser", ["llama", "rules"])
@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ("darken everything except the people", [("everything except the people", "darken")]),
        ("make everything except the sky darker", [("everything except the sky", "darken")]),
        ("make everything darker, except the sky", [("everything except the sky", "darken")]),
        ("brighten the picture but not the sky", [("picture but not the sky", "brighten")]),
        ("denoise everything but the people, please", [("everything but the people", "denoise")]),
        ("darken all but the car", [("all but the car", "darken")]),
        (
            "brighten everything apart from the sky and the road, and denoise the car",
            [("everything apart from the sky and the road", "brighten"), ("car", "denoise")],
        ),
        ("highlight all the people except the cyclist", [("all the people except the cyclist", "highlight")]),
        ("make the people brighter but not the cyclist", [("people except the cyclist", "brighten")]),
        (
            "bias all people except the woman in red towards infrared",
            [("all people except the woman in red", "infrared")],
        ),
        ("highlight all cars but the red one", [("all cars but the red one", "highlight")]),
        ("use infrared for everything except the road", [("everything except the road", "infrared")]),
        ("leave the sky alone and brighten everything else", [("everything except sky", "brighten")]),
        ("brighten the picture. Do not touch the people.", [("everything except people", "brighten")]),
    ],
)
def test_exceptions_stay_with_their_region(text, edits, parser):
    assert _read(text, parser) == edits


@pytest.mark.parametrize("parser", ["llama", "rules"])
@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ("brighten the people, but not too much", [("people", "brighten")]),
        ("make the sky darker but the road brighter", [("sky", "darken"), ("road", "brighten")]),
        ("highlight the car but not the rest", [("car", "highlight")]),
        ("highlight all the cars but leave the sky alone", [("all the cars", "highlight")]),
        ("brighten the person in the background", [("person in the background", "brighten")]),
        ("make the car clear and darken the rest", [("car", "highlight"), ("rest", "darken")]),
    ],
)
def test_what_leaves_nothing_out_is_read_as_before(text, edits, parser):
    assert _read(text, parser) == edits


@pytest.mark.parametrize("parser", ["llama", "rules"])
def test_an_exception_from_nothing_that_is_edited_is_said_to_stay(parser):
    if parser == "llama":
        pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")
    read = parse("brighten the wall, except for the nurse", parser)
    assert [edit.region for edit in read.edits] == ["wall"]
    assert "Left as it is, as asked: “except for the nurse”." in read.notes


def test_a_text_without_its_exceptions_keeps_every_other_place():
    text = "make everything except the sky darker"
    read = take_out(text)
    assert read.reduced == "make everything                darker" and len(read.reduced) == len(text)
    assert [one.words for one in read.found] == ["the sky"]
    assert take_out("except the sky").found == () and take_out("brighten the buttons").found == ()


@pytest.mark.parametrize(
    ("clause", "kept"),
    [
        ("leave the sky alone", "sky"),
        ("keep the two people as they are", "two people"),
        ("don't touch the road", "road"),
        ("without changing the sky", "sky"),
        ("not the car", "car"),
        ("don't make the car so dark", None),
        ("leave it alone", None),
    ],
)
def test_what_a_clause_asks_to_keep(clause, kept):
    assert kept_as_it_is(clause) == kept


@pytest.mark.parametrize(
    ("regions", "resolved"),
    [
        (["people", "everything else"], ["people", "everything except people"]),
        (["rest of the picture", "people", "sky"], ["everything except people and sky", "people", "sky"]),
        (["people", "background"], ["people", "everything except people"]),
        (["red car", "others"], ["red car", "all cars except red car"]),
        (["red car", "other cars"], ["red car", "cars except red car"]),
        (["man on the left", "everyone else"], ["man on the left", "people except man on the left"]),
        (["wall", "other cars"], ["wall", "other cars"]),
        (["rest"], ["rest"]),
        ([None, "rest"], [None, "rest"]),
        (["everything except people", "rest"], ["everything except people", "rest"]),
        (["left car", "right one"], ["left car", "right car"]),
        (["people on the left", "ones on the right"], ["people on the left", "people on the right"]),
        (["first car", "second"], ["first car", "second car"]),
        (["left car", "other one"], ["left car", "all cars except left car"]),
        (["one on the right"], ["one on the right"]),
        ([None, "right one"], [None, "right one"]),
    ],
)
def test_the_rest_is_what_is_not_named(regions, resolved):
    edits = [Edit(region, "darken") for region in regions]
    assert [edit.region for edit in with_references_resolved(edits)] == resolved


def test_a_source_before_the_rest_is_the_effect():
    edits = [Edit("people", "infrared"), Edit("visible everywhere else", "infrared")]
    assert with_references_resolved(edits)[1] == Edit("everything except people", "visible")


def test_engines_and_earlier_sentences_know_what_the_rest_is(pair, box_engine):
    first = pipeline.run(pair.visible, pair.infrared, "brighten the people", parser="rules")
    outcome = pipeline.run(pair.visible, pair.infrared, "darken the rest", parser="rules", after=first)
    regions = [edit.region for edit in box_engine.asked[-1].edits]
    assert regions == ["people", "everything except people"]
    assert outcome.latest == (Edit("everything except people", "darken"),)
