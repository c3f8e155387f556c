"""The embedded From-Text-to-Pixels weights on the rendered examples, whose masks say where everything is."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from PIL import Image

from app.examples_index import EXAMPLES
from app.pairs import read_pair
from engines.checkpoints import CHECKPOINT_DIR
from engines.color import image_luma
from engines.masks import mask_box
from engines.text2pixels.codebook import perplexity
from engines.text2pixels.engine import Text2PixelsEngine
from engines.types import Edit, ImagePair, Instruction, Region
from training.losses.ris_fusion import object_contrast

EMBEDDED = CHECKPOINT_DIR / "text2pixels_embedded.safetensors"
pytestmark = pytest.mark.skipif(not EMBEDDED.is_file(), reason="checkpoints/text2pixels_embedded.safetensors is absent")
NAMES = ("day_crossing", "dusk_avenue", "night_park")


class NoMasker:
    """Nobody is to be asked: the examples' masks are known."""

    def mask(self, phrase: str, pair: ImagePair, fused: np.ndarray | None = None) -> Region:
        raise AssertionError(f"{phrase} was looked for")


@pytest.fixture(scope="module")
def engine() -> Text2PixelsEngine:
    return Text2PixelsEngine(str(EMBEDDED), device="cpu", masker=NoMasker())


def _example(name: str) -> tuple[ImagePair, dict[str, np.ndarray]]:
    """The pair and the mask of the largest person and the largest car."""
    entries = json.loads((EXAMPLES / "examples.json").read_text(encoding="utf-8"))
    entry = next(entry for entry in entries if entry["name"] == name)
    with Image.open(EXAMPLES / entry["masks"]) as picture:
        numbers = np.array(picture)
    masks = {}
    for kind in ("person", "car"):
        own = [numbers == item["id"] for item in entry["instances"] if item["class"] == kind]
        masks[kind] = max(own, key=np.sum).astype(np.float32)
    return read_pair(EXAMPLES / entry["visible"], EXAMPLES / entry["infrared"]), masks


def _asks(phrase: str, mask: np.ndarray) -> Instruction:
    painted = Region(phrase, mask, 1.0, mask_box(mask))
    return Instruction(text=phrase, edits=(Edit(phrase, "highlight"),), regions=(painted,))


def _contrast(image: np.ndarray, mask: np.ndarray) -> float:
    y, inside = (torch.from_numpy(array)[None, None] for array in (image_luma(image), mask))
    return abs(float(object_contrast(y, inside)))


@pytest.mark.slow
def test_the_named_thing_stands_out_and_another_ones_name_does_not_help_it(engine):
    gained, misled, elsewhere = [], [], []
    for name in NAMES:
        pair, masks = _example(name)
        plain = engine.fuse(pair, Instruction()).image
        for kind, other in (("person", "car"), ("car", "person")):
            told, wrong = (engine.fuse(pair, _asks(said, masks[said])).image for said in (kind, other))
            before = _contrast(plain, masks[kind])
            gained.append(_contrast(told, masks[kind]) - before)
            misled.append(_contrast(wrong, masks[kind]) - before)
            change = np.abs(image_luma(told) - image_luma(plain))
            elsewhere.append(change[masks[kind] < 0.5].mean())
    assert np.mean(gained) > 0.03, "luma of the range 1 between the thing and its surroundings"
    assert abs(np.mean(misled)) < 0.25 * np.mean(gained)
    assert np.mean(elsewhere) < 0.01


@pytest.mark.slow
def test_pictures_use_a_good_part_of_the_codebook(engine):
    book = engine.load().fusion.codebook
    usage = torch.zeros(len(book.codes))
    for name in NAMES:
        pair, _ = _example(name)
        codes = engine.fuse(pair, Instruction()).maps["codes"]
        indices = torch.from_numpy(np.round(codes * (len(usage) - 1)).astype(np.int64))
        usage += torch.bincount(indices.flatten(), minlength=len(usage))
    assert perplexity(usage) > 0.2 * len(usage), "a collapsed codebook is a defect"


def test_the_weight_file_is_small():
    assert EMBEDDED.stat().st_size <= 20_000_000
