"""Text-IF's published format with CLIP inside, on networks small enough to be made here."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from engines import CheckpointError, ImagePair, Instruction, published_file
from engines.cache import CACHE_VARIABLE, cache_folder
from engines.text_if import clip, published
from engines.text_if.clip import ClipText, save_text_tower, transformers_names, word_pieces
from engines.text_if.config import PUBLISHED, TextIfConfig
from engines.text_if.engine import TextIfEngine
from engines.text_if.model import TextIf

from transformers import CLIPTextConfig, CLIPTextModelWithProjection  # isort: skip (after torchvision's operators)

TINY = TextIfConfig(
    width=4, blocks=(1, 1, 2, 1), refinement=1, heads=(1, 1, 2, 2), expansion=1, groups=16, text_dim=8, guidance_dim=8
)
MERGES = ["t h", "th e</w>", "d a", "r k</w>", "da rk</w>"]
WORDS = 512 + len(MERGES) + 2
WIDTH, LENGTH = 64, 10


def openai_clip(seed: int = 0) -> dict[str, torch.Tensor]:
    """A text tower of two blocks as OpenAI's program names it, and a bit of the picture tower."""
    generator = torch.Generator().manual_seed(seed)

    def drawn(*shape: int) -> torch.Tensor:
        return 0.2 * torch.randn(shape, generator=generator)

    state = {
        "token_embedding.weight": drawn(WORDS, WIDTH),
        "positional_embedding": drawn(LENGTH, WIDTH),
        "ln_final.weight": 1 + drawn(WIDTH),
        "ln_final.bias": drawn(WIDTH),
        "text_projection": drawn(WIDTH, TINY.text_dim),
        "logit_scale": torch.tensor(4.6),
        "visual.proj": drawn(4, 4),
        "visual.transformer.resblocks.0.ln_1.weight": drawn(4),
    }
    for number in range(2):
        block = f"transformer.resblocks.{number}"
        for name, shape in (
            ("attn.in_proj_weight", (3 * WIDTH, WIDTH)),
            ("attn.in_proj_bias", (3 * WIDTH,)),
            ("attn.out_proj.weight", (WIDTH, WIDTH)),
            ("attn.out_proj.bias", (WIDTH,)),
            ("ln_1.weight", (WIDTH,)),
            ("ln_1.bias", (WIDTH,)),
            ("mlp.c_fc.weight", (96, WIDTH)),
            ("mlp.c_fc.bias", (96,)),
            ("mlp.c_proj.weight", (WIDTH, 96)),
            ("mlp.c_proj.bias", (WIDTH,)),
            ("ln_2.weight", (WIDTH,)),
            ("ln_2.bias", (WIDTH,)),
        ):
            state[f"{block}.{name}"] = drawn(*shape)
    return state


def openai_feature(state: dict[str, torch.Tensor], tokens: torch.Tensor) -> torch.Tensor:
    """What OpenAI's tower makes of (1, N) tokens whose last one ends the text, written out."""
    x = state["token_embedding.weight"][tokens] + state["positional_embedding"][: tokens.shape[1]]
    causal = torch.full((tokens.shape[1], tokens.shape[1]), float("-inf")).triu(1)
    norm = torch.nn.functional.layer_norm
    for number in range(2):
        block = {
            name.removeprefix(f"transformer.resblocks.{number}."): value
            for name, value in state.items()
            if name.startswith(f"transformer.resblocks.{number}.")
        }
        seen = norm(x, (WIDTH,), block["ln_1.weight"], block["ln_1.bias"])
        q, k, v = (seen @ block["attn.in_proj_weight"].T + block["attn.in_proj_bias"]).chunk(3, dim=-1)
        attended = torch.softmax(q @ k.transpose(-2, -1) / WIDTH**0.5 + causal, dim=-1) @ v
        x = x + attended @ block["attn.out_proj.weight"].T + block["attn.out_proj.bias"]
        seen = norm(x, (WIDTH,), block["ln_2.weight"], block["ln_2.bias"])
        hidden = seen @ block["mlp.c_fc.weight"].T + block["mlp.c_fc.bias"]
        x = x + (hidden * torch.sigmoid(1.702 * hidden)) @ block["mlp.c_proj.weight"].T + block["mlp.c_proj.bias"]
    return norm(x[:, -1], (WIDTH,), state["ln_final.weight"], state["ln_final.bias"]) @ state["text_projection"]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))


@pytest.fixture
def vocabulary(monkeypatch) -> None:
    monkeypatch.setattr(clip, "_vocabulary", lambda name: word_pieces(MERGES))


@pytest.fixture(scope="module")
def contents() -> dict:
    torch.manual_seed(0)
    state = TextIf(TINY).state_dict()
    return {"model": state | {f"model_clip.{name}": value.half() for name, value in openai_clip().items()}, "epoch": 3}


@pytest.fixture
def file(contents, tmp_path) -> Path:
    path = tmp_path / "text_if.pth"
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


def load(path) -> tuple:
    return TextIfEngine(str(path), device="cpu").load()


def test_names_are_those_of_transformers():
    config = CLIPTextConfig(
        vocab_size=WORDS,
        hidden_size=WIDTH,
        intermediate_size=96,
        projection_dim=TINY.text_dim,
        num_hidden_layers=2,
        num_attention_heads=1,
        max_position_embeddings=LENGTH,
    )
    with torch.device("meta"):
        expected = CLIPTextModelWithProjection(config).state_dict()
    renamed = transformers_names(openai_clip())
    assert {k: v.shape for k, v in renamed.items()} == {k: v.shape for k, v in expected.items()}


def test_a_converted_tower_gives_what_openai_s_gives(tmp_path, vocabulary):
    state = openai_clip(1)
    save_text_tower(state, "x.pth", TINY.text_dim, tmp_path)
    tower = ClipText(tmp_path, 77)
    assert tower.max_words == LENGTH
    texts = ["the dark", "Dark the dark"]
    read = tower.encode(texts)
    pieces, _ = word_pieces(MERGES)
    the, dark, start, end = (pieces[piece] for piece in ("the</w>", "dark</w>", "<|startoftext|>", "<|endoftext|>"))
    for row, tokens in zip(read.features, ([start, the, dark, end], [start, dark, the, dark, end]), strict=True):
        torch.testing.assert_close(row, openai_feature(state, torch.tensor([tokens]))[0], rtol=0, atol=1e-5)
    assert read.truncated == (False, False) and tower.encode(["the " * 20]).truncated == (True,)


def test_every_weight_comes_back_and_the_sentence_is_read_by_the_file_s_own_clip(contents, file, vocabulary, pair):
    engine = TextIfEngine(str(file), device="cpu")
    network, encoder = engine.load()
    assert network.config == TINY
    assert all(torch.equal(value, contents["model"][name]) for name, value in network.state_dict().items())
    assert isinstance(encoder, ClipText)
    own = encoder.model.state_dict()["text_model.final_layer_norm.bias"]
    torch.testing.assert_close(own, contents["model"]["model_clip.ln_final.bias"].float())
    images = [engine.fuse(pair, Instruction(text)).image for text in ("the dark", "dark")]
    assert images[0].shape == pair.visible.shape and not np.array_equal(*images)


def test_converted_once_and_facts_kept(file, vocabulary, monkeypatch):
    first = published.converted(file)
    facts = json.loads((first.weights.parent / published_file.FACTS).read_text())
    assert facts["file"] == file.name and TextIfConfig.from_dict(facts["configuration"]) == TINY
    monkeypatch.setattr(published_file, "load_pickled", lambda path: pytest.fail("unpickled again"))
    assert published.converted(file) == first


def test_the_shapes_tell_the_published_configuration():
    with torch.device("meta"):
        state = TextIf(PUBLISHED).state_dict()
    assert published.configuration(state) == PUBLISHED


def test_without_clip_s_word_pieces_it_is_said_what_gives_them(file, monkeypatch):
    monkeypatch.setattr(clip, "_PACKAGES", ())
    monkeypatch.setattr(clip, "HUB_NAME", "nobody/nothing")
    message = said(load, file)
    assert "word pieces" in message and "pip install --no-deps open-clip-torch" in message
    assert not list(cache_folder("text-if").glob("*"))


def test_word_pieces_out_of_a_package(tmp_path, monkeypatch):
    package = tmp_path / "packed_clip"
    package.mkdir()
    (package / "__init__.py").touch()
    with gzip.open(package / "bpe_simple_vocab_16e6.txt.gz", "wt", encoding="utf-8") as lines:
        lines.write("\n".join(["bpe_simple_vocab_16e6.txt#version: 0.2", *MERGES]))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(clip, "_PACKAGES", ("packed_clip",))
    monkeypatch.setattr(clip, "HUB_NAME", "nobody/nothing")
    assert clip._vocabulary("x.pth") == word_pieces(MERGES)


def test_word_pieces_are_numbered_as_clip_does():
    pieces, merges = word_pieces([f"m{number} x" for number in range(60000)])
    assert len(pieces) == 49408 and len(merges) == 48894
    assert (pieces["!"], pieces["!</w>"], pieces["<|startoftext|>"], pieces["<|endoftext|>"]) == (0, 256, 49406, 49407)


def test_without_a_clip_the_hub_s_is_asked_for(contents, tmp_path, monkeypatch):
    monkeypatch.setattr(clip, "HUB_NAME", "nobody/nothing")
    path = tmp_path / "without.pth"
    torch.save({"model": {k: v for k, v in contents["model"].items() if not k.startswith("model_clip.")}}, path)
    assert published.converted(path).text_tower is None
    assert "hf download nobody/nothing" in said(load, path)


def test_what_is_missing_or_too_much_is_named(contents, tmp_path, vocabulary):
    path = tmp_path / "other.pth"
    model = dict(contents["model"])
    del model["output.weight"]
    torch.save({"model": model | {"extra": torch.zeros(1)}}, path)
    message = said(load, path)
    assert "1 missing (output.weight)" in message and "1 unexpected (extra)" in message
    model = dict(contents["model"])
    del model["model_clip.transformer.resblocks.1.ln_2.bias"]
    torch.save({"model": model}, path)
    assert "layers.1.layer_norm2.bias" in said(load, path)
    torch.save({"state_dict": {}}, path)
    assert "under model" in said(load, path)


class _Program:
    """Runs something when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self):
        return Path.touch, (self.trace,)


def test_a_program_in_the_file_is_refused_and_not_run(contents, tmp_path):
    path, trace = tmp_path / "evil.pth", tmp_path / "it-ran"
    torch.save({**contents, "epoch": _Program(trace)}, path)
    assert "evil.pth" in said(load, path)
    assert not trace.exists()
