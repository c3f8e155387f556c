"""Draws training samples for text-driven fusion: which picture, which reference, which wording."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engines.mirrored_sentence import mirrored_sentence
from training.augmentation import Sample, crop, depends_on_frame, mirror, photometric, resize, window
from training.copy_paste import CutoutBank, paste
from training.references import Reference, Scene

KIND_WEIGHTS = {"class": 0.45, "thing": 0.25, "template": 0.14, "stuff": 0.12, "part": 0.04}

# What references are that the data says nothing of, as in MM-RIS: every expression there was written for one region.
_OTHERWISE = "thing"

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


def kind_of(reference: Reference) -> str:
    """One of KIND_WEIGHTS."""
    if reference.kind == "class" and not reference.classes:
        return _OTHERWISE
    return reference.kind if reference.kind in KIND_WEIGHTS else _OTHERWISE


@dataclass(frozen=True)
class Batch:
    """Float32 tensors of one step: P pictures, S sentences about them.

    Attributes:
        visible: (P, 3, H, W) in [0, 1].
        infrared: (P, 1, H, W) in [0, 1].
        labels: int64 (P, H, W), UNLABELLED where nobody said.
        index: int64 (S,), picture of each sentence, in order.
        masks: (S, 1, H, W), 0 or 1.
        sentences: S expressions.
    """

    visible: Tensor
    infrared: Tensor
    labels: Tensor
    index: Tensor
    masks: Tensor
    sentences: list[str]


class ReferringSampler:
    """Endless batches from scenes; the same seed gives the same batches."""

    def __init__(
        self,
        scenes: list[Scene],
        size: tuple[int, int],
        seed: int,
        absent: float = 0.06,
        pasting: float = 0.35,
        windows: tuple[float, float] | None = None,
    ) -> None:
        """Index the references.

        Args:
            scenes: Training pictures.
            size: Height and width of the batches.
            seed: Of every draw.
            absent: Share of sentences that name a class the picture does not have.
            pasting: Share of pictures that get objects of other pictures.
            windows: Instead of whole pictures, windows of about these shares of height and width, around something
                that is named, with none but sentences that stay true there.
        """
        self.size = size
        self.windows = windows
        self.absent = absent
        self.pasting = pasting
        self.rng = np.random.default_rng(seed)
        self.scenes = scenes
        self.bank = CutoutBank(scenes)
        self.by_kind = {
            kind: [
                (scene, reference) for scene in scenes for reference in scene.references if kind_of(reference) == kind
            ]
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
        if kind_of(reference) == "class" and self.rng.random() < 0.35:
            synonyms = SYNONYMS.get(reference.classes[0])
            if synonyms:
                sentence = "the " + synonyms[self.rng.integers(len(synonyms))]
        if sentence.lower().startswith("the ") and self.rng.random() < 0.5:
            sentence = sentence[4:]
        return sentence

    def _absent_wording(self, present: set[str]) -> str | None:
        missing = [name for name in EXHAUSTIVE if name not in present]
        if not missing:
            return None
        synonyms = SYNONYMS[missing[self.rng.integers(len(missing))]]
        return synonyms[self.rng.integers(len(synonyms))]

    def _told(self, first: Reference, scene: Scene, count: int) -> list[tuple[Reference, str]]:
        """`count` references of the scene with a wording each, the first of them given."""
        kinds = [kind_of(reference) for reference in scene.references]
        numbers = Counter(kinds)
        weights = np.array([KIND_WEIGHTS[kind] / numbers[kind] for kind in kinds])
        others = self.rng.choice(len(weights), size=count - 1, p=weights / weights.sum())
        chosen = [first, *(scene.references[i] for i in others)]
        return [(reference, self._wording(reference)) for reference in chosen]

    def sample(self, sentences: int) -> Sample:
        """One picture with so many sentences, augmented, still uint8."""
        scene, first = self._draw()
        told = self._told(first, scene, sentences)
        visible, infrared, labels = scene.visible.copy(), scene.infrared.copy(), scene.labels.copy()
        masks = [reference.mask() for reference, _ in told]
        wordings = [wording for _, wording in told]
        present = set(scene.present)

        free = [not depends_on_frame(wording) for wording in wordings]
        # A crop or a newcomer could make sentences about places false, so the picture is either or.
        cropped = (bool(self.windows) or self.rng.random() < 0.65) and any(free)
        keep = free if cropped or self.windows else [True] * len(told)
        if cropped and self.rng.random() < self.pasting:
            pasted: dict[str, np.ndarray] = {}
            for _ in range(self.rng.integers(1, 5)):
                cutout = self.bank.draw(scene, self.rng)
                if cutout is None:
                    break
                taken = paste(visible, infrared, labels, cutout, self.rng)
                pasted = {name: area & ~taken for name, area in pasted.items()}
                pasted[cutout.name] = pasted.get(cutout.name, np.zeros_like(taken)) | taken
                masks = [mask * ~taken for mask in masks]
            present |= set(pasted)
            for i, (reference, _) in enumerate(told):
                if kind_of(reference) == "class" and reference.classes[0] in pasted:
                    masks[i] = masks[i] | pasted[reference.classes[0]].astype(np.uint8)
                elif set(reference.classes) & set(pasted):
                    keep[i] = False
            for name in sorted(set(pasted) & set(EXHAUSTIVE) - set(scene.present))[:1]:
                wordings.append(SYNONYMS[name][self.rng.integers(len(SYNONYMS[name]))])
                masks.append(pasted[name].astype(np.uint8))
                keep.append(True)
        for i in range(len(wordings)):
            if self.rng.random() < self.absent and (wording := self._absent_wording(present)):
                masks[i], wordings[i], keep[i] = np.zeros_like(masks[i]), wording, True
        mirrored = self.rng.random() < 0.5
        if mirrored:
            keep = [ok and mirrored_sentence(wording) is not None for ok, wording in zip(keep, wordings, strict=True)]
        kept = [i for i, ok in enumerate(keep) if ok]
        sample = Sample(visible, infrared, labels, [masks[i] for i in kept], [wordings[i] for i in kept])
        if not kept:
            return self.sample(sentences)
        if self.windows:
            sample = window(sample, self.windows, sample.masks[0], self.rng)
        elif cropped:
            sample = crop(sample, self.rng, smallest=0.45)
        if mirrored:
            sample = mirror(sample)
        return resize(sample, self.size)

    def batch(self, pictures: int, sentences: int) -> Batch:
        """Pictures with at most about so many sentences each, photometrically augmented, as tensors."""
        samples = [self.sample(sentences) for _ in range(pictures)]
        pairs = [photometric(sample.visible, sample.infrared, self.rng) for sample in samples]
        masks = np.stack([mask for sample in samples for mask in sample.masks])[:, None]
        return Batch(
            visible=torch.from_numpy(np.stack([v for v, _ in pairs])).permute(0, 3, 1, 2).contiguous(),
            infrared=torch.from_numpy(np.stack([i for _, i in pairs])[:, None]),
            labels=torch.from_numpy(np.stack([sample.labels for sample in samples]).astype(np.int64)),
            index=torch.arange(pictures).repeat_interleave(torch.tensor([len(s.sentences) for s in samples])),
            masks=torch.from_numpy(masks.astype(np.float32)),
            sentences=[sentence for sample in samples for sentence in sample.sentences],
        )
