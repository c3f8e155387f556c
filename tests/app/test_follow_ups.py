"""A sentence that only names further things asks for what the sentence before did."""

from __future__ import annotations

import pytest

from app import pipeline
from app.parser import parse
from app.parser.follow_ups import with_earlier_effects
from engines.types import Edit, Instruction

BEFORE = (Edit("car", "brighten", 2), Edit("car", "denoise"))


def _followed(text: str, *regions: str, latest: tuple[Edit, ...] = BEFORE) -> list[tuple[str | None, str, int]]:
    read = Instruction(text, tuple(Edit(region, "highlight") for region in regions))
    return [(edit.region, edit.effect, edit.strength) for edit in with_earlier_effects(read, latest).edits]


@pytest.mark.parametrize(
    "text",
    ["and the trees too", "also the trees", "the trees as well", "same for the trees", "now the trees, please"]
    + ["do the same thing with the trees", "What about the trees?", "ditto for the trees"],
)
def test_effect_and_strength_are_those_of_before(text):
    assert _followed(text, "trees") == [("trees", "brighten", 2), ("trees", "denoise", 1)]


def test_each_thing_that_is_named_gets_the_effect():
    one = (Edit("car", "darken"),)
    assert _followed("and the sky and the road too", "sky", "road", latest=one) == [
        ("sky", "darken", 1),
        ("road", "darken", 1),
    ]


@pytest.mark.parametrize(
    "text", ["the trees", "highlight the trees too", "now show the trees", "make the trees clear too"]
)
def test_a_request_of_its_own_stays(text):
    assert _followed(text, "trees") == [("trees", "highlight", 1)]


def test_without_a_sentence_before_it_is_a_name():
    assert _followed("and the trees too", "trees", latest=()) == [("trees", "highlight", 1)]


@pytest.mark.parametrize("parser", ["llama", "rules"])
@pytest.mark.parametrize("text", ["and the sky too", "same for the sky", "what about the sky?"])
def test_the_pipeline_goes_on_with_the_effect(pair, box_engine, text, parser):
    if parser == "llama":
        pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")
    first = pipeline.run(pair.visible, pair.infrared, "darken the road", parser="rules")
    after = pipeline.run(pair.visible, pair.infrared, text, parser=parser, after=first)
    assert after.latest == (Edit("sky", "darken"),)
    assert "As in the sentence before: darken." in after.notes
    alone = pipeline.run(pair.visible, pair.infrared, text, parser=parser)
    assert alone.latest == (Edit("sky", "highlight"),)


def test_a_plan_set_by_hand_is_carried_out_as_it_is(pair, box_engine):
    first = pipeline.run(pair.visible, pair.infrared, "darken the road", parser="rules")
    plan = [Edit("sky", "highlight")]
    after = pipeline.run(pair.visible, pair.infrared, "and the sky too", edits=plan, after=first)
    assert after.latest == tuple(plan) and parse("", "rules").edits == ()
