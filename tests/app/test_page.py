from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import numpy as np
import pytest
from PIL import Image

from app.examples_index import Example
from app.session import Session
from app.ui.handlers import PageHandlers
from app.ui.refusals import MAX_TEXT
from engines import ImagePair, Region
from engines.regions.options import RegionOptions
from tests.app.conftest import SURE

ME, YOU = SimpleNamespace(session_hash="me"), SimpleNamespace(session_hash="you")


@pytest.fixture
def handlers(pair) -> PageHandlers:
    return PageHandlers([Example("scene", pair.visible, pair.infrared, ("make the cones clear", "darken the sky"))])


def files(pair) -> tuple[str, str]:
    return str(pair.visible), str(pair.infrared)


def said(shown: dict) -> list[tuple]:
    """The plan without its hints."""
    return [row[:3] for row in shown["plan"]]


def fuse(handlers: PageHandlers, pair, text: str, session: Session, request=ME) -> list[dict]:
    handlers.begin(str(pair.visible), str(pair.infrared), text, request)
    return list(
        handlers.run(*files(pair), text, "auto", "rules", "fast", "auto", "fused", *SURE, session, "Visible", request)
    )


class TestHandlers:
    def test_progress_then_everything_of_the_result(self, handlers, pair, box_engine):
        *steps, shown = fuse(handlers, pair, "make the cones clear", Session())
        assert steps and all(list(step) == ["status"] for step in steps)
        left, right = shown["slider"]
        assert left[0, 0].tolist() == [100, 100, 100] and right[10, 10].tolist() == [255, 255, 255]
        assert shown["plan"] == [("cones", "highlight", 1, "50 % sure")]
        assert "cones" in shown["reading"] and "RIS-FUSION" in shown["reading"]
        assert "A note of the engine." in shown["facts"]
        assert shown["session"].current.engine == "ris-fusion"
        assert shown["regions"]["visible"] and "“cones”: highlight, 50 % sure" in shown["regions"]["value"]
        ((thumbnail, caption),) = shown["history"]["value"]
        assert thumbnail.shape == (108, 144, 3) and caption == "1: make the cones clear"

    def test_a_soft_mask_is_still_laid_over(self, handlers, pair, box_engine, monkeypatch):
        real = box_engine.fuse

        def soft(*arguments: object) -> object:
            result = real(*arguments)
            result.mask = np.maximum(result.mask, 0.01)
            return result

        monkeypatch.setattr(box_engine, "fuse", soft)
        *_, shown = fuse(handlers, pair, "make the cones clear", Session())
        assert shown["overlay"]["visible"] and shown["regions"]["visible"]

    def test_the_files_hold_the_untouched_result(self, handlers, pair, box_engine):
        handlers.begin(str(pair.visible), str(pair.infrared), "", ME)
        run = handlers.run(*files(pair), "", "mean", "rules", "fast", "auto", "fused", *SURE, Session(), "Visible", ME)
        for shown in run:
            if "download_fused" in shown:
                break
        assert np.asarray(Image.open(shown["download_fused"]))[0, 0].tolist() == [150, 150, 150]
        assert not np.asarray(Image.open(shown["download_mask"])).any()
        assert json.loads(Path(shown["download_report"]).read_text(encoding="utf-8"))["engine"] == "mean"
        run.close()
        assert not Path(shown["download_fused"]).exists()

    def test_the_edited_plan_is_what_runs(self, handlers, pair, box_engine):
        handlers.begin(str(pair.visible), str(pair.infrared), "make the cones clear", ME)
        fields = ["kerb", "darken", 2, "sky", "leave out", 1, " ", "denoise", 1]
        *_, shown = handlers.run_plan(
            str(pair.visible),
            str(pair.infrared),
            "make the cones clear",
            "auto",
            "fast",
            "auto",
            "infrared",
            "vit-l",
            0.4,
            0.1,
            Session(),
            "Visible",
            ME,
            *fields,
        )
        asked = box_engine.asked[0].edits
        assert [(edit.region, edit.effect, edit.strength) for edit in asked] == [
            ("kerb", "darken", 2),
            (None, "denoise", 1),
        ]
        assert said(shown) == [("kerb", "darken", 2), ("", "denoise", 1)]
        assert box_engine.options[0]["regions"] == RegionOptions("auto", "infrared", "vit-l", 0.4, 0.1)

    def test_stop_ends_the_request_of_this_session_only(self, handlers, pair, box_engine):
        box_engine.steps = 10**7
        handlers.begin(str(pair.visible), str(pair.infrared), "", YOU)
        handlers.begin(str(pair.visible), str(pair.infrared), "", ME)
        run = handlers.run(*files(pair), "", "terf", "rules", "fast", "auto", "fused", *SURE, Session(), "Visible", ME)
        next(run)
        handlers.stop(YOU)
        assert list(next(run)) == ["status"]
        handlers.stop(ME)
        *_, last = run
        assert "session" not in last and last["run"]["interactive"]

    def test_undo_shows_the_result_before(self, handlers, pair, box_engine):
        *_, first = fuse(handlers, pair, "make the cones clear", Session())
        *_, second = fuse(handlers, pair, "make the kerb clear", first["session"])
        assert second["plan"][0][0] == "kerb" and second["undo"]["interactive"]
        (back,) = handlers.undo(second["session"], "Visible")
        assert back["plan"][0][0] == "cones" and back["instruction"] == "make the cones clear"
        assert back["session"].current is first["session"].current

    def test_left_of_the_slider(self, handlers, pair, box_engine):
        *_, first = fuse(handlers, pair, "make the cones clear", Session())
        levels = {}
        for choice in ("Visible", "Infrared", "Mean of both", "Previous result"):
            shown = handlers.show_left(first["session"], choice)
            levels[choice] = (int(shown["slider"][0][0, 0, 0]), shown["left"])
        assert levels == {
            "Visible": (100, "Visible"),
            "Infrared": (200, "Infrared"),
            "Mean of both": (150, "Mean of both"),
            "Previous result": (100, "Visible"),
        }
        *_, second = fuse(handlers, pair, "", first["session"])
        shown = handlers.show_left(second["session"], "Previous result")
        assert shown["left"] == "Previous result" and shown["slider"][0][10, 10, 0] == 255

    def test_an_example_brings_its_pair_and_sentences(self, handlers, pair):
        shown = handlers.load_example(Session(), SimpleNamespace(index=0))
        assert (shown["visible"], shown["infrared"]) == (str(pair.visible), str(pair.infrared))
        assert shown["instruction"] == "make the cones clear"
        assert shown["sentences"].raw_samples == [["make the cones clear"], ["darken the sky"]]


class CornerMasker:
    """Everything is in the upper left corner."""

    def mask(self, phrase: str, pair: ImagePair, fused: np.ndarray | None = None) -> Region:
        mask = np.zeros(pair.shape, np.float32)
        mask[:4, :4] = 1.0
        return Region(phrase, mask, 0.7, (0, 0, 4, 4))


class TestRegionEditor:
    TWO = "make the cones clear and make the kerb clear"

    @pytest.fixture
    def shown(self, handlers, pair, box_engine) -> dict:
        *_, shown = fuse(handlers, pair, self.TWO, Session())
        return shown

    def compose(self, handlers, pair, shown: dict) -> dict:
        handlers.begin(*files(pair), self.TWO, ME)
        drawn = (shown["draft"], shown["painting"], shown["canvas"]["value"])
        *_, composed = handlers.compose(*files(pair), "fast", shown["session"], *drawn, "Visible", ME)
        return composed

    def test_it_opens_with_the_union_over_the_picture(self, shown):
        assert shown["region_editor"]["visible"] and shown["painting"] == "all"
        assert shown["place"]["choices"] == [("all regions together", "all"), ("cones", "0"), ("kerb", "1")]
        (layer,) = shown["canvas"]["value"]["layers"]
        assert (layer[..., 3] > 0).sum() == 16 * 16 and layer.shape == (48, 64, 4)
        assert shown["canvas"]["canvas_size"] == (64, 48)

    def test_it_stays_away_without_regions(self, handlers, pair, box_engine):
        *_, shown = fuse(handlers, pair, "", Session())
        assert not shown["region_editor"]["visible"] and shown["canvas"]["value"] is None

    def test_strokes_on_several_masks_reach_the_engine(self, handlers, pair, box_engine, shown):
        drawn = (shown["session"], shown["draft"], shown["painting"], shown["canvas"]["value"])
        cones = handlers.choose_region(*drawn, "0")
        cones["canvas"]["value"]["layers"][0][:4, :, 3] = 140
        kerb = handlers.choose_region(shown["session"], cones["draft"], "0", cones["canvas"]["value"], "1")
        kerb["canvas"]["value"]["layers"][0][..., 3] = 0
        kerb["canvas"]["value"]["layers"][0][40:, :, 3] = 140
        composed = self.compose(handlers, pair, shown | kerb)
        asked = box_engine.asked[-1]
        assert [edit.region for edit in asked.edits] == ["cones", "kerb"] and asked.text == self.TWO
        assert asked.known_region("cones").box == (0, 0, 64, 20)
        assert asked.known_region("kerb").box == (0, 40, 64, 48)
        assert "read by you" in composed["reading"] and composed["undo"]["interactive"]

    def test_a_deleted_region_is_not_composed(self, handlers, pair, box_engine, shown):
        one = handlers.choose_region(shown["session"], shown["draft"], "all", shown["canvas"]["value"], "1")
        left = handlers.delete_region(shown["session"], one["draft"], "1", one["canvas"]["value"])
        assert left["place"]["choices"] == [("cones", "0")]
        composed = self.compose(handlers, pair, shown | left)
        assert said(composed) == [("cones", "highlight", 1)]
        none = handlers.delete_region(shown["session"], left["draft"], "0", left["canvas"]["value"])
        assert none["canvas"]["value"] is None and none["region_editor"]["visible"]
        assert said(self.compose(handlers, pair, shown | none)) == []

    def test_regions_can_be_seen_and_painted_before_anything_is_composed(self, handlers, pair, box_engine):
        box_engine.masker = CornerMasker()
        request = (*files(pair), "make the cones clear", "auto", "rules", "fast", "auto", "fused", *SURE)
        handlers.begin(*files(pair), "make the cones clear", ME)
        *_, found = handlers.find_regions(*request, Session(), "Visible", ME)
        assert box_engine.asked[-1].edits == () and found["session"].current.preview
        assert said(found) == [("cones", "highlight", 1)] and "compose them" in found["facts"]
        assert found["session"].current.mask.sum() == 4 * 4
        composed = self.compose(handlers, pair, found)
        assert box_engine.asked[-1].known_region("cones").box == (0, 0, 4, 4)
        assert said(composed) == [("cones", "highlight", 1)] and not composed["session"].current.preview

    def test_composing_keeps_to_the_way_regions_were_found(self, handlers, pair, box_engine):
        looking = ("grounded-sam", "both", "vit-h", 0.4, 0.1)
        handlers.begin(*files(pair), "darken the cones", ME)
        request = (*files(pair), "darken the cones", "auto", "rules", "fast", *looking)
        *_, shown = handlers.run(*request, Session(), "Visible", ME)
        self.compose(handlers, pair, shown)
        handlers.begin(*files(pair), "darken the cones", ME)
        list(handlers.again(*files(pair), "fast", shown["session"], "Visible", ME))
        assert [options["regions"] for options in box_engine.options] == [RegionOptions(*looking)] * 3

    def test_painted_masks_outlive_a_change_of_the_plan(self, handlers, pair, box_engine, shown):
        shown["canvas"]["value"]["layers"][0][:4, :, 3] = 140
        composed = self.compose(handlers, pair, shown)
        handlers.begin(*files(pair), self.TWO, ME)
        run = (*files(pair), self.TWO, "auto", "fast", "auto", "fused", *SURE, composed["session"], "Visible", ME)
        list(handlers.run_plan(*run, "cones", "highlight", 3))
        assert box_engine.asked[-1].known_region("cones").box[1] == 0


class TestErrors:
    def test_pictures_and_text_are_checked_before_the_queue(self, handlers, pair):
        with pytest.raises(gr.Error, match="Add a visible"):
            handlers.begin(str(pair.visible), None, "", ME)
        with pytest.raises(gr.Error, match=str(MAX_TEXT)):
            handlers.begin(str(pair.visible), str(pair.infrared), "x" * (MAX_TEXT + 1), ME)

    def test_what_the_person_typed_is_escaped(self, handlers, pair, tmp_path):
        evil = tmp_path / "<img src=x onerror=alert(1)>.png"
        evil.write_bytes(b"no picture")
        handlers.begin(str(evil), str(pair.infrared), "", ME)
        with pytest.raises(gr.Error) as caught:
            run = (
                str(evil),
                str(pair.infrared),
                "",
                "mean",
                "rules",
                "fast",
                "auto",
                "fused",
                *SURE,
                Session(),
                "Visible",
                ME,
            )
            list(handlers.run(*run))
        assert "<img" not in caught.value.message and "&lt;img" in caught.value.message
        assert caught.value.print_exception is False

    def test_text_is_escaped_in_the_result(self, handlers, pair, box_engine):
        *_, shown = fuse(handlers, pair, "make the <b>cones</b> clear", Session())
        assert "<b>cones" not in shown["reading"] and "&lt;" in shown["reading"]

    def test_a_defect_tells_no_details(self, handlers, pair, box_engine, monkeypatch):
        def broken(*_: object) -> None:
            raise ZeroDivisionError("secret detail")

        monkeypatch.setattr(box_engine, "fuse", broken)
        handlers.begin(str(pair.visible), str(pair.infrared), "", ME)
        with pytest.raises(gr.Error) as caught:
            fuse(handlers, pair, "", Session())
        assert "secret" not in caught.value.message
