"""Referring segmentation of an engine over a data set: every sentence of every reference is one item."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from engines.errors import InputError
from engines.types import Edit, Engine, FusionResult, ImagePair, Instruction
from evaluation.fusion_benchmark import Notify
from evaluation.references import ReferenceFolder
from evaluation.referring_metrics import overlap, summary

_ARTICLE = re.compile(r"^(?:the|an|a)\s+(?=\S)", re.IGNORECASE)


def highlight(sentence: str) -> Instruction:
    """The instruction that asks for what a referring expression means: highlight it, without a leading article."""
    region = _ARTICLE.sub("", sentence.strip())
    return Instruction(text=sentence, edits=(Edit(region, "highlight"),), parser="none")


def score_references(
    engine: Engine, references: ReferenceFolder, without_text: bool = False, notify: Notify | None = None
) -> dict:
    """Segment every sentence and compare with its mask; an engine that gives no mask has segmented nothing.

    Args:
        engine: Fuses and segments; its mask counts as inside where it is 0.5 or more.
        references: The data.
        without_text: Fuse without the text but segment with it, through the engine's `fuse_without_text`.
        notify: Told before each picture.

    Returns:
        `evaluation.referring_metrics.summary` over all sentences, and the same of each kind under `per_kind`.

    Raises:
        InputError: The engine cannot fuse without text, a picture or mask cannot be read, or their sizes differ.
    """
    from app.pairs import read_pair

    fuse = _fuse_of(engine, without_text)
    scores: dict[str, list[tuple[float, int, int]]] = {}
    done = 0
    for group in references.by_image():
        if notify is not None:
            notify(done, references.n, group[0].image)
        pair = read_pair(group[0].visible, group[0].infrared)
        for reference in group:
            if reference.mask.shape != pair.shape:
                raise InputError(
                    f"The masks of {reference.image} must be {pair.shape[1]}x{pair.shape[0]} like its visible picture, "
                    f"but one is {reference.mask.shape[1]}x{reference.mask.shape[0]}."
                )
            result = fuse(pair, highlight(reference.sentence))
            scores.setdefault(reference.kind, []).append(overlap(_inside(result, pair), reference.mask))
        done += len(group)
    everything = [score for of_kind in scores.values() for score in of_kind]
    per_kind = {kind: _summary(of_kind) for kind, of_kind in sorted(scores.items())}
    return {**_summary(everything), "per_kind": per_kind}


def _fuse_of(engine: Engine, without_text: bool) -> Callable[[ImagePair, Instruction], FusionResult]:
    if not without_text:
        return engine.fuse
    fuse = getattr(engine, "fuse_without_text", None)
    if fuse is None:
        raise InputError(f"The engine {engine.name!r} cannot fuse without text, so --without-text must be left out.")
    return fuse


def _inside(result: FusionResult, pair: ImagePair) -> np.ndarray:
    return np.zeros(pair.shape, dtype=bool) if result.mask is None else result.mask >= 0.5


def _summary(scores: list[tuple[float, int, int]]) -> dict[str, float]:
    ious, intersections, unions = zip(*scores, strict=True)
    return summary(ious, intersections, unions)
