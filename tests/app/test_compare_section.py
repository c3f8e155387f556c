"""The comparison on the page: its handlers, what they show, and the endpoint for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import numpy as np
import pytest
from gradio_client import Client, handle_file
from PIL import Image

import engines
from app import pipeline
from app.comparison import runner
from app.options import Reading
from app.pairs import read_pair
from app.pipeline import EDITED, Outcome
from app.server_options import ServerOptions
from app.session import Session
from app.ui.compare_handlers import CompareHandlers, default_names
from app.ui.launch import start
from app.ui.page import build_page
from app.ui.region_controls import region_controls
from app.ui.zoom_grid import GridCell, grid_html
from engines import CheckpointError, Edit, FusionResult, Instruction, Region
from engines.bounded_cache import BoundedCache
from engines.regions.options import RegionOptions
from tests.app.conftest import SURE

ME = SimpleNamespace(session_hash="me")
LOOKING = ("auto", "fused", *SURE)


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """No result of another test."""
    monkeypatch.setattr(runner, "_cache", BoundedCache(10_000_000))


@pytest.fixture
def served() -> list[np.ndarray]:
    """The pictures that were given to the browser."""
    return []


@pytest.fixture
def handlers(served) -> CompareHandlers:
    return CompareHandlers(lambda picture: served.append(picture) or f"picture-{len(served)}")


def run(
    handlers, pair, names: list[str], text: str = "", session: Session | None = None, looking: tuple = LOOKING
) -> Iterator[dict]:
    words = str(pair.visible), str(pair.infrared), text, names
    handlers.begin(*words, ME)
    return handlers.run(*words, "rules", "fast", *looking, session or Session(), ME)


def test_cells_appear_one_after_another_then_everything_else(handlers, served, pair):
    *steps, shown = run(handlers, pair, ["mean", "max"])
    assert all(set(step) <= {"status", "grid"} for step in steps)
    assert [picture[0, 0, 0] for picture in served] == [100, 200, 150, 200], "each picture is handed over once"
    assert shown["comparison"].pictures["max"][0, 0].tolist() == [200, 200, 200]
    assert shown["grid"].count("<img") == 4 and "Working" not in shown["grid"]
    assert [value for _, value in shown["left"]["choices"]] == ["visible", "infrared", "mean", "max"]
    assert (shown["left"]["value"], shown["right"]["value"]) == ("mean", "max")
    assert "EN ↑" in shown["table"] and "Maximum" in shown["table"] and shown["go"]["interactive"]


def test_a_failed_engine_tells_its_reason_in_its_own_cell(handlers, pair, monkeypatch):
    real_build = engines.build

    def build(name: str, **options: object) -> object:
        if name == "terf":
            raise CheckpointError("No weights <b>here</b>.")
        return real_build(name, **options)

    monkeypatch.setattr(engines, "build", build)
    *_, shown = run(handlers, pair, ["terf", "max"])
    assert "No weights &lt;b&gt;here&lt;/b&gt;." in shown["grid"] and shown["grid"].count("<img") == 3
    assert "TeRF" not in shown["table"] and shown["right"]["value"] == "max"
    *_, shown = run(handlers, pair, ["terf"])
    assert not shown["results"]["visible"] and list(handlers.files(shown["comparison"], True)) == [{}]


def test_stop_keeps_what_was_done(handlers, pair, box_engine):
    box_engine.steps = 10**7
    steps = run(handlers, pair, ["max", "terf", "mean"])
    grid = ""
    while "Maximum" not in grid or "<b>Maximum</b><span>0." not in grid:
        grid = next(steps).get("grid", grid)
    handlers.stop(ME)
    *_, last = steps
    assert "comparison" not in last and last["go"]["interactive"]
    assert last["grid"].count("<img") == 3 and last["grid"].count("Stopped") == 2


def test_the_files_are_behind_the_buttons(handlers, pair):
    *_, shown = run(handlers, pair, ["mean", "max"])
    files = handlers.files(shown["comparison"], True)
    paths = {kind: Path(update["value"]) for kind, update in next(files).items()}
    assert {path.suffix for path in paths.values()} == {".png", ".pdf", ".csv", ".json", ".tex"}
    assert json.loads(paths["save_json"].read_text(encoding="utf-8"))["engines"].keys() == {"mean", "max"}
    files.close()
    assert not paths["save_png"].exists()


def test_another_two_pictures_and_another_region(handlers, pair):
    *_, shown = run(handlers, pair, ["mean", "max"])
    comparison = shown["comparison"]
    two = handlers.show_two(comparison, "visible", "max")
    assert [picture[0, 0, 0] for picture in two["slide"]] == [100, 200]
    assert "blue: Maximum is brighter" in two["difference_note"]
    # Blue: the maximum is brighter than the visible picture.
    assert two["difference"][5, 150].argmax() == 2
    assert handlers.show_two(comparison, "terf", "max") == {} == handlers.show_two(None, "mean", "max")
    assert "Whole picture" in handlers.show_region(comparison, "inside")["table"], "there is no region here"


def test_the_pair_is_read_as_on_the_rest_of_the_page(handlers, pair):
    *_, shown = run(handlers, pair, ["max"], session=Session(reading=Reading("black-hot")))
    # 255 - 200.
    assert shown["comparison"].infrared[0, 0].tolist() == [55, 55, 55]


def test_edits_set_by_hand_are_compared_while_the_words_are_the_same(handlers, pair, box_engine):
    set_by_hand = Instruction("make the cones clear", (Edit("kerb", "highlight"),), EDITED)
    read = read_pair(pair.visible, pair.infrared)
    session = Session().with_step(Outcome(read, set_by_hand, "max", "", FusionResult(read.visible), {}, ()))
    for text, region in (("make the cones clear", "kerb"), ("make the sky clear", "sky")):
        *_, shown = run(handlers, pair, ["ris-fusion"], text, session)
        assert [edit.region for edit in shown["comparison"].instruction.edits] == [region]
        assert box_engine.asked[-1].edits[0].region == region


def test_regions_are_looked_for_as_on_the_rest_of_the_page(handlers, pair, box_engine):
    looking = ("embedded", "both", "vit-l", 0.4, 0.1)
    for chosen, looked in ((looking, [RegionOptions(*looking)]), (LOOKING, [None])):
        box_engine.options.clear()
        *_, shown = run(handlers, pair, ["terf"], "darken the cones", looking=chosen)
        built = [options for options in box_engine.options if options["name"] == "terf"]
        assert [options.get("regions") for options in built] == looked, "another masker is another result"
    *_, shown = run(handlers, pair, ["terf"], "darken the cones", looking=looking)
    assert shown["comparison"].cells[0].cached


def test_the_page_hands_over_every_control_of_the_regions():
    page = build_page()
    with_methods = [fn.inputs for fn in page.fns.values() if "compare-methods" in {one.elem_id for one in fn.inputs}]
    *_, session = asked = max(with_methods, key=len)
    assert isinstance(session, gr.State)
    assert [one.label for one in asked[-6:-1]] == [one.label for one in region_controls().values()]


def test_painted_regions_are_compared_after_the_same_words_were_fused_again(handlers, pair, box_engine):
    files = pair.visible, pair.infrared
    first = pipeline.run(*files, "brighten the man", parser="rules")
    painted = Region("man", np.eye(48, 64, dtype=np.float32), 1.0, (0, 0, 48, 48))
    composed = pipeline.anew(
        first, Instruction("brighten the man", first.instruction.edits, EDITED, regions=(painted,))
    )
    fused = pipeline.run(*files, "brighten the man", parser="rules", after=composed)
    assert fused.instruction.parser == "rules"
    *_, shown = run(handlers, pair, ["terf", "mean"], "brighten the man", Session().with_step(fused))
    assert (shown["comparison"].region.mask == (painted.mask > 0)).all()
    assert box_engine.asked[-1].known_region("man") is painted
    # Other words, or words about something that was not painted, are read afresh.
    other = pipeline.run(*files, "darken the road", parser="rules", after=fused)
    for session in (Session().with_step(fused), Session().with_step(other)):
        *_, shown = run(handlers, pair, ["mean"], "darken the road", session)
        assert [edit.region for edit in shown["comparison"].instruction.edits] == ["road"]


def test_what_is_missing_is_told_at_once(handlers, pair):
    with pytest.raises(gr.Error, match="at least one"):
        handlers.begin(str(pair.visible), str(pair.infrared), "", [], ME)
    with pytest.raises(gr.Error, match="infrared picture"):
        handlers.begin(None, str(pair.infrared), "", ["mean"], ME)


def test_a_broken_file_gives_one_sentence(handlers, pair):
    pair.infrared.write_bytes(b"no picture")
    with pytest.raises(gr.Error, match=r"scene\.png"):
        list(run(handlers, pair, ["mean"]))


def test_results_that_would_fill_the_memory_are_refused(handlers, pair, monkeypatch):
    monkeypatch.setattr("app.ui.compare_handlers._MOST_BYTES", 4 * 64 * 48 * 3)
    *_, shown = run(handlers, pair, ["mean", "max"])
    assert len(shown["comparison"].served) == 2
    with pytest.raises(gr.Error, match="at most 2 methods"):
        list(run(handlers, pair, ["mean", "max", "laplacian"]))


def test_a_comparison_that_takes_too_long_leaves_no_cell_working(handlers, pair, box_engine, monkeypatch):
    box_engine.steps = 10**7
    monkeypatch.setattr("app.ui.jobs.server_options", lambda: ServerOptions(max_seconds=1))
    seen = []
    with pytest.raises(gr.Error, match="more than 1 seconds"):
        for update in run(handlers, pair, ["mean", "terf", "max"]):
            seen.append(update)
    assert "Working" not in seen[-1]["grid"] and "Stopped" in seen[-1]["grid"]


def test_four_methods_are_ticked_learned_ones_first():
    names = default_names()
    assert len(names) == 4 and set(names) <= set(engines.names())
    assert names[:2] == ["ris-fusion", "terf"]


def test_the_grid_escapes_every_text():
    bad = '<script>"x"</script>'
    html = grid_html([GridCell(bad, source=bad), GridCell(bad, message=bad, aside=bad)], (48, 64), 2)
    assert "<script" not in html and html.count("&lt;script") >= 5


def test_programs_can_compare(pair, tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "cache"))
    page = build_page()
    start(page, "127.0.0.1", None)
    try:
        client = Client(page.local_url, verbose=False, download_files=str(tmp_path / "got"))
        files = handle_file(str(pair.visible)), handle_file(str(pair.infrared))
        results, written, told = client.predict(
            *files, "", ["mean", "max"], "rules", "fast", "none", api_name="/compare"
        )
        assert {Path(file).suffix for file in written} == {".png", ".pdf", ".csv", ".json", ".tex"}
        assert told["metrics"].keys() == {"mean", "max"} and [one["caption"] for one in results] == ["mean", "max"]
        assert np.asarray(Image.open(results[0]["image"]))[0, 0].tolist() == [150, 150, 150]
        with pytest.raises(Exception, match="X0,Y0,X1,Y1"):
            client.predict(*files, "", ["mean"], "rules", "fast", "everywhere", api_name="/compare")
    finally:
        page.close()
