"""TeSG: network, semantics, engine, pieces."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch

import engines.tesg.engine as engine_module
from engines.checkpoints import CHECKPOINT_DIR, save_safetensors
from engines.color import image_luma
from engines.errors import Cancelled, CheckpointError, InputError
from engines.masks import mask_box
from engines.tesg.attention import CrossAttention
from engines.tesg.config import TesgConfig
from engines.tesg.engine import AMOUNTS, TesgEngine
from engines.tesg.mgca import MaskGuidedCrossAttention
from engines.tesg.model import TesgNet
from engines.tesg.semantics import caption, request, soft_rim
from engines.tesg.tdaf import TextDrivenFusion
from engines.tesg.tiled import fused_in_pieces
from engines.text_encoder import WordFeatures
from engines.types import Edit, ImagePair, Instruction, Region

TINY = TesgConfig(
    channels=8,
    encoder_blocks=1,
    decoder_blocks=1,
    heads=2,
    feed_forward_channels=8,
    output_channels=4,
    detail_channels=8,
    detail_blocks=1,
    text_dim=6,
)
EMBEDDED = CHECKPOINT_DIR / "tesg_embedded.safetensors"


class FakeMasker:
    """Finds "left box", "right box" and the key classes as rectangles, and nothing else."""

    boxes = {
        "left box": (6, 10, 26, 34),
        "right box": (40, 12, 58, 30),
        "people": (4, 4, 14, 24),
        "cars": (30, 20, 50, 32),
    }

    def __init__(self) -> None:
        self.asked: list[str] = []

    def mask(self, phrase: str, pair: ImagePair, fused: np.ndarray | None = None) -> Region:
        assert fused is not None and fused.shape == pair.visible.shape
        self.asked.append(phrase)
        mask = np.zeros(pair.shape, np.float32)
        if phrase in self.boxes:
            x0, y0, x1, y1 = self.boxes[phrase]
            mask[y0:y1, x0:x1] = 1.0
        return Region(phrase, mask, 0.9, mask_box(mask))


class FakeEncoder:
    """One random word per letter count; an empty text has none, a very long one is cut."""

    def encode(self, texts: list[str]) -> WordFeatures:
        (text,) = texts
        words = torch.rand(1, 3, 6, generator=torch.Generator().manual_seed(len(text)))
        return WordFeatures(words, torch.full((1, 3), bool(text)), (len(text) > 60,))


@pytest.fixture(scope="module")
def tiny_checkpoint(tmp_path_factory) -> str:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = TesgNet(TINY)
    path = tmp_path_factory.mktemp("tesg") / "tiny.safetensors"
    save_safetensors(path, network.state_dict(), TINY.to_dict())
    return str(path)


@pytest.fixture
def engine(tiny_checkpoint, monkeypatch) -> TesgEngine:
    monkeypatch.setattr(engine_module, "text_encoder", lambda name, words: FakeEncoder())
    return TesgEngine(tiny_checkpoint, device="cpu", masker=FakeMasker())


def _pair(height: int = 48, width: int = 64, seed: int = 0) -> ImagePair:
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width]
    wave = 0.5 + 0.25 * np.sin(columns / 5.0) * np.cos(rows / 7.0)
    visible = wave[..., None] * np.array([0.9, 0.8, 0.6]) + 0.02 * rng.standard_normal((height, width, 3))
    infrared = 0.4 + 0.3 * np.cos(columns / 9.0) + 0.02 * rng.standard_normal((height, width))
    return ImagePair(np.clip(visible, 0, 1).astype(np.float32), np.clip(infrared, 0, 1).astype(np.float32))


def _tensors(height: int, width: int, words: int = 3) -> tuple[torch.Tensor, ...]:
    generator = torch.Generator().manual_seed(1)
    shapes = (1, 3, height, width), (1, 1, height, width), (1, 1, height, width), (1, words, TINY.text_dim)
    visible, infrared, mask, features = (torch.rand(shape, generator=generator) for shape in shapes)
    return visible, infrared, (mask > 0.5).float(), features, torch.ones(1, words, dtype=torch.bool)


def _change(result, plain) -> np.ndarray:
    return np.abs(result.image - plain.image).max(axis=2)


def _grown(mask: np.ndarray) -> np.ndarray:
    return soft_rim(mask) > 0


class TestNetwork:
    @pytest.mark.parametrize("size", [(1, 1), (7, 9), (16, 24)])
    def test_any_size_gives_its_size(self, size):
        guided = TesgNet(TINY)(*_tensors(*size))
        assert guided.y.shape == (1, 1, *size)
        assert set(guided.maps) == {"α", "gate visible", "gate infrared"}
        assert all(
            value.shape == (1, 1, *size) and 0 <= value.min() <= value.max() <= 1 for value in guided.maps.values()
        )

    def test_masks_and_words_both_change_the_picture(self):
        torch.manual_seed(0)
        network = TesgNet(TINY)
        visible, infrared, mask, words, named = _tensors(24, 24)
        y = network(visible, infrared, mask, words, named).y
        for other in (
            network(visible, infrared, 1 - mask, words, named),
            network(visible, infrared, mask, -words, named),
            network(visible, infrared, mask, words, ~named),
        ):
            assert (other.y - y).abs().max() > 1e-5

    def test_words_that_are_masked_are_not_read(self):
        network = TesgNet(TINY)
        visible, infrared, mask, words, named = _tensors(16, 16)
        named[:, -1] = False
        other = words.clone()
        other[:, -1] = 9.0
        first, second = (network(visible, infrared, mask, w, named).y for w in (words, other))
        assert torch.equal(first, second)

    def test_cross_attention_keeps_foreground_and_background_apart(self):
        """Eq. 4 to 6: sums of two attentions, neither of which sees the other's features."""
        torch.manual_seed(0)
        mgca = MaskGuidedCrossAttention(8, 2)
        visible, infrared, where = torch.rand(2, 8, 5, 6), torch.rand(2, 8, 5, 6), torch.rand(2, 1, 5, 6)
        rebuilt = mgca(visible, infrared, where)
        for name, x, y, together in (
            ("visible", visible, infrared, rebuilt[0]),
            ("infrared", infrared, visible, rebuilt[1]),
        ):
            front, back = (mgca.attentions[f"{name}_{cut}"] for cut in ("foreground", "background"))
            apart = front(x[:1], y[:1], where[:1]) + back(x[1:], y[1:], where[1:])
            assert torch.allclose(together, apart, atol=1e-5)

    def test_attention_over_a_region_does_not_depend_on_what_lies_outside(self):
        torch.manual_seed(0)
        attention = CrossAttention(8, 2)
        x, y = torch.rand(2, 1, 8, 6, 6)
        where = torch.zeros(1, 1, 6, 6)
        where[..., :2, :] = 1.0
        other = x.clone()
        other[..., 4:, :] = 3.0
        first, second = (attention(each, y, where) for each in (x, other))
        assert torch.allclose(first[..., :3, :], second[..., :3, :], atol=1e-6)
        assert not torch.allclose(attention(x, y)[..., :2, :], attention(other, y)[..., :2, :], atol=1e-6)
        assert torch.isfinite(attention(x, y, 0 * where)).all()

    def test_fused_features_follow_equation_10(self):
        torch.manual_seed(0)
        fusion = TextDrivenFusion(8, 2, 6)
        for gate in (fusion.visible_gate, fusion.infrared_gate):
            torch.nn.init.zeros_(gate.weight)
            torch.nn.init.constant_(gate.bias, -30.0)
        torch.nn.init.constant_(fusion.attention[-1].bias, 30.0)
        visible, infrared, rebuilt = torch.rand(1, 8, 4, 4), torch.rand(1, 8, 4, 4), torch.rand(2, 1, 8, 4, 4)
        words, named = torch.rand(1, 3, 6), torch.ones(1, 3, dtype=torch.bool)
        fused = fusion(visible, infrared, tuple(rebuilt), words, named)
        assert torch.allclose(fused.features, visible + rebuilt[0], atol=1e-5), "α of 1 and closed gates: visible alone"

    def test_pieces_have_no_seams(self):
        """With maps taken from the whole picture, pieces give what the picture gives in one go."""
        torch.manual_seed(0)
        network = TesgNet(replace(TINY, scale=2, margin=2)).eval()
        torch.nn.init.normal_(network.detail.output.weight, std=0.1)
        *sources, words, named = _tensors(150, 170)
        whole = network(*sources, words, named)
        pieces = fused_in_pieces(network, tuple(sources), (words, named), side=64, map_pixels=10**9)
        assert torch.allclose(pieces.y, whole.y, atol=1e-5)
        assert torch.allclose(pieces.maps["α"][..., 2:-2, 2:-2], whole.maps["α"][..., 2:-2, 2:-2], atol=1e-4)

    def test_only_pieces_with_pixels_asked_for_are_fused(self):
        network = TesgNet(replace(TINY, scale=2, margin=2)).eval()
        *sources, words, named = _tensors(128, 128)
        where = torch.zeros(128, 128, dtype=torch.bool)
        where[3, 5] = True
        told: list[float] = []
        guided = fused_in_pieces(network, tuple(sources), (words, named), told.append, where, side=64)
        whole = fused_in_pieces(network, tuple(sources), (words, named), side=64)
        assert told == [0.0]
        assert torch.equal(guided.y[..., :64, :64], whole.y[..., :64, :64])

    def test_a_configuration_that_does_not_fit_is_one_clear_line(self):
        for values in ({"channels": 7}, {"margin": 3}, {"depth": 1}):
            with pytest.raises(CheckpointError, match="not one of TeSG's"):
                TesgConfig.from_dict(values)


class TestEngine:
    @pytest.mark.parametrize("size", [(1, 1), (8, 8), (31, 64)])
    def test_any_size_without_an_instruction(self, engine, size):
        engine.generator.masker.boxes = {}
        result = engine.fuse(_pair(*size), Instruction())
        assert result.image.shape == (*size, 3) and result.image.dtype == np.float32
        assert result.image.min() >= 0.0 and result.image.max() <= 1.0
        assert result.mask is None and result.regions == [] and result.notes == []

    def test_without_an_instruction_the_key_classes_are_the_foreground(self, engine):
        pair = _pair()
        result = engine.fuse(pair, Instruction())
        assert engine.generator.masker.asked == ["people", "cars"]
        mask = result.maps["mask semantics"]
        assert min(mask[12, 8], mask[26, 40]) > 0.99 and mask[40, 20] == 0.0
        engine.generator.masker.boxes = {}
        again = engine.fuse(pair, Instruction())
        assert np.array_equal(again.image, result.image), "the semantics of a known pair are not made again"
        other = TesgEngine(engine.checkpoint, device="cpu", masker=engine.generator.masker).fuse(pair, Instruction())
        assert np.abs(other.image - result.image).max() > 1e-5

    @pytest.mark.parametrize("effect", ["highlight", "infrared", "visible"])
    def test_an_edit_changes_its_region_and_nothing_else(self, engine, effect):
        pair = _pair()
        plain = engine.fuse(pair, Instruction(edits=(Edit("nowhere", effect),)))
        result = engine.fuse(pair, Instruction(edits=(Edit("left box", effect),)))
        change = _change(result, plain)
        inside = result.regions[0].mask >= 0.5
        assert change[inside].max() > 1e-4 and change[~_grown(result.regions[0].mask)].max() == 0.0
        assert result.regions[0].label == "left box" and np.array_equal(result.mask, result.regions[0].mask)
        assert all(value.shape == pair.shape for value in result.maps.values())
        assert {"fuse", "mask"} <= result.seconds.keys()

    def test_strength_goes_further_the_same_way(self, engine):
        pair = _pair()
        y = {0: image_luma(engine.fuse(pair, Instruction(edits=(Edit("nowhere", "highlight"),))).image)}
        for strength in (1, 2, 3):
            y[strength] = image_luma(
                engine.fuse(pair, Instruction(edits=(Edit("left box", "highlight", strength),))).image
            )
        for strength in (2, 3):
            expected = AMOUNTS["highlight"][strength - 1] * (y[1] - y[0])
            assert np.allclose(np.clip(y[0] + expected, 0, 1), y[strength], atol=1e-4)

    def test_several_regions_and_effects_each_change_their_own_place(self, engine):
        pair = _pair()
        edits = (Edit("left box", "highlight"), Edit("nowhere", "highlight"), Edit("right box", "infrared", 3))
        result = engine.fuse(pair, Instruction(edits=edits))
        assert [region.label for region in result.regions] == ["left box", "nowhere", "right box"]
        assert any("“nowhere” was not found" in note for note in result.notes)
        alone = engine.fuse(pair, Instruction(edits=edits[2:]))
        assert np.allclose(result.image[12:30, 46:52], alone.image[12:30, 46:52], atol=1e-6)
        assert np.array_equal(result.mask > 0, (result.regions[0].mask > 0) | (result.regions[2].mask > 0))

    def test_another_effect_is_highlighted_and_said(self, engine):
        pair = _pair()
        result = engine.fuse(pair, Instruction(edits=(Edit("left box", "denoise"),)))
        assert any("cannot denoise" in note and "“left box”" in note for note in result.notes)
        asked = engine.fuse(pair, Instruction(edits=(Edit("left box", "highlight"),)))
        assert np.array_equal(result.image, asked.image)

    def test_a_painted_region_is_used_as_it_is(self, engine):
        mask = np.zeros((48, 64), np.float32)
        mask[30:40, 10:20] = 1.0
        painted = Region("spot", mask, 1.0, mask_box(mask))
        result = engine.fuse(_pair(), Instruction(edits=(Edit("spot", "highlight"),), regions=(painted,)))
        assert result.regions == [painted] and engine.generator.masker.asked == []

    def test_the_whole_picture_is_a_region_too(self, engine):
        result = engine.fuse(_pair(), Instruction(edits=(Edit(None, "highlight"),)))
        assert result.mask.min() == 1.0 and result.regions[0].label == "whole picture"
        assert engine.generator.masker.asked == []

    def test_words_cut_off_are_said(self, engine):
        masker = engine.generator.masker
        masker.boxes = masker.boxes | {"x" * 80: (2, 2, 20, 20)}
        result = engine.fuse(_pair(), Instruction(edits=(Edit("x" * 80, "highlight"),)))
        assert any("left out" in note for note in result.notes)

    def test_large_pictures_are_fused_in_pieces(self, engine, monkeypatch):
        pair = _pair(96, 128)
        engine.generator.masker.boxes = {"left box": (6, 10, 60, 64)}
        instruction = Instruction(edits=(Edit("left box", "highlight"),))
        whole = engine.fuse(pair, instruction)
        monkeypatch.setattr(engine_module, "_WHOLE_PIXELS", 1000)
        pieces = TesgEngine(engine.checkpoint, device="cpu", masker=engine.generator.masker).fuse(pair, instruction)
        assert np.allclose(pieces.image, whole.image, atol=1e-4)

    def test_progress_rises_and_can_cancel(self, engine):
        told: list[float] = []
        engine.fuse(_pair(), Instruction(edits=(Edit("left box", "highlight"),)), lambda f, message: told.append(f))
        assert told == sorted(told) and told[0] == 0.0 and told[-1] == 1.0

        def stop(fraction: float, message: str) -> None:
            raise Cancelled("stop")

        with pytest.raises(Cancelled):
            engine.fuse(_pair(), Instruction(), stop)

    def test_several_threads_get_what_one_gets(self, engine):
        pairs = [_pair(seed=seed) for seed in range(3)]
        instruction = Instruction(edits=(Edit("left box", "highlight"),))
        alone = [engine.fuse(pair, instruction).image for pair in pairs]
        fresh = TesgEngine(engine.checkpoint, device="cpu", masker=FakeMasker())
        with ThreadPoolExecutor(3) as pool:
            together = list(pool.map(lambda pair: fresh.fuse(pair, instruction).image, pairs * 2))
        assert all(np.allclose(a, b, atol=1e-6) for a, b in zip(alone * 2, together, strict=True))

    def test_unknown_semantics_are_refused(self):
        with pytest.raises(InputError, match="regions, paper"):
            TesgEngine(semantics="guesses")

    def test_pictures_that_are_not_finite_are_one_clear_line(self, engine):
        pair = _pair()
        pair.infrared[3, 3] = np.nan
        with pytest.raises(InputError, match="finite"):
            engine.fuse(pair, Instruction())


def test_texts_of_the_semantics():
    assert caption(["person", "car"]) == "a picture of a person and a car" and caption([]) == "a picture"
    assert request("highlight", ["red car", "trees"]) == "highlight red car and trees"


def test_a_soft_rim_stays_near_its_mask():
    mask = np.zeros((40, 40), np.float32)
    mask[15:25, 15:25] = 0.7
    soft = soft_rim(mask)
    assert soft[20, 20] > 0.99 and 0.4 < soft[15, 20] < 0.9
    assert soft[:8].max() == 0.0 and not soft_rim(0.4 * mask).any()


@pytest.mark.skipif(not EMBEDDED.is_file(), reason="the embedded weights of TeSG are not here")
class TestEmbedded:
    """The weights that a fresh clone has, with masks as they are given."""

    @pytest.fixture
    def engine(self) -> TesgEngine:
        return TesgEngine(str(EMBEDDED), device="cpu", masker=FakeMasker())

    def _scene(self) -> tuple[ImagePair, Region]:
        """A dull box in front of textured surroundings; warm, but not warmer than all else."""
        pair = _pair(96, 128)
        visible, infrared = 0.45 * pair.visible + 0.15, 0.5 * pair.infrared + 0.1
        mask = np.zeros((96, 128), np.float32)
        mask[30:70, 40:90] = 1.0
        visible[mask > 0] += 0.03
        infrared[mask > 0] = 0.3 + 0.1 * visible[mask > 0].mean(axis=1)
        return ImagePair(visible, infrared), Region("box", mask, 1.0, mask_box(mask))

    def test_what_is_named_stands_out_more(self, engine):
        pair, box = self._scene()
        inside = box.mask > 0
        around = soft_rim(box.mask) == 0

        def distance(*edits: Edit) -> float:
            y = image_luma(engine.fuse(pair, Instruction(edits=edits, regions=(box,))).image)
            return float(y[inside].mean() - y[around].mean())

        plain = distance(Edit("nowhere", "highlight"))
        steps = [distance(Edit("box", "highlight", strength)) - plain for strength in (1, 2, 3)]
        assert 0.03 < steps[0] < steps[1] < steps[2]

    def test_the_words_decide_what_happens_inside_the_same_mask(self, engine):
        """Of something cold and well lit, highlighting makes something brighter, and inclining to infrared darker."""
        pair, box = self._scene()
        pair = replace(pair, infrared=np.where(box.mask > 0, 0.05, pair.infrared).astype(np.float32))
        inside = box.mask > 0

        def mean(phrase: str, effect: str) -> float:
            edits = (Edit(phrase, effect, 3),)
            return float(image_luma(engine.fuse(pair, Instruction(edits=edits, regions=(box,))).image)[inside].mean())

        plain = mean("nowhere", "highlight")
        assert mean("box", "infrared") < plain - 0.03 < plain + 0.03 < mean("box", "highlight")
