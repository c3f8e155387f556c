"""What highlighting is for: does the named thing stand out from its surroundings, and only when it is named?"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np

import engines
from engines.color import image_luma
from engines.errors import InputError
from engines.types import Instruction
from evaluation.bootstrap import mean_interval
from evaluation.progress import Notify
from evaluation.referring_benchmark import TIMES, measure
from evaluation.referring_items import Picture, Sentence, keep
from evaluation.referring_masks import highlight
from evaluation.weights import weights_of

# Surroundings, in pixels from the object's edge.
RING = 15
# Smaller objects or surroundings, in pixels, have no spread to speak of.
_FEWEST = 30
# Half a grey level: what is flatter than that is flat only because luma is stored in whole levels.
_FLATTEST = 0.5 / 255.0
TEXTS = ("right", "wrong", "none")


def contrast(y: np.ndarray, mask: np.ndarray) -> float | None:
    """How far an object stands out: |mean inside − mean of the surroundings| over the pooled standard deviation.

    Args:
        y: float (H, W), luma in [0, 1].
        mask: bool (H, W), the object; its surroundings are the other pixels at most RING away.

    Returns:
        0 or more; None where object or surroundings have fewer than 30 pixels.
    """
    distance = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    inside, around = y[mask], y[~mask & (distance <= RING)]
    if min(inside.size, around.size) < _FEWEST:
        return None
    spread = np.sqrt((inside.var(dtype=np.float64) + around.var(dtype=np.float64)) / 2.0)
    difference = abs(inside.mean(dtype=np.float64) - around.mean(dtype=np.float64))
    return float(difference / max(spread, _FLATTEST))


@dataclass(frozen=True)
class Fusing:
    """The engine whose pictures are measured, as the app shows them."""

    engine: str
    checkpoint: str | None = None


def with_wrong_text(pictures: Sequence[Picture]) -> list[Picture]:
    """Only the sentences that another sentence about the same picture, which means other pixels, can stand beside.

    Raises:
        InputError: There is none.
    """
    fit = {sentence.name for picture in pictures for sentence in _wrong_texts(picture)}
    kept = keep(pictures, fit)
    if not kept:
        raise InputError("The data must have pictures with references to two separate things, but has none.")
    return kept


def _wrong_texts(picture: Picture) -> dict[Sentence, str]:
    """For each sentence another about the same picture, the same at every call, whose mask shares no pixel."""
    masks = {}
    for sentence in picture.sentences:
        if sentence.rle is not None:
            masks[sentence] = sentence.mask(tuple(sentence.rle["size"]))
    wrong = {}
    for sentence, mask in masks.items():
        others = [other for other, theirs in masks.items() if theirs.any() and not (mask & theirs).any()]
        if others and mask.any():
            wrong[sentence] = others[zlib.crc32(sentence.name.encode()) % len(others)].text
    return wrong


def score(
    pictures: Sequence[Picture],
    every: Sequence[Picture],
    fusing: Fusing,
    output: Path,
    workers: int = 1,
    notify: Notify | None = None,
) -> dict:
    """Measure each referred thing's contrast when it is named, when something else is, and without text.

    Args:
        pictures: What to measure; those of `with_wrong_text`, or a part of them.
        every: The same pictures with all their sentences, from which the wrong texts come.
        fusing: What fuses.
        output: Where the report will be written.
        workers: Processes.
        notify: Told after each picture.

    Returns:
        `mean` and `median` contrast for each of TEXTS; `gain`, by how many percent the mean with the right and with the
        wrong text is above that without; `interval` of the mean differences to no text; `raised`, the share in percent
        of references whose contrast rose with the right text; the same means under `per_kind` and `per_time`, each
        value under `per_reference`.

    Raises:
        InputError: No reference is large enough, or a pair cannot be used.
        CheckpointError: Weights cannot be used.
    """
    asked = {"ring": RING, "engine": fusing.engine, "weights": weights_of(fusing.engine, fusing.checkpoint)}
    wrong = {s.name: text for picture in every for s, text in _wrong_texts(picture).items()}
    found = measure(pictures, partial(contrast_picture, fusing=fusing, wrong=wrong), asked, output, workers, notify)
    items = [(p, s) for p in pictures for s in p.sentences if found[s.name] is not None]
    if not items:
        raise InputError("No reference has an object and surroundings of 30 pixels or more.")
    groups: dict[str, dict[str, list[dict[str, float]]]] = {"per_kind": {}, "per_time": {}}
    for picture, sentence in items:
        groups["per_kind"].setdefault(sentence.kind, []).append(found[sentence.name])
        if picture.night is not None:
            groups["per_time"].setdefault(TIMES[picture.night], []).append(found[sentence.name])
    values = [found[sentence.name] for _, sentence in items]
    names = [picture.name for picture, _ in items]
    return {
        **_summary(values),
        "median": {text: float(np.median([value[text] for value in values])) for text in TEXTS},
        "interval": {
            text: mean_interval([value[text] - value["none"] for value in values], names) for text in TEXTS[:2]
        },
        "raised": 100.0 * float(np.mean([value["right"] > value["none"] for value in values])),
        **{name: {key: _summary(of_group) for key, of_group in sorted(g.items())} for name, g in groups.items()},
        "per_reference": {sentence.name: found[sentence.name] for _, sentence in items},
        "settings": asked,
    }


def contrast_picture(picture: Picture, fusing: Fusing, wrong: dict[str, str]) -> dict[str, dict[str, float] | None]:
    """The contrast of each referred thing with each of TEXTS, by the sentence's name; None where it is too small."""
    engine = engines.build(fusing.engine, checkpoint=fusing.checkpoint, device="auto")
    pair = picture.read()
    plain = image_luma(engine.fuse(pair, Instruction()).image)
    results: dict[str, dict[str, float] | None] = {}
    for sentence in picture.sentences:
        mask = sentence.mask(pair.shape)
        without = contrast(plain, mask)
        if without is None:
            results[sentence.name] = None
            continue
        told = {
            text: contrast(image_luma(engine.fuse(pair, highlight(words)).image), mask)
            for text, words in (("right", sentence.text), ("wrong", wrong[sentence.name]))
        }
        results[sentence.name] = {**told, "none": without}
    return results


def _summary(values: Sequence[dict[str, float]]) -> dict:
    mean = {text: float(np.mean([value[text] for value in values])) for text in TEXTS}
    gain = {text: 100.0 * (mean[text] / mean["none"] - 1.0) if mean["none"] else None for text in TEXTS[:2]}
    return {"n": len(values), "mean": mean, "gain": gain}
