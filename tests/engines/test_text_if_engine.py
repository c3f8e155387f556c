"""The Text-IF engine with a tiny network: what the sentence does, where, and what is said about it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import engines
from engines import Edit, ImagePair, Instruction
from engines.checkpoints import save_safetensors
from engines.errors import CheckpointError
from engines.masks import mask_box
from engines.text_if import engine as module
from engines.text_if.config import TextIfConfig
from engines.text_if.engine import TextIfEngine
from engines.text_if.model import TextIf
from engines.text_if.places import is_place
from engines.text_if.requests import sentence_elsewhere
from engines.text_if.sentences import DEFAULT_SENTENCE
from engines.text_if.tiled import fits_whole
from engines.types import Region

CONFIG = TextIfConfig(
    width=4,
    blocks=(1, 1, 1, 1),
    refinement=0,
    heads=(1, 1, 2, 2),
    expansion=1,
    groups=4,
    text_dim=384,
    guidance_dim=8,
    scale=2,
    restores_sources=True,
    text_encoder="minilm",
    max_words=24,
)
SHAPE = (50, 70)


class Half:
    """Finds the left half for everything but a unicorn, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked = []

    def mask(self, phrase, pair, fused=None):
        self.asked.append(phrase)
        mask = np.zeros(pair.shape, np.float32)
        if phrase != "unicorn":
            mask[:, : pair.shape[1] // 2] = 1.0
        return Region(phrase, mask, 0.9, mask_box(mask))


@pytest.fixture(scope="module")
def weights(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "tiny.safetensors"
    torch.manual_seed(0)
    model = TextIf(CONFIG)
    with torch.no_grad():
        model.output.weight *= 3
    save_safetensors(path, model.state_dict(), CONFIG.to_dict())
    return path


@pytest.fixture
def engine(weights) -> TextIfEngine:
    return TextIfEngine(str(weights), device="cpu", masker=Half())


@pytest.fixture
def pair() -> ImagePair:
    rng = np.random.default_rng(0)
    return ImagePair(rng.random((*SHAPE, 3), dtype=np.float32), rng.random(SHAPE, dtype=np.float32))


def test_the_sentence_changes_the_picture(engine, pair):
    heard = []
    results = [
        engine.fuse(pair, Instruction(text), lambda fraction, message: heard.append(fraction))
        for text in ("the photo is too dark", "the infrared image is noisy", "")
    ]
    for result in results:
        assert result.image.shape == (*SHAPE, 3) and result.image.dtype == np.float32
        assert result.mask is None and result.regions == [] and result.notes == []
        assert result.image.min() >= 0.0 and result.image.max() <= 1.0
    first, second, plain = (result.image for result in results)
    assert not np.array_equal(first, second) and not np.array_equal(first, plain)
    assert np.array_equal(plain, engine.fuse(pair, Instruction(DEFAULT_SENTENCE)).image)
    assert heard[0] == 0.0 and heard.count(1.0) == 3


def test_named_places_are_changed_and_nothing_else(engine, pair):
    text = "brighten the car"
    result = engine.fuse(pair, Instruction(text, (Edit("car", "brighten"),)))
    plain, guided = (engine.fuse(pair, Instruction(said)).image for said in ("", text))
    half = SHAPE[1] // 2
    assert np.array_equal(result.image[:, half:], plain[:, half:])
    assert np.array_equal(result.image[20:30, 10:20], guided[20:30, 10:20])
    assert not np.array_equal(guided[20:30, 10:20], plain[20:30, 10:20])
    assert (
        [region.label for region in result.regions] == ["car"]
        and result.mask[0, 0] == 1.0
        and result.mask[0, -1] == 0.0
    )
    change = result.maps["change by the sentence"]
    assert change.shape == SHAPE and change[:, half:].max() == 0.0 and change.max() > 0.0
    assert any("inside the regions" in note for note in result.notes)


def test_what_is_said_of_the_whole_picture_is_done_around_the_places(engine, pair):
    whole = "remove the noise from the infrared image"
    text = f"{whole} and brighten the truck"
    edits = (Edit(None, "denoise"), Edit("truck", "brighten"))
    result = engine.fuse(pair, Instruction(text, edits))
    around, guided, plain = (engine.fuse(pair, Instruction(said)).image for said in (whole, text, ""))
    half = SHAPE[1] // 2
    assert np.array_equal(result.image[:, half:], around[:, half:])
    assert not np.array_equal(around[:, half:], plain[:, half:])
    assert np.array_equal(result.image[20:30, 10:20], guided[20:30, 10:20])
    assert [region.label for region in result.regions] == ["truck"]
    assert any(f"“{whole}”" in note for note in result.notes)
    unfound = engine.fuse(pair, Instruction(text.replace("truck", "unicorn"), (edits[0], Edit("unicorn", "brighten"))))
    assert np.array_equal(unfound.image, around)


@pytest.mark.parametrize(
    ("text", "edits", "elsewhere"),
    [
        ("brighten the car", (Edit("car", "brighten"),), DEFAULT_SENTENCE),
        (
            "Brighten the Car, and denoise the photo.",
            (Edit("Car", "brighten"), Edit(None, "denoise")),
            "denoise the photo",
        ),
        ("denoise and brighten the car", (Edit(None, "denoise"), Edit("car", "brighten")), "denoise the image"),
        (
            "darken the sky but take the stripes out of the thermal picture",
            (Edit("sky", "darken"), Edit("thermal picture", "denoise")),
            "take the stripes out of the thermal picture",
        ),
        ("", (Edit("sky", "darken"), Edit(None, "infrared")), "bias the image towards infrared"),
    ],
)
def test_the_part_of_a_sentence_about_the_whole_picture(text, edits, elsewhere):
    assert sentence_elsewhere(Instruction(text, edits)) == elsewhere


def test_what_is_not_found_stays_as_it_is_and_is_said(engine, pair):
    result = engine.fuse(pair, Instruction("brighten the unicorn", (Edit("unicorn", "brighten"),)))
    assert np.array_equal(result.image, engine.fuse(pair, Instruction()).image)
    assert result.mask.max() == 0.0 and result.notes == ["“unicorn” was not found, so nothing was changed for it."]


def test_regions_that_are_known_are_not_looked_for(engine, pair):
    mask = np.zeros(SHAPE, np.float32)
    mask[:10] = 1.0
    painted = Region("sky", mask, 1.0, mask_box(mask))
    edits = (Edit("sky", "darken"), Edit("car", "darken"), Edit("car", "denoise"))
    result = engine.fuse(pair, Instruction("darken the sky and the car", edits, regions=(painted,)))
    assert engine.masker.asked == ["car"]
    assert result.regions[0] is painted and len(result.regions) == 3


def test_phrases_about_pictures_are_no_places(engine, pair):
    for phrase in (
        "stripes",
        "thermal picture",
        "noise in the infrared image",
        "low light",
        "column lines",
        "contrast",
    ):
        assert not is_place(phrase), phrase
    for phrase in ("car", "dark car", "traffic light", "two people in the infrared image", "row of trees", "street"):
        assert is_place(phrase), phrase
    text = "remove the stripes of the thermal picture"
    result = engine.fuse(pair, Instruction(text, (Edit("thermal picture", "denoise"),)))
    assert engine.masker.asked == [] and result.mask is None
    assert np.array_equal(result.image, engine.fuse(pair, Instruction(text)).image)


def test_edits_without_words_are_put_into_words(engine, pair):
    edits = (Edit(None, "brighten"),)
    assert np.array_equal(
        engine.fuse(pair, Instruction(edits=edits)).image, engine.fuse(pair, Instruction("brighten the image")).image
    )


def test_a_long_sentence_is_cut_and_said(engine, pair):
    result = engine.fuse(pair, Instruction("the photo is " + "very " * 30 + "dark"))
    assert result.notes == ["The text encoder reads 24 word pieces, so the end of the sentence was left out."]


def test_a_large_picture_is_fused_in_pieces(engine, weights, monkeypatch):
    rng = np.random.default_rng(0)
    large = ImagePair(rng.random((200, 330, 3), dtype=np.float32), rng.random((200, 330), dtype=np.float32))
    assert fits_whole(CONFIG, large.shape) and not fits_whole(CONFIG, (3000, 4000))
    whole = engine.fuse(large, Instruction("too dark")).image
    monkeypatch.setattr(module, "fits_whole", lambda config, shape: False)
    in_pieces = TextIfEngine(str(weights), device="cpu").fuse(large, Instruction("too dark")).image
    assert in_pieces.shape == whole.shape and np.abs(in_pieces - whole).mean() < 0.01


def test_edges_are_continued_to_what_the_network_halves(engine):
    flat = ImagePair(np.full((33, 47, 3), 0.3, np.float32), np.full((33, 47), 0.6, np.float32))
    image = engine.fuse(flat, Instruction()).image
    assert image.shape == (33, 47, 3) and np.isfinite(image).all()


def test_missing_or_unfitting_weights_are_one_line(tmp_path, pair):
    for name, config in (("other", replace(CONFIG, width=8).to_dict()), ("strange", {"depth": 3})):
        path = tmp_path / f"{name}.safetensors"
        save_safetensors(path, TextIf(CONFIG).state_dict(), config)
        with pytest.raises(CheckpointError) as caught:
            TextIfEngine(str(path), device="cpu").fuse(pair, Instruction())
        assert "\n" not in str(caught.value)


def test_it_is_registered():
    spec = engines.registry.ENGINES["text-if"]
    assert spec.learned and spec.title == TextIfEngine.title
