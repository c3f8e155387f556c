"""Detected objects as parts of the regions an instruction names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engines.masks import mask_box
from engines.text2pixels.detector import Detection
from engines.text2pixels.named_classes import class_named, names_whole_class
from engines.types import Region

# Below this score a detection is not worth telling a person.
TOLD_FROM = 0.3
# Share of a box that a region must cover for the object to be one of the region's.
_COVERED = 0.2
_PLURALS = {"person": ("person", "people"), "car": ("car", "cars"), "bicycle": ("bicycle", "bicycles")}


def with_objects(region: Region, detections: Sequence[Detection]) -> Region:
    """The region with the detected objects that it means as parts, and a note that counts them.

    A phrase for a whole class, of which the masker found nothing, becomes the detected boxes. Any phrase that names no
    class the detector knows gives the region as it is.

    Args:
        region: As a masker found it.
        detections: All of the picture.
    """
    kind = class_named(region.label)
    if kind is None:
        return region
    mine = [item for item in detections if item.label == kind and item.score >= TOLD_FROM]
    if region.box is None:
        if not mine or not names_whole_class(region.label):
            return region
        parts = tuple(_boxed(item, np.ones_like(region.mask)) for item in mine)
        mask = np.maximum.reduce([part.mask for part in parts])
        note = f"“{region.label}” was not outlined, so the detector's boxes are the region."
        score = max(part.score for part in parts)
        region = replace(region, mask=mask, score=score, box=mask_box(mask), parts=parts, notes=(*region.notes, note))
    else:
        meant = [item for item in mine if _covered(item, region.mask) >= _COVERED]
        region = replace(region, parts=tuple(_boxed(item, region.mask) for item in meant)) if meant else region
        mine = meant
    counted = f"{len(mine)} {_PLURALS[kind][len(mine) != 1]}"
    scores = f" (score {', '.join(f'{item.score:.2f}' for item in mine)})" if mine else ""
    return replace(region, notes=(*region.notes, f"The detector sees {counted} for “{region.label}”{scores}."))


def _window(item: Detection) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = (round(value) for value in item.box)
    return x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)


def _covered(item: Detection, mask: np.ndarray) -> float:
    x0, y0, x1, y1 = _window(item)
    part = mask[y0:y1, x0:x1]
    return float(part.mean()) if part.size else 0.0


def _boxed(item: Detection, mask: np.ndarray) -> Region:
    x0, y0, x1, y1 = box = _window(item)
    inside = np.zeros_like(mask)
    inside[y0:y1, x0:x1] = mask[y0:y1, x0:x1]
    return Region(item.label, inside, item.score, box)
