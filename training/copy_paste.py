"""Copy–paste of rare objects: a cone of one picture stands in another, taken by the same cameras in the same light."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from evaluation.run_length import decode_mask
from training.references import CLASSES, Scene

PASTED = ("person", "car", "truck", "bus", "bicycle", "motorcycle", "cone", "bollard", "barrier", "sign")
# Smaller ones are specks, larger ones bring their surroundings along.
_AREA = (80, 30_000)


@dataclass(frozen=True)
class Cutout:
    """An object with the pixels it was seen with.

    Attributes:
        name: Its class.
        visible: uint8 (h, w, 3).
        infrared: uint8 (h, w).
        mask: uint8 (h, w), 1 on the object.
        bottom: Where it stood, as a share of the picture's height.
        height: Its height as a share of the picture's.
    """

    name: str
    visible: np.ndarray
    infrared: np.ndarray
    mask: np.ndarray
    bottom: float
    height: float


class CutoutBank:
    """Objects by data set, light and class."""

    def __init__(self, scenes: list[Scene]) -> None:
        self.by_setting: dict[tuple, dict[str, list[Cutout]]] = {}
        for scene in scenes:
            for item in scene.annotation["objects"] if scene.annotation else ():
                cutout = _cut(scene, item)
                if cutout is not None:
                    self.by_setting.setdefault(_setting(scene), {}).setdefault(cutout.name, []).append(cutout)

    def draw(self, scene: Scene, rng: np.random.Generator) -> Cutout | None:
        """An object that could stand in the scene; classes alike in probability. None where there is none."""
        by_class = self.by_setting.get(_setting(scene))
        if not by_class:
            return None
        cutouts = by_class[sorted(by_class)[rng.integers(len(by_class))]]
        return cutouts[rng.integers(len(cutouts))]


def paste(
    visible: np.ndarray, infrared: np.ndarray, labels: np.ndarray, cutout: Cutout, rng: np.random.Generator
) -> np.ndarray:
    """Put the object at about its own height in the picture, anywhere across it; all three arrays change in place.

    Args:
        visible: uint8 (H, W, 3).
        infrared: uint8 (H, W).
        labels: uint8 (H, W), class indices.
        cutout: The object.
        rng: Draws place, size and side.

    Returns:
        bool (H, W): the pixels it took.
    """
    height, width = labels.shape
    scale = rng.uniform(0.8, 1.3) * cutout.height * height / cutout.mask.shape[0]
    size = (max(4, round(cutout.mask.shape[1] * scale)), max(6, round(cutout.mask.shape[0] * scale)))
    flip = slice(None, None, -1 if rng.random() < 0.5 else 1)
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    soft = cv2.resize(np.ascontiguousarray(cutout.mask[:, flip]).astype(np.float32), size, interpolation=interpolation)
    colours = cv2.resize(np.ascontiguousarray(cutout.visible[:, flip]), size, interpolation=interpolation)
    warmth = cv2.resize(np.ascontiguousarray(cutout.infrared[:, flip]), size, interpolation=interpolation)

    bottom = round((cutout.bottom + rng.uniform(-0.05, 0.08)) * height)
    left = rng.integers(-size[0] // 3, width - size[0] // 2)
    top = bottom - size[1]
    y0, y1, x0, x1 = max(0, top), min(height, bottom), max(0, left), min(width, left + size[0])
    taken = np.zeros((height, width), bool)
    if y1 <= y0 or x1 <= x0:
        return taken
    here, there = (slice(y0, y1), slice(x0, x1)), (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    weight = soft[there]
    visible[here] = visible[here] + weight[..., None] * (colours[there].astype(np.float32) - visible[here])
    infrared[here] = infrared[here] + weight * (warmth[there].astype(np.float32) - infrared[here])
    taken[here] = weight >= 0.5
    labels[taken] = CLASSES.index(cutout.name)
    return taken


def _setting(scene: Scene) -> tuple:
    return scene.visible_file.parent, scene.night


def _cut(scene: Scene, item: dict) -> Cutout | None:
    """The object, or None for one of another class or size, or cut off by the picture's edge."""
    height, width = scene.infrared.shape
    x0, y0, x1, y1 = (int(round(v)) for v in item["box"])
    inside = x0 > 1 and y0 > 1 and x1 < width - 1 and y1 < height - 1
    if item["class"] not in PASTED or not inside or not _AREA[0] <= item["area"] <= _AREA[1]:
        return None
    mask = decode_mask(item["mask"]["size"], item["mask"]["counts"])[y0:y1, x0:x1].astype(np.uint8)
    if not mask.any():
        return None
    visible, infrared = scene.visible[y0:y1, x0:x1].copy(), scene.infrared[y0:y1, x0:x1].copy()
    return Cutout(item["class"], visible, infrared, mask, y1 / height, (y1 - y0) / height)
