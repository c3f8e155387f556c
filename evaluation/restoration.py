"""Does a sentence restore what it names? Degraded pairs with the matching sentence, the default one and a wrong one.

Two references: what the same engine makes of the clean pair with the default sentence, and the maximum of the clean
pair, which no learned engine has made.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import engines
from engines.text_if.sentences import DEFAULT_SENTENCE
from engines.types import Engine, ImagePair, Instruction
from evaluation.bootstrap import mean_interval
from evaluation.fusion.grey import to_8bit, to_grey
from evaluation.fusion.structural_similarity import structural_similarity
from evaluation.parallel import each
from evaluation.progress import Notify
from evaluation.referring_items import Picture
from evaluation.resumable import ResumableResults
from evaluation.units import psnr, resized
from evaluation.weights import weights_of
from training.degradations import DEGRADATIONS
from training.restoration_sentences import HELD_OUT

SENTENCES = ("matching", "default", "wrong")
REFERENCES = ("clean fusion", "clean maximum")
METRICS = ("PSNR", "SSIM")

# Sentence -> reference -> metric -> value.
Scores = dict[str, dict[str, dict[str, float]]]


@dataclass(frozen=True)
class Asked:
    """What is measured.

    Attributes:
        engine: Its name.
        checkpoint: Its weights; None for the default ones.
        size: Width and height that pictures are resized to before they are degraded; None leaves them as they are.
    """

    engine: str
    checkpoint: str | None = None
    size: tuple[int, int] | None = None


def _draw(*of: str) -> np.random.Generator:
    """Random numbers that depend on names alone, so that every engine gets the same pairs and sentences."""
    return np.random.default_rng(zlib.crc32(" ".join(of).encode()))


def sentences_for(degradation: str, picture: str) -> dict[str, str]:
    """The three sentences for a degradation of a picture; the first and the last in wordings held out of training."""
    rng = _draw("sentence", degradation, picture)
    other = str(rng.choice([name for name in DEGRADATIONS if name != degradation]))
    return {
        "matching": str(rng.choice(HELD_OUT[degradation])),
        "default": DEFAULT_SENTENCE,
        "wrong": str(rng.choice(HELD_OUT[other])),
    }


def degraded(pair: ImagePair, degradation: str, picture: str) -> ImagePair:
    """The pair with one of its pictures degraded, always the same way for the same names."""
    return ImagePair(*DEGRADATIONS[degradation](pair.visible, pair.infrared, _draw(degradation, picture)))


def similarity(fused: np.ndarray, reference: np.ndarray) -> dict[str, float]:
    """METRICS of two pictures.

    Args:
        fused: float32 (H, W, 3), RGB in [0, 1].
        reference: The same.

    Returns:
        PSNR in dB over the three channels; SSIM of the luma, of at most 1.
    """
    grey, expected = (to_grey(to_8bit(image)).astype(np.float64) for image in (fused, reference))
    return {"PSNR": float(psnr(fused, reference)), "SSIM": structural_similarity([expected], grey)}


def measure(picture: Picture, asked: Asked) -> dict[str, Scores]:
    """Degradation -> scores of one picture."""
    built = engines.build(asked.engine, checkpoint=asked.checkpoint)
    pair = picture.read()
    pair, _ = resized(pair, np.zeros(pair.shape, bool), asked.size)
    references = dict(
        zip(REFERENCES, (_fused(built, pair, DEFAULT_SENTENCE), _fused(engines.build("max"), pair, "")), strict=True)
    )
    return {
        name: {
            kind: {which: similarity(image, reference) for which, reference in references.items()}
            for kind, image in _outputs(built, degraded(pair, name, picture.name), name, picture.name)
        }
        for name in DEGRADATIONS
    }


def _outputs(engine: Engine, pair: ImagePair, degradation: str, picture: str) -> list[tuple[str, np.ndarray]]:
    said = sentences_for(degradation, picture)
    return [(kind, _fused(engine, pair, said[kind])) for kind in SENTENCES]


def _fused(engine: Engine, pair: ImagePair, sentence: str) -> np.ndarray:
    # Without edits: the sentence is about the whole picture.
    return engine.fuse(pair, Instruction(sentence)).image


def score(
    pictures: Sequence[Picture],
    asked: Asked,
    output: Path,
    workers: int = 1,
    notify: Notify | None = None,
) -> dict[str, Any]:
    """Measure every picture, going on where a stopped command was.

    Returns:
        engine, weights, n; mean, degradation -> sentence -> reference -> metric; gain, degradation -> "over default",
        "over wrong" -> reference -> by how much the matching sentence's PSNR is higher, its 95 % interval, and the
        share of pictures where it is; per_image.
    """
    weights = weights_of(asked.engine, asked.checkpoint)
    kept = ResumableResults(output, {"restoration": asked.engine, "weights": weights, "size": asked.size})
    todo = [picture for picture in pictures if picture.name not in kept.done]
    for picture, scores in each(partial(measure, asked=asked), todo, workers):
        kept.add(picture.name, scores)
        if notify is not None:
            notify(len(kept.done), len(pictures), picture.name)
    per_image = {picture.name: kept.done[picture.name] for picture in pictures}
    return {
        "engine": asked.engine,
        "weights": weights,
        "n": len(per_image),
        "mean": {name: _means([scores[name] for scores in per_image.values()]) for name in DEGRADATIONS},
        "gain": {name: _gains([scores[name] for scores in per_image.values()]) for name in DEGRADATIONS},
        "per_image": per_image,
    }


def _means(scores: list[Scores]) -> Scores:
    return {
        kind: {
            which: {metric: float(np.mean([one[kind][which][metric] for one in scores])) for metric in METRICS}
            for which in REFERENCES
        }
        for kind in SENTENCES
    }


def _gains(scores: list[Scores]) -> dict[str, dict[str, dict[str, Any]]]:
    gains: dict[str, dict[str, dict[str, Any]]] = {}
    for other in SENTENCES[1:]:
        gains[f"over {other}"] = {}
        for which in REFERENCES:
            values = [one["matching"][which]["PSNR"] - one[other][which]["PSNR"] for one in scores]
            gains[f"over {other}"][which] = {
                "PSNR": float(np.mean(values)),
                "interval": mean_interval(values),
                "share": float(np.mean([value > 0 for value in values])),
            }
    return gains
