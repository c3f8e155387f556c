"""How much of its codebook From Text to Pixels uses; a codebook of which a few codes serve everything has collapsed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from engines.text2pixels.codebook import perplexity
from engines.text2pixels.engine import Text2PixelsEngine
from engines.types import ImagePair, Instruction


def pixels_per_code(engine: Text2PixelsEngine, pair: ImagePair) -> np.ndarray:
    """How many pixels of a pair, fused without words, each code stands for: int (codes,).

    Raises:
        CheckpointError: The engine's weights cannot be used.
    """
    codes = len(engine.load().fusion.codebook.codes)
    # The engine shows a code as its share of the last one.
    indices = np.round(engine.fuse(pair, Instruction()).maps["codes"] * (codes - 1)).astype(np.int64)
    return np.bincount(indices.ravel(), minlength=codes)


def report(pixels: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """The report over pictures, from the pixels per code of each by name, at least one.

    Returns:
        n pictures; codes there are; all, the `_usage` of all pictures together; mean over single pictures; per_image.
    """
    per_image = {name: _usage(counts) for name, counts in pixels.items()}
    together = np.sum(list(pixels.values()), axis=0)
    return {
        "n": len(pixels),
        "codes": len(together),
        "all": _usage(together),
        "mean": {key: float(np.mean([values[key] for values in per_image.values()])) for key in ("perplexity", "used")},
        "per_image": per_image,
    }


def _usage(pixels: np.ndarray) -> dict[str, float | int]:
    """Perplexity, how many evenly used codes would be as varied, and how many codes are used at all."""
    return {"perplexity": perplexity(torch.from_numpy(pixels)), "used": int(np.count_nonzero(pixels))}
