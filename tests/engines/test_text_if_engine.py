"""The Text-IF engine with a tiny network: what the sentence does, where, and what is said about it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import engines
from app.parser import parse
from engines import Edit, ImagePair, Instruction
from engines.checkpoints import save_safetensors
from engines.errors import CheckpointError
from engines.masks import mask_box
from engines.text_if import engine as module
from engines.text_if.config import TextIfConfig
from engines.text_if.engine import TextIfEngine
from engines.text_if.model import TextIf
from engines.text_if.places import is_place
from engines.text_if.requests import places_of, sentence_elsewhere
from engines.text_if.sentences import DEFAULT_SENTENCE
from engines.text_if.tiled import fits_whole
from engines.types import Region
from training.restoration_sentences import HELD_OUT, PLAIN, training_sentences

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
    assert [region.label for region in result.regions] == ["whole picture", "truck"] and result.mask.min() == 1.0
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
        "camera",
        "thermal camera",
        "IR frame",
        "lines of the thermal image",
        "vertical lines",
        "shadows of the photo",
        "noise of the camera",
        "photo came out",
    ):
        assert not is_place(phrase), phrase
    for phrase in (
        "car",
        "dark car",
        "traffic light",
        "two people in the infrared image",
        "row of trees",
        "street",
        "man with the camera",
        "security camera",
        "window frame",
        "door frame",
        "people in line",
        "columns",
        "white lines",
        "road lines",
        "iron bars",
        "heater",
        "shadow",
        "everyone",
        "line of cars in the thermal picture",
        "glare on the road",
    ):
        assert is_place(phrase), phrase
    assert not is_place("lines", "denoise") and is_place("lines", "brighten")
    text = "remove the stripes of the thermal picture"
    result = engine.fuse(pair, Instruction(text, (Edit("thermal picture", "denoise"),)))
    assert engine.masker.asked == [] and result.mask.min() == 1.0
    assert [region.label for region in result.regions] == ["whole picture"]
    assert result.notes == [
        "“thermal picture” was taken to be about the pictures, so it was not looked for in the scene."
    ]
    assert np.array_equal(result.image, engine.fuse(pair, Instruction(text)).image)


def test_no_sentence_about_a_degradation_names_a_place():
    """But for the one that does: a wall blown to white is a thing."""
    for task, sentences in training_sentences().items():
        for sentence in () if task == PLAIN else (*sentences, *HELD_OUT[task]):
            named = {edit.region for edit in places_of(parse(sentence, parser="rules"))}
            assert not named or named <= {"sky", "warm things", "fusing", "Warm and cold things look almost alike"}, (
                named
            )


@pytest.mark.parametrize("effect", ["brighten", "denoise"])
def test_a_strength_goes_further_inside_and_nowhere_else(engine, pair, effect):
    plain = engine.fuse(pair, Instruction()).image
    results = [
        engine.fuse(pair, Instruction(f"{effect} the car", (Edit("car", effect, strength),))) for strength in (1, 2, 3)
    ]
    once, twice, thrice = (result.image for result in results)
    half = SHAPE[1] // 2
    changes = [float(np.abs(image - plain)[:, :half].mean()) for image in (once, twice, thrice)]
    assert 0.0 < changes[0] < changes[1] < changes[2]
    for image in (once, twice, thrice):
        assert np.array_equal(image[:, half:], plain[:, half:])
        assert np.isfinite(image).all() and image.min() >= 0.0 and image.max() <= 1.0
    assert np.array_equal(once[20:30, 10:20], engine.fuse(pair, Instruction(f"{effect} the car")).image[20:30, 10:20])
    if effect == "brighten":
        expected = np.clip(plain + 2 * (once - plain), 0, 1)[20:30, 10:20]
        assert np.allclose(twice[20:30, 10:20], expected, atol=1e-6)


@pytest.mark.parametrize("effect", ["brighten", "denoise"])
def test_a_strength_goes_further_in_the_whole_picture(engine, pair, effect):
    plain = engine.fuse(pair, Instruction()).image
    text = f"{effect} the image"
    images = [engine.fuse(pair, Instruction(text, (Edit(None, effect, strength),))).image for strength in (1, 2, 3)]
    changes = [float(np.abs(image - plain).mean()) for image in images]
    assert np.array_equal(images[0], engine.fuse(pair, Instruction(text)).image)
    assert 0.0 < changes[0] < changes[1] < changes[2]
    around = (Edit(None, effect, 2), Edit("car", "darken"))
    both = engine.fuse(pair, Instruction(f"{text} and darken the car", around)).image
    half = SHAPE[1] // 2
    assert np.array_equal(both[:, half:], images[1][:, half:])


def test_each_place_goes_as_far_as_its_own_strength(engine, pair):
    left, right = np.zeros(SHAPE, np.float32), np.zeros(SHAPE, np.float32)
    left[:, :30], right[:, 40:] = 1.0, 1.0
    painted = tuple(Region(label, mask, 1.0, mask_box(mask)) for label, mask in (("car", left), ("tree", right)))

    def fused(*strengths: int) -> np.ndarray:
        edits = (Edit("car", "darken", strengths[0]), Edit("tree", "darken", strengths[1]))
        return engine.fuse(pair, Instruction("darken the car and the tree", edits, regions=painted)).image

    weak, mixed, strong = fused(1, 1), fused(1, 3), fused(3, 3)
    assert np.array_equal(mixed[:, :30], weak[:, :30]) and np.array_equal(mixed[:, 40:], strong[:, 40:])
    assert not np.array_equal(weak[:, :30], strong[:, :30]) and not np.array_equal(weak[:, 40:], strong[:, 40:])


def test_weights_that_restore_no_sources_say_that_they_cannot_denoise_further(tmp_path, pair):
    config = replace(CONFIG, restores_sources=False)
    path = tmp_path / "plain.safetensors"
    save_safetensors(path, TextIf(config).state_dict(), config.to_dict())
    engine = TextIfEngine(str(path), device="cpu", masker=Half())
    once, twice = (engine.fuse(pair, Instruction("denoise it", (Edit(None, "denoise", n),))) for n in (1, 2))
    assert np.array_equal(once.image, twice.image) and once.notes == []
    assert any("cannot denoise" in note for note in twice.notes)


def test_denoising_further_works_in_pieces_too(engine, pair, monkeypatch):
    edits = (Edit(None, "denoise", 2),)
    whole = engine.fuse(pair, Instruction("denoise the image", edits)).image
    monkeypatch.setattr(module, "fits_whole", lambda config, shape: False)
    assert np.abs(engine.fuse(pair, Instruction("denoise the image", edits)).image - whole).mean() < 0.02


def test_an_edit_that_was_taken_out_of_the_plan_changes_nothing(engine, pair):
    text = "brighten the car: the visible image is too dark"
    plain = engine.fuse(pair, Instruction()).image
    result = engine.fuse(pair, Instruction(text, (), "edited"))
    assert np.array_equal(result.image, plain) and result.regions == [] and result.mask is None
    one_left = Instruction("brighten the car and darken the sky", (Edit("sky", "darken"),), "edited")
    alone = engine.fuse(pair, Instruction("darken the sky", (Edit("sky", "darken"),)))
    result = engine.fuse(pair, one_left)
    assert np.array_equal(result.image, alone.image)
    assert any("set by hand" in note and "“darken the sky”" in note for note in result.notes)


def test_an_edited_plan_is_obeyed_effect_by_effect(engine, pair):
    typed = "brighten the car"
    changed = engine.fuse(pair, Instruction(typed, (Edit("car", "darken"),), "edited")).image
    said = engine.fuse(pair, Instruction("darken the car", (Edit("car", "darken"),))).image
    assert np.array_equal(changed, said)
    assert not np.array_equal(changed, engine.fuse(pair, Instruction(typed, (Edit("car", "brighten"),))).image)
    left, right = np.zeros(SHAPE, np.float32), np.zeros(SHAPE, np.float32)
    left[:, :30], right[:, 40:] = 1.0, 1.0
    painted = tuple(Region(label, mask, 1.0, mask_box(mask)) for label, mask in (("car", left), ("sky", right)))
    edits = (Edit("car", "brighten"), Edit("sky", "darken"))
    both = engine.fuse(pair, Instruction("whatever was typed", edits, "edited", regions=painted)).image
    for edit, inside in zip(edits, (np.s_[20:30, 10:20], np.s_[20:30, 50:60]), strict=True):
        alone = engine.fuse(pair, Instruction(f"{edit.effect} the {edit.region}", (edit,), regions=painted)).image
        assert np.array_equal(both[inside], alone[inside])


def test_a_change_that_nobody_can_see_is_said(engine, pair, monkeypatch):
    monkeypatch.setattr("engines.text_if.remarks._VISIBLE_CHANGE", 1.0)
    notes = engine.fuse(pair, Instruction("show the car", (Edit("car", "highlight"),))).notes
    assert any("Next to nothing changes in “car”" in note for note in notes)


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
