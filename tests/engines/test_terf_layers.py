"""TeRF: repetition, continuity, stopping and divergence of edits laid over each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engines.color import image_luma
from engines.errors import Cancelled
from engines.terf import engine as module
from engines.terf.effects import Adjustment
from engines.terf.engine import TerfEngine
from engines.terf.layers import Layer, LayerMemory, edit_key, next_key, pair_key
from engines.types import Edit, ImagePair, Instruction, Region
from finetune_units.presets import PRESETS, Schedule
from finetune_units.tuning import DIVERGED
from finetune_units.views import Mosaic

QUICK = replace(
    PRESETS["fast"],
    context=2,
    inclination=Schedule(steps=10, learning_rate=5e-4),
    illumination=Schedule(steps=15, learning_rate=2e-2),
    denoising=Schedule(steps=60, learning_rate=4e-3, view=Mosaic(side=24, columns=2)),
    illumination_channels=8,
    denoising_channels=16,
)
BOXES = {"trees": (4, 4, 30, 28), "people": (24, 16, 50, 40), "road": (2, 30, 60, 46)}


class Boxes:
    """Finds BOXES."""

    def mask(self, phrase: str, pair: ImagePair, fused: np.ndarray | None = None) -> Region:
        mask = np.zeros(pair.shape, np.float32)
        x0, y0, x1, y1 = BOXES[phrase]
        mask[y0:y1, x0:x1] = 1.0
        return Region(phrase, mask, 0.9, BOXES[phrase])


def _engine(checkpoint: str, preset=QUICK) -> TerfEngine:
    engine = TerfEngine(checkpoint, device="cpu", masker=Boxes())
    engine.preset = preset
    return engine


@pytest.fixture
def engine(tiny_terf_file) -> TerfEngine:
    return _engine(tiny_terf_file)


def _pair(noise: float = 0.02) -> ImagePair:
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[0:48, 0:64]
    wave = 0.45 + 0.2 * np.sin(columns / 9.0) * np.cos(rows / 11.0)
    visible = wave[..., None] * np.array([0.9, 0.8, 0.6]) + noise * rng.standard_normal((48, 64, 3))
    infrared = 0.4 + 0.3 * np.cos(columns / 9.0)
    return ImagePair(np.clip(visible, 0, 1).astype(np.float32), np.clip(infrared, 0, 1).astype(np.float32))


def _ask(*edits: Edit) -> Instruction:
    return Instruction(edits=edits)


def _roughness(image: np.ndarray, inside: np.ndarray) -> float:
    """Mean distance of the luma to its neighbours' mean."""
    y = image_luma(image)
    mean = (np.roll(y, 1, 0) + np.roll(y, -1, 0) + np.roll(y, 1, 1) + np.roll(y, -1, 1)) / 4
    return float(np.abs(y - mean)[inside].mean())


@pytest.mark.parametrize("effect", ["infrared", "visible", "brighten", "darken", "denoise"])
def test_three_repetitions_go_further_each_time(engine, effect):
    pair = _pair(noise=0.08 if effect == "denoise" else 0.02)
    images = [engine.fuse(pair, Instruction()).image]
    for repetition in (1, 2, 3):
        result = engine.fuse(pair, _ask(*[Edit("trees", effect)] * repetition))
        images.append(result.image)
    inside = result.mask >= 0.5
    source = {"infrared": pair.infrared, "visible": image_luma(pair.visible)}
    measure = {
        "infrared": lambda image: np.abs(image_luma(image) - source["infrared"])[inside].mean(),
        "visible": lambda image: np.abs(image_luma(image) - source["visible"])[inside].mean(),
        "brighten": lambda image: -image_luma(image)[inside].mean(),
        "darken": lambda image: image_luma(image)[inside].mean(),
        "denoise": lambda image: _roughness(image, inside),
    }[effect]
    values = [float(measure(image)) for image in images]
    assert values[3] < values[2] < values[1] < values[0]
    assert all(np.array_equal(image[~inside], images[0][~inside]) for image in images)


@pytest.mark.parametrize("effect", ["infrared", "brighten", "denoise"])
def test_the_same_again_is_the_same_as_more_of_it_and_as_making_it_anew(tiny_terf_file, effect):
    pair, went_on, anew = _pair(), _engine(tiny_terf_file), _engine(tiny_terf_file)
    for repetition in (1, 2, 3):
        further = went_on.fuse(pair, _ask(*[Edit("trees", effect)] * repetition)).image
    assert np.array_equal(further, anew.fuse(pair, _ask(Edit("trees", effect, 3))).image)


def test_what_was_done_already_is_not_done_again(engine, monkeypatch):
    pair = _pair()
    first = engine.fuse(pair, _ask(Edit("trees", "brighten", 2))).image
    monkeypatch.setattr(engine, "preset", replace(QUICK, illumination=Schedule(steps=15, learning_rate=1e30)))
    again = engine.fuse(pair, _ask(Edit("trees", "brighten", 2)))
    assert np.array_equal(again.image, first) and again.notes == []


def test_a_caller_may_write_into_what_it_got(engine):
    pair, instruction = _pair(), _ask(Edit("trees", "darken"))
    first = engine.fuse(pair, instruction).image
    kept = first.copy()
    first[:] = 0.0
    assert np.array_equal(engine.fuse(pair, instruction).image, kept)


def test_another_instruction_between_starts_with_fresh_units(engine):
    pair = _pair()
    between = engine.fuse(
        pair, _ask(Edit("trees", "brighten"), Edit("road", "darken"), Edit("trees", "brighten"))
    ).image
    together = engine.fuse(pair, _ask(Edit("trees", "brighten", 2), Edit("road", "darken"))).image
    once = engine.fuse(pair, _ask(Edit("trees", "brighten"))).image
    trees = np.s_[8:24, 8:26]
    assert image_luma(between)[trees].mean() > image_luma(once)[trees].mean() + 0.02
    assert not np.array_equal(between[trees], together[trees])


def _to_infrared(image: np.ndarray, pair: ImagePair, place: tuple[slice, slice]) -> float:
    return float(np.abs(image_luma(image) - pair.infrared)[place].mean())


def test_two_inclinations_given_again_go_on_each_from_where_it_was(engine):
    """Neither starts afresh on top of its own change, which would lead past the source."""
    pair = _pair()
    both = (Edit("trees", "infrared"), Edit("road", "visible"))
    again = engine.fuse(pair, _ask(*both, *both)).image
    # The weights of an edge follow the picture below, in which the trees have changed by then.
    trees, road = np.s_[4:28, 4:30], np.s_[38:44, 8:54]
    alone = engine.fuse(pair, _ask(Edit("trees", "infrared", 2))).image
    assert np.array_equal(again[trees], alone[trees])
    alone = engine.fuse(pair, _ask(Edit("road", "visible", 2))).image
    np.testing.assert_allclose(again[road], alone[road], atol=1e-3)


def test_an_inclination_that_another_has_touched_starts_afresh_but_not_past_its_source(engine):
    pair = _pair()
    people = np.s_[16:40, 24:50]
    edits = (Edit("people", "infrared"), Edit("road", "visible"), Edit("people", "infrared", 3))
    distances = [_to_infrared(engine.fuse(pair, _ask(*edits[:n])).image, pair, people) for n in (2, 3)]
    assert distances[1] <= distances[0]


def test_six_instructions_in_a_row(engine):
    """Figures 8 and 9 of the paper: different effects on different and overlapping regions, one after the other."""
    pair = _pair(noise=0.05)
    asked = [
        Edit("trees", "brighten"),
        Edit("people", "infrared"),
        Edit("road", "denoise"),
        Edit("people", "darken"),
        Edit("trees", "visible"),
        Edit("road", "brighten"),
    ]
    images = [engine.fuse(pair, Instruction()).image]
    for count in range(1, 7):
        result = engine.fuse(pair, _ask(*asked[:count]))
        images.append(result.image)
        region = result.regions[-1].mask >= 0.5
        assert result.notes == [] and len(result.regions) == count
        assert np.array_equal(images[-1][~region], images[-2][~region]), "each changes its own region only"
        assert np.abs(images[-1] - images[-2])[region].mean() > 1e-3
    assert np.isfinite(images[-1]).all() and images[-1].min() >= 0.0 and images[-1].max() <= 1.0
    for count in (3, 5):
        again = engine.fuse(pair, _ask(*asked[:count])).image
        assert np.array_equal(again, images[count]), "a step taken back is as it was"
    assert np.array_equal(_engine_like(engine).fuse(pair, _ask(*asked)).image, images[-1]), "and all of it repeatable"


def _engine_like(engine: TerfEngine) -> TerfEngine:
    return _engine(engine.checkpoint, engine.preset)


@pytest.mark.parametrize("effect", ["infrared", "darken", "denoise"])
def test_a_divergence_keeps_the_picture_and_says_so(tiny_terf_file, effect):
    wild = Schedule(steps=5, learning_rate=1e30)
    engine = _engine(tiny_terf_file, replace(QUICK, inclination=wild, illumination=wild, denoising=wild))
    pair = _pair()
    result = engine.fuse(pair, _ask(Edit("trees", effect, 3)))
    assert np.array_equal(result.image, engine.fuse(pair, Instruction()).image)
    assert result.notes.count(DIVERGED) == 1


def test_a_stop_in_the_third_repetition_loses_nothing(engine):
    pair, edit = _pair(), Edit("trees", "denoise", 3)
    base = engine.fuse(pair, Instruction()).image

    def stop(fraction: float, message: str) -> None:
        if fraction > 0.8:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        engine.fuse(pair, _ask(edit), stop)
    assert np.array_equal(engine.fuse(pair, Instruction()).image, base)
    assert np.array_equal(engine.fuse(pair, _ask(edit)).image, _engine_like(engine).fuse(pair, _ask(edit)).image)


def test_a_region_that_looks_like_the_source_already_is_said(engine, monkeypatch):
    monkeypatch.setattr(engine, "base_fusion", lambda pair, progress=None: pair.visible)
    notes = engine.fuse(_pair(), _ask(Edit("trees", "visible"))).notes
    assert notes[0] == "“trees” already looks as in the visible picture, so inclining it changes little."
    assert not engine.fuse(_pair(), _ask(Edit("trees", "infrared"))).notes


def test_a_region_that_tuning_the_whole_brings_no_nearer_is_tuned_by_itself(engine, monkeypatch):
    pair, fractions = _pair(), []

    class OnlyForWindows(Adjustment):
        def distance(self) -> float:
            return 0.0 if self.piece.infrared.shape == pair.shape else super().distance()

    monkeypatch.setattr(module, "Adjustment", OnlyForWindows)
    base = engine.fuse(pair, Instruction()).image
    result = engine.fuse(pair, _ask(Edit("trees", "infrared")), lambda fraction, _: fractions.append(fraction))
    inside = result.mask >= 0.5
    before, after = (np.abs(image_luma(image) - pair.infrared)[inside].mean() for image in (base, result.image))
    assert after < before and result.notes == [] and fractions == sorted(fractions)
    assert engine.fuse(pair, _ask(Edit(None, "infrared"))).notes


def test_what_leads_away_from_the_source_is_taken_back(tiny_terf_file):
    engine = _engine(tiny_terf_file, replace(QUICK, inclination=Schedule(steps=1, learning_rate=1.0)))
    pair = _pair()
    result = engine.fuse(pair, _ask(Edit("trees", "visible", 3)))
    assert np.array_equal(result.image, engine.fuse(pair, Instruction()).image)
    assert result.notes == ["“trees” does not come any closer to the visible picture."]


def test_keys_tell_pairs_effects_masks_and_order_apart():
    pair = _pair()
    other = ImagePair(pair.visible, pair.infrared + np.float32(1e-6))
    mask = np.zeros((48, 64), np.float32)
    keys = {pair_key(pair), pair_key(other), edit_key("brighten", mask), edit_key("darken", mask)}
    keys |= {edit_key("darken", mask + 1), next_key(b"a", b"b"), next_key(b"b", b"a")}
    assert len(keys) == 7
    assert pair_key(pair) == pair_key(_pair()) and edit_key("darken", mask) == edit_key("darken", mask.copy())


def test_the_memory_forgets_what_is_not_used_but_never_the_last():
    picture = np.zeros((10, 10, 3), np.float32)
    layers = [Layer(bytes([number]), picture, picture) for number in range(4)]
    memory = LayerMemory(pixels=300)
    for layer in layers[:3]:
        memory.put(layer)
    assert memory.get(layers[0].key) is layers[0]
    memory.put(layers[3])
    assert [memory.get(layer.key) is layer for layer in layers] == [True, False, True, True]
    large = Layer(b"large", np.zeros((30, 30, 3), np.float32), picture)
    memory.put(large)
    assert memory.get(b"large") is large and memory.get(layers[3].key) is None
