"""Trains the embedded LLaMA parser: `python -m training parser --data PATH --minutes M [--resume]`.

Sentences are drawn from the grammar without end; none is seen twice on purpose. `--data` may be a folder with
referring data sets in either form, whose train expressions then become a part of the regions. Only what is to be
written (the answer) is in the loss.
"""

from __future__ import annotations

import argparse
import logging
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor

from engines.checkpoints import CHECKPOINT_DIR
from engines.device import short_floats, torch_device
from engines.errors import InputError
from training.mm_ris_parquet import parquet_files
from training.parser.everyday import Everyday
from training.parser.gguf_file import read_gguf, write_gguf
from training.parser.held_out import exact_share
from training.parser.model import Size, build_model, encode, train_tokenizer
from training.references import dataset_folders, index_rows

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM

logger = logging.getLogger(__name__)

CHECKPOINT = CHECKPOINT_DIR / "parser_llama.gguf"
RUN_DIR = Path("runs/parser")
# Tokens of a step, padding included, and the sentence lengths that divide it: every matrix product of the layers then
# has one shape, and its kernel is compiled once.
STEP_TOKENS = 3360
_LENGTHS = (16, 20, 24, 28, 30, 32, 35, 40, 48, 56, 60, 70, 80, 96, 120, 168)
_ROUND = 256
_POOL = 1024
_TOKENIZER_SAMPLES = 40_000
_WARM_UP, _WARM_AGAIN = 200, 50
_ARTICLES = ("the ", "a ", "an ")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of this recipe."""
    parser.add_argument("--output", type=Path, default=CHECKPOINT, help="where the GGUF goes")
    parser.add_argument("--run", type=Path, default=RUN_DIR, help="where the state to continue from goes")
    parser.add_argument("--learning-rate", type=float, default=3e-3)
    parser.add_argument("--save-every", type=float, default=4.0, help="minutes between checkpoints")


def main(args: argparse.Namespace) -> None:
    """Train until the minutes are over, saving on the way and at the end."""
    trainer = Trainer(args)
    trainer.train()


class Trainer:
    """One run: model, tokenizer, optimiser and the endless stream of sentences."""

    def __init__(self, args: argparse.Namespace, size: Size | None = None) -> None:
        self.args = args
        self.device = torch_device(args.device)
        torch.manual_seed(args.seed)
        args.run.mkdir(parents=True, exist_ok=True)
        self.step, self.minutes_before = 0, 0.0
        expressions = read_expressions(args.data)
        state = self._state()
        # A continued run goes on with sentences it has not seen.
        self.sentences = Everyday(args.seed + (0 if state is None else state["step"] + 1), expressions)
        self.model, self.tokenizer = self._start(size or Size(), state)
        self.optimisers = self._optimisers()
        for optimiser, kept in zip(self.optimisers, (state or {}).get("optimisers", []), strict=False):
            optimiser.load_state_dict(kept)

    def _state(self) -> dict | None:
        file = self.args.run / "state.pt"
        if not self.args.resume or not (file.is_file() or self.args.output.is_file()):
            return None
        return torch.load(file, map_location=self.device, weights_only=True) if file.is_file() else {"step": 0}

    def _start(self, size: Size, state: dict | None) -> tuple[LlamaForCausalLM, Tokenizer]:
        if state is None:
            tokenizer = train_tokenizer((self.sentences.draw() for _ in range(_TOKENIZER_SAMPLES)), size.vocabulary)
            return build_model(size).to(self.device), tokenizer
        if "model" not in state:
            logger.info("resumed from %s", self.args.output.name)
            model, tokenizer = read_gguf(self.args.output)
            return model.to(self.device), tokenizer
        tokenizer = Tokenizer.from_str(state["tokenizer"])
        tokenizer.encode_special_tokens = True
        model = build_model(Size(**state["size"])).to(self.device)
        model.load_state_dict(state["model"])
        self.step, self.minutes_before = state["step"], state["minutes"]
        logger.info("resumed at step %d", self.step)
        return model, tokenizer

    def _optimisers(self) -> list[torch.optim.Optimizer]:
        """Muon for the matrices, which gets further in as many steps; AdamW for the embedding and the norms."""
        named = list(self.model.named_parameters())
        matrices = [weight for name, weight in named if weight.ndim == 2 and "embed" not in name]
        others = [weight for name, weight in named if weight.ndim != 2 or "embed" in name]
        rate = self.args.learning_rate
        return [
            torch.optim.Muon(matrices, lr=rate, momentum=0.95, weight_decay=0.05, adjust_lr_fn="match_rms_adamw"),
            torch.optim.AdamW(others, lr=rate, betas=(0.9, 0.98), weight_decay=0.0),
        ]

    @property
    def size(self) -> Size:
        """The size of the model in training."""
        c = self.model.config
        return Size(
            c.vocab_size,
            c.hidden_size,
            c.num_hidden_layers,
            c.num_attention_heads,
            c.num_key_value_heads,
            c.intermediate_size,
        )

    def train(self) -> None:
        """Cosine from the peak to nearly nothing over the minutes given."""
        start = saved = time.monotonic()
        first, losses = self.step, []
        self.model.train()
        for ids, targets in self._batches():
            spent = (time.monotonic() - start) / 60
            if spent >= self.args.minutes:
                break
            rate = self.args.learning_rate * min(
                1.0, (self.step - first + 1) / (_WARM_UP if first == 0 else _WARM_AGAIN)
            )
            rate *= 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * spent / self.args.minutes))
            losses.append(self._update(ids, targets, rate))
            self.step += 1
            if self.step % 100 == 0:
                logger.info(
                    "step %d  minute %.1f  rate %.1e  loss %.4f", self.step, spent, rate, sum(losses) / len(losses)
                )
                losses = []
            if time.monotonic() - saved > 60 * self.args.save_every:
                self.save(spent)
                saved = time.monotonic()
        self.save((time.monotonic() - start) / 60)

    def _update(self, ids: Tensor, targets: Tensor, rate: float) -> float:
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate
        with short_floats(self.device):
            loss = answer_loss(self.model, ids.to(self.device), targets.to(self.device))
        self.model.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimiser in self.optimisers:
            optimiser.step()
        return float(loss.detach())

    def _batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches of STEP_TOKENS tokens each, of sentences of about one length."""
        waiting: dict[int, list] = {length: [] for length in _LENGTHS}
        while True:
            for pair in encode(self.tokenizer, [self.sentences.draw() for _ in range(_POOL)]):
                size = len(pair[0]) + len(pair[1]) - 1
                length = next((length for length in _LENGTHS if length >= size), None)
                if length is None:
                    continue
                waiting[length].append(pair)
                if len(waiting[length]) * length == STEP_TOKENS:
                    yield padded(waiting[length], length)
                    waiting[length] = []

    def save(self, minutes: float) -> None:
        """The GGUF for the app, and the state to continue from; says how good it is by now."""
        self.model.eval()
        write_gguf(self.model, self.tokenizer, self.args.output)
        partial = self.args.run / "state.partial"
        torch.save(
            {
                "model": self.model.state_dict(),
                "size": self.size.__dict__,
                "tokenizer": self.tokenizer.to_str(),
                "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
                "step": self.step,
                "minutes": self.minutes_before + minutes,
            },
            partial,
        )
        partial.replace(self.args.run / "state.pt")
        share = exact_share(self.model, self.tokenizer)
        logger.info("saved at step %d: %.1f %% of a held-out sample exact, unconstrained", self.step, 100 * share)
        self.model.train()


def answer_loss(model: LlamaForCausalLM, ids: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy of the answers' tokens.

    Args:
        model: Predicts each next token.
        ids: (B, T) token ids, padded at the end, where causal attention keeps the padding out of sight.
        targets: (B, T) the next token where it belongs to an answer, -100 elsewhere.
    """
    hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state.flatten(0, 1)
    wanted = (targets.flatten() >= 0).nonzero().squeeze(1)
    # Few distinct shapes: the processor's matrix kernels are compiled anew for each.
    places = F.pad(wanted, (0, -len(wanted) % _ROUND))
    expected = F.pad(targets.flatten()[wanted], (0, len(places) - len(wanted)), value=-100)
    return F.cross_entropy(model.lm_head(hidden[places]).float(), expected, ignore_index=-100)


def padded(pairs: list[tuple[list[int], list[int]]], length: int) -> tuple[Tensor, Tensor]:
    """Ids and targets (B, length) of prompts and completions, see `answer_loss`."""
    ids = torch.zeros(len(pairs), length, dtype=torch.long)
    targets = torch.full((len(pairs), length), -100)
    for row, (prompt, completion) in enumerate(pairs):
        whole = [*prompt, *completion]
        ids[row, : len(whole) - 1] = torch.tensor(whole[:-1])
        targets[row, len(prompt) - 1 : len(whole) - 1] = torch.tensor(completion)
    return ids, targets


def read_expressions(data: Path) -> list[str]:
    """Every train expression of the referring data sets at or below a folder, without articles; those with "and" may
    name two things and are left out. Parquet files are unpacked first.

    Raises:
        InputError: There is no such folder, or what is in it cannot be read.
    """
    if parquet_files(data):
        folders = dataset_folders(data)
    elif data.is_dir():
        folders = [data, *sorted(path for path in data.glob("*") if path.is_dir())]
    else:
        raise InputError(f"The data must be a folder or parquet files, but there is none at {data}.")
    found: set[str] = set()
    for index in (folder / "refs.jsonl" for folder in folders):
        rows = index_rows(index) if index.is_file() else ()
        sentences = (sentence for row in rows if row.get("split") == "train" for sentence in row["sentences"])
        found.update(_bare(sentence) for sentence in sentences if " and " not in sentence)
    logger.info("%d expressions to train with in %s", len(found), data)
    return sorted(found)


def _bare(sentence: str) -> str:
    words = sentence.strip()
    return next((words[len(article) :] for article in _ARTICLES if words.lower().startswith(article)), words)
