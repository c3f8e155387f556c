"""Draws training samples for mask- and text-guided fusion: crops with a foreground and words about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor

from engines.tesg.semantics import KEY_CLASSES, caption, request, soft_rim
from training.references import CLASSES, Reference, Scene
from training.referring_samples import KIND_WEIGHTS

# Other captions, as a captioning model would word them; {} takes the key classes.
_CAPTIONS = ("a photo of a street with {}", "a road with {}", "{} on a street at night", "{} in front of a building")
_UNNAMED = ("a picture", "a street", "a road at night", "a photo of a street with trees")
_EFFECT_SHARES = {"highlight": 0.6, "infrared": 0.2, "visible": 0.2}
# Of the descriptions, those without any word, which come with an empty mask: plain fusion.
_WORDLESS = 0.2


@dataclass(frozen=True)
class GuidedBatch:
    """Crops of B scenes and what guides their fusion.

    Attributes:
        visible: (B, 3, S, S), float32 RGB in [0, 1].
        infrared: (B, 1, S, S), float32 in [0, 1].
        masks: (B, 1, S, S), float32 in [0, 1], as the network is given them.
        texts: B texts.
        effects: What each text asks for inside its mask, see `REQUESTS`; None where it only describes.
        scenes: The B scenes cut from.
    """

    visible: Tensor
    infrared: Tensor
    masks: Tensor
    texts: list[str]
    effects: list[str | None]
    scenes: list[Scene]


class GuidedSampler:
    """Endless batches, every other sample a request; the same seed gives the same batches."""

    def __init__(self, scenes: Sequence[Scene], crop: int, seed: int, empty: float = 0.1) -> None:
        """Remember the scenes.

        Args:
            scenes: With references and, where there is one, a dense annotation.
            crop: Side of a crop in pixels; less where a scene is smaller.
            seed: Of every draw.
            empty: Share of samples whose mask is empty: nothing was found.
        """
        self.scenes = list(scenes)
        self.crop = min(crop, *(min(scene.infrared.shape) for scene in self.scenes))
        self.empty = empty
        self.rng = np.random.default_rng(seed)

    def batch(self, size: int) -> GuidedBatch:
        """As many samples; the first one describes, the second one asks, and so on."""
        samples = [self._sample(asks=index % 2 == 1) for index in range(size)]
        visible, infrared, masks, texts, effects, scenes = zip(*samples, strict=True)
        return GuidedBatch(
            torch.from_numpy(np.stack(visible)).permute(0, 3, 1, 2).float() / 255.0,
            torch.from_numpy(np.stack(infrared)[:, None]).float() / 255.0,
            torch.from_numpy(np.stack(masks)[:, None]),
            list(texts),
            list(effects),
            list(scenes),
        )

    def _sample(self, asks: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray, str, str | None, Scene]:
        scene = self.scenes[self.rng.integers(len(self.scenes))]
        effect = None
        if asks:
            reference = self._reference(scene)
            mask = reference.mask()
            effect = str(self.rng.choice(list(_EFFECT_SHARES), p=list(_EFFECT_SHARES.values())))
            phrase = reference.sentences[self.rng.integers(len(reference.sentences))].lower().removeprefix("the ")
            text = request(effect, [phrase])
        else:
            mask, text = self._described(scene)
        if self.rng.random() < self.empty:
            mask = np.zeros_like(mask)
        window = self._window(mask)
        mask = soft_rim(self._perturbed(mask))[window]
        flip = np.s_[:, ::-1] if self.rng.random() < 0.5 else np.s_[:]
        pictures = (np.ascontiguousarray(picture[window][flip]) for picture in (scene.visible, scene.infrared))
        return *pictures, np.ascontiguousarray(mask[flip]), text, effect, scene

    def _reference(self, scene: Scene) -> Reference:
        weights = np.array([KIND_WEIGHTS.get(reference.kind, 0.1) for reference in scene.references])
        return scene.references[self.rng.choice(len(weights), p=weights / weights.sum())]

    def _described(self, scene: Scene) -> tuple[np.ndarray, str]:
        """Mask of the key classes and a caption, or neither."""
        if self.rng.random() < _WORDLESS:
            return np.zeros(scene.infrared.shape, np.uint8), ""
        masks = {name: scene.labels == CLASSES.index(name) for name in KEY_CLASSES}
        present = [name for name, mask in masks.items() if mask.any()]
        mask = np.logical_or.reduce(list(masks.values())).astype(np.uint8)
        if self.rng.random() < 0.5:
            return mask, caption(present)
        if not present:
            return mask, _UNNAMED[self.rng.integers(len(_UNNAMED))]
        named = " and ".join(f"a {name}" for name in present)
        return mask, _CAPTIONS[self.rng.integers(len(_CAPTIONS))].format(named)

    def _window(self, mask: np.ndarray) -> tuple[slice, slice]:
        """Where to cut; three times out of four so that a pixel of the mask is in it."""
        height, width = mask.shape
        top, left = (int(self.rng.integers(side - self.crop + 1)) for side in (height, width))
        if self.rng.random() < 0.75 and mask.any():
            inside = np.argwhere(mask)
            centre = inside[self.rng.integers(len(inside))]
            jitter = self.rng.integers(self.crop // 4, self.crop - self.crop // 4, 2)
            top, left = (
                int(np.clip(at - by, 0, side - self.crop))
                for at, by, side in zip(centre, jitter, (height, width), strict=True)
            )
        return np.s_[top : top + self.crop, left : left + self.crop]

    def _perturbed(self, mask: np.ndarray) -> np.ndarray:
        """Every other mask grown, shrunk or moved by some pixels, as a masker's are not exact."""
        if self.rng.random() < 0.5 or not mask.any():
            return mask
        if self.rng.random() < 0.3:
            return np.roll(mask, tuple(self.rng.integers(-4, 5, 2)), axis=(0, 1))
        size = int(self.rng.integers(2, 8))
        change = cv2.dilate if self.rng.random() < 0.6 else cv2.erode
        return change(mask.astype(np.uint8), np.ones((size, size), np.uint8))
