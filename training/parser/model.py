"""The tiny LLaMA and its tokenizer: sizes, construction, and a sample as token ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

import engines.torchvision_ops  # noqa: F401 (before transformers)
from app.parser.answers import write_answer
from app.parser.llama_prompt import ANSWER, BEGIN, CONTEXT, END, PAD, SPECIALS
from app.parser.units import shown, split_units
from training.parser.sentences import Sample

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM

# GPT-2's own expression: llama.cpp cuts text the same way for `tokenizer.ggml.pre` = "gpt-2".
_GPT2_WORDS = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


@dataclass(frozen=True)
class Size:
    """How large the model is; the defaults are those of the embedded checkpoint."""

    vocabulary: int = 2048
    hidden: int = 192
    layers: int = 6
    heads: int = 6
    key_heads: int = 3
    feed_forward: int = 576


def build_model(size: Size) -> LlamaForCausalLM:
    """A model with fresh weights; embedding and output share theirs."""
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=size.vocabulary,
        hidden_size=size.hidden,
        intermediate_size=size.feed_forward,
        num_hidden_layers=size.layers,
        num_attention_heads=size.heads,
        num_key_value_heads=size.key_heads,
        max_position_embeddings=CONTEXT,
        rms_norm_eps=1e-5,
        tie_word_embeddings=True,
        bos_token_id=SPECIALS.index(BEGIN),
        eos_token_id=SPECIALS.index(END),
        pad_token_id=SPECIALS.index(PAD),
        attn_implementation="eager",
    )
    return LlamaForCausalLM(config)


def empty_tokenizer(model: models.BPE) -> Tokenizer:
    """A byte-level tokenizer that cuts like GPT-2's and never reads a special token out of text."""
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_GPT2_WORDS), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.encode_special_tokens = True
    return tokenizer


def train_tokenizer(samples: Iterable[Sample], vocabulary: int) -> Tokenizer:
    """Learn the merges from sentences and answers as the model sees them."""
    tokenizer = empty_tokenizer(models.BPE())
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=list(SPECIALS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator((text for sample in samples for text in as_texts(sample)), trainer)
    return tokenizer


def as_texts(sample: Sample) -> tuple[str, str]:
    """What the model reads and what it is to write."""
    return shown(split_units(sample.text)), write_answer(sample.edits)


def encode(tokenizer: Tokenizer, samples: list[Sample]) -> list[tuple[list[int], list[int]]]:
    """Prompt and completion ids of each sample; the completion ends with END."""
    begin, answer, end = (SPECIALS.index(name) for name in (BEGIN, ANSWER, END))
    texts = [text for sample in samples for text in as_texts(sample)]
    ids = [encoding.ids for encoding in tokenizer.encode_batch_fast(texts, add_special_tokens=False)]
    return [
        ([begin, *prompt, answer], [*completion, end]) for prompt, completion in zip(ids[::2], ids[1::2], strict=True)
    ]
