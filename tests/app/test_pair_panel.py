from __future__ import annotations

from types import SimpleNamespace

import cv2
import gradio as gr
import numpy as np
import pytest
from PIL import Image

from app.options import Reading
from app.pairs import read_pair
from app.session import Session
from app.ui import pair_panel
from app.ui.handlers import PageHandlers
from tests.app.conftest import SURE

ME = SimpleNamespace(session_hash="me")
UNMOVED = (0, 0, 1, 0)


@pytest.fixture
def apart(tmp_path):
    """A pair whose infrared picture lies 6 pixels too far left and 4 too high."""
    random = np.random.default_rng(3)
    visible, infrared = np.full((120, 160), 90, np.uint8), np.full((120, 160), 60, np.uint8)
    for _ in range(12):
        x, y, size = int(random.integers(20, 120)), int(random.integers(20, 80)), int(random.integers(8, 24))
        for picture, (dx, dy) in ((visible, (0, 0)), (infrared, (-6, -4))):
            level = int(random.integers(0, 255))
            cv2.rectangle(picture, (x + dx, y + dy), (x + dx + size, y + dy + size), level, -1)
    paths = [tmp_path / name for name in ("visible.png", "infrared.png")]
    for path, picture in zip(paths, (visible, infrared), strict=True):
        Image.fromarray(picture).save(path)
    return [str(path) for path in paths]


def test_numbers_are_kept_for_the_next_fusion(pair, box_engine):
    session = pair_panel.set_reading(Session(), "black-hot", 5, -3, 1, 0)["session"]
    assert session.reading == Reading("black-hot", "5,-3,1,0")
    files = (str(pair.visible), str(pair.infrared))
    handlers = PageHandlers([])
    handlers.begin(*files, "", ME)
    *_, shown = handlers.run(*files, "", "mean", "rules", "fast", "auto", "fused", *SURE, session, "Visible", ME)
    assert np.array_equal(shown["session"].current.pair.infrared, read_pair(*files, reading=session.reading).infrared)
    assert pair_panel.set_reading(session, "white-hot", None, 0, None, 0)["session"].reading == Reading()


def test_aligning_fills_the_fields_and_raises_the_score(apart):
    told = pair_panel.align_pair(*apart, Session(), "white-hot")
    assert told["right"] == pytest.approx(6, abs=1) and told["down"] == pytest.approx(4, abs=1)
    assert "as they came" in told["fit"] and told["fit_picture"]["visible"]
    assert told["session"].reading.align.startswith(f"{told['right']:g},")
    checked = pair_panel.check_pair(*apart, told["session"], "white-hot", *UNMOVED)
    assert "as they came" not in checked["fit"]
    assert checked["fit_picture"]["value"].shape == (120, 160, 3)


def test_what_cannot_be_aligned_is_told(pair, tmp_path):
    flat = tmp_path / "flat.png"
    Image.fromarray(np.full((48, 64), 128, np.uint8)).save(flat)
    with pytest.raises(gr.Error, match="by hand"):
        pair_panel.align_pair(str(pair.visible), str(flat), Session(), "white-hot")
    with pytest.raises(gr.Error, match="Add a visible"):
        pair_panel.check_pair(None, str(flat), Session(), "white-hot", *UNMOVED)


def test_another_pair_starts_unshifted(pair):
    session = pair_panel.set_reading(Session(), "black-hot", 5, -3, 1.1, 2)["session"]
    shown = pair_panel.picture_came(str(pair.visible), str(pair.infrared), session)
    assert shown["session"].reading == Reading("black-hot", "none")
    assert [shown[name] for name in pair_panel.NUMBERS] == [0, 0, 1, 0]
    assert "visible" not in shown


def test_a_flir_picture_fills_both_places(monkeypatch, pair):
    monkeypatch.setattr(pair_panel.flir, "is_radiometric", lambda path: True)
    monkeypatch.setattr(pair_panel, "read_pair", lambda *paths: None)
    monkeypatch.setattr(gr, "Info", lambda *_, **__: None)
    shown = pair_panel.picture_came(None, str(pair.infrared), Session())
    assert shown["visible"] == shown["infrared"] == str(pair.infrared)
