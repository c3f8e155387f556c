"""Samples of both levels of the From-Text-to-Pixels recipe: pointed-at crops for fusion, boxed views for detection."""

from __future__ import annotations

import re
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor

from engines.masks import mask_box
from engines.mirrored_sentence import mirrored_sentence
from engines.text2pixels.config import DETECTED_CLASSES
from training.augmentation import depends_on_frame, photometric
from training.copy_paste import CutoutBank, paste
from training.detection_boxes import Boxes, Targets, boxes_of, random_view, targets_of
from training.references import Reference, Scene
from training.referring_samples import KIND_WEIGHTS, SYNONYMS

_ARTICLE = re.compile(r"^(?:the|an|a)\s+(?=\S)", re.IGNORECASE)
# Share of class expressions said in other everyday words.
_OTHER_WORDS = 0.35
# Share of samples in which nobody says where the thing is, so that the words have to.
_UNPLACED = 0.15
# Largest shift, in pixels, of a place that is given: maskers are not exact.
_SHIFT = 4
# How much more often pictures with a bicycle, the rarest class, are drawn, and share of pictures with pasted objects.
_RARE = 3.0
_PASTING = 0.4


@dataclass(frozen=True)
class Pointed:
    """Crops with an expression each.

    Attributes:
        visible: (B, 3, S, S), RGB in [0, 1].
        infrared: (B, 1, S, S) in [0, 1].
        mask: (B, 1, S, S), 1 on what the expression means.
        place: The same as a masker would find it: shifted, soft, or all zeros.
        sentences: B expressions.
        scenes: Where the crops are from.
    """

    visible: Tensor
    infrared: Tensor
    mask: Tensor
    place: Tensor
    sentences: list[str]
    scenes: list[Scene]


@dataclass(frozen=True)
class Boxed:
    """Views with the detector's targets.

    Attributes:
        visible: (B, 3, H, W), RGB in [0, 1].
        infrared: (B, 1, H, W) in [0, 1].
        place: (B, 1, H, W): where the expression points; all zeros without one.
        sentences: B expressions, empty where nothing is said.
        targets: Of the objects in view.
    """

    visible: Tensor
    infrared: Tensor
    place: Tensor
    sentences: list[str]
    targets: Targets


class Samples:
    """Endless samples; the same seed gives the same ones."""

    def __init__(self, scenes: list[Scene], seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.by_kind = {
            kind: [(scene, reference) for scene in scenes for reference in scene.references if reference.kind == kind]
            for kind in KIND_WEIGHTS
        }
        self.kinds = [kind for kind in KIND_WEIGHTS if self.by_kind[kind]]
        weights = np.array([KIND_WEIGHTS[kind] for kind in self.kinds])
        self.kind_weights = weights / weights.sum()
        self.boxed_scenes = [scene for scene in scenes if scene.annotation is not None]
        bicycle = DETECTED_CLASSES.index("bicycle")
        weights = np.array([_RARE if bicycle in boxes_of(scene).kinds else 1.0 for scene in self.boxed_scenes])
        self.scene_weights = weights / weights.sum()
        self.bank = CutoutBank(scenes)

    def pointed(self, batch: int, size: int) -> Pointed:
        """Crops with a thing and an expression that means it; smaller ones where a picture drawn is smaller."""
        drawn = [self._draw() for _ in range(batch)]
        size = min(size, *(min(scene.infrared.shape) for scene, _ in drawn))
        crops = [self._crop(scene, reference, size) for scene, reference in drawn]
        visible, infrared, mask, sentences, scenes = zip(*crops, strict=True)
        masks = torch.from_numpy(np.stack(mask)[:, None].astype(np.float32))
        return Pointed(
            _tensor(visible),
            _tensor(infrared),
            masks,
            torch.stack([self._placed(one) for one in masks]),
            list(sentences),
            list(scenes),
        )

    def boxed(self, batch: int, size: tuple[int, int], told: float) -> Boxed:
        """Views of whole pictures or large parts, `told` of them with an expression where one stays true."""
        views = [self._view(size, told) for _ in range(batch)]
        visible, infrared, place, sentences, boxes = zip(*views, strict=True)
        return Boxed(
            torch.from_numpy(np.stack(visible)).permute(0, 3, 1, 2).contiguous(),
            torch.from_numpy(np.stack(infrared)[:, None]),
            torch.from_numpy(np.stack(place)[:, None].astype(np.float32)),
            list(sentences),
            targets_of(list(boxes), size),
        )

    def _wording(self, reference: Reference) -> str:
        """One of its expressions as an instruction's region would be: without a leading article."""
        synonyms = SYNONYMS.get(reference.classes[0]) if reference.kind == "class" and reference.classes else None
        if synonyms and self.rng.random() < _OTHER_WORDS:
            return synonyms[self.rng.integers(len(synonyms))]
        return _ARTICLE.sub("", reference.sentences[self.rng.integers(len(reference.sentences))])

    def _draw(self) -> tuple[Scene, Reference]:
        kind = self.kinds[self.rng.choice(len(self.kinds), p=self.kind_weights)]
        return self.by_kind[kind][self.rng.integers(len(self.by_kind[kind]))]

    def _crop(
        self, scene: Scene, reference: Reference, size: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, str, Scene]:
        mask, sentence = reference.mask(), self._wording(reference)
        x0, y0, x1, y1 = mask_box(mask) or (0, 0, *mask.shape[::-1])
        height, width = mask.shape
        window = []
        for low, high, length in ((y0, y1, height), (x0, x1, width)):
            start = int(self.rng.integers(low, high)) - int(self.rng.integers(size))
            start = min(max(0, start), max(0, length - size))
            window.append(slice(start, start + size))
        across = slice(None)
        if self.rng.random() < 0.5 and (swapped := mirrored_sentence(sentence)):
            sentence, across = swapped, slice(None, None, -1)
        parts = (np.ascontiguousarray(array[(*window,)][:, across]) for array in (scene.visible, scene.infrared, mask))
        return *parts, sentence, scene

    def _placed(self, mask: Tensor) -> Tensor:
        """(1, S, S) as a masker would give it."""
        if self.rng.random() < _UNPLACED:
            return torch.zeros_like(mask)
        shift = tuple(int(v) for v in self.rng.integers(-_SHIFT, _SHIFT + 1, 2))
        soft = cv2.blur(mask[0].numpy(), (5, 5))
        return torch.from_numpy(np.roll(soft, shift, axis=(0, 1)))[None]

    def _view(self, size: tuple[int, int], told: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, str, Boxes]:
        scene = self.boxed_scenes[self.rng.choice(len(self.boxed_scenes), p=self.scene_weights)]
        visible, infrared, boxes = scene.visible, scene.infrared, boxes_of(scene)
        if self.rng.random() < _PASTING:
            visible, infrared, boxes = self._with_newcomers(scene, boxes)
        view = random_view(infrared.shape, size, self.rng)
        place, sentence = np.zeros(infrared.shape, np.float32), ""
        if scene.references and self.rng.random() < told:
            reference = scene.references[self.rng.integers(len(scene.references))]
            wording = self._wording(reference)
            said = mirrored_sentence(wording) if view.mirrored else wording
            if said and not depends_on_frame(wording):
                place, sentence = reference.mask().astype(np.float32), said
        bright, warm = photometric(view.picture(visible), view.picture(infrared), self.rng)
        return bright, warm, view.picture(place), sentence, view.boxes(boxes)

    def _with_newcomers(self, scene: Scene, boxes: Boxes) -> tuple[np.ndarray, np.ndarray, Boxes]:
        """The pair with a few objects of others in it; what they hide for the most part is no object any more."""
        visible, infrared, labels = scene.visible.copy(), scene.infrared.copy(), scene.labels.copy()
        corners, kinds = list(boxes.corners), list(boxes.kinds)
        for _ in range(self.rng.integers(1, 4)):
            cutout = self.bank.draw(scene, self.rng)
            if cutout is None or cutout.name not in DETECTED_CLASSES:
                continue
            taken = paste(visible, infrared, labels, cutout, self.rng)
            box = mask_box(taken)
            if box is None:
                continue
            shown = [_hidden(corner, taken) < 0.6 for corner in corners]
            corners = [corner for corner, keep in zip(corners, shown, strict=True) if keep] + [np.float32(box)]
            kinds = [kind for kind, keep in zip(kinds, shown, strict=True) if keep]
            kinds.append(DETECTED_CLASSES.index(cutout.name))
        return visible, infrared, Boxes(np.array(corners, np.float32).reshape(-1, 4), np.array(kinds, np.int64))


def _hidden(corner: np.ndarray, taken: np.ndarray) -> float:
    x0, y0, x1, y1 = corner.round().astype(int)
    part = taken[y0:y1, x0:x1]
    return float(part.mean()) if part.size else 1.0


def _tensor(pictures: tuple[np.ndarray, ...]) -> Tensor:
    stacked = np.stack(pictures)
    planes = stacked.transpose(0, 3, 1, 2) if stacked.ndim == 4 else stacked[:, None]
    return torch.from_numpy(np.ascontiguousarray(planes)).float() / 255.0
