"""The held-out sentences: drawn with patterns, head nouns and a seed that training never uses."""

from __future__ import annotations

import torch
from tokenizers import Tokenizer
from torch.nn.utils.rnn import pad_sequence
import engines.torchvision_ops  # noqa: F401 (before transformers)
from transformers import LlamaForCausalLM

from app.parser.answers import write_answer
from app.parser.llama_prompt import END, PAD, SPECIALS
from training.parser.model import encode
from training.parser.sentences import Sample, Sentences

SEED = 20_261_121


def held_out(count: int) -> list[Sample]:
    """The first sentences of the held-out set, always the same."""
    sentences = Sentences(SEED, held_out=True)
    return [sentences.draw() for _ in range(count)]


@torch.no_grad()
def exact_share(model: LlamaForCausalLM, tokenizer: Tokenizer, count: int = 128) -> float:
    """The share of held-out sentences whose free greedy answer is the intended one: the grammar's help left out."""
    samples = held_out(count)
    prompts = [prompt for prompt, _ in encode(tokenizer, samples)]
    answers = greedy(model, prompts, limit=120)
    right = sum(
        tokenizer.decode(answer) == write_answer(sample.edits) for answer, sample in zip(answers, samples, strict=True)
    )
    return right / len(samples)


@torch.no_grad()
def greedy(model: LlamaForCausalLM, prompts: list[list[int]], limit: int) -> list[list[int]]:
    """The most likely continuation of each prompt, without its END."""
    end, pad = SPECIALS.index(END), SPECIALS.index(PAD)
    # Padding on the left, hidden by the mask, lets all prompts end in the same column.
    ids = pad_sequence([torch.tensor(prompt[::-1]) for prompt in prompts], True, pad).flip(1)
    mask = pad_sequence([torch.ones(len(prompt), dtype=torch.long) for prompt in prompts], True, 0).flip(1)
    written = model.generate(
        ids, attention_mask=mask, do_sample=False, max_new_tokens=limit, eos_token_id=end, pad_token_id=pad
    )[:, ids.shape[1] :]
    return [row[: row.index(end)] if end in row else row for row in written.tolist()]
