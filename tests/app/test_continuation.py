"""One instruction after another on the same pair."""

from __future__ import annotations

import numpy as np
import pytest

from app import pipeline
from app.continuation import merged, on_top, still_latest, stronger
from app.session import Session
from engines import Edit, InputError, Instruction, Region

TREES, AGAIN = Edit("trees", "brighten"), Edit("trees", "brighten")
ROAD = Edit("road", "denoise", 2)


def run(pair, text: str, after=None, engine: str = "auto", **options):
    return pipeline.run(pair.visible, pair.infrared, text, engine, "rules", after=after, **options)


def test_the_same_again_is_a_greater_strength_as_far_as_there_is_one():
    assert merged([TREES, AGAIN]) == (Edit("trees", "brighten", 2),)
    assert merged([TREES, Edit("trees", "brighten", 3)]) == (TREES, Edit("trees", "brighten", 3))
    assert merged([TREES, ROAD, AGAIN]) == (TREES, ROAD, AGAIN)
    assert merged([TREES, Edit("trees", "darken"), Edit(None, "darken")])[1:] == (
        Edit("trees", "darken"),
        Edit(None, "darken"),
    )
    assert merged([]) == ()


def test_later_edits_go_on_top_with_the_later_sentence_and_painted_regions_stay():
    old, new = (Region("trees", np.full((2, 2), value, np.float32), 1.0, None) for value in (0.0, 1.0))
    earlier = Instruction("brighten the trees", (TREES,), "rules", ("an old note",), (old,))
    later = Instruction("denoise the road", (ROAD,), "llama", ("a new note",), (new,))
    both = on_top(earlier, later)
    assert (both.text, both.edits, both.parser, both.notes) == (later.text, (TREES, ROAD), "llama", ("a new note",))
    assert both.known_region("trees") is new


def test_what_goes_on_is_of_the_latest_sentence_or_changed_by_hand():
    before, latest = (TREES, Edit("road", "denoise", 2)), (Edit("road", "denoise", 1),)
    assert still_latest(before, before, latest) == latest
    assert still_latest((Edit("trees", "brighten", 2), *before[1:]), before, latest) == (
        *latest,
        Edit("trees", "brighten", 2),
    )
    # Nothing of the latest sentence is left: what remains is what the person wants.
    assert still_latest((TREES,), before, latest) == (TREES,)
    assert still_latest((), before, latest) == ()


def test_the_latest_become_stronger_alone():
    edits = (Edit("cones", "highlight"), Edit("car", "highlight"))
    assert stronger(edits, edits[1:]) == (edits[0], Edit("car", "highlight", 2))
    with pytest.raises(InputError, match="as strong as it gets"):
        stronger((edits[0], Edit("car", "highlight", 3)), (Edit("car", "highlight"),))
    with pytest.raises(InputError, match="say first"):
        stronger(edits, ())


def test_an_empty_sentence_asks_for_plain_fusion_again_and_a_strange_one_for_nothing():
    earlier = Instruction("brighten the trees", (TREES,))
    assert on_top(earlier, Instruction("  ")).edits == ()
    assert on_top(earlier, Instruction("hello there")).edits == (TREES,)


def test_sentences_add_up_on_the_same_pair(pair, box_engine):
    first = run(pair, "brighten the trees")
    second = run(pair, "brighten the trees", first)
    third = run(pair, "denoise the road", second)
    assert [asked.edits for asked in box_engine.asked] == [
        (Edit("trees", "brighten", 1),),
        (Edit("trees", "brighten", 2),),
        (Edit("trees", "brighten", 2), Edit("road", "denoise", 1)),
    ]
    assert third.instruction.text == "denoise the road" and third.pair is first.pair


def test_a_step_taken_back_is_not_gone_on_from(pair, box_engine):
    session = Session().with_step(run(pair, "brighten the trees"))
    session = session.with_step(run(pair, "denoise the road", session.current)).undone()
    run(pair, "darken the sky", session.current)
    assert [edit.region for edit in box_engine.asked[-1].edits] == ["trees", "sky"]


def test_a_highlight_after_terf_is_served_on_top_too(pair, box_engine):
    outcome = run(pair, "make the cones clear", run(pair, "brighten the trees"))
    assert outcome.engine == "terf"
    assert [edit.effect for edit in outcome.instruction.edits] == ["brighten", "highlight"]


@pytest.mark.parametrize(("text", "engine"), [("make the cones clear", "ris-fusion"), ("", "auto")])
def test_another_engine_or_an_empty_sentence_starts_afresh(text, engine, pair, box_engine):
    run(pair, text, run(pair, "brighten the trees"), engine)
    assert "trees" not in [edit.region for edit in box_engine.asked[-1].edits]


def test_highlights_of_ris_fusion_do_not_add_up(pair, box_engine):
    run(pair, "make the car clear", run(pair, "make the cones clear"))
    assert [edit.region for edit in box_engine.asked[-1].edits] == ["car"]


def test_another_pair_starts_afresh(pair, pair_writer, tmp_path, box_engine):
    from PIL import Image

    other = pair_writer(tmp_path / "other")
    Image.fromarray(np.full((48, 64), 90, np.uint8)).save(other.infrared)
    run(other, "denoise the road", run(pair, "brighten the trees"))
    assert [edit.region for edit in box_engine.asked[-1].edits] == ["road"]


def test_a_plan_is_carried_out_as_it_was_set(pair, box_engine):
    outcome = run(pair, "brighten the trees")
    run(pair, "", edits=[ROAD])
    assert outcome.instruction.edits == (TREES,) and box_engine.asked[-1].edits == (ROAD,)
