from __future__ import annotations

import pytest

from app import pipeline
from app.report import report
from engines import Cancelled, Edit, InputError


def test_stages_come_in_the_order_they_ran(pair):
    outcome = pipeline.run(pair.visible, pair.infrared, "", engine="mean")
    assert list(outcome.seconds)[:3] == ["read", "parse", "load"]
    assert all(value >= 0 for value in outcome.seconds.values())


def test_the_sentence_chooses_the_engine(pair, box_engine):
    clear = pipeline.run(pair.visible, pair.infrared, "make the cones clear", parser="rules")
    dark = pipeline.run(pair.visible, pair.infrared, "make the cones darker", parser="rules")
    assert (clear.engine, dark.engine) == ("ris-fusion", "terf")
    assert clear.reason and dark.reason


def test_the_person_overrides_the_engine(pair, box_engine):
    outcome = pipeline.run(pair.visible, pair.infrared, "make the cones clear", engine="max", parser="rules")
    assert outcome.engine == "max" and box_engine.asked == []


def test_edits_override_the_sentence(pair, box_engine):
    edits = [Edit("kerb", "darken", 3)]
    outcome = pipeline.run(pair.visible, pair.infrared, "make the cones clear", edits=edits)
    assert box_engine.asked[0].edits == tuple(edits)
    assert (outcome.engine, outcome.instruction.parser) == ("terf", "edited")
    assert report(outcome)["edits"] == [{"region": "kerb", "effect": "darken", "strength": 3}]


def test_no_edits_override_means_plain_fusion(pair, box_engine):
    outcome = pipeline.run(pair.visible, pair.infrared, "make the cones clear", engine="ris-fusion", edits=[])
    assert box_engine.asked[0].edits == ()
    assert outcome.result.mask is None and not outcome.mask.any() and outcome.mask.shape == (48, 64)


def test_only_terf_is_given_a_preset(pair, box_engine):
    for engine in ("terf", "ris-fusion"):
        pipeline.run(pair.visible, pair.infrared, "", engine=engine, preset="paper")
    assert [options.get("preset") for options in box_engine.options] == ["paper", None]


def test_notes_of_every_stage_are_told_once(pair, box_engine):
    outcome = pipeline.run(pair.visible, pair.infrared, "make the cones clear", parser="rules")
    assert outcome.notes[: len(outcome.pair.notes)] == outcome.pair.notes
    assert outcome.notes.count("A note of the engine.") == 1
    assert len(set(outcome.notes)) == len(outcome.notes)


def test_progress_can_stop_the_work(pair, box_engine):
    seen = []

    def progress(fraction: float, message: str) -> None:
        seen.append(message)
        if message == "step 1":
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        pipeline.run(pair.visible, pair.infrared, "", engine="terf", progress=progress)
    assert seen[-1] == "step 1"


@pytest.mark.parametrize(("option", "value"), [("engine", "magic"), ("preset", "slow"), ("parser", "guess")])
def test_unknown_choices_are_refused(option, value, pair):
    with pytest.raises(InputError, match=value):
        pipeline.run(pair.visible, pair.infrared, "make the cones clear", **{option: value})
