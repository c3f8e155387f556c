"""TeRF behind the engine interface: base fusion, regions, per-image fine-tuning, composition."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch

from engines.checkpoints import weight_file
from engines.color import image_luma, with_luma
from engines.device import torch_device
from engines.errors import InputError
from engines.interrupting import hears_stop
from engines.masks import INSIDE, mask_box, padded_box
from engines.networks import load_network
from engines.pair_cache import PairCache
from engines.regions import RegionMasker
from engines.regions.backends import build_masker
from engines.regions.composed import region_of
from engines.regions.options import RegionOptions
from engines.terf.compose import composite, graded_weights, soft_weights
from engines.terf.config import TerfConfig
from engines.terf.delivered import delivered_luma
from engines.terf.effects import Adjustment, Piece, to_array, to_tensor
from engines.terf.layers import Layer, LayerMemory, edit_key, next_key, pair_key
from engines.terf.model import FusionBackbone
from engines.terf.saliency import more_salient_source
from engines.terf.tiled import WHOLE_PIXELS
from engines.types import Edit, Effect, FusionResult, ImagePair, Instruction, Progress, Region
from engines.whole_picture import WHOLE_PICTURE, whole_picture
from finetune_units.head_starts import SOURCES, HeadStarts, Source, load_head_starts
from finetune_units.presets import PRESETS
from finetune_units.tuning import StepProgress

BASE_SHARE = 0.1
# Base fusions kept: one of 20 megapixels, dozens of 640×480.
_BASES_BYTES = 250_000_000
# Two grey levels: closer to a source than this on average, a region has no way to go.
NEAR = 2.0 / 255.0
AT_SOURCE = "{label} does not come any closer to the {source} picture."


class TerfEngine:
    """Fuses a pair, then tunes the regions an instruction names.

    Edits of the whole picture are carried out first, then those of regions, each kind in the order typed, each on top
    of the earlier ones. An edit of strength n is n repetitions; one that follows its like goes on from there, and any
    other starts with fresh units.
    """

    name = "terf"
    title = "TeRF"
    paper = "TeRF: Text-driven and Region-aware Flexible Visible and Infrared Image Fusion, ACM MM 2024"

    def __init__(
        self,
        checkpoint: str | None = None,
        device: str = "auto",
        preset: str = "fast",
        masker: RegionMasker | None = None,
        regions: RegionOptions | None = None,
    ) -> None:
        """Remember what to load; weights are read at the first fusion.

        Args:
            checkpoint: A name of the registry or a weight file; None for the embedded one.
            device: "auto", "cpu" or "cuda".
            preset: "fast" or "paper", see `finetune_units.presets`.
            masker: Finds regions; None for the one of `regions`.
            regions: Which masker, and how it looks; None for the defaults.

        Raises:
            InputError: Unknown preset.
        """
        if preset not in PRESETS:
            raise InputError(f"The preset must be one of {', '.join(PRESETS)}, but got {preset!r}.")
        self.preset = PRESETS[preset]
        self.checkpoint = checkpoint
        self.masker = masker or build_masker(regions or RegionOptions(), device)
        self.device = torch_device(device)
        self._network: FusionBackbone | None = None
        self._head_starts: HeadStarts | None = None
        self._layers = LayerMemory()
        self._bases: PairCache[np.ndarray] = PairCache(_BASES_BYTES)
        self._lock = threading.Lock()

    def load(self) -> FusionBackbone:
        """The fusion backbone, read once with its head starts.

        Raises:
            CheckpointError: The checkpoint is missing, damaged or does not fit.
        """
        with self._lock:
            if self._network is None:
                self._network = load_network(
                    self.name, self.checkpoint, lambda read: FusionBackbone(TerfConfig.from_dict(read)), self.device
                )
                if self.preset.inclination.ahead is not None:
                    self._head_starts = load_head_starts(weight_file(self.name, self.checkpoint))
            return self._network

    @property
    def head_starts(self) -> HeadStarts | None:
        """Those of the fusion backbone; None where there are none, or where the preset begins afar."""
        self.load()
        return self._head_starts

    @torch.no_grad()
    def base_fusion(self, pair: ImagePair, progress: StepProgress | None = None) -> np.ndarray:
        """Eq. 2: the fused picture before any edit, float32 (H, W, 3), with the visible picture's colour.

        It is kept for the next edit of the same pair, so it must not be changed.
        """

        def make() -> tuple[np.ndarray, int]:
            visible = to_tensor(pair.visible, self.device).contiguous(memory_format=torch.channels_last)
            infrared = to_tensor(pair.infrared, self.device)
            base = with_luma(pair.visible, to_array(delivered_luma(self.load(), visible, infrared, progress)))
            return base, base.nbytes

        return self._bases.get(pair, make)

    @hears_stop
    def fuse(self, pair: ImagePair, instruction: Instruction, progress: Progress | None = None) -> FusionResult:
        """Fuse a pair as instructed; see `engines.types.Engine.fuse`.

        Raises:
            CheckpointError: A checkpoint is missing, damaged or does not fit.
            InputError: The picture is too large for a preset that tunes the whole of it at once.
            Cancelled: Raised by `progress`.
        """
        if instruction.edits and self.preset.context is None and pair.infrared.size > WHOLE_PIXELS:
            # A step on 640×480 pixels takes some 0.4 GB.
            raise InputError(
                f"The preset “paper” tunes the whole picture at once and takes at most {WHOLE_PIXELS / 1e6:.0f} "
                f"megapixels, but the pair has {pair.infrared.size / 1e6:.1f}: use “fast”, or a smaller picture."
            )
        report = progress or (lambda fraction, message: None)
        report(0.0, "fusing")
        seconds = {"load": 0.0, "fuse": 0.0, "mask": 0.0, "tune": 0.0}
        start = time.perf_counter()
        self.load()
        loaded = time.perf_counter()
        base = self.base_fusion(pair, lambda fraction: report(BASE_SHARE * fraction, "fusing"))
        seconds.update(load=loaded - start, fuse=time.perf_counter() - loaded)
        edits, notes = instruction.edits, []
        regions: dict[int, Region] = {}
        layer = Layer(pair_key(pair), base, base)
        order = sorted(range(len(edits)), key=lambda i: edits[i].region is not None)
        for done, index in enumerate(order):
            edit = edits[index]
            low = BASE_SHARE + (1.0 - BASE_SHARE) * done / len(edits)
            share = (1.0 - BASE_SHARE) / len(edits)
            start = time.perf_counter()
            report(low, f"looking for {edit.region or WHOLE_PICTURE}")
            known = [*instruction.regions, *(regions[i] for i in order[:done])]
            regions[index] = self._locate(edit, pair, base, known)
            notes += regions[index].notes
            masked = time.perf_counter()
            layer, said = self._carry_out(
                edit,
                regions[index],
                pair,
                base,
                layer,
                lambda fraction, edit=edit, low=low, share=share: report(
                    low + share * fraction, f"{edit.effect}: {edit.region or WHOLE_PICTURE}"
                ),
            )
            notes += said
            seconds["mask"] += masked - start
            seconds["tune"] += time.perf_counter() - masked
        report(1.0, "done")
        found = [regions[index] for index in range(len(edits))]
        mask = np.maximum.reduce([region.mask for region in found]) if found else None
        return FusionResult(image=layer.image.copy(), mask=mask, regions=found, seconds=seconds, notes=notes)

    def _locate(self, edit: Edit, pair: ImagePair, base: np.ndarray, known: list[Region]) -> Region:
        if edit.region is None:
            return whole_picture(pair.shape)
        return region_of(edit.region, pair, lambda phrase: self.masker.mask(phrase, pair, base), known, edit.effect)

    def _carry_out(
        self, edit: Edit, region: Region, pair: ImagePair, base: np.ndarray, layer: Layer, progress: StepProgress
    ) -> tuple[Layer, list[str]]:
        box = mask_box(region.mask)
        if box is None:
            return layer, [f"“{edit.region}” was not found, so nothing was changed for it."]
        effect, notes = edit.effect, []
        label = f"“{edit.region}”" if edit.region else "The whole picture"
        if effect == "highlight":
            effect = more_salient_source(pair, region.mask)
            notes.append(f"{label} stands out more in the {effect} picture, so it was inclined towards {effect}.")
        near = effect in SOURCES and _distance(layer.image, pair, effect, region.mask) < NEAR
        if near:
            notes.append(f"{label} already looks as in the {effect} picture, so inclining it changes little.")
        for repetition in range(edit.strength):
            layer = self._further(
                layer,
                effect,
                replace(region, box=box),
                pair,
                base,
                lambda fraction, done=repetition: progress((done + fraction) / edit.strength),
            )
            if layer.note:
                if not near or layer.note != AT_SOURCE:
                    notes.append(layer.note.format(label=label, source=effect))
                break
        return layer, notes

    def _further(
        self,
        layer: Layer,
        effect: Effect,
        region: Region,
        pair: ImagePair,
        base: np.ndarray,
        progress: StepProgress,
    ) -> Layer:
        """One repetition of an edit on top of a layer: from its state where it is of the same edit, else afresh."""
        mask = region.mask
        edit = edit_key(effect, mask)
        key = next_key(layer.key, edit)
        known = self._layers.get(key)
        if known is not None:
            progress(1.0)
            return known
        stood = layer.stands(edit)
        standing = tuple(other for other in _standing(layer) if other[0] != edit)
        if layer.edit == edit:
            below, starts, standing = layer.below, [(layer.adjustment, progress)], layer.standing
        elif stood is not None:
            below, starts = _without(layer.image, stood.piece), [(stood, progress)]
        else:
            below = layer.image
            starts = self._starts(effect, region, pair, base, below, progress)
        for before, report in starts:
            after = copy.deepcopy(before)
            note = " ".join(after.advance(report))
            if effect in SOURCES and after.distance() >= before.distance():
                # Near a source Adam only wanders about.
                note = note or AT_SOURCE
            if not note:
                break
        if not note:
            image, window = below.copy(), after.piece.window
            image[window] = composite(below[window], after.picture(), after.piece.weights)
            # A fresh change comes on top of what other edits did, and may lead past the source with theirs.
            fresh_on_others = effect in SOURCES and layer.edit not in (b"", edit) and stood is None
            if fresh_on_others and _distance(image, pair, effect, mask) >= _distance(below, pair, effect, mask):
                note = AT_SOURCE
        if note:
            image, after = layer.image, before
        standing = tuple(other for other in standing if note or not other[1].piece.overlaps(after.piece))
        further = Layer(key, image, below, edit, after, standing, note)
        self._layers.put(further)
        return further

    def _starts(
        self,
        effect: Effect,
        region: Region,
        pair: ImagePair,
        base: np.ndarray,
        below: np.ndarray,
        progress: StepProgress,
    ) -> Iterator[tuple[Adjustment, StepProgress]]:
        """Fresh adjustments, the next for where the one before brings the region no nearer, each with its progress.

        Inclination sees the whole picture first: so does the paper, and the network's attention, which makes something
        else of a window. But what brings the whole nearer to a source can take a region away from it.
        """
        weights = graded_weights(region.mask) if region.graded else soft_weights(region.mask, image_luma(below))
        contexts = [self.preset.context]
        if effect in SOURCES and pair.infrared.size <= WHOLE_PIXELS:
            contexts.insert(0, None)
        boxes = list(dict.fromkeys(padded_box(region.box, context, pair.shape) for context in contexts))
        for number, (x0, y0, x1, y1) in enumerate(boxes):

            def report(fraction: float, done: int = number) -> None:
                progress((done + fraction) / len(boxes))

            window = np.s_[y0:y1, x0:x1]
            fused = image_luma(base) if (y1 - y0, x1 - x0) == pair.shape else None
            pictures = (picture[window] for picture in (pair.visible, pair.infrared, below, weights))
            piece = Piece(window, *pictures, fused, below)
            yield Adjustment(self.load(), piece, effect, self.preset, report, self.head_starts), report


def _standing(layer: Layer) -> tuple[tuple[bytes, Adjustment], ...]:
    """Inclinations that a further edit may be one more repetition of."""
    if layer.adjustment is None or layer.adjustment.effect not in SOURCES:
        return layer.standing
    return (*layer.standing, (layer.edit, layer.adjustment))


def _without(image: np.ndarray, piece: Piece) -> np.ndarray:
    """A picture as it was before a piece of it was changed."""
    image = image.copy()
    window = image[piece.window]
    window[piece.weights > 0.0] = piece.current[piece.weights > 0.0]
    return image


def _distance(image: np.ndarray, pair: ImagePair, source: Source, mask: np.ndarray) -> float:
    """Mean distance of a picture's luma to that of a source, inside a mask."""
    target = image_luma(pair.visible) if source == "visible" else pair.infrared
    return float(np.abs(image_luma(image) - target)[mask >= INSIDE].mean())
