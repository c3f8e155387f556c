"""Referring segmentation of what an engine fuses, over a data set: every sentence of every reference is one item."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from evaluation.bootstrap import mean_interval
from evaluation.parallel import each
from evaluation.progress import Notify
from evaluation.referring_items import Picture, Sentence, keep
from evaluation.referring_masks import Method
from evaluation.referring_metrics import overlap, summary
from evaluation.resumable import ResumableResults

# IoU in [0, 1], intersection and union in pixels.
Score = tuple[float, int, int]
TIMES = {True: "night", False: "day"}


def score(
    pictures: Sequence[Picture], method: Method, output: Path, workers: int = 1, notify: Notify | None = None
) -> dict:
    """Segment every sentence and compare with its mask.

    Args:
        pictures: The data.
        method: What fuses and what segments.
        output: Where the report will be written; the scores so far are kept beside it, for a run that is stopped.
        workers: Processes.
        notify: Told after each picture.

    Returns:
        The report of `report`.

    Raises:
        InputError: A picture or mask cannot be read, sizes differ, or the engine is unknown.
        CheckpointError: Weights cannot be used.
    """
    asked = method.described()
    scores = measure(pictures, partial(score_picture, method=method), asked, output, workers, notify)
    return {**report(pictures, scores), "settings": asked}


def measure(
    pictures: Sequence[Picture],
    work: Callable[[Picture], dict[str, Any]],
    asked: dict[str, Any],
    output: Path,
    workers: int = 1,
    notify: Notify | None = None,
) -> dict[str, Any]:
    """Do `work` on every picture, going on where a stopped run with the same question was.

    Args:
        pictures: The data.
        work: A function of a module, or a partial of one: a picture to a result per name of its sentences, as JSON.
        asked: What the results depend on beside the pictures.
        output: Where the report will be written.
        workers: Processes.
        notify: Told after each picture.

    Returns:
        The result of each sentence by name, in the pictures' order.
    """
    names = [sentence.name for picture in pictures for sentence in picture.sentences]
    results = ResumableResults(output, {**asked, "pictures": [_fingerprint(picture) for picture in pictures]})
    todo = keep(pictures, {name for name in names if name not in results.done})
    for picture, of_picture in each(work, todo, workers):
        for name, result in of_picture.items():
            results.add(name, result)
        if notify is not None:
            notify(len(results.done), len(names), picture.name)
    return {name: results.done[name] for name in names}


def score_picture(picture: Picture, method: Method) -> dict[str, Score]:
    """IoU, intersection and union of each sentence about one picture, by name."""
    pair = picture.read()
    truths = [method.fitted_mask(sentence.mask(pair.shape)) for sentence in picture.sentences]
    found = method.segment(method.fitted(pair), [sentence.text for sentence in picture.sentences])
    return {
        sentence.name: overlap(mask, truth)
        for sentence, truth, (_, mask) in zip(picture.sentences, truths, found, strict=True)
    }


def report(pictures: Sequence[Picture], scores: dict[str, Score]) -> dict:
    """The JSON shape of DESIGN.md, section 5, and more.

    Returns:
        `evaluation.referring_metrics.summary` over all sentences; `interval`, the 95 % bootstrap interval of mIoU; the
        same summary of each kind (`per_kind`), of each class over the references to a whole class (`per_class`), by
        `day` and `night` (`per_time`), where the data says; and the IoU in percent of each sentence (`per_reference`).
    """
    items = [(picture, sentence) for picture in pictures for sentence in picture.sentences]
    by_picture = [picture.name for picture, _ in items]
    ious = [100.0 * scores[sentence.name][0] for _, sentence in items]
    made = {
        **_summary(items, scores),
        "interval": {"mIoU": mean_interval(ious, by_picture)},
        "per_kind": _grouped(items, scores, lambda _, sentence: sentence.kind),
        "per_class": _grouped(
            items, scores, lambda _, sentence: sentence.classes[0] if _is_one_class(sentence) else None
        ),
        "per_time": _grouped(items, scores, lambda picture, _: TIMES.get(picture.night)),
    }
    rows = {sentence.name: {"IoU": iou} for (_, sentence), iou in zip(items, ious, strict=True)}
    return {**made, "per_reference": rows}


def _is_one_class(sentence: Sentence) -> bool:
    return sentence.kind == "class" and len(sentence.classes) == 1


def _grouped(
    items: Iterable[tuple[Picture, Sentence]],
    scores: dict[str, Score],
    group_of: Callable[[Picture, Sentence], str | None],
) -> dict[str, dict[str, float]]:
    groups: dict[str, list[tuple[Picture, Sentence]]] = {}
    for picture, sentence in items:
        group = group_of(picture, sentence)
        if group is not None:
            groups.setdefault(group, []).append((picture, sentence))
    return {group: _summary(members, scores) for group, members in sorted(groups.items())}


def _summary(items: Iterable[tuple[Picture, Sentence]], scores: dict[str, Score]) -> dict[str, float]:
    ious, intersections, unions = zip(*(scores[sentence.name] for _, sentence in items), strict=True)
    return summary(ious, intersections, unions)


def _fingerprint(picture: Picture) -> list[Any]:
    """What tells a picture and its sentences from others of the same names."""
    stamps = [
        [str(file.resolve()), file.stat().st_size, file.stat().st_mtime_ns]
        for file in (picture.visible, picture.infrared)
    ]
    sentences = [[sentence.name, sentence.text, sentence.rle] for sentence in picture.sentences]
    return [picture.name, *stamps, zlib.crc32(json.dumps(sentences).encode())]
