"""The recipe of the LLaMA parser: it learns, goes on where it stopped, and llama.cpp computes what PyTorch does."""

from __future__ import annotations

import argparse
import io
import json
import logging
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

llama_cpp = pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")

from app.parser.llama_prompt import ANSWER, BEGIN, END, SPECIALS  # noqa: E402 (after importorskip)
from app.parser.units import shown, split_units  # noqa: E402
from engines import checkpoints  # noqa: E402
from engines.cache import CACHE_VARIABLE  # noqa: E402
from engines.errors import CheckpointError, InputError  # noqa: E402
from training.parser.gguf_file import read_gguf, write_gguf  # noqa: E402
from training.parser.held_out import greedy, held_out  # noqa: E402
from training.parser.model import Size, build_model, encode, train_tokenizer  # noqa: E402
from training.parser.recipe import Trainer, answer_loss, padded, read_expressions  # noqa: E402
from training.parser.sentences import Sentences  # noqa: E402

TINY = Size(vocabulary=500, hidden=48, layers=2, heads=4, key_heads=2, feed_forward=96)


@pytest.fixture(scope="module")
def tiny():
    """A tiny model with random weights, large enough to be certain of its choices, and a tokenizer."""
    torch.manual_seed(0)
    sentences = Sentences(0)
    tokenizer = train_tokenizer([sentences.draw() for _ in range(500)], TINY.vocabulary)
    model = build_model(TINY).eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(4.0 if weight.ndim == 2 else 1.0)
    return model, tokenizer


def _options(folder: Path, **changes) -> argparse.Namespace:
    (folder / "data").mkdir(exist_ok=True)
    options = {"data": folder / "data", "minutes": 0.0, "resume": False, "device": "cpu", "threads": 1, "seed": 0}
    options |= {"output": folder / "parser.gguf", "run": folder / "run", "learning_rate": 3e-3, "save_every": 60.0}
    return argparse.Namespace(**(options | changes))


def _written(path: Path, prompts: list[list[int]], limit: int) -> list[list[int]]:
    """Greedy continuations by llama.cpp, without END."""
    model = llama_cpp.Llama(str(path), n_ctx=512, n_threads=1, verbose=False)
    written = []
    for prompt in prompts:
        model.reset()
        tokens = []
        for token in model.generate(prompt, temp=0.0):
            if token == SPECIALS.index(END) or len(tokens) == limit:
                break
            tokens.append(token)
        written.append(tokens)
    return written


def test_llama_cpp_cuts_text_into_the_same_tokens(tiny, tmp_path):
    model, tokenizer = tiny
    write_gguf(model, tokenizer, tmp_path / "tiny.gguf")
    runtime = llama_cpp.Llama(str(tmp_path / "tiny.gguf"), n_ctx=64, vocab_only=True, verbose=False)
    texts = [shown(split_units(sample.text)) for sample in held_out(300)]
    for text in [*texts, " <|end|> tab\tno\nline 漢字 😀 it's 3.5", " " + SPECIALS[0]]:
        expected = tokenizer.encode(text, add_special_tokens=False).ids
        assert runtime.tokenize(text.encode(), add_bos=False, special=False) == expected
        assert not set(expected) & set(range(len(SPECIALS)))


def test_greedy_output_of_any_weights_is_the_same(tiny, tmp_path):
    model, tokenizer = tiny
    write_gguf(model, tokenizer, tmp_path / "tiny.gguf")
    again, _ = read_gguf(tmp_path / "tiny.gguf")
    prompts = [prompt for prompt, _ in encode(tokenizer, held_out(12))]
    assert _written(tmp_path / "tiny.gguf", prompts, 24) == greedy(again, prompts, 24)


@pytest.mark.parametrize(("texts", "differing"), [(6, 0), pytest.param(60, 1, marks=pytest.mark.slow)])
def test_greedy_output_of_the_embedded_weights_is_the_same(texts, differing):
    path = checkpoints.verify(checkpoints.find("parser"))
    model, tokenizer = read_gguf(path)
    prompts = [prompt for prompt, _ in encode(tokenizer, held_out(texts))]
    ours, theirs = greedy(model, prompts, 80), _written(path, prompts, 80)
    # Half precision may tip a tie between two tokens, rarely.
    assert sum(a != b for a, b in zip(ours, theirs, strict=True)) <= differing


def test_weights_and_tokenizer_survive_the_file(tiny, tmp_path):
    model, tokenizer = tiny
    write_gguf(model, tokenizer, tmp_path / "tiny.gguf")
    again, other = read_gguf(tmp_path / "tiny.gguf")
    for name, weight in model.state_dict().items():
        torch.testing.assert_close(again.state_dict()[name], weight, rtol=1e-3, atol=1e-5)
    text = " bring out the frobnicator 's handle"
    assert other.encode(text).ids == tokenizer.encode(text).ids


def test_a_file_that_is_no_model_is_refused(tmp_path):
    (tmp_path / "x.gguf").write_bytes(b"GGUF nonsense")
    with pytest.raises(CheckpointError, match="no parser in GGUF form"):
        read_gguf(tmp_path / "x.gguf")


def test_the_loss_is_that_of_the_answer_alone(tiny):
    model, tokenizer = tiny
    pairs = encode(tokenizer, held_out(3))
    ids, targets = padded(pairs, max(len(prompt) + len(completion) for prompt, completion in pairs))
    assert [int((row >= 0).sum()) for row in targets] == [len(completion) for _, completion in pairs]
    loss = answer_loss(model, ids, targets)
    single = []
    for prompt, completion in pairs:
        logits = model(torch.tensor([[*prompt, *completion]])).logits[0, len(prompt) - 1 : -1]
        single.append(torch.nn.functional.cross_entropy(logits, torch.tensor(completion), reduction="sum"))
    expected = sum(single) / sum(len(completion) for _, completion in pairs)
    torch.testing.assert_close(loss, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.slow
def test_it_learns_and_goes_on(tmp_path):
    trainer = Trainer(_options(tmp_path), TINY)
    batches = trainer._batches()
    losses = [trainer._update(*next(batches), 3e-3) for _ in range(25)]
    assert sum(losses[-5:]) < 0.8 * sum(losses[:5])
    trainer.step = 25
    trainer.save(1.0)

    resumed = Trainer(_options(tmp_path, resume=True), TINY)
    assert resumed.step == 25 and resumed.minutes_before == 1.0
    assert resumed._update(*next(resumed._batches()), 0.0) < 0.8 * losses[0]

    (tmp_path / "run" / "state.pt").unlink()
    from_file = Trainer(_options(tmp_path, resume=True), TINY)
    assert from_file.size == TINY
    assert from_file._update(*next(from_file._batches()), 0.0) < 0.8 * losses[0]


def test_prompts_begin_and_end_as_the_app_writes_them(tiny):
    _, tokenizer = tiny
    (prompt, completion), *_ = encode(tokenizer, held_out(1))
    assert prompt[0] == SPECIALS.index(BEGIN) and prompt[-1] == SPECIALS.index(ANSWER)
    assert completion[-1] == SPECIALS.index(END)


def _reference(*sentences: str, **more) -> str:
    return json.dumps({"image": "a", "sentences": sentences, "mask": {"size": [1, 1], "counts": [1]}} | more)


def test_expressions_are_read_from_the_train_split_only(tmp_path):
    lines = [
        _reference("the red van", "a cat and a dog", split="train"),
        _reference("the secret", split="val"),
        _reference("the car of no split"),
    ]
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "refs.jsonl").write_text("\n".join(lines))
    assert read_expressions(tmp_path) == ["red van"]
    with pytest.raises(InputError, match="must be a folder"):
        read_expressions(tmp_path / "nowhere")
    (tmp_path / "set" / "refs.jsonl").write_text('{"split": "train"}')
    with pytest.raises(InputError, match="Line 1"):
        read_expressions(tmp_path)


def test_expressions_of_parquet_files_are_read(tmp_path, monkeypatch):
    pandas, _ = pytest.importorskip("pandas"), pytest.importorskip("pyarrow")
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    picture, mask = io.BytesIO(), io.BytesIO()
    Image.new("L", (4, 3)).save(picture, format="PNG")
    np.save(mask, np.ones((3, 4), np.uint8))
    row = {"image_name": "a.png", "visible_image": picture.getvalue(), "infrared_image": picture.getvalue()}
    row["segmentation"] = mask.getvalue()
    (tmp_path / "data").mkdir()
    for split, question in (("train", "the red van"), ("val", "the secret")):
        pandas.DataFrame([row | {"question": question}]).to_parquet(tmp_path / "data" / f"{split}.parquet")
    assert read_expressions(tmp_path / "data") == ["red van"]


def test_the_log_says_how_many_expressions_there_are(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    assert read_expressions(tmp_path) == []
    assert "0 expressions" in caplog.text
