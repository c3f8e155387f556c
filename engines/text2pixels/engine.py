"""From Text to Pixels behind the engine interface."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engines.color import image_luma, with_luma
from engines.device import torch_device
from engines.interrupting import hears_stop
from engines.masks import certain, strength_map
from engines.networks import load_network
from engines.pair_cache import PairCache
from engines.regions import RegionMasker
from engines.regions.backends import build_masker
from engines.regions.composed import names, region_of
from engines.regions.options import RegionOptions
from engines.text2pixels.config import Text2PixelsConfig
from engines.text2pixels.detector import Detection
from engines.text2pixels.model import MARGIN, STRIDE, Features, Guidance, no_words
from engines.text2pixels.named_classes import class_named
from engines.text2pixels.networks import Text2PixelsNetworks
from engines.text2pixels.objects import with_objects
from engines.text2pixels.tiled import fused_in_pieces, guiding_size
from engines.text_encoder import text_encoder
from engines.types import Edit, FusionResult, ImagePair, Instruction, Progress, Region
from engines.whole_picture import whole_picture

# Pairs kept as far as words do not change them: about ten of 640×480.
_CACHE_BYTES = 200_000_000
# Codes of the margin, along each border.
_RIM = MARGIN // STRIDE


@dataclass(frozen=True)
class _Plain:
    """A pair as fused without words.

    Attributes:
        visible, infrared: (1, 1, H, W), lumas.
        features: Of the pair, or for a large picture of the smaller one that guides its fusion.
        guiding: Height and width that the features are of.
        y: Fused luma, float32 (H, W) in [0, 1].
        guidance: What was followed.
    """

    visible: Tensor
    infrared: Tensor
    features: Features
    guiding: tuple[int, int]
    y: np.ndarray
    guidance: Guidance

    @property
    def bytes(self) -> int:
        """Of memory."""
        tensors = (self.visible, self.infrared, self.features.sources, self.features.levels, self.y)
        return sum(tensor.nbytes for tensor in tensors)


class Text2PixelsEngine:
    """Fuses with words that point, by way of a codebook, and detects people, cars and bicycles where they are named.

    Every edit's region is found by a masker; words and places of all of them guide one fusion. A strength of 2 or 3
    goes that many times as far from the picture without words, inside its own region.
    """

    name = "text2pixels"
    title = "From Text to Pixels"
    paper = "From Text to Pixels: A Context-Aware Semantic Synergy Solution for Infrared and Visible Image Fusion"

    def __init__(
        self,
        checkpoint: str | None = None,
        device: str = "auto",
        masker: RegionMasker | None = None,
        regions: RegionOptions | None = None,
    ) -> None:
        """Remember what to load; weights are read at the first fusion.

        Args:
            checkpoint: A name of the registry or a weight file; None for the embedded one.
            device: "auto", "cpu" or "cuda".
            masker: Finds regions; None for the one of `regions`.
            regions: Which masker, and how it looks; None for the defaults.

        Raises:
            InputError: Unknown device.
        """
        self.checkpoint = checkpoint
        self.device = torch_device(device)
        self.masker = masker or build_masker(regions or RegionOptions(), device)
        self._networks: Text2PixelsNetworks | None = None
        self._pairs: PairCache[_Plain] = PairCache(_CACHE_BYTES)
        self._lock = threading.Lock()

    def load(self) -> Text2PixelsNetworks:
        """Both networks, read once.

        Raises:
            CheckpointError: The checkpoint is missing, damaged or does not fit.
        """
        with self._lock:
            if self._networks is None:
                self._networks = load_network(
                    self.name,
                    self.checkpoint,
                    lambda read: Text2PixelsNetworks(Text2PixelsConfig.from_dict(read)),
                    self.device,
                )
            return self._networks

    def detect(self, image: np.ndarray, least: float = 0.05) -> list[Detection]:
        """People, cars and bicycles in a picture that any method made.

        Args:
            image: float32 (H, W, 3), RGB in [0, 1].
            least: Lowest score of interest.
        """
        return self.load().detector.detect(image, least)

    @hears_stop
    @torch.no_grad()
    def fuse(self, pair: ImagePair, instruction: Instruction, progress: Progress | None = None) -> FusionResult:
        """Fuse a pair as instructed; see `engines.types.Engine.fuse`.

        Raises:
            CheckpointError: A checkpoint is missing, damaged or does not fit.
            Cancelled: Raised by `progress`.
        """
        report = progress or (lambda fraction, message: None)
        seconds: dict[str, float] = {}
        start = time.perf_counter()

        def finished(stage: str) -> None:
            nonlocal start
            now = time.perf_counter()
            seconds[stage] = now - start
            start = now

        report(0.0, "Fusing")
        self.load()
        finished("load")
        plain = self._plain(pair, lambda fraction: report(0.3 * fraction, "Fusing"))
        image = with_luma(pair.visible, plain.y)
        finished("fuse")
        maps = {"codes": self._codes(plain.guidance, plain.guiding, pair.shape)}
        edits = [edit for edit in instruction.edits if edit.region]
        notes = _remarks(instruction.edits)
        detections: list[Detection] = []
        # Where a person has said where something is, no detector is asked.
        sought = [edit.region for edit in edits if instruction.known_region(edit.region) is None]
        if any(class_named(named) for phrase in sought for named in names(phrase)):
            report(0.3, "Detecting")
            detections = self.detect(image)
            finished("detect")
        regions: list[Region] = []
        for index, edit in enumerate(edits):
            report(0.4 + 0.4 * index / len(edits), f"Looking for “{edit.region}”")
            region = region_of(
                edit.region,
                pair,
                lambda phrase: with_objects(self.masker.mask(phrase, pair, image), detections),
                [*instruction.regions, *regions],
            )
            regions.append(region)
            notes += region.notes
            if region.box is None:
                notes.append(f"“{edit.region}” was not found in the picture, so nothing was changed for it.")
        told = [(edit, region) for edit, region in zip(edits, regions, strict=True) if region.box is not None]
        if edits:
            finished("mask")
        if told:
            report(0.8, "Fusing with the words")
            y, said = self._told(plain, told, lambda fraction: report(0.8 + 0.2 * fraction, "Fusing with the words"))
            notes += said
            image = with_luma(pair.visible, y)
            maps["changed by the words"] = np.abs(y - plain.y)
            finished("tell")
        report(1.0, "Done")
        whole, located = whole_picture(pair.shape), iter(regions)
        every = [next(located) if edit.region else whole for edit in instruction.edits]
        mask = np.maximum.reduce([region.mask for region in every]) if every else None
        return FusionResult(image=image, mask=mask, regions=every, maps=maps, seconds=seconds, notes=notes)

    def _plain(self, pair: ImagePair, progress: Callable[[float], None]) -> _Plain:
        """The pair without words, kept for the next sentence about it."""

        def make() -> tuple[_Plain, int]:
            plain = self._make_plain(pair, progress)
            return plain, plain.bytes

        return self._pairs.get(pair, make)

    def _make_plain(self, pair: ImagePair, progress: Callable[[float], None]) -> _Plain:
        network = self.load().fusion
        visible = torch.from_numpy(image_luma(pair.visible))[None, None].to(self.device)
        infrared = torch.from_numpy(pair.infrared)[None, None].to(self.device)
        guiding, given = pair.shape, (visible, infrared)
        if guiding[0] * guiding[1] > self.load().config.guide_pixels:
            guiding = guiding_size(pair.shape, self.load().config.guide_pixels)
            given = tuple(F.interpolate(t, size=guiding, mode="bilinear", antialias=True) for t in given)
        features = network.extract(*given)
        place = torch.zeros_like(infrared)
        silent = no_words(1, network.config.text_dim, self.device)
        y, guidance = self._decoded(visible, infrared, features, guiding, silent, place, progress)
        return _Plain(visible, infrared, features, guiding, y, guidance)

    def _told(
        self, plain: _Plain, told: list[tuple[Edit, Region]], progress: Callable[[float], None]
    ) -> tuple[np.ndarray, list[str]]:
        """Luma with the words of found regions, float32 (H, W) in [0, 1], and what is to be said about them."""
        config = self.load().config
        encoder = text_encoder(config.text_encoder, config.max_words)
        read = [encoder.encode([edit.region]) for edit, _ in told]
        words = torch.cat([given.words for given in read], dim=1).to(self.device)
        mask = torch.cat([given.mask for given in read], dim=1).to(self.device)
        masks = [region.mask for _, region in told]
        place = torch.from_numpy(certain(np.maximum.reduce(masks)))[None, None].to(self.device)
        sources = (plain.visible, plain.infrared, plain.features, plain.guiding)
        y, _ = self._decoded(*sources, (words, mask), place, progress)
        strengths = strength_map(masks, [edit.strength for edit, _ in told], y.shape)
        notes = [
            f"The text encoder reads {config.max_words} word pieces, so the end of “{edit.region}” was left out."
            for (edit, _), given in zip(told, read, strict=True)
            if given.truncated[0]
        ]
        return np.clip(plain.y + strengths * (y - plain.y), 0.0, 1.0), notes

    def _decoded(
        self,
        visible: Tensor,
        infrared: Tensor,
        features: Features,
        guiding: tuple[int, int],
        words: tuple[Tensor, Tensor],
        place: Tensor,
        progress: Callable[[float], None],
    ) -> tuple[np.ndarray, Guidance]:
        """Fused luma, float32 (H, W) in [0, 1], in one go or, guided from a smaller size, in pieces."""
        network, shape = self.load().fusion, tuple(infrared.shape[-2:])
        small = place if guiding == shape else F.interpolate(place, size=guiding, mode="area")
        guidance = network.attend(features, *words, small)
        if guiding == shape:
            y = network.decode(features, guidance, place)
        else:
            y = fused_in_pieces(network, visible, infrared, guidance, guiding, place, progress)
        return y[0, 0].clamp(0.0, 1.0).cpu().numpy(), guidance

    def _codes(self, guidance: Guidance, guiding: tuple[int, int], shape: tuple[int, int]) -> np.ndarray:
        """Which code stands where, as a share of all codes, float32 (H, W) in [0, 1]."""
        indices = guidance.indices[0, _RIM:-_RIM, _RIM:-_RIM].cpu().numpy()
        share = (indices / max(1, len(self.load().fusion.codebook.codes) - 1)).astype(np.float32)
        height, width = guiding
        share = share.repeat(STRIDE, axis=0).repeat(STRIDE, axis=1)[:height, :width]
        return cv2.resize(share, shape[::-1], interpolation=cv2.INTER_NEAREST)


def _remarks(edits: tuple[Edit, ...]) -> list[str]:
    """What cannot be done as asked."""
    notes = []
    for edit in edits:
        if edit.region is None:
            notes.append(
                "From Text to Pixels highlights what is named: the picture as a whole was fused without words."
            )
        elif edit.effect != "highlight":
            named = f"“{edit.region}” was highlighted, not changed by {edit.effect}"
            notes.append(f"From Text to Pixels can only highlight: {named}.")
    return notes
