"""What words and a mask change: inside the mask, in its rim and outside, with the annotated mask given to the engine.

So the masker's mistakes do not count; `evaluation.referring_contrast` measures with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np

import engines
from engines.color import image_luma
from engines.errors import InputError
from engines.masks import mask_box
from engines.types import Edit, Effect, Engine, ImagePair, Instruction, Region
from evaluation.bootstrap import mean_interval
from evaluation.progress import Notify
from evaluation.referring_benchmark import measure
from evaluation.referring_contrast import contrast
from evaluation.referring_items import Picture
from evaluation.weights import weights_of

# Pixels around a mask that belong neither to it nor to what is outside.
RIM = 8
# What nothing is called, so that the engine fuses as it does for an instruction, but changes nothing.
_NOTHING = "nothing"
VALUES = (
    "inside",
    "rim",
    "outside",
    "contrast before",
    "contrast after",
    "infrared before",
    "infrared after",
    "visible before",
    "visible after",
)


@dataclass(frozen=True)
class _Given:
    """A pair, a reference's mask, and the engine that fuses."""

    engine: Engine
    pair: ImagePair
    mask: np.ndarray

    def luma(self, phrase: str, effect: Effect, strength: int, mask: np.ndarray) -> np.ndarray:
        """Of the picture in which a phrase is edited, whose mask is given; float32 (H, W) in [0, 1]."""
        region = Region(phrase, mask.astype(np.float32), 1.0, mask_box(mask))
        instruction = Instruction(phrase, (Edit(phrase, effect, strength),), regions=(region,))
        return image_luma(self.engine.fuse(self.pair, instruction).image)


def guidance(engine: Engine, pair: ImagePair, phrase: str, mask: np.ndarray) -> dict[str, float] | None:
    """What one phrase changes where its mask (bool, (H, W)) is known.

    Returns:
        VALUES: mean change of luma in levels of 255 that highlighting brings; the object's contrast to its surroundings
        before and after it; its mean distance to either source, in levels, before and after being inclined towards it
        as far as it goes. None where object or surroundings are too small.
    """
    given = _Given(engine, pair, mask)
    plain = given.luma(_NOTHING, "highlight", 1, np.zeros_like(mask))
    before = contrast(plain, mask)
    if before is None:
        return None
    highlighted = given.luma(phrase, "highlight", 1, mask)
    distance = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    change = 255.0 * np.abs(highlighted - plain)
    values = {"contrast before": before, "contrast after": contrast(highlighted, mask)}
    for name, where in (("inside", mask), ("rim", ~mask & (distance <= RIM)), ("outside", distance > RIM)):
        values[name] = float(change[where].mean()) if where.any() else 0.0
    for name, source in (("infrared", pair.infrared), ("visible", image_luma(pair.visible))):
        inclined = given.luma(phrase, name, 3, mask)
        for when, y in (("before", plain), ("after", inclined)):
            values[f"{name} {when}"] = float(255.0 * np.abs(y - source)[mask].mean())
    return values


def _of_picture(picture: Picture, engine: str, checkpoint: str | None) -> dict[str, dict[str, float] | None]:
    built, pair = engines.build(engine, checkpoint=checkpoint), picture.read()
    return {
        sentence.name: guidance(built, pair, sentence.text, sentence.mask(pair.shape)) for sentence in picture.sentences
    }


def score(
    pictures: Sequence[Picture],
    engine: str,
    checkpoint: str | None,
    output: Path,
    workers: int = 1,
    notify: Notify | None = None,
) -> dict[str, Any]:
    """Measure every reference.

    Returns:
        engine, weights, n; mean of VALUES and their 95 % interval over the pictures; raised, the share in percent of
        references whose contrast rose; the same means per_kind; the values per_reference.

    Raises:
        InputError: No reference is large enough, or a pair cannot be used.
        CheckpointError: Weights cannot be used.
    """
    asked = {"guidance": engine, "weights": weights_of(engine, checkpoint)}
    work = partial(_of_picture, engine=engine, checkpoint=checkpoint)
    found = measure(pictures, work, asked, output, workers, notify)
    items = [(p.name, s, found[s.name]) for p in pictures for s in p.sentences if found[s.name] is not None]
    if not items:
        raise InputError("No reference has an object and surroundings of 30 pixels or more.")
    names = [name for name, _, _ in items]
    kinds: dict[str, list[dict[str, float]]] = {}
    for _, sentence, values in items:
        kinds.setdefault(sentence.kind, []).append(values)
    every = [values for _, _, values in items]
    return {
        "engine": engine,
        "weights": asked["weights"],
        "n": len(items),
        "mean": _mean(every),
        "interval": {value: mean_interval([values[value] for values in every], names) for value in VALUES},
        "raised": 100.0 * float(np.mean([values["contrast after"] > values["contrast before"] for values in every])),
        "per_kind": {kind: {"n": len(values), **_mean(values)} for kind, values in sorted(kinds.items())},
        "per_reference": {sentence.name: values for _, sentence, values in items},
    }


def _mean(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    return {value: float(np.mean([row[value] for row in rows])) for value in VALUES}
