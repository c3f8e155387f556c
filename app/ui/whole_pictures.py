"""Pictures appear in the cache whole.

Gradio names a cached picture after its content and writes it in place. Where two people get the same picture, the
second writing truncates the file that the first one is being sent, and that answer breaks off.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from gradio import processing_utils
from gradio.processing_utils import save_pil_to_cache
from PIL import Image


def save_whole(img: Image.Image, cache_dir: str, name: str = "image", format: str = "webp") -> str:
    """What Gradio's `save_pil_to_cache` does, the file put in place by renaming.

    Args:
        img: The picture.
        cache_dir: The folder of the component.
        name: The file's name, without suffix.
        format: The file's format and suffix.

    Returns:
        The path below `cache_dir`, the same for the same picture.
    """
    Path(cache_dir).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache_dir) as private:
        written = Path(save_pil_to_cache(img, private, name, format))
        place = Path(cache_dir).resolve() / written.parent.name / written.name
        place.parent.mkdir(exist_ok=True)
        os.replace(written, place)
    return str(place)


def install() -> None:
    """Have Gradio save every picture so; the version that this is true of is pinned in requirements.txt."""
    processing_utils.save_pil_to_cache = save_whole
