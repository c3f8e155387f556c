"""The published checkpoint format, on a network small enough to be made here."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import engines
from app.cli import main
from engines import CheckpointError, Edit, ImagePair, Instruction, published_file
from engines.cache import CACHE_VARIABLE, cache_folder
from engines.checkpoints import find
from engines.ris_fusion import published
from engines.ris_fusion.config import PUBLISHED, FusionConfig, RisFusionConfig, SegmentationConfig
from engines.ris_fusion.engine import RisFusionEngine
from engines.ris_fusion.model import RisFusionModel

from transformers import BertConfig, BertModel  # isort: skip (after torchvision's operators, see engines.torchvision_ops)

TINY = RisFusionConfig(
    fusion=FusionConfig(width=4, text_dim=64, attention_dim=64, attention_heads=1, gate_dim=8),
    segmentation=SegmentationConfig(width=16, depths=(1, 1, 2, 1), heads=(1, 2, 4, 8), window=4, text_dim=64),
    keeps_end=False,
    mask_size=(64, 64),
)
BERT = BertConfig(hidden_size=64, num_hidden_layers=2, num_attention_heads=1, intermediate_size=48)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def contents() -> dict:
    """What the published program saves: state dicts, BERT without its pooler, the epoch, the command line."""
    torch.manual_seed(0)
    model = RisFusionModel(TINY).eval()
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
    return {
        "prefusion_model": model.prefusion_model.state_dict(),
        "model": model.model.state_dict(),
        "bert_model": BertModel(BERT, add_pooling_layer=False).state_dict(),
        "epoch": 9,
        "args": argparse.Namespace(img_size=64, swin_type="base", lr=5e-5, device=None, list_of=["a", 1]),
    }


@pytest.fixture
def file(contents, tmp_path) -> Path:
    path = tmp_path / "model_best_lavt.pth"
    torch.save(contents, path)
    return path


@pytest.fixture
def pair() -> ImagePair:
    rng = np.random.default_rng(0)
    return ImagePair(rng.random((50, 70, 3), dtype=np.float32), rng.random((50, 70), dtype=np.float32))


def said(action, *arguments) -> str:
    with pytest.raises(CheckpointError) as caught:
        action(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_every_weight_comes_back(contents, file):
    engine = RisFusionEngine(str(file), device="cpu")
    assert engine.config == TINY
    for name in published.NETWORKS:
        state = getattr(engine.model, name).state_dict()
        assert state.keys() == contents[name].keys()
        assert all(torch.equal(value, contents[name][key]) for key, value in state.items())
    words = engine.encoder.model.state_dict()
    assert all(torch.equal(words[key], value) for key, value in contents["bert_model"].items())


def test_the_words_are_read_by_the_checkpoint_s_own_bert(contents, file):
    engine = RisFusionEngine(str(file), device="cpu")
    bert = BertModel(BERT, add_pooling_layer=False).eval()
    bert.load_state_dict(contents["bert_model"])
    # [CLS] two red car ##s [SEP] would be another vocabulary's: these are the numbers of BERT's uncased one.
    tokens = torch.tensor([[101, 2048, 2417, 3765, 102]])
    with torch.inference_mode():
        expected = bert(tokens, attention_mask=torch.ones_like(tokens)).last_hidden_state
    encoded = engine.encoder.encode(["two red cars"])
    torch.testing.assert_close(encoded.words, expected, rtol=0, atol=1e-6)
    assert encoded.mask.all()


def test_converted_once_and_facts_kept(file, monkeypatch):
    first = published.converted(file)
    facts = json.loads((first.weights.parent / published_file.FACTS).read_text())
    assert facts["file"] == file.name and facts["args"]["swin_type"] == "base"
    assert RisFusionConfig.from_dict(facts["configuration"]) == TINY
    monkeypatch.setattr(published_file, "load_pickled", lambda path: pytest.fail("unpickled again"))
    assert published.converted(file) == first


def test_fuses_at_the_picture_s_own_size_and_says_what_it_cut(file, pair):
    engine = engines.build("ris-fusion", checkpoint=str(file), device="cpu")
    phrase = "the " + " ".join(["very"] * 30) + " red car"
    result = engine.fuse(pair, Instruction(phrase, (Edit(phrase, "highlight"),)))
    assert result.image.shape == pair.visible.shape and result.mask.shape == pair.shape
    assert np.isfinite(result.image).all()
    assert {gate.shape for gate in result.maps.values()} == {pair.shape}
    assert any("reads 20 word pieces" in note for note in result.notes)
    short = engine.fuse(pair, Instruction("red car", (Edit("red car", "highlight"),)))
    assert not any("word pieces" in note for note in short.notes)
    assert not np.array_equal(short.image, result.image)


def test_the_command_line_takes_the_file(file, tmp_path, pair):
    for name in ("visible", "infrared"):
        Image.fromarray((255 * getattr(pair, name)).astype(np.uint8)).save(tmp_path / f"{name}.png")
    arguments = ["fuse", "--visible", str(tmp_path / "visible.png"), "--infrared", str(tmp_path / "infrared.png")]
    arguments += ["--text", "make the car clear", "--engine", "ris-fusion", "--output", str(tmp_path / "out.png")]
    assert main([*arguments, "--checkpoint", str(file)]) == 0
    with Image.open(tmp_path / "out.png") as fused:
        assert fused.size == (70, 50)


def test_one_phrase_at_a_time_is_what_fuse_does(file, pair):
    engine = RisFusionEngine(str(file), device="cpu")
    phrases = ["car", "tree"]
    referred = list(engine.refer(pair, phrases))
    for phrase, (image, region) in zip(phrases, referred, strict=True):
        alone = engine.fuse(pair, Instruction(phrase, (Edit(phrase, "highlight"),)))
        np.testing.assert_allclose(region.mask, alone.regions[0].mask, atol=1e-6)
        (again,) = engine.segment(image, [phrase])
        np.testing.assert_allclose(again.mask, region.mask, atol=1e-6)
    assert not np.array_equal(referred[0][0], referred[1][0])
    ((_, squashed),) = engine.refer(pair, ["car"], head_size=(96, 96))
    assert squashed.mask.shape == pair.shape and not np.array_equal(squashed.mask, referred[0][1].mask)


def test_edges_are_continued_to_what_the_network_halves(file):
    """A flat pair whose sides are no multiple of 8 is fused flat where zeros do not reach from the border."""
    engine = RisFusionEngine(str(file), device="cpu")
    big, small = (
        ImagePair(np.full((*shape, 3), 0.3, np.float32), np.full(shape, 0.7, np.float32))
        for shape in ((128, 128), (123, 121))
    )
    expected, cut = (engine.fuse(pair, Instruction()).image for pair in (big, small))
    np.testing.assert_allclose(cut, expected[:123, :121], atol=1e-5)


@pytest.mark.parametrize(("config", "settings"), [(PUBLISHED, None), (TINY, {"img_size": 64})])
def test_the_shapes_tell_the_configuration(config, settings):
    with torch.device("meta"):
        model = RisFusionModel(config)
    assert published.configuration(model.prefusion_model.state_dict(), model.model.state_dict(), settings) == config


def test_without_a_bert_the_frozen_one_is_asked_for(contents, tmp_path):
    path = tmp_path / "without.pth"
    torch.save({name: contents[name] for name in published.NETWORKS}, path)
    assert published.converted(path).text_encoder is None
    assert published.converted(path).weights.is_file()


class _Program:
    """Runs something when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self):
        return Path.touch, (self.trace,)


@pytest.mark.parametrize("new_format", [True, False])
def test_a_program_in_the_file_is_refused_and_not_run(contents, tmp_path, new_format):
    path, trace = tmp_path / "evil.pth", tmp_path / "it-ran"
    torch.save({**contents, "args": _Program(trace)}, path, _use_new_zipfile_serialization=new_format)
    assert "evil.pth" in said(RisFusionEngine, str(path))
    assert not trace.exists()
    torch.load(path, weights_only=False)
    assert trace.exists(), "the file would have run it"


def test_what_is_missing_or_too_much_is_named(contents, tmp_path):
    path = tmp_path / "other.pth"
    model = dict(contents["model"])
    del model["classifier.conv1_1.bias"]
    torch.save({**contents, "model": model | {"classifier.extra": torch.zeros(1)}}, path)
    message = said(RisFusionEngine, str(path))
    assert "1 missing (model.classifier.conv1_1.bias)" in message
    assert "1 unexpected (model.classifier.extra)" in message
    words = dict(contents["bert_model"])
    words["encoder.layer.1.output.dense.bias"] = torch.zeros(3)
    torch.save({**contents, "bert_model": words}, path)
    assert "of another shape (encoder.layer.1.output.dense.bias)" in said(RisFusionEngine, str(path))
    torch.save({"state_dict": {}}, path)
    assert "prefusion_model and model" in said(RisFusionEngine, str(path))
    assert not list(cache_folder("ris-fusion").glob("*"))


def test_damaged_files_are_one_line(file, tmp_path):
    whole = file.read_bytes()
    for name, damaged in (("half.pth", whole[: len(whole) // 2]), ("text.pth", b"\x80\x02nothing"), ("empty.pth", b"")):
        path = tmp_path / name
        path.write_bytes(damaged)
        assert name in said(RisFusionEngine, str(path))


def test_the_registry_knows_the_published_one():
    entry = find("ris-fusion", "ris-fusion-published")
    assert (entry.kind, entry.repository, entry.file) == ("published", "ronniejiangC/RIS-FUSION", "model_best_lavt.pth")
    if not entry.present:
        message = said(RisFusionEngine, "ris-fusion-published")
        assert "python -m app checkpoints --download ris-fusion-published" in message
