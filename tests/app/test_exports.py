from __future__ import annotations

import zipfile
from pathlib import Path

import gradio as gr
import numpy as np
import pytest

from app import pipeline
from app.decode import read_raster
from app.session import Session
from app.ui.exports import export


@pytest.fixture
def session(pair) -> Session:
    read = pipeline.read_pair(pair.visible, pair.infrared)
    return Session().with_step(pipeline.fuse(read, pipeline.understand("", "rules"), "mean"))


def test_the_picture_in_sixteen_bits(session):
    made = export("tiff", session)
    file = Path(next(made)["exported"])
    pixels = read_raster(file, "visible", 10_000).pixels
    assert pixels.dtype == np.uint16 and pixels[0, 0].tolist() == [38550] * 3
    made.close()
    assert not file.exists(), "Gradio has its copy by then"


def test_every_step_in_one_archive(session):
    (updates,) = ({"names": zipfile.ZipFile(made["exported"]).namelist()} for made in export("session", session))
    assert {"session.json", "steps/1/plan.json", "steps/1/result.png"} <= set(updates["names"])


def test_nothing_without_a_result():
    assert list(export("tiff", Session())) == []


def test_a_failure_is_a_sentence(session, monkeypatch):
    monkeypatch.setattr("app.ui.exports.write_session", lambda *_: 1 / 0)
    with pytest.raises(gr.Error) as caught:
        list(export("session", session))
    assert "division" not in caught.value.message
