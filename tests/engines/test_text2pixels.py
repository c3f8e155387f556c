"""From Text to Pixels: networks, detector, engine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from engines.checkpoints import CHECKPOINT_DIR, save_safetensors
from engines.color import image_luma, rgb_to_ycbcr
from engines.errors import Cancelled, CheckpointError
from engines.text2pixels.attention import MultiHeadAttention
from engines.text2pixels.config import DetectorConfig, FusionConfig, Text2PixelsConfig
from engines.text2pixels.detector import CENTRE_STRIDE, CentreDetector, Detection, peaks
from engines.text2pixels.engine import Text2PixelsEngine
from engines.text2pixels.extractor import MultiLevelExtractor
from engines.text2pixels.model import FusionNet, no_words
from engines.text2pixels.named_classes import class_named, names_whole_class
from engines.text2pixels.networks import Text2PixelsNetworks
from engines.text2pixels.objects import with_objects
from engines.text2pixels.tiled import fused_in_pieces, reach
from engines.types import Edit, ImagePair, Instruction, Region

FUSION = FusionConfig(
    channels=4,
    blocks=3,
    token_channels=8,
    heads=2,
    feed_forward_channels=8,
    codes=8,
    guide_channels=4,
    decoder_channels=8,
)
TINY = Text2PixelsConfig(fusion=FUSION, detector=DetectorConfig(trunk="test_efficientnet", width=8, pixels=64 * 96))
EMBEDDED = CHECKPOINT_DIR / "text2pixels_embedded.safetensors"


class FakeMasker:
    """Finds "left box", "person" and "right box" as rectangles, and nothing else."""

    boxes = {"left box": (6, 10, 26, 34), "person on the left": (6, 10, 26, 34), "right box": (40, 12, 56, 30)}

    def mask(self, phrase: str, pair: ImagePair, fused: np.ndarray | None = None) -> Region:
        mask = np.zeros(pair.shape, np.float32)
        if phrase not in self.boxes:
            return Region(phrase, mask, 0.1, None)
        x0, y0, x1, y1 = self.boxes[phrase]
        mask[y0:y1, x0:x1] = 1.0
        return Region(phrase, mask, 0.9, (x0, y0, x1, y1))


def _random_networks() -> Text2PixelsNetworks:
    """Weights under which words and codes change the picture."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        networks = Text2PixelsNetworks(TINY)
        for parameter in networks.fusion.decoder.parameters():
            parameter.data += 0.05 * torch.randn_like(parameter)
    return networks.eval()


@pytest.fixture(scope="module")
def tiny_checkpoint(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("text2pixels") / "tiny.safetensors"
    save_safetensors(path, _random_networks().state_dict(), TINY.to_dict())
    return str(path)


@pytest.fixture
def engine(tiny_checkpoint) -> Text2PixelsEngine:
    return Text2PixelsEngine(tiny_checkpoint, device="cpu", masker=FakeMasker())


def _pair(height: int = 48, width: int = 64) -> ImagePair:
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[0:height, 0:width]
    wave = 0.5 + 0.25 * np.sin(columns / 5.0) * np.cos(rows / 7.0)
    visible = wave[..., None] * np.array([0.9, 0.8, 0.6]) + 0.02 * rng.standard_normal((height, width, 3))
    infrared = 0.4 + 0.3 * np.cos(columns / 9.0) + 0.02 * rng.standard_normal((height, width))
    return ImagePair(np.clip(visible, 0, 1).astype(np.float32), np.clip(infrared, 0, 1).astype(np.float32))


def _asks(*regions: str | None, effect: str = "highlight", strength: int = 1) -> Instruction:
    return Instruction(edits=tuple(Edit(region, effect, strength) for region in regions))


def test_the_extractor_sums_weighted_levels_and_each_level_sees_all_earlier_ones():
    torch.manual_seed(0)
    extractor = MultiLevelExtractor(channels=3, blocks=2)
    picture = torch.rand(1, 1, 8, 8)
    seen = extractor.initial(picture)
    first = extractor.blocks[0](seen).relu()
    second = extractor.blocks[1](torch.cat([seen, first], dim=1)).relu()
    w, b = extractor.weights, extractor.bias
    expected = (w[0][None, :, None, None] * first + w[1][None, :, None, None] * second + b[None, :, None, None]).relu()
    assert torch.allclose(extractor(picture), expected, atol=1e-6)


def test_attention_to_words_ignores_padding_and_is_nothing_without_words():
    torch.manual_seed(0)
    attention = MultiHeadAttention(8, 6, heads=2)
    x, words = torch.randn(2, 5, 8), torch.randn(2, 4, 6)
    mask = torch.tensor([[True, True, False, False], [False] * 4])
    out = attention(x, words, mask)
    assert torch.allclose(out[:1], attention(x[:1], words[:1, :2]), atol=1e-6)
    assert torch.equal(out[1], torch.zeros(5, 8))
    other = words.clone()
    other[0, 2:] = 9.0
    assert torch.allclose(attention(x, other, mask), out)


def test_a_fresh_network_begins_at_maximum_fusion():
    torch.manual_seed(0)
    network = FusionNet(FUSION).eval()
    with torch.no_grad():
        network.decoder.output.weight[:, :8] = 0.0
        visible, infrared = torch.rand(1, 1, 21, 30), torch.rand(1, 1, 21, 30)
        silent = no_words(1, FUSION.text_dim, visible.device)
        y, _ = network(visible, infrared, *silent, torch.zeros_like(infrared))
    assert torch.allclose(y, torch.maximum(visible, infrared), atol=1e-6)


def test_details_reach_the_picture_past_the_codes():
    network = _random_networks().fusion
    torch.manual_seed(1)
    visible, infrared = torch.rand(1, 1, 32, 64), torch.rand(1, 1, 32, 64)
    silent = no_words(1, FUSION.text_dim, visible.device)
    place = torch.zeros_like(infrared)
    with torch.no_grad():
        features = network.extract(visible, infrared)
        guidance = network.attend(features, *silent, place)
        finer = visible.clone()
        finer[..., 13, 47] += 0.2
        y, other = (network.decode(f, guidance, place) for f in (features, network.extract(finer, infrared)))
    changed = (y - other).abs()[0, 0]
    assert changed[13, 47] > 0.005 and changed[:, : 47 - reach(FUSION)].max() < 1e-6, "one pixel is finer than any code"


def test_pieces_give_the_picture_of_one_go():
    network = _random_networks().fusion
    torch.manual_seed(1)
    visible, infrared = torch.rand(1, 1, 88, 120), torch.rand(1, 1, 88, 120)
    words, mask = torch.randn(1, 3, FUSION.text_dim), torch.ones(1, 3, dtype=torch.bool)
    place = torch.zeros_like(infrared)
    place[..., 20:60, 30:70] = 1.0
    with torch.no_grad():
        whole, guidance = network(visible, infrared, words, mask, place)
        pieces = fused_in_pieces(network, visible, infrared, guidance, (88, 120), place, side=32)
    assert torch.allclose(pieces, whole, atol=1e-5)


def test_peaks_are_objects_once_each():
    logits, sides = torch.full((3, 16, 24), -9.0), torch.full((4, 16, 24), 6.0)
    logits[0, 5, 7], logits[0, 5, 8], logits[2, 5, 7], logits[1, 12, 20] = 3.0, 2.5, 1.0, 2.0
    boxes, scores, kinds = peaks(logits, sides, least=0.3)
    assert kinds.tolist() == [0, 1, 2], "a neighbour is the same object, another class is not"
    assert scores.tolist() == pytest.approx(torch.sigmoid(torch.tensor([3.0, 2.0, 1.0])).tolist())
    x, y = CENTRE_STRIDE * 7.5, CENTRE_STRIDE * 5.5
    assert boxes[0].tolist() == [x - 6, y - 6, x + 6, y + 6]
    assert len(peaks(torch.full((3, 4, 4), -9.0), torch.ones(4, 4, 4), 0.3)[0]) == 0


def test_detections_lie_in_the_picture_whatever_its_size():
    torch.manual_seed(0)
    detector = CentreDetector(TINY.detector).eval()
    with torch.no_grad():
        detector.centres.bias += 5.0
    for height, width in ((1, 1), (33, 70), (200, 90)):
        found = detector.detect(np.random.default_rng(0).random((height, width, 3), np.float32))
        assert found and [item.score for item in found] == sorted((item.score for item in found), reverse=True)
        boxes = np.array([item.box for item in found])
        assert boxes.min() >= 0 and boxes[:, 2].max() <= width and boxes[:, 3].max() <= height


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (7, 9), (31, 64)])
def test_any_size_is_fused_at_its_size_with_the_visible_colour(engine, size):
    pair = _pair(*size)
    result = engine.fuse(pair, Instruction())
    assert result.image.shape == (*size, 3) and result.image.dtype == np.float32
    assert result.mask is None and result.regions == [] and result.notes == []
    assert result.maps["codes"].shape == size
    assert result.image.min() >= 0.0 and result.image.max() <= 1.0
    inside = (result.image.min(axis=2) > 0.0) & (result.image.max(axis=2) < 1.0)
    cb, fused_cb = (rgb_to_ycbcr(*np.moveaxis(picture, -1, 0))[1] for picture in (pair.visible, result.image))
    assert np.abs(fused_cb - cb)[inside].max(initial=0.0) < 0.05


def test_words_change_the_picture_most_where_they_point_and_a_strength_goes_further(engine):
    pair = _pair()
    plain = image_luma(engine.fuse(pair, Instruction()).image)
    result = engine.fuse(pair, _asks("left box"))
    region = result.regions[0]
    assert region.box == (6, 10, 26, 34) and np.array_equal(result.mask, region.mask)
    change = np.abs(image_luma(result.image) - plain)
    assert change[region.mask >= 0.5].mean() > 2.0 * change[region.mask < 0.5].mean() > 0.0
    assert np.allclose(result.maps["changed by the words"], change, atol=1e-2)
    y = image_luma(engine.fuse(pair, _asks("left box", strength=2)).image)
    further, inside = np.abs(y - plain), region.mask >= 0.5
    # What black and white cut off cannot go further.
    free = inside & (y > 0.01) & (y < 0.99)
    assert free.sum() > 50 and np.allclose(further[free], 2.0 * change[free], atol=1e-5)
    assert np.allclose(further[~inside], change[~inside], atol=1e-6)
    assert not np.array_equal(result.image, engine.fuse(pair, _asks("right box")).image)
    again = engine.fuse(pair, _asks("left box"))
    assert np.array_equal(result.image, again.image), "the same question has the same answer"


def test_every_region_goes_as_far_as_its_own_strength(engine):
    def fused(*strengths: int) -> np.ndarray:
        edits = (Edit("left box", "highlight", strengths[0]), Edit("right box", "highlight", strengths[1]))
        return image_luma(engine.fuse(_pair(), Instruction(edits=edits)).image)

    weak, mixed, strong = fused(1, 1), fused(1, 3), fused(3, 3)
    left, right = np.s_[10:34, 6:26], np.s_[12:30, 40:56]
    assert np.array_equal(mixed[left], weak[left]) and np.array_equal(mixed[right], strong[right])
    assert np.abs(strong - weak)[left].mean() > 1e-3 and np.abs(strong - weak)[right].mean() > 1e-3


def test_what_is_not_found_changes_nothing_and_is_said(engine):
    pair = _pair()
    result = engine.fuse(pair, _asks("unicorn"))
    assert np.array_equal(result.image, engine.fuse(pair, Instruction()).image)
    assert result.regions[0].box is None and result.mask.max() == 0.0
    assert result.notes == ["“unicorn” was not found in the picture, so nothing was changed for it."]


def test_other_effects_and_the_whole_picture_are_remarked_on(engine):
    notes = engine.fuse(_pair(), _asks("left box", effect="denoise")).notes
    assert len(notes) == 1 and "only highlight" in notes[0] and "denoise" in notes[0]
    result = engine.fuse(_pair(), _asks(None))
    assert [region.label for region in result.regions] == ["whole picture"] and result.mask.min() == 1.0
    assert "as a whole was fused without words" in result.notes[0]
    assert np.array_equal(result.image, engine.fuse(_pair(), Instruction()).image)
    both = engine.fuse(_pair(), _asks(None, "left box"))
    assert [region.label for region in both.regions] == ["whole picture", "left box"]
    assert np.array_equal(both.image, engine.fuse(_pair(), _asks("left box")).image)


def test_a_region_the_person_painted_is_not_looked_for(engine):
    mask = np.zeros((48, 64), np.float32)
    mask[2:8, 2:8] = 1.0
    painted = Region("unicorn", mask, 1.0, (2, 2, 8, 8))
    result = engine.fuse(_pair(), replace(_asks("unicorn"), regions=(painted,)))
    assert result.regions[0].box == (2, 2, 8, 8) and "tell" in result.seconds


def test_a_mask_the_person_erased_stays_empty(engine, monkeypatch):
    found = [Detection("person", 0.9, (6.0, 10.0, 26.0, 34.0))]
    monkeypatch.setattr(Text2PixelsEngine, "detect", lambda self, image, least=0.05: found)
    pair, erased = _pair(), Region("people", np.zeros((48, 64), np.float32), 1.0, None)
    assert engine.fuse(pair, _asks("people")).regions[0].box == (6, 10, 26, 34)
    result = engine.fuse(pair, replace(_asks("people"), regions=(erased,)))
    assert result.regions == [erased] and "detect" not in result.seconds
    assert np.array_equal(result.image, engine.fuse(pair, Instruction()).image)


def test_large_pictures_are_fused_in_pieces_and_nearly_as_in_one_go(engine):
    pair = _pair(160, 224)
    whole = engine.fuse(pair, _asks("left box"))
    engine.load().config = replace(TINY, guide_pixels=80 * 112)
    engine._pairs = type(engine._pairs)(10**8)
    pieces = engine.fuse(pair, _asks("left box"))
    assert pieces.image.shape == whole.image.shape and pieces.maps["codes"].shape == (160, 224)
    assert np.abs(pieces.image - whole.image).mean() < 0.02


def test_stopping_and_missing_weights(engine, tmp_path):
    def stop(fraction: float, message: str) -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        engine.fuse(_pair(), Instruction(), stop)
    path = tmp_path / "other.safetensors"
    save_safetensors(path, {"x": torch.zeros(1)}, {**TINY.to_dict(), "surprise": 1})
    with pytest.raises(CheckpointError, match="not one of From Text to Pixels"):
        Text2PixelsEngine(str(path), device="cpu", masker=FakeMasker()).fuse(_pair(), Instruction())


@pytest.mark.parametrize(
    ("phrase", "kind", "whole"),
    [
        ("people", "person", True),
        ("the pedestrians", "person", True),
        ("all the cars", "car", True),
        ("red cars on the left", "car", False),
        ("man next to the white car", "person", False),
        ("bike", "bicycle", True),
        ("traffic cones", None, False),
        ("", None, False),
    ],
)
def test_the_class_a_phrase_names(phrase, kind, whole):
    assert class_named(phrase) == kind and names_whole_class(phrase) == whole


def test_detected_objects_become_parts_of_the_region_they_lie_in():
    found = [
        Detection("person", 0.9, (6.0, 10.0, 26.0, 34.0)),
        Detection("person", 0.8, (40.0, 10.0, 50.0, 30.0)),
        Detection("car", 0.9, (6.0, 10.0, 26.0, 34.0)),
        Detection("person", 0.1, (8.0, 12.0, 20.0, 30.0)),
    ]
    located = FakeMasker().mask("person on the left", _pair())
    region = with_objects(located, found)
    assert [part.box for part in region.parts] == [(6, 10, 26, 34)] and region.parts[0].label == "person"
    assert region.notes == ("The detector sees 1 person for “person on the left” (score 0.90).",)
    nowhere = Region("people", np.zeros((48, 64), np.float32), 0.1, None)
    boxes = with_objects(nowhere, found)
    assert boxes.box == (6, 10, 50, 34) and len(boxes.parts) == 2 and "boxes are the region" in boxes.notes[0]
    assert with_objects(replace(nowhere, label="person in a red coat"), found).box is None
    cones = replace(located, label="traffic cone")
    assert with_objects(cones, found) is cones


def test_an_instruction_that_names_people_tells_how_many_are_seen(engine, monkeypatch):
    found = [Detection("person", 0.9, (6.0, 10.0, 26.0, 34.0))]
    monkeypatch.setattr(Text2PixelsEngine, "detect", lambda self, image, least=0.05: found)
    result = engine.fuse(_pair(), _asks("person on the left"))
    assert "The detector sees 1 person for “person on the left” (score 0.90)." in result.notes
    assert len(result.regions[0].parts) == 1 and "detect" in result.seconds
    assert "detect" not in engine.fuse(_pair(), _asks("right box")).seconds
