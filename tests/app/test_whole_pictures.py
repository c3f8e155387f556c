"""A picture that is being sent stays whole while the same one is saved again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from gradio import processing_utils
from PIL import Image

from app.ui.whole_pictures import install, save_whole


def test_a_picture_being_read_survives_being_saved_again(tmp_path):
    picture = Image.fromarray(np.full((30, 40), 7, np.uint8))
    path = Path(save_whole(picture, str(tmp_path), format="png"))
    whole = path.read_bytes()
    with path.open("rb") as being_sent:
        assert save_whole(picture, str(tmp_path), format="png") == str(path)
        assert being_sent.read() == whole
    assert path.read_bytes() == whole
    assert [entry for entry in tmp_path.iterdir() if entry != path.parent] == []


def test_gradio_saves_arrays_so_too(tmp_path, monkeypatch):
    monkeypatch.setattr(processing_utils, "save_pil_to_cache", processing_utils.save_pil_to_cache)
    install()
    pixels = np.zeros((8, 9, 3), np.uint8)
    first = Path(processing_utils.save_img_array_to_cache(pixels, str(tmp_path), format="png"))
    inode = first.stat().st_ino
    assert processing_utils.save_img_array_to_cache(pixels, str(tmp_path), format="png") == str(first)
    assert first.stat().st_ino != inode
