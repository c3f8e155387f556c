from __future__ import annotations

from dataclasses import replace

import pytest

import engines
from app import pipeline
from app.report import report
from engines import Cancelled, CheckpointError, Edit, InputError, checkpoints
from engines.checkpoints import Checkpoint
from engines.regions.grounded_sam import needed
from engines.regions.options import RegionOptions


@pytest.fixture
def any_engine(box_engine, monkeypatch):
    """Every engine is a BoxEngine."""

    def build(name: str, checkpoint: str | None = None, **options: object) -> object:
        box_engine.options.append({"name": name, "checkpoint": checkpoint, **options})
        return box_engine

    monkeypatch.setattr(engines, "build", build)
    return box_engine


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


GROUNDED = RegionOptions("grounded-sam", sam="vit-l")


@pytest.mark.parametrize("name", ["terf", "text-if", "tesg", "text2pixels"])
def test_every_engine_that_asks_a_masker_is_told_which(name, pair, any_engine):
    outcome = pipeline.run(pair.visible, pair.infrared, "", engine=name, regions=GROUNDED)
    assert any_engine.options[-1]["regions"] == GROUNDED and outcome.looked == GROUNDED
    pipeline.run(pair.visible, pair.infrared, "", engine=name)
    assert "regions" not in any_engine.options[-1], "the defaults share the engine that is built already"


@pytest.mark.parametrize(("name", "said"), [("ris-fusion", "head of its own"), ("mean", "looks for no regions")])
def test_a_masker_that_is_not_asked_is_said(name, said, pair, box_engine):
    notes = pipeline.run(pair.visible, pair.infrared, "", engine=name, regions=GROUNDED).notes
    assert any(said in note and "SAM" in note for note in notes)
    assert not any(
        said in note for note in pipeline.run(pair.visible, pair.infrared, "", name, regions=RegionOptions()).notes
    )


@pytest.mark.parametrize("name", ["terf", "text-if", "tesg", "text2pixels"])
def test_a_masker_without_its_checkpoints_is_refused(name, pair):
    if all(entry.present for entry in needed("vit-h")):
        pytest.skip("the checkpoints of GroundingDINO and SAM are here")
    with pytest.raises(CheckpointError, match="--download groundingdino-swint-ogc"):
        pipeline.run(
            pair.visible, pair.infrared, "the sky", engine=name, regions=RegionOptions("grounded-sam", sam="vit-h")
        )


def test_the_same_again_is_served_by_the_same_weights_and_masker(pair, any_engine):
    options = {"engine": "tesg", "checkpoint": "own", "regions": GROUNDED, "semantics": "paper", "parser": "rules"}
    outcome = pipeline.run(pair.visible, pair.infrared, "make the cones clear", **options)
    again = pipeline.again(outcome)
    first, second = any_engine.options
    assert first == second == {"name": "tesg", "checkpoint": "own", "regions": GROUNDED, "semantics": "paper"}
    assert (again.checkpoint, again.looked, again.semantics) == ("own", GROUNDED, "paper")
    assert any_engine.asked[1].edits == (Edit("cones", "highlight", 2),)


def test_going_on_is_served_by_the_same_weights_and_masker(pair, box_engine):
    options = {"checkpoint": "own", "regions": GROUNDED, "parser": "rules"}
    outcome = pipeline.run(pair.visible, pair.infrared, "darken the sky", **options)
    pipeline.again(outcome)
    first, second = box_engine.options
    assert first == second == {"name": "terf", "checkpoint": "own", "preset": "fast", "regions": GROUNDED}


def test_only_tesg_has_the_papers_semantics(pair, box_engine):
    with pytest.raises(InputError, match="Only the engine tesg"):
        pipeline.run(pair.visible, pair.infrared, "", engine="terf", semantics="paper")


def test_the_embedded_weights_serve_while_published_ones_are_not_here(pair, box_engine, monkeypatch):
    absent = Checkpoint("far-away", "ris-fusion", "published", "nowhere.pth")
    monkeypatch.setattr(checkpoints, "listed", lambda: [absent, replace(absent, name="sized", bytes=123_400_000)])
    outcome = pipeline.run(pair.visible, pair.infrared, "", engine="ris-fusion", checkpoint="far-away")
    assert box_engine.options[-1]["checkpoint"] is None and outcome.checkpoint is None
    (note,) = [note for note in outcome.notes if "far-away" in note]
    assert "size unknown" in note and "--download far-away" in note and "embedded" in note
    notes = pipeline.run(pair.visible, pair.infrared, "", engine="ris-fusion", checkpoint="sized").notes
    assert any("123.4 MB" in note for note in notes)
    pipeline.run(pair.visible, pair.infrared, "", engine="ris-fusion", checkpoint="never-heard-of")
    assert box_engine.options[-1]["checkpoint"] == "never-heard-of", "the engine says what is wrong with it"


def test_stop_is_heard_while_only_the_regions_are_looked_for(pair, box_engine):
    def stop(fraction: float, message: str) -> None:
        if message == "step 1":
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        pipeline.run(pair.visible, pair.infrared, "darken the sky", parser="rules", preview=True, progress=stop)


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
