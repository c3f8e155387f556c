"""False positives: what the head marks when the words name something that is not in the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from engines.errors import InputError
from evaluation.progress import Notify
from evaluation.referring_benchmark import TIMES, measure
from evaluation.referring_items import Picture, Sentence
from evaluation.referring_masks import Method
from training.references import Scene

KIND = "absent"
# In percent of the picture: larger masks count as false positives.
TOLERATED = 0.5
# Class -> its names, and the classes of which one may be taken for it. Only classes that the annotation of a scene
# counts completely can be known to be absent.
_NAMES = {
    "person": (("person", "persons"), ("pedestrian", "pedestrians"), ("man", "men")),
    "car": (("car", "cars"), ("sedan", "sedans"), ("parked car", "parked cars")),
    "bicycle": (("bicycle", "bicycles"), ("bike", "bikes")),
    "cone": (("cone", "cones"), ("traffic cone", "traffic cones"), ("orange cone", "orange cones")),
}
_SIMILAR = {"person": (), "car": ("truck", "bus"), "bicycle": ("motorcycle",), "cone": ()}
_WORDINGS = (
    "the {many}",
    "the {one} on the left",
    "the {one} on the right",
    "the nearest {one}",
    "two {many} at the side of the road",
    "the {one} in the middle of the picture",
    "every {one}",
    "the leftmost {one}",
    "the {one} in the distance",
    "three {many} next to each other",
)


def absent_pictures(scenes: Sequence[Scene], count: int, seed: int = 0) -> list[Picture]:
    """Pictures with expressions that name what is certainly not in them.

    Args:
        scenes: Annotated scenes.
        count: How many expressions, spread over the pictures and classes as evenly as they allow.
        seed: The same seed and scenes give the same expressions.

    Raises:
        InputError: A count below 1, no scene that lacks one of the classes, or too few for so many expressions.
    """
    if count < 1:
        raise InputError(f"The number of expressions must be at least 1, but got {count}.")
    random = np.random.default_rng(seed)
    choices: list[list[Sentence]] = []
    for scene in scenes:
        for name, nouns in _NAMES.items():
            if not scene.present.isdisjoint((name, *_SIMILAR[name])):
                continue
            wordings = [wording.format(one=one, many=many) for wording in _WORDINGS for one, many in nouns]
            drawn = random.permutation(len(wordings))
            choices.append(
                [Sentence(f"{scene.name}#{name}.{i}", wordings[j], KIND, (name,), None) for i, j in enumerate(drawn)]
            )
    order = random.permutation(len(choices))
    rounds = [choices[i][number] for number in range(len(_WORDINGS)) for i in order]
    if len(rounds) < count:
        raise InputError(
            f"The data must have annotated pictures without {', '.join(_NAMES)} for {count} expressions, "
            f"but allows {len(rounds)}."
        )
    chosen: dict[str, list[Sentence]] = {}
    for sentence in rounds[:count]:
        chosen.setdefault(sentence.name.partition("#")[0], []).append(sentence)
    bare = (Picture(scene.name, scene.visible_file, scene.infrared_file, scene.night, ()) for scene in scenes)
    return [replace(picture, sentences=tuple(chosen[picture.name])) for picture in bare if picture.name in chosen]


def score(
    pictures: Sequence[Picture], method: Method, output: Path, workers: int = 1, notify: Notify | None = None
) -> dict:
    """Segment every expression; each mask should be empty.

    Args:
        pictures: Those of `absent_pictures`.
        method: What fuses and what segments.
        output: Where the report will be written.
        workers: Processes.
        notify: Told after each picture.

    Returns:
        In percent: `mask_share`, the mean share of the picture that is marked; `false_positives`, the share of
        expressions that mark more than TOLERATED percent of it; `empty`, the share that mark nothing. The same under
        `per_class` and `per_time`; the marked share of each expression under `per_reference`, its words under `texts`.
    """
    asked = {"absent": TOLERATED, **method.described()}
    shares = measure(pictures, partial(mark_picture, method=method), asked, output, workers, notify)
    items = [(picture, sentence) for picture in pictures for sentence in picture.sentences]
    groups: dict[str, dict[str, list[float]]] = {"per_class": {}, "per_time": {}}
    for picture, sentence in items:
        share = shares[sentence.name]
        groups["per_class"].setdefault(sentence.classes[0], []).append(share)
        if picture.night is not None:
            groups["per_time"].setdefault(TIMES[picture.night], []).append(share)
    return {
        **_summary(list(shares.values())),
        **{name: {key: _summary(found) for key, found in sorted(group.items())} for name, group in groups.items()},
        "per_reference": {name: {"mask_share": share} for name, share in shares.items()},
        "texts": {sentence.name: sentence.text for _, sentence in items},
        "settings": asked,
    }


def mark_picture(picture: Picture, method: Method) -> dict[str, float]:
    """The share of the picture, in percent, that each of its expressions marks, by name."""
    found = method.segment(method.fitted(picture.read()), [sentence.text for sentence in picture.sentences])
    return {
        sentence.name: 100.0 * float(mask.mean()) for sentence, (_, mask) in zip(picture.sentences, found, strict=True)
    }


def _summary(shares: Sequence[float]) -> dict[str, float]:
    values = np.asarray(shares)
    return {
        "n": len(values),
        "mask_share": float(values.mean()),
        "false_positives": 100.0 * float((values > TOLERATED).mean()),
        "empty": 100.0 * float((values == 0.0).mean()),
    }
