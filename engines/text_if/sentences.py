"""From a sentence to the one feature that guides Text-IF (eq. 7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch.nn.functional as F
from torch import Tensor

from engines.text_encoder import TextEncoder

# What the published program says where the person says nothing.
DEFAULT_SENTENCE = "This is the infrared and visible light image fusion task."


@dataclass(frozen=True)
class SentenceFeatures:
    """What an encoder makes of sentences.

    Attributes:
        features: float32 (B, d), one row per sentence.
        truncated: Per sentence, whether words were cut off at the end.
    """

    features: Tensor
    truncated: tuple[bool, ...]


class SentenceEncoder(Protocol):
    """A frozen encoder; safe to call from several threads."""

    max_words: int

    def encode(self, texts: list[str]) -> SentenceFeatures:
        """One feature per sentence."""
        ...


def pooled(encoder: TextEncoder, texts: list[str]) -> Tensor:
    """One feature per sentence: the mean of its word features, as all-MiniLM-L6-v2 was trained to be read.

    Returns:
        (B, d), every row of norm √d, so that single numbers are about as large as those of CLIP's features.
    """
    return WordMean(encoder).encode(texts).features


class WordMean:
    """Reads sentences with an encoder of single words."""

    def __init__(self, encoder: TextEncoder) -> None:
        self.encoder, self.max_words = encoder, encoder.max_words

    def encode(self, texts: list[str]) -> SentenceFeatures:
        """See `pooled`."""
        read = self.encoder.encode(texts)
        weights = read.mask.to(read.words.dtype).unsqueeze(-1)
        mean = (read.words * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1.0)
        return SentenceFeatures(F.normalize(mean, dim=-1) * self.encoder.dim**0.5, read.truncated)
