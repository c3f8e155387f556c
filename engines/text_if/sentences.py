"""From a sentence to the one feature that guides Text-IF (eq. 7)."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from engines.text_encoder import TextEncoder

# What the published program says where the person says nothing.
DEFAULT_SENTENCE = "This is the infrared and visible light image fusion task."


def pooled(encoder: TextEncoder, texts: list[str]) -> Tensor:
    """One feature per sentence: the mean of its word features, as all-MiniLM-L6-v2 was trained to be read.

    Returns:
        (B, d), every row of norm √d, so that single numbers are about as large as those of CLIP's features.
    """
    read = encoder.encode(texts)
    weights = read.mask.to(read.words.dtype).unsqueeze(-1)
    mean = (read.words * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1.0)
    return F.normalize(mean, dim=-1) * encoder.dim**0.5
