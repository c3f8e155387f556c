"""Regions from GroundingDINO's boxes and SAM's masks, as in TeRF (section 2.1, eq. 3)."""

from __future__ import annotations

import threading

import numpy as np

from engines import checkpoints
from engines.device import torch_device
from engines.masks import mask_box
from engines.regions.geometry import Choice, anchor_notes, choose, read_choice
from engines.regions.grounding_dino import Detections, Detector, suppressed
from engines.regions.needed import needed
from engines.regions.options import RegionOptions
from engines.regions.sam import Segmenter
from engines.types import ImagePair, Region

# Boxes that overlap by more than this IoU are the same thing.
NMS_THRESHOLD = 0.5
# A box that takes more of the picture, or is less certain beyond the threshold, is reported.
SUSPICIOUS_SHARE = 0.9
SUSPICIOUS_MARGIN = 0.05


class GroundedSamMasker:
    """Finds boxes with GroundingDINO, chooses among them by the phrase's geometric words, and masks them with SAM.

    The networks are loaded at the first phrase.
    """

    def __init__(
        self,
        options: RegionOptions | None = None,
        device: str = "auto",
        detector: Detector | None = None,
        segmenter: Segmenter | None = None,
    ) -> None:
        """Remember what to load.

        Args:
            options: What to look at and how certain to be.
            device: "auto", "cpu" or "cuda".
            detector: Used instead of the published GroundingDINO.
            segmenter: Used instead of the published SAM.
        """
        self.options = options or RegionOptions()
        self.device = device
        self._detector, self._segmenter = detector, segmenter
        self._lock = threading.Lock()

    def mask(self, phrase: str, pair: ImagePair, fused: np.ndarray | None = None) -> Region:
        """Locate a phrase; the region's parts are the single things, the first of the order asked for first.

        Without a fused picture, the source "fused" is the visible picture.

        Raises:
            CheckpointError: A checkpoint is missing (the message says how to fetch it), damaged or does not fit.
        """
        detector, segmenter = self._loaded()
        choice = read_choice(phrase)
        pictures = self._pictures(pair, fused)
        found, origins = self._detected(detector, choice, pictures)
        notes = anchor_notes(phrase, choice)
        found, origins, said = _without_frames(phrase, found, origins, pair.shape)
        chosen = choose(choice, found.boxes, pair.shape)
        if choice.count is not None and 0 < len(chosen) < choice.count:
            notes.append(f"“{phrase}”: only {len(chosen)} of {choice.count} were found.")
        found, origins = found.taken(chosen), origins[chosen]
        notes += said + self._doubts(phrase, found, pair.shape)

        masks = np.zeros((len(found), *pair.shape), np.float32)
        for index, picture in enumerate(pictures):
            mine = np.flatnonzero(origins == index)
            masks[mine] = segmenter.masks(picture, found.boxes[mine])
        parts = tuple(
            Region(choice.noun, mask, float(score), box)
            for mask, score in zip(masks, found.scores, strict=True)
            if (box := mask_box(mask)) is not None
        )
        if not parts:
            return Region(phrase, np.zeros(pair.shape, np.float32), 0.0, None, notes=tuple(notes))
        union = np.maximum.reduce([part.mask for part in parts])
        score = max(part.score for part in parts)
        return Region(phrase, union, score, mask_box(union), parts, tuple(notes))

    def _loaded(self) -> tuple[Detector, Segmenter]:
        from engines.regions import grounding_dino, sam

        with self._lock:
            if self._detector is None or self._segmenter is None:
                device = torch_device(self.device)
                dino_path, sam_path = (checkpoints.verify(entry) for entry in needed(self.options.sam))
                if self._detector is None:
                    self._detector = Detector(grounding_dino.load_network(dino_path), device)
                if self._segmenter is None:
                    self._segmenter = Segmenter(sam.load_network(sam_path, self.options.sam), device)
            return self._detector, self._segmenter

    def _pictures(self, pair: ImagePair, fused: np.ndarray | None) -> list[np.ndarray]:
        """What the detector looks at, each float32 (H, W, 3)."""
        infrared = np.repeat(pair.infrared[..., None], 3, axis=2)
        return {
            "fused": [pair.visible if fused is None else fused],
            "visible": [pair.visible],
            "infrared": [infrared],
            "both": [pair.visible, infrared],
        }[self.options.source]

    def _detected(
        self, detector: Detector, choice: Choice, pictures: list[np.ndarray]
    ) -> tuple[Detections, np.ndarray]:
        """Boxes in any of the pictures, each thing once, and the index of the picture each was found in."""
        options = self.options
        single = [
            detector.detect(picture, choice.noun, options.box_threshold, options.text_threshold) for picture in pictures
        ]
        together = Detections(
            np.concatenate([found.boxes for found in single]), np.concatenate([found.scores for found in single])
        )
        origins = np.repeat(np.arange(len(single)), [len(found) for found in single])
        kept = suppressed(together, NMS_THRESHOLD)
        return together.taken(kept), origins[kept]

    def _doubts(self, phrase: str, found: Detections, shape: tuple[int, int]) -> list[str]:
        doubts = []
        if len(found) and _shares(found, shape).max() > SUSPICIOUS_SHARE:
            doubts.append(
                f"“{phrase}”: the box found takes more than {SUSPICIOUS_SHARE:.0%} of the picture; check its mask."
            )
        threshold = self.options.box_threshold
        unsure = int(np.sum(found.scores < threshold + SUSPICIOUS_MARGIN))
        if unsure:
            doubts.append(
                f"“{phrase}”: {unsure} of {len(found)} found {'is' if unsure == 1 else 'are'} uncertain "
                f"(score under {threshold + SUSPICIOUS_MARGIN:.2f}); check the mask."
            )
        return doubts


def _shares(found: Detections, shape: tuple[int, int]) -> np.ndarray:
    """How much of the picture each box takes."""
    sides = found.boxes[:, 2:] - found.boxes[:, :2]
    return sides.prod(axis=1) / (shape[0] * shape[1])


def _without_frames(
    phrase: str, found: Detections, origins: np.ndarray, shape: tuple[int, int]
) -> tuple[Detections, np.ndarray, list[str]]:
    """Leave out boxes around the whole picture where there are others: they are GroundingDINO's usual false alarm."""
    frames = _shares(found, shape) > SUSPICIOUS_SHARE
    if not frames.any() or frames.all():
        return found, origins, []
    note = f"“{phrase}”: a box over more than {SUSPICIOUS_SHARE:.0%} of the picture was left out."
    return found.taken(~frames), origins[~frames], [note]
