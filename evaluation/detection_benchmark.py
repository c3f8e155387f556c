"""One detector on the pictures of any engine, or on one source, scored against the boxes of scenes.jsonl."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

import engines
from engines.errors import InputError
from engines.registry import ENGINES
from engines.text2pixels.config import DETECTED_CLASSES
from engines.types import ImagePair, Instruction
from evaluation.detection import OVERLAP, Ranked, match, mean_average_precision, mean_interval
from evaluation.parallel import each
from evaluation.progress import Notify
from evaluation.resumable import ResumableResults
from evaluation.spread import evenly_spaced
from evaluation.weights import weights_of
from training.detection_boxes import boxes_of
from training.references import Scene

SOURCES = ("visible", "infrared")
DETECTOR = "text2pixels"
# Detections below this score are left out; the curve's far end is worth next to nothing.
_LEAST = 0.05

# Class -> [scores, whether each is right, objects there are], of one picture.
Matched = dict[str, tuple[list[float], list[bool], int]]


@dataclass(frozen=True)
class Shown:
    """What the detector looks at, and which detector.

    Attributes:
        picture: An engine, which fuses without text, or one of SOURCES.
        checkpoint: The engine's weights; None for its default ones.
        detector: From-Text-to-Pixels weights; None for the default ones.
    """

    picture: str
    checkpoint: str | None = None
    detector: str | None = None

    def __post_init__(self) -> None:
        known = (*ENGINES, *SOURCES)
        if self.picture not in known:
            raise InputError(f"The engine must be one of {', '.join(known)}, but got {self.picture!r}.")
        if self.picture in SOURCES and self.checkpoint is not None:
            raise InputError("--checkpoint must be given with --engine, as a source has no weights.")

    def of(self, pair: ImagePair) -> np.ndarray:
        """The picture that is looked at, float32 (H, W, 3) in [0, 1]; infrared is grey."""
        if self.picture == "visible":
            return pair.visible
        if self.picture == "infrared":
            return np.repeat(pair.infrared[..., None], 3, axis=2)
        engine = engines.build(self.picture, checkpoint=self.checkpoint, device="auto")
        return engine.fuse(pair, Instruction()).image


def score(
    scenes: Sequence[Scene],
    shown: Shown,
    output: Path,
    limit: int | None = None,
    workers: int = 1,
    notify: Notify | None = None,
) -> dict:
    """Detect in every picture and score.

    Args:
        scenes: Pictures; those without an annotation are left out, as nobody says what is in them.
        shown: What the detector looks at.
        output: Where the report will be written; matches so far are kept beside it.
        limit: At most so many pictures, spread over all.
        workers: Processes.
        notify: Told after each picture.

    Returns:
        `n` pictures; `mean` with mAP@0.5 and each class's AP@0.5 in percent (null where there is no object);
        `interval`, 95 % bootstrap over pictures, of mAP@0.5; `objects` per class; `per_image` with what was matched.

    Raises:
        InputError: No picture has boxes, or one cannot be read or fused.
        CheckpointError: Weights cannot be used.
    """
    boxed = [scene for scene in scenes if scene.annotation is not None]
    if not boxed:
        raise InputError("The data must have boxes in scenes.jsonl, but no picture has an annotation there.")
    boxed = evenly_spaced(boxed, limit)
    asked = {
        "picture": shown.picture,
        "weights": weights_of(shown.picture, shown.checkpoint),
        "detector": weights_of(DETECTOR, shown.detector),
        "overlap": OVERLAP,
        "interpolation": "all points",
    }
    results = ResumableResults(output, {**asked, "items": [scene.name for scene in boxed]})
    todo = [scene for scene in boxed if scene.name not in results.done]
    for scene, matched in each(partial(match_scene, shown=shown), todo, workers):
        results.add(scene.name, matched)
        if notify is not None:
            notify(len(results.done), len(boxed), scene.name)
    return {**report({scene.name: results.done[scene.name] for scene in boxed}), "settings": asked}


def match_scene(scene: Scene, shown: Shown) -> Matched:
    """What the detector finds in one picture, matched to its objects."""
    from app.pairs import read_pair

    picture = shown.of(read_pair(scene.visible_file, scene.infrared_file))
    found = engines.build(DETECTOR, checkpoint=shown.detector, device="auto").detect(picture, _LEAST)
    truth = boxes_of(scene)
    matched: Matched = {}
    for number, name in enumerate(DETECTED_CLASSES):
        mine = [item for item in found if item.label == name]
        objects = truth.corners[truth.kinds == number]
        ranked = match(np.array([item.box for item in mine]), np.array([item.score for item in mine]), objects)
        matched[name] = (ranked.scores.round(5).tolist(), ranked.right.tolist(), ranked.objects)
    return matched


def report(matched: dict[str, Matched]) -> dict:
    """The report of `score`, settings apart."""
    by_class = {
        name: [
            Ranked(np.array(of_picture[name][0], float), np.array(of_picture[name][1], bool), of_picture[name][2])
            for of_picture in matched.values()
        ]
        for name in DETECTED_CLASSES
    }
    mean, each_class = mean_average_precision(by_class)
    interval = mean_interval(by_class)
    values = {"mAP@0.5": mean, **{f"AP@0.5 {name}": value for name, value in each_class.items()}}
    return {
        "n": len(matched),
        "mean": {name: None if value is None else 100.0 * value for name, value in values.items()},
        "interval": {"mAP@0.5": None if interval is None else [100.0 * value for value in interval]},
        "objects": {name: sum(ranked.objects for ranked in given) for name, given in by_class.items()},
        "per_image": {
            picture: {
                name: {"scores": scores, "right": right, "objects": objects}
                for name, (scores, right, objects) in of_picture.items()
            }
            for picture, of_picture in matched.items()
        },
    }
