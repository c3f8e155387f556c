"""TeRF: backbone, engine, regions, effects."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch

from engines.checkpoints import CHECKPOINT_DIR, save_safetensors
from engines.color import image_luma, rgb_to_ycbcr
from engines.errors import Cancelled, CheckpointError, InputError
from engines.terf import engine as module
from engines.terf.compose import soft_weights
from engines.terf.config import TerfConfig
from engines.terf.engine import TerfEngine
from engines.terf.model import FusionBackbone
from engines.terf.saliency import contrast, more_salient_source, ring_around
from engines.types import Edit, ImagePair, Instruction, Region
from finetune_units.presets import PRESETS, Schedule
from finetune_units.views import Mosaic, Reduced

QUICK = replace(
    PRESETS["fast"],
    inclination=Schedule(steps=12, learning_rate=1e-3, view=Reduced(2000)),
    illumination=Schedule(steps=25, learning_rate=1e-2, view=Reduced(1000)),
    denoising=Schedule(steps=25, learning_rate=4e-3, view=Mosaic(side=24, columns=2)),
    illumination_channels=8,
    denoising_channels=8,
)
EMBEDDED = CHECKPOINT_DIR / "terf_embedded.safetensors"


class FakeMasker:
    """Finds "left box" and "right box" as rectangles, and nothing else."""

    boxes = {"left box": (6, 10, 26, 34), "right box": (40, 12, 56, 30), "middle box": (16, 8, 48, 40)}

    def __init__(self) -> None:
        self.asked: list[str] = []

    def mask(self, phrase: str, pair: ImagePair, fused: np.ndarray | None = None) -> Region:
        assert fused is not None and fused.shape == pair.visible.shape
        self.asked.append(phrase)
        mask = np.zeros(pair.shape, np.float32)
        if phrase not in self.boxes:
            return Region(phrase, mask, 0.1, None)
        x0, y0, x1, y1 = self.boxes[phrase]
        mask[y0:y1, x0:x1] = 1.0
        return Region(phrase, mask, 0.9, (x0, y0, x1, y1))


@pytest.fixture
def engine(tiny_terf_file) -> TerfEngine:
    engine = TerfEngine(tiny_terf_file, device="cpu", masker=FakeMasker())
    engine.preset = QUICK
    return engine


def _pair(height: int = 48, width: int = 64, seed: int = 0) -> ImagePair:
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width]
    wave = 0.5 + 0.25 * np.sin(columns / 5.0) * np.cos(rows / 7.0)
    visible = wave[..., None] * np.array([0.9, 0.8, 0.6]) + 0.02 * rng.standard_normal((height, width, 3))
    infrared = 0.4 + 0.3 * np.cos(columns / 9.0) + 0.02 * rng.standard_normal((height, width))
    return ImagePair(np.clip(visible, 0, 1).astype(np.float32), np.clip(infrared, 0, 1).astype(np.float32))


def _edits(*edits: Edit) -> Instruction:
    return Instruction(edits=edits)


def _luma_in(image: np.ndarray, mask: np.ndarray) -> float:
    return float(image_luma(image)[mask >= 0.5].mean())


def test_backbone_with_source_skip_starts_near_mean_fusion_and_without_does_not_see_them(tiny_terf):
    torch.manual_seed(0)
    visible, infrared = torch.rand(1, 3, 21, 30), torch.rand(1, 1, 21, 30)
    y = 0.299 * visible[:, 0:1] + 0.587 * visible[:, 1:2] + 0.114 * visible[:, 2:3]
    network = FusionBackbone(tiny_terf)
    with torch.no_grad():
        network.output.weight[:, :8] = 0.0
        assert torch.allclose(network(visible, infrared), 0.5 * (y + infrared), atol=1e-6)
    assert FusionBackbone(TerfConfig(source_skip=False, source_gates=False, detail_blocks=0)).output.in_channels == 8


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (7, 9), (31, 64)])
def test_any_size_is_fused_at_its_size_with_the_visible_colour(engine, size):
    pair = _pair(*size)
    result = engine.fuse(pair, Instruction())
    assert result.image.shape == (*size, 3) and result.image.dtype == np.float32
    assert result.mask is None and result.regions == [] and result.notes == []
    assert result.image.min() >= 0.0 and result.image.max() <= 1.0
    cb, cr = rgb_to_ycbcr(*np.moveaxis(pair.visible, -1, 0))[1:]
    fused_cb, fused_cr = rgb_to_ycbcr(*np.moveaxis(result.image, -1, 0))[1:]
    inside = (result.image.min(axis=2) > 0.0) & (result.image.max(axis=2) < 1.0)
    assert np.abs(fused_cb - cb)[inside].max(initial=0.0) < 1e-5
    assert np.abs(fused_cr - cr)[inside].max(initial=0.0) < 1e-5


@pytest.mark.parametrize("effect", ["highlight", "infrared", "visible", "brighten", "darken", "denoise"])
def test_an_edit_changes_its_region_and_nothing_else(engine, effect):
    pair = _pair()
    base = engine.fuse(pair, Instruction()).image
    result = engine.fuse(pair, _edits(Edit("left box", effect)))
    outside = result.mask < 0.5
    assert np.array_equal(result.image[outside], base[outside])
    assert np.abs(result.image - base)[~outside].mean() > 2e-4
    assert len(result.regions) == 1 and result.regions[0].box == FakeMasker.boxes["left box"]
    assert set(result.seconds) == {"load", "fuse", "mask", "tune"}


def test_effects_go_in_the_right_direction(engine):
    pair = _pair()
    base = engine.fuse(pair, Instruction()).image
    mask = engine.masker.mask("left box", pair, base).mask
    before = _luma_in(base, mask)
    assert _luma_in(engine.fuse(pair, _edits(Edit("left box", "brighten"))).image, mask) > before + 0.03
    assert _luma_in(engine.fuse(pair, _edits(Edit("left box", "darken"))).image, mask) < before - 0.03
    for source, target in (("infrared", pair.infrared), ("visible", image_luma(pair.visible))):
        image = engine.fuse(pair, _edits(Edit("left box", source, 3))).image
        inside = mask >= 0.5
        distance = np.abs(image_luma(image) - target)[inside].mean()
        assert distance < 0.9 * np.abs(image_luma(base) - target)[inside].mean()


@pytest.mark.parametrize("source", ["infrared", "visible"])
def test_a_region_is_inclined_as_in_the_whole_picture(engine, source):
    pair = _pair()
    base = engine.fuse(pair, Instruction()).image
    part, whole = (engine.fuse(pair, _edits(Edit(region, source))) for region in ("left box", None))
    full = soft_weights(part.mask, image_luma(base)) == 1.0
    assert full.sum() > 50
    np.testing.assert_array_equal(part.image[full], whole.image[full])


@pytest.mark.parametrize(("effect", "sign"), [("brighten", 1), ("darken", -1)])
def test_strength_goes_further(engine, effect, sign):
    pair = _pair()
    results = [engine.fuse(pair, _edits(Edit("left box", effect, strength))) for strength in (1, 2, 3)]
    values = [sign * _luma_in(result.image, result.mask) for result in results]
    assert values[0] < values[1] < values[2]


def test_a_region_that_is_not_found_leaves_the_picture_and_a_note(engine):
    pair = _pair()
    result = engine.fuse(pair, _edits(Edit("unicorn", "brighten")))
    assert np.array_equal(result.image, engine.fuse(pair, Instruction()).image)
    assert result.notes == ["“unicorn” was not found, so nothing was changed for it."]
    assert result.regions[0].box is None and not result.mask.any()


def test_whole_picture_edits_come_first_and_regions_keep_the_order_of_the_edits(engine):
    pair = _pair()
    both = engine.fuse(pair, _edits(Edit("left box", "darken"), Edit(None, "brighten")))
    assert [region.label for region in both.regions] == ["left box", "whole picture"]
    whole = engine.fuse(pair, _edits(Edit(None, "brighten")))
    outside = both.regions[0].mask < 0.5
    assert np.array_equal(both.image[outside], whole.image[outside])
    assert _luma_in(both.image, both.regions[0].mask) < _luma_in(whole.image, both.regions[0].mask)
    assert (whole.mask == 1.0).all()


def test_overlapping_edits_build_on_each_other(engine):
    pair = _pair()
    first = engine.fuse(pair, _edits(Edit("left box", "brighten")))
    both = engine.fuse(pair, _edits(Edit("left box", "brighten"), Edit("middle box", "darken")))
    second_only = both.regions[1].mask < 0.5
    assert np.array_equal(both.image[second_only], first.image[second_only])
    overlap = (both.regions[0].mask * both.regions[1].mask) >= 0.5
    alone = engine.fuse(pair, _edits(Edit("middle box", "darken")))
    assert _luma_in(both.image, overlap) > _luma_in(alone.image, overlap)


def test_a_phrase_used_twice_is_looked_for_once(engine):
    engine.fuse(_pair(), _edits(Edit("left box", "brighten"), Edit("left box", "denoise")))
    assert engine.masker.asked == ["left box"]


def test_contrast_with_the_ring_by_hand():
    mask = np.zeros((40, 40), np.float32)
    mask[15:25, 15:25] = 1.0
    picture = np.where(mask > 0, 0.9, 0.3).astype(np.float32)
    assert contrast(picture, mask) == pytest.approx(0.6, abs=1e-6)
    ring = ring_around(mask)
    assert not ring[mask > 0].any() and ring[14, 20] and ring[9, 20] and not ring[2, 20]
    assert contrast(picture, np.ones_like(mask)) == pytest.approx(float(picture.std()))


@pytest.mark.parametrize(
    ("visible_value", "infrared_value", "source"), [(0.9, 0.45, "visible"), (0.45, 0.1, "infrared")]
)
def test_highlight_takes_the_source_with_more_contrast(engine, visible_value, infrared_value, source):
    visible, infrared = np.full((48, 64, 3), 0.4, np.float32), np.full((48, 64), 0.4, np.float32)
    x0, y0, x1, y1 = FakeMasker.boxes["left box"]
    visible[y0:y1, x0:x1] = visible_value
    infrared[y0:y1, x0:x1] = infrared_value
    pair = ImagePair(visible, infrared)
    result = engine.fuse(pair, _edits(Edit("left box", "highlight")))
    assert more_salient_source(pair, result.mask) == source
    assert (
        result.notes[0] == f"“left box” stands out more in the {source} picture, so it was inclined towards {source}."
    )
    direct = engine.fuse(pair, _edits(Edit("left box", source)))
    assert np.array_equal(result.image, direct.image)


def test_progress_rises_and_may_cancel(engine):
    pair, calls = _pair(), []
    instruction = _edits(Edit("left box", "brighten"), Edit(None, "denoise"))
    engine.fuse(pair, instruction, lambda fraction, message: calls.append((fraction, message)))
    fractions = [fraction for fraction, _ in calls]
    assert fractions == sorted(fractions) and fractions[0] == 0.0 and fractions[-1] == 1.0
    assert any("denoise" in message for _, message in calls)

    def stop(fraction: float, message: str) -> None:
        if message.startswith("brighten"):
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        engine.fuse(pair, instruction, stop)


def test_threads_share_one_engine(engine):
    pairs = [_pair(seed=seed) for seed in range(3)]
    instruction = _edits(Edit("left box", "infrared"), Edit("right box", "denoise"))
    alone = [engine.fuse(pair, instruction).image for pair in pairs]
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda pair: engine.fuse(pair, instruction).image, pairs))
    assert all(np.allclose(a, b, atol=1e-4) for a, b in zip(alone, together, strict=True))


def test_bad_options_are_refused(tmp_path, tiny_terf):
    with pytest.raises(InputError, match="preset must be one of paper, fast, but got 'slow'"):
        TerfEngine(preset="slow")
    wrong = tmp_path / "wrong.safetensors"
    save_safetensors(wrong, {"x": torch.zeros(1)}, tiny_terf.to_dict())
    with pytest.raises(CheckpointError, match="does not fit the model"):
        TerfEngine(str(wrong)).load()
    save_safetensors(wrong, {"x": torch.zeros(1)}, {"depth": 3})
    with pytest.raises(CheckpointError, match="configuration"):
        TerfEngine(str(wrong)).load()


@pytest.mark.skipif(not EMBEDDED.is_file(), reason="the embedded TeRF weights are not in this copy")
def test_embedded_weights_fuse_above_the_mean_and_keep_both_sources():
    assert EMBEDDED.stat().st_size <= 5_000_000
    pair = _pair(120, 160)
    infrared = np.full((120, 160), 0.1, np.float32)
    infrared[40:70, 60:80] = 0.95  # a warm object that the visible picture does not show
    pair = ImagePair(0.5 * pair.visible, infrared)
    image = TerfEngine(device="cpu", masker=FakeMasker()).fuse(pair, Instruction()).image
    luma, y = image_luma(image), image_luma(pair.visible)
    object_mask = infrared > 0.5
    assert luma[object_mask].mean() > 0.8, "the warm object is as bright as in the infrared picture"
    far = np.ones_like(object_mask)
    far[30:80, 50:90] = False
    assert np.abs(luma - y)[far].mean() < 0.03, "elsewhere the brighter visible picture is kept"
    assert not math.isnan(float(luma.sum()))


def test_a_picture_too_large_for_the_paper_preset_is_one_clear_line(engine, monkeypatch):
    monkeypatch.setattr(module, "WHOLE_PIXELS", 1000)
    monkeypatch.setattr(engine, "preset", PRESETS["paper"])
    pair = _pair()
    with pytest.raises(InputError, match="“fast”"):
        engine.fuse(pair, _edits(Edit("trees", "denoise")))
    assert engine.fuse(pair, Instruction()).image.shape == pair.visible.shape
