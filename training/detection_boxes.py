"""What the detector learns from: boxes of scenes.jsonl, moved along with their picture, as targets at every place."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor

from engines.text2pixels.config import DETECTED_CLASSES
from engines.text2pixels.detector import CENTRE_STRIDE
from training.references import Scene

# Standard deviation of a centre's peak, as a share of the box (TTFNet, Liu et al. 2020: 0.54 / 6).
_PEAK = 0.09
# Places where the peak is at least so high learn the box.
_NEAR_CENTRE = 0.3
# A box of which less than this is left after cropping, or a side of fewer pixels, is left out.
_LEFT = 0.3
_SMALLEST = 3.0


@dataclass(frozen=True)
class Boxes:
    """Objects of one picture.

    Attributes:
        corners: float32 (N, 4): x0, y0, x1, y1 in pixels, right and bottom exclusive.
        kinds: int64 (N,), index into DETECTED_CLASSES.
    """

    corners: np.ndarray
    kinds: np.ndarray


@dataclass(frozen=True)
class Targets:
    """What the detector should say at each place of its finest level.

    Attributes:
        heat: (B, classes, h, w): 1 at a centre, falling off like a bell around it.
        sides: (B, 4, h, w): distances to the object's sides in pixels, where `weight` is above 0.
        weight: (B, 1, h, w): how much a place counts for the box.
    """

    heat: Tensor
    sides: Tensor
    weight: Tensor

    def to(self, device: torch.device) -> Targets:
        """The same on a device."""
        return Targets(self.heat.to(device), self.sides.to(device), self.weight.to(device))


def boxes_of(scene: Scene) -> Boxes:
    """The scene's people, cars and bicycles; none without an annotation."""
    items = [] if scene.annotation is None else scene.annotation["objects"]
    known = [item for item in items if item["class"] in DETECTED_CLASSES]
    return Boxes(
        np.array([item["box"] for item in known], np.float32).reshape(-1, 4),
        np.array([DETECTED_CLASSES.index(item["class"]) for item in known], np.int64),
    )


@dataclass(frozen=True)
class View:
    """A window of a picture, mirrored or not, seen at another size.

    Attributes:
        window: x0, y0, x1, y1 in whole pixels.
        size: Height and width it is seen at.
        mirrored: Left and right swapped.
    """

    window: tuple[int, int, int, int]
    size: tuple[int, int]
    mirrored: bool

    def picture(self, array: np.ndarray) -> np.ndarray:
        """(H, W[, C]) -> the window at the view's size."""
        x0, y0, x1, y1 = self.window
        part = array[y0:y1, x0:x1]
        shrinks = part.shape[0] > self.size[0]
        interpolation = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        seen = cv2.resize(np.ascontiguousarray(part), self.size[::-1], interpolation=interpolation)
        return np.ascontiguousarray(seen[:, ::-1]) if self.mirrored else seen

    def boxes(self, boxes: Boxes) -> Boxes:
        """The boxes that are still in view, cut at its border."""
        x0, y0, x1, y1 = self.window
        scale = np.array([self.size[1] / (x1 - x0), self.size[0] / (y1 - y0)] * 2, np.float32)
        moved = (boxes.corners - np.array([x0, y0, x0, y0], np.float32)) * scale
        limits = np.array(self.size[::-1] * 2, np.float32)
        cut = np.clip(moved, 0.0, limits)
        areas = [(box[:, 2:] - box[:, :2]).prod(axis=1) for box in (cut, moved)]
        seen = (areas[0] > _LEFT * areas[1]) & ((cut[:, 2:] - cut[:, :2]).min(axis=1, initial=np.inf) >= _SMALLEST)
        if self.mirrored:
            cut[:, [0, 2]] = limits[0] - cut[:, [2, 0]]
        return Boxes(cut[seen], boxes.kinds[seen])


def random_view(shape: tuple[int, int], size: tuple[int, int], rng: np.random.Generator, smallest: float = 0.5) -> View:
    """A window of at least `smallest` of each side, the whole picture in a third of the cases; mirrored in half."""
    height, width = shape
    share = 1.0 if rng.random() < 1 / 3 else rng.uniform(smallest, 1.0)
    h, w = (round(length * min(1.0, share * rng.uniform(0.9, 1.1))) for length in (height, width))
    y, x = int(rng.integers(height - h + 1)), int(rng.integers(width - w + 1))
    return View((x, y, x + w, y + h), size, bool(rng.random() < 0.5))


def targets_of(boxes: list[Boxes], size: tuple[int, int]) -> Targets:
    """Targets of a batch.

    Args:
        boxes: Per picture.
        size: Height and width of the pictures, multiples of CENTRE_STRIDE.
    """
    height, width = (length // CENTRE_STRIDE for length in size)
    heat = np.zeros((len(boxes), len(DETECTED_CLASSES), height, width), np.float32)
    sides = np.ones((len(boxes), 4, height, width), np.float32)
    weight = np.zeros((len(boxes), 1, height, width), np.float32)
    xs, ys = (CENTRE_STRIDE * (np.arange(count, dtype=np.float32) + 0.5) for count in (width, height))
    for number, of_picture in enumerate(boxes):
        corners = of_picture.corners
        # The smallest last, so that it has the say where objects overlap.
        for index in np.argsort(-(corners[:, 2:] - corners[:, :2]).prod(axis=1)):
            x0, y0, x1, y1 = corners[index]
            column, row = (
                min(int(0.5 * (low + high) / CENTRE_STRIDE), count - 1)
                for low, high, count in ((x0, x1, width), (y0, y1, height))
            )
            deviations = [max(_PEAK * (high - low), 0.5 * CENTRE_STRIDE) for low, high in ((x0, x1), (y0, y1))]
            bell = np.exp(
                -0.5 * ((xs[None] - xs[column]) / deviations[0]) ** 2
                - 0.5 * ((ys[:, None] - ys[row]) / deviations[1]) ** 2
            )
            kind = of_picture.kinds[index]
            heat[number, kind] = np.maximum(heat[number, kind], bell)
            inside = (xs[None] > x0) & (xs[None] < x1) & (ys[:, None] > y0) & (ys[:, None] < y1)
            near = inside & (bell >= _NEAR_CENTRE)
            near[row, column] = True
            distances = (xs[None] - x0, ys[:, None] - y0, x1 - xs[None], y1 - ys[:, None])
            for side, distance in enumerate(distances):
                sides[number, side] = np.where(near, np.maximum(distance, 0.5), sides[number, side])
            weight[number, 0] = np.where(near, bell, weight[number, 0])
    return Targets(torch.from_numpy(heat), torch.from_numpy(sides), torch.from_numpy(weight))
