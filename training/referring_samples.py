"""Draws training samples for text-driven fusion: which picture, which reference, which wording."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.augmentation import Sample, crop, depends_on_frame, mirror, photometric, resize
from training.references import Reference, Scene

KIND_WEIGHTS = {"class": 0.45, "thing": 0.25, "template": 0.14, "stuff": 0.12, "part": 0.04}

# Other words for a whole class, so that everyday wording is understood, too.
SYNONYMS = {
    "person": ("people", "persons", "pedestrians", "humans", "men and women", "everyone", "person", "pedestrian"),
    "car": ("cars", "vehicles", "automobiles", "car", "vehicle"),
    "truck": ("trucks", "lorries", "truck"),
    "bus": ("buses", "bus"),
    "bicycle": ("bicycles", "bikes", "cycles", "bicycle", "bike"),
    "motorcycle": ("motorcycles", "scooters", "motorcycle"),
    "cone": ("cones", "traffic cones", "color cones", "orange cones", "cone", "traffic cone", "cone mark"),
    "bollard": ("bollards", "posts", "bollard"),
    "sign": ("signs", "traffic signs", "sign"),
    "lamp": ("lamps", "street lamps", "lights", "street lights"),
    "trees": ("trees", "tree", "tree crowns", "foliage"),
    "bush": ("bushes", "shrubs", "hedges", "bush"),
    "building": ("buildings", "building", "houses", "facades"),
    "road": ("road", "street", "road surface", "asphalt", "road path"),
    "sidewalk": ("sidewalk", "pavement", "footpath"),
    "sky": ("sky",),
    "grass": ("grass", "lawn"),
    "fence": ("fence", "fences"),
    "wall": ("wall", "walls"),
}
# Classes annotated nearly exhaustively: where none is annotated, there is none.
EXHAUSTIVE = ("person", "car", "truck", "bus", "bicycle", "motorcycle", "cone")


@dataclass(frozen=True)
class Batch:
    """Float32 tensors of one step.

    Attributes:
        visible: (B, 3, H, W) in [0, 1].
        infrared: (B, 1, H, W) in [0, 1].
        mask: (B, 1, H, W), 0 or 1.
        labels: int64 (B, H, W), UNLABELLED where nobody said.
        sentences: B expressions.
    """

    visible: Tensor
    infrared: Tensor
    mask: Tensor
    labels: Tensor
    sentences: list[str]


class ReferringSampler:
    """Endless batches from scenes; the same seed gives the same batches."""

    def __init__(self, scenes: list[Scene], size: tuple[int, int], seed: int, absent: float = 0.06) -> None:
        self.size = size
        self.absent = absent
        self.rng = np.random.default_rng(seed)
        self.scenes = scenes
        self.by_kind = {
            kind: [(scene, reference) for scene in scenes for reference in scene.references if reference.kind == kind]
            for kind in KIND_WEIGHTS
        }
        # Rare classes (cones) as often as the square root of their frequency allows.
        counts = Counter(reference.classes for _, reference in self.by_kind["class"])
        weights = np.array([counts[reference.classes] ** -0.5 for _, reference in self.by_kind["class"]])
        self.class_weights = weights / weights.sum() if len(weights) else None
        self.kinds = [kind for kind in KIND_WEIGHTS if self.by_kind[kind]]
        kind_weights = np.array([KIND_WEIGHTS[kind] for kind in self.kinds])
        self.kind_weights = kind_weights / kind_weights.sum()

    def _draw(self) -> tuple[Scene, Reference]:
        kind = self.kinds[self.rng.choice(len(self.kinds), p=self.kind_weights)]
        weights = self.class_weights if kind == "class" else None
        return self.by_kind[kind][self.rng.choice(len(self.by_kind[kind]), p=weights)]

    def _wording(self, reference: Reference) -> str:
        sentence = reference.sentences[self.rng.integers(len(reference.sentences))]
        if reference.kind == "class" and self.rng.random() < 0.35:
            synonyms = SYNONYMS.get(reference.classes[0])
            if synonyms:
                sentence = "the " + synonyms[self.rng.integers(len(synonyms))]
        if sentence.lower().startswith("the ") and self.rng.random() < 0.5:
            sentence = sentence[4:]
        return sentence

    def _absent_wording(self, scene: Scene) -> str | None:
        missing = [name for name in EXHAUSTIVE if name not in scene.present]
        if not missing:
            return None
        synonyms = SYNONYMS[missing[self.rng.integers(len(missing))]]
        return synonyms[self.rng.integers(len(synonyms))]

    def sample(self) -> Sample:
        """One augmented sample, pictures still uint8."""
        scene, reference = self._draw()
        mask, sentence = reference.mask(), self._wording(reference)
        if self.rng.random() < self.absent and (wording := self._absent_wording(scene)):
            mask, sentence = np.zeros_like(mask), wording
        sample = Sample(scene.visible, scene.infrared, mask, scene.labels, sentence)
        if not depends_on_frame(sentence) and self.rng.random() < 0.6:
            sample = crop(sample, self.rng, smallest=0.5)
        if self.rng.random() < 0.5:
            sample = mirror(sample)
        return resize(sample, self.size)

    def batch(self, size: int) -> Batch:
        """`size` samples, photometrically augmented, as tensors."""
        samples = [self.sample() for _ in range(size)]
        pictures = [photometric(sample.visible, sample.infrared, self.rng) for sample in samples]
        return Batch(
            visible=torch.from_numpy(np.stack([v for v, _ in pictures])).permute(0, 3, 1, 2).contiguous(),
            infrared=torch.from_numpy(np.stack([i for _, i in pictures])[:, None]),
            mask=torch.from_numpy(np.stack([sample.mask for sample in samples])[:, None].astype(np.float32)),
            labels=torch.from_numpy(np.stack([sample.labels for sample in samples]).astype(np.int64)),
            sentences=[sample.sentence for sample in samples],
        )
