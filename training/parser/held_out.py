"""The held-out sentences: drawn with patterns, head nouns and a seed that training never uses.

`python -m training.parser.held_out FILE.jsonl --count N` writes them for `python -m evaluation parser`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from tokenizers import Tokenizer
from torch.nn.utils.rnn import pad_sequence

from app.parser.answers import write_answer
from app.parser.llama_prompt import END, PAD, SPECIALS
from training.parser.model import encode
from training.parser.sentences import Sample, Sentences

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM

SEED = 20_261_121


def held_out(count: int, familiar: bool = False) -> list[Sample]:
    """The first sentences of the held-out set, always the same, none twice.

    Args:
        count: How many.
        familiar: Draw from the patterns and nouns of training, with a seed of its own: new sentences, known parts.
    """
    sentences = Sentences(SEED + 1) if familiar else Sentences(SEED, held_out=True)
    samples: dict[str, Sample] = {}
    while len(samples) < count:
        sample = sentences.draw()
        samples.setdefault(sample.text.lower(), sample)
    return list(samples.values())


def as_lines(samples: Iterable[Sample]) -> str:
    """JSON lines of {"text", "edits", "category"}."""
    lines = []
    for sample in samples:
        edits = [{"region": region, "effect": effect, "strength": level} for region, effect, level in sample.edits]
        row = {"text": sample.text, "edits": edits, "category": sample.category}
        lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    return "".join(lines)


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


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.parser.held_out", description="Write held-out sentences.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--familiar", action="store_true", help="new sentences of the patterns and nouns of training")
    options = parser.parse_args()
    options.file.write_text(as_lines(held_out(options.count, options.familiar)), encoding="utf-8")


if __name__ == "__main__":
    _main()
