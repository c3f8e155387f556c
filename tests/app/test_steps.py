"""The page's history: redo, branches, and the same effect again."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import gradio as gr
import numpy as np
import pytest

from app.palettes import in_palette
from app.session import Session
from app.session_words import session_request
from app.ui.handlers import PageHandlers
from engines import Region
from tests.app.conftest import SURE

ME = SimpleNamespace(session_hash="me")


@pytest.fixture
def handlers(box_engine) -> PageHandlers:
    return PageHandlers([])


def fuse(handlers: PageHandlers, pair, text: str, session: Session, engine: str = "auto") -> dict:
    files = (str(pair.visible), str(pair.infrared))
    handlers.begin(*files, text, ME)
    *_, shown = handlers.run(*files, text, engine, "rules", "fast", "auto", "fused", *SURE, session, "Visible", ME)
    return shown


def go_to(handlers: PageHandlers, session: Session, index: int) -> list[dict]:
    return list(handlers.go_to(session, "Visible", SimpleNamespace(index=index)))


def again(handlers: PageHandlers, pair, session: Session) -> dict:
    handlers.begin(str(pair.visible), str(pair.infrared), "", ME)
    *_, shown = handlers.again(str(pair.visible), str(pair.infrared), "fast", session, "Visible", ME)
    return shown


def compose(handlers: PageHandlers, pair, shown: dict, place: str) -> dict:
    """Paint the upper edge of a region, then compose."""
    drawn = (shown["session"], shown["draft"], shown["painting"], shown["canvas"]["value"])
    on = handlers.choose_region(*drawn, place)
    on["canvas"]["value"]["layers"][0][:2, :, 3] = 140
    handlers.begin(str(pair.visible), str(pair.infrared), "", ME)
    painted = (on["draft"], on["painting"], on["canvas"]["value"])
    *_, shown = handlers.compose(
        str(pair.visible), str(pair.infrared), "fast", shown["session"], *painted, "Visible", ME
    )
    return shown


def run_plan(handlers: PageHandlers, pair, session: Session, *fields) -> dict:
    handlers.begin(str(pair.visible), str(pair.infrared), "", ME)
    request = (str(pair.visible), str(pair.infrared), "plan", "auto", "fast", "auto", "fused", *SURE)
    *_, shown = handlers.run_plan(*request, session, "Visible", ME, *fields)
    return shown


def planned(shown: dict) -> list[tuple]:
    return [row[:3] for row in shown["plan"]]


def strengths(box_engine) -> list[int]:
    return [edit.strength for edit in box_engine.asked[-1].edits]


def test_redo_shows_what_was_taken_back(handlers, pair):
    first = fuse(handlers, pair, "make the cones clear", Session())
    second = fuse(handlers, pair, "make the kerb clear", first["session"])
    assert not second["redo"]["interactive"]
    (back,) = handlers.undo(second["session"], "Visible")
    assert back["redo"]["interactive"] and back["instruction"] == "make the cones clear"
    (forth,) = handlers.redo(back["session"], "Visible")
    assert forth["instruction"] == "make the kerb clear" and forth["history"]["selected_index"] == 1


def test_a_new_sentence_from_an_earlier_step_starts_a_branch(handlers, pair):
    first = fuse(handlers, pair, "brighten the trees", Session())
    second = fuse(handlers, pair, "darken the road", first["session"])
    (back,) = go_to(handlers, second["session"], 0)
    third = fuse(handlers, pair, "denoise the sky", back["session"])
    assert [row[:2] for row in third["plan"]] == [("trees", "brighten"), ("sky", "denoise")]
    captions = [caption for _, caption in third["history"]["value"]]
    assert captions == ["1: brighten the trees", "2: darken the road", "3 (from 1): denoise the sky"]
    (other,) = go_to(handlers, third["session"], 1)
    assert [row[:2] for row in other["plan"]] == [("trees", "brighten"), ("road", "darken")]


def test_the_step_on_display_need_not_be_shown_again(handlers, pair):
    shown = fuse(handlers, pair, "make the cones clear", Session())
    assert go_to(handlers, shown["session"], 0) == [] and go_to(handlers, shown["session"], 9) == []
    assert list(handlers.undo(Session(), "Visible")) == []


def test_a_step_on_other_pictures_brings_them_back(handlers, pair, pair_writer, tmp_path):
    other = pair_writer(tmp_path / "other")
    first = fuse(handlers, pair, "make the cones clear", Session())
    second = fuse(handlers, other, "make the cones clear", first["session"])
    (back,) = handlers.undo(second["session"], "Visible")
    assert (back["visible"], back["infrared"]) == (str(pair.visible), str(pair.infrared))


def test_again_highlights_one_strength_up_until_there_is_none(handlers, pair, box_engine):
    shown = fuse(handlers, pair, "make the cones clear", Session())
    for strength in (2, 3):
        shown = again(handlers, pair, shown["session"])
        assert strengths(box_engine) == [strength] and len(shown["session"].steps) == strength
        assert "because regions are only to be highlighted" in shown["reading"]
    with pytest.raises(gr.Error, match="as strong as it gets"):
        again(handlers, pair, shown["session"])


def test_again_repeats_the_latest_sentence_on_top_of_the_earlier_ones(handlers, pair, box_engine):
    shown = fuse(handlers, pair, "brighten the trees", Session())
    shown = fuse(handlers, pair, "darken the road", shown["session"])
    shown = again(handlers, pair, shown["session"])
    assert [row[:3] for row in shown["plan"]] == [("trees", "brighten", 1), ("road", "darken", 2)]


def test_again_after_painting_makes_the_latest_sentence_again_where_it_was_painted(handlers, pair, box_engine):
    shown = fuse(handlers, pair, "darken the sky", Session())
    shown = fuse(handlers, pair, "brighten the man", shown["session"])
    shown = compose(handlers, pair, shown, "1")
    assert planned(shown) == [("sky", "darken", 1), ("man", "brighten", 1)]
    for done in ((2,), (3,), (3, 1), (3, 2), (3, 3)):
        shown = again(handlers, pair, shown["session"])
        assert planned(shown) == [("sky", "darken", 1), *(("man", "brighten", strength) for strength in done)]
        asked = box_engine.asked[-1]
        assert asked.known_region("man").box[1] == 0 and len(asked.regions) == 2, "as painted, once each"
    assert "read by you" in shown["reading"]


def test_again_after_the_latest_region_was_deleted_goes_on_with_what_is_left(handlers, pair):
    shown = fuse(handlers, pair, "darken the sky", Session())
    shown = fuse(handlers, pair, "brighten the man", shown["session"])
    drawn = (shown["session"], shown["draft"], shown["painting"], shown["canvas"]["value"])
    on = handlers.choose_region(*drawn, "1")
    left = handlers.delete_region(shown["session"], on["draft"], "1", on["canvas"]["value"])
    shown = compose(handlers, pair, shown | left, "0")
    assert planned(again(handlers, pair, shown["session"])) == [("sky", "darken", 2)]


def test_again_after_a_change_of_the_plan_leaves_earlier_sentences(handlers, pair):
    shown = fuse(handlers, pair, "darken the sky", Session())
    shown = fuse(handlers, pair, "brighten the man", shown["session"])
    plan = ("sky", "darken", 1, "man", "brighten", 1, "road", "denoise", 1)
    shown = run_plan(handlers, pair, shown["session"], *plan)
    shown = again(handlers, pair, shown["session"])
    assert planned(shown)[:1] == [("sky", "darken", 1)]
    assert sorted(edit[0] for edit in planned(shown)) == ["man", "man", "road", "road", "sky"]


def test_again_after_regions_were_painted_before_anything_was_composed(handlers, pair, box_engine):
    found = Region("", np.ones((48, 64), np.float32), 0.7, (0, 0, 64, 48))
    box_engine.masker = SimpleNamespace(mask=lambda phrase, pair, fused: replace(found, label=phrase))
    shown = fuse(handlers, pair, "darken the sky", Session())
    handlers.begin(str(pair.visible), str(pair.infrared), "brighten the man", ME)
    request = (str(pair.visible), str(pair.infrared), "brighten the man", "auto", "rules", "fast", "auto", "fused")
    *_, found = handlers.find_regions(*request, *SURE, shown["session"], "Visible", ME)
    assert not found["again"]["interactive"]
    shown = compose(handlers, pair, found, "1")
    assert planned(again(handlers, pair, shown["session"])) == [("sky", "darken", 1), ("man", "brighten", 2)]


def test_again_needs_a_change_that_was_understood(handlers, pair):
    shown = fuse(handlers, pair, "darken the sky", Session())
    shown = fuse(handlers, pair, "hello there", shown["session"])
    assert planned(shown) == [("sky", "darken", 1)] and not shown["again"]["interactive"]


def test_again_needs_a_change(handlers, pair):
    shown = fuse(handlers, pair, "", Session())
    assert not shown["again"]["interactive"]
    with pytest.raises(gr.Error, match="say first what should change"):
        again(handlers, pair, shown["session"])


def test_a_palette_shows_the_infrared_picture_and_leaves_the_result(handlers, pair):
    first = fuse(handlers, pair, "make the cones clear", Session())
    shown = handlers.show_in_palette(first["session"], "Visible", "ironbow", False)
    left, right = shown["slider"]
    expected = np.rint(in_palette(first["session"].current.pair.infrared, "ironbow") * 255)
    assert shown["left"] == "Infrared" and (left == expected).all()
    assert (right == first["slider"][1]).all() and "cold" in shown["scale"]
    tinted = handlers.show_in_palette(shown["session"], "Visible", "ironbow", True)
    assert tinted["left"] == "Visible" and not (tinted["slider"][1] == right).all() and tinted["scale"] == ""


def test_only_an_engine_that_listens_has_attention(handlers, pair):
    shown = fuse(handlers, pair, "make the cones clear", Session(), engine="mean")
    with pytest.raises(gr.Error, match="Only RIS-FUSION"):
        handlers.show_attention(shown["session"])


# Sentences about the session


def test_again_may_be_typed(handlers, pair, box_engine):
    shown = fuse(handlers, pair, "make the cones clear", Session())
    shown = fuse(handlers, pair, "Stronger, please!", shown["session"])
    assert [(edit.region, edit.strength) for edit in box_engine.asked[-1].edits] == [("cones", 2)]
    assert shown["session"].current.instruction.text == "make the cones clear"


def test_undo_and_redo_may_be_typed(handlers, pair, box_engine):
    first = fuse(handlers, pair, "make the cones clear", Session())
    second = fuse(handlers, pair, "make the sky clear", first["session"])
    undone = fuse(handlers, pair, "undo that", second["session"])
    assert undone["session"].position == 0 and undone["instruction"] == "make the cones clear"
    assert undone["run"]["interactive"] is True
    redone = fuse(handlers, pair, "redo", undone["session"])
    assert redone["session"].position == 1 and len(box_engine.asked) == 2
    nowhere = fuse(handlers, pair, "redo", redone["session"])
    assert nowhere["run"]["interactive"] is True and "session" not in nowhere


def test_starting_over_fuses_plainly(handlers, pair, box_engine):
    shown = fuse(handlers, pair, "make the cones darker", Session())
    shown = fuse(handlers, pair, "start over", shown["session"])
    assert shown["session"].current.instruction.edits == () and len(shown["session"].steps) == 2


def test_of_another_pair_there_is_nothing_to_do_again(handlers, pair, box_engine):
    shown = fuse(handlers, pair, "make the cones clear", Session())
    step = replace(shown["session"].trail[0], files=("other.png", "other too.png"))
    shown = fuse(handlers, pair, "again", replace(shown["session"], trail=(step,)))
    assert shown["session"].current.instruction.text == "again"


@pytest.mark.parametrize(
    ("sentence", "request_"),
    [
        ("again", "again"),
        ("once more please", "again"),
        ("do it again", "again"),
        ("a bit more", "again"),
        ("make it stronger", "again"),
        ("keep going", "again"),
        ("Undo!", "undo"),
        ("please undo the last step", "undo"),
        ("go back", "undo"),
        ("that's too much", "undo"),
        ("way too strong!", "undo"),
        ("a bit less", "undo"),
        ("not so much", "undo"),
        ("redo that", "redo"),
        ("Start over", "start over"),
        ("reset everything", "start over"),
        ("more detail in the sky", None),
        ("make the car stronger", None),
        ("too bright", None),
        ("less noise", None),
        ("too much noise", None),
        ("the back of the car", None),
        ("brighten the road again", None),
        ("", None),
    ],
)
def test_what_is_about_the_session(sentence, request_):
    assert session_request(sentence) == request_
