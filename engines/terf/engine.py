"""TeRF behind the engine interface: base fusion, regions, per-image fine-tuning, composition."""

from __future__ import annotations

import threading
import time

import numpy as np
import torch

from engines.checkpoints import load_safetensors, load_strict, weight_file
from engines.color import with_luma
from engines.errors import InputError
from engines.masks import mask_box
from engines.regions import RegionMasker
from engines.regions.embedded import EmbeddedMasker
from engines.terf.compose import composite, padded_box, soft_weights
from engines.terf.config import TerfConfig
from engines.terf.effects import Piece, apply_effect, to_array, to_tensor
from engines.terf.model import FusionBackbone
from engines.terf.saliency import more_salient_source
from engines.types import Edit, FusionResult, ImagePair, Instruction, Progress, Region
from finetune_units.presets import PRESETS
from finetune_units.tuning import StepProgress

WHOLE_PICTURE = "whole picture"
BASE_SHARE = 0.1


class TerfEngine:
    """Fuses a pair, then tunes the regions an instruction names.

    Edits of the whole picture are carried out first, then those of regions, each kind in the order typed, each on top
    of the earlier ones.
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
    ) -> None:
        """Remember what to load; weights are read at the first fusion.

        Args:
            checkpoint: A name of the registry or a weight file; None for the embedded one.
            device: "auto", "cpu" or "cuda".
            preset: "fast" or "paper", see `finetune_units.presets`.
            masker: Finds regions; None for the embedded one.

        Raises:
            InputError: Unknown preset.
        """
        if preset not in PRESETS:
            raise InputError(f"The preset must be one of {', '.join(PRESETS)}, but got {preset!r}.")
        self.preset = PRESETS[preset]
        self.checkpoint = checkpoint
        self.masker = masker or EmbeddedMasker(device=device)
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        self.device = torch.device(device)
        self._network: FusionBackbone | None = None
        self._lock = threading.Lock()

    def load(self) -> FusionBackbone:
        """The fusion backbone, read once.

        Raises:
            CheckpointError: The checkpoint is missing, damaged or does not fit.
        """
        with self._lock:
            if self._network is None:
                path = weight_file(self.name, self.checkpoint)
                state, configuration = load_safetensors(path)
                network = FusionBackbone(TerfConfig.from_dict(configuration))
                load_strict(network, state, path.name)
                network.eval().requires_grad_(False)
                self._network = network.to(self.device, memory_format=torch.channels_last)
            return self._network

    @torch.no_grad()
    def base_fusion(self, pair: ImagePair) -> np.ndarray:
        """Eq. 2: the fused picture before any edit, float32 (H, W, 3), with the visible picture's colour."""
        visible = to_tensor(pair.visible, self.device).contiguous(memory_format=torch.channels_last)
        luma = to_array(self.load()(visible, to_tensor(pair.infrared, self.device)))
        return with_luma(pair.visible, luma)

    def fuse(self, pair: ImagePair, instruction: Instruction, progress: Progress | None = None) -> FusionResult:
        """Fuse a pair as instructed; see `engines.types.Engine.fuse`.

        Raises:
            CheckpointError: A checkpoint is missing, damaged or does not fit.
            Cancelled: Raised by `progress`.
        """
        report = progress or (lambda fraction, message: None)
        report(0.0, "fusing")
        seconds = {"load": 0.0, "fuse": 0.0, "mask": 0.0, "tune": 0.0}
        start = time.perf_counter()
        self.load()
        loaded = time.perf_counter()
        base = self.base_fusion(pair)
        seconds.update(load=loaded - start, fuse=time.perf_counter() - loaded)
        edits, notes = instruction.edits, []
        regions: dict[int, Region] = {}
        image = base
        order = sorted(range(len(edits)), key=lambda i: edits[i].region is not None)
        for done, index in enumerate(order):
            edit = edits[index]
            low = BASE_SHARE + (1.0 - BASE_SHARE) * done / len(edits)
            share = (1.0 - BASE_SHARE) / len(edits)
            start = time.perf_counter()
            report(low, f"looking for {edit.region or WHOLE_PICTURE}")
            regions[index] = self._locate(edit, pair, base, [regions[i] for i in order[:done]])
            masked = time.perf_counter()
            image, said = self._carry_out(
                edit,
                regions[index],
                pair,
                base,
                image,
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
        return FusionResult(image=image, mask=mask, regions=found, seconds=seconds, notes=notes)

    def _locate(self, edit: Edit, pair: ImagePair, base: np.ndarray, known: list[Region]) -> Region:
        if edit.region is None:
            height, width = pair.shape
            return Region(WHOLE_PICTURE, np.ones(pair.shape, np.float32), 1.0, (0, 0, width, height))
        for region in known:
            if region.label == edit.region:
                return region
        return self.masker.mask(edit.region, pair, base)

    def _carry_out(
        self, edit: Edit, region: Region, pair: ImagePair, base: np.ndarray, image: np.ndarray, progress: StepProgress
    ) -> tuple[np.ndarray, list[str]]:
        box = mask_box(region.mask)
        if box is None:
            return image, [f"“{edit.region}” was not found, so nothing was changed for it."]
        effect, notes = edit.effect, []
        if effect == "highlight":
            effect = more_salient_source(pair, region.mask)
            label = f"“{edit.region}”" if edit.region else "The whole picture"
            notes = [f"{label} stands out more in the {effect} picture, so it was inclined towards {effect}."]
        x0, y0, x1, y1 = padded_box(box, self.preset.context, pair.shape)
        window = np.s_[y0:y1, x0:x1]
        piece = Piece(pair.visible[window], pair.infrared[window], base[window], image[window])
        tuned, said = apply_effect(self.load(), piece, effect, edit.strength, self.preset, progress)
        image = image.copy()
        image[window] = composite(image[window], tuned, soft_weights(region.mask)[window])
        return image, notes + said
