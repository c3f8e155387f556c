"""RIS-FUSION as an engine: the sentence changes the fusion, and the head says where it refers to."""

from __future__ import annotations

import time
from dataclasses import dataclass

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engines.checkpoints import load_safetensors, load_strict, weight_file
from engines.color import image_luma, rgb_to_ycbcr, with_luma
from engines.device import torch_device
from engines.errors import InputError
from engines.masks import INSIDE, mask_box
from engines.ris_fusion.config import RisFusionConfig
from engines.ris_fusion.emphasis import emphasise
from engines.ris_fusion.model import RisFusionModel
from engines.text_encoder import text_encoder
from engines.types import FusionResult, ImagePair, Instruction, Progress, Region

# Larger pictures are fused at this many pixels, and their own detail is put back on top.
_MAX_PIXELS = 1_600_000


@dataclass(frozen=True)
class _Words:
    """Word features of one or several phrases, (1, N, d) and (1, N)."""

    features: Tensor
    mask: Tensor
    truncated: bool


class RisFusionEngine:
    """Text-driven fusion with a referring mask (Ma et al., RIS-FUSION)."""

    name = "ris-fusion"
    title = "RIS-FUSION"
    paper = "RIS-FUSION: Rethinking Text-Driven Infrared and Visible Image Fusion from the Perspective of RIS"

    def __init__(self, checkpoint: str | None = None, device: str = "auto") -> None:
        """Load weights.

        Args:
            checkpoint: A registry name or a weight file of ours; None for the embedded one.
            device: "auto", "cpu" or "cuda".

        Raises:
            CheckpointError: The checkpoint is missing, damaged or does not fit.
        """
        path = weight_file(self.name, checkpoint)
        state, configuration = load_safetensors(path)
        self.config = RisFusionConfig.from_dict(configuration)
        self.device = torch_device(device)
        with torch.device("meta"):
            model = RisFusionModel(self.config)
        model = model.to_empty(device="cpu")
        load_strict(model, {k: v.float() if v.is_floating_point() else v for k, v in state.items()}, path.name)
        self.model = model.to(self.device, memory_format=torch.channels_last).eval().requires_grad_(False)
        self.encoder = text_encoder(self.config.text_encoder, self.config.max_words)

    def fuse(self, pair: ImagePair, instruction: Instruction, progress: Progress | None = None) -> FusionResult:
        """Fuse with the regions of the instruction as words, and segment each of them.

        Every region is a referring expression. With several, the fusion attends to the words of all, and the head
        segments one after another. A strength of 2 or 3 goes that many times as far from the plain fusion. What is
        found is lifted once more inside its mask, see `engines.ris_fusion.emphasis`.
        """
        notes = []
        for edit in instruction.edits:
            if edit.effect != "highlight":
                named = edit.region or "the picture"
                notes.append(f"RIS-FUSION can only highlight: “{named}” was highlighted, not changed by {edit.effect}.")
        phrases = [edit.region for edit in instruction.edits if edit.region]
        strength = max((edit.strength for edit in instruction.edits if edit.region), default=1)
        result = self._run(pair, phrases, phrases, strength, notes, progress)
        y = image_luma(result.image)
        for region in result.regions:
            y = emphasise(y, region.mask, strength)
        if any(region.box for region in result.regions):
            result.image = with_luma(pair.visible, y)
            result.notes.append("What was found was also lifted inside its mask, beyond what the network did.")
        return result

    def fuse_without_text(
        self, pair: ImagePair, instruction: Instruction, progress: Progress | None = None
    ) -> FusionResult:
        """Like `fuse`, but only the head reads the text (the paper's Table 1, "w/o")."""
        phrases = [edit.region for edit in instruction.edits if edit.region]
        return self._run(pair, [], phrases, 1, [], progress)

    def locate(self, phrase: str, pair: ImagePair) -> Region:
        """Where `phrase` refers to; the mask is all zeros where nothing is found."""
        return self._run(pair, [phrase], [phrase], 1, [], None).regions[0]

    @torch.inference_mode()
    def _run(
        self,
        pair: ImagePair,
        told: list[str],
        sought: list[str],
        strength: int,
        notes: list[str],
        progress: Progress | None,
    ) -> FusionResult:
        """Fuse with the phrases `told`, then segment the phrases `sought`."""
        report = progress or (lambda fraction, message: None)
        seconds: dict[str, float] = {}
        start = time.perf_counter()
        report(0.0, "Reading the words")
        words = {phrase: self._encode(phrase) for phrase in [*told, *sought]}
        for phrase, encoded in words.items():
            if encoded.truncated:
                limit = self.config.max_words
                notes.append(f"The text encoder reads {limit} word pieces, so the end of “{phrase}” was left out.")
        seconds["text"] = time.perf_counter() - start

        start = time.perf_counter()
        report(0.2, "Fusing")
        rgb, image, gates = self._fuse_picture(pair, [words[phrase] for phrase in told], strength, notes)
        seconds["fuse"] = time.perf_counter() - start

        start = time.perf_counter()
        seen = self._head_input(rgb)
        regions = []
        for i, phrase in enumerate(sought):
            report(0.6 + 0.4 * i / len(sought), f"Looking for “{phrase}”")
            regions.append(self._segment(seen, phrase, words[phrase], pair.shape))
            if regions[-1].box is None:
                notes.append(f"“{phrase}” was not found in the picture.")
        if sought:
            seconds["mask"] = time.perf_counter() - start
        report(1.0, "Done")
        mask = np.maximum.reduce([region.mask for region in regions]) if regions else None
        maps = {f"gate α, {level}": self._to_map(gate, pair.shape) for level, gate in gates.items()}
        return FusionResult(image=image, mask=mask, regions=regions, maps=maps, seconds=seconds, notes=notes)

    def _encode(self, phrase: str) -> _Words:
        encoded = self.encoder.encode([phrase])
        return _Words(encoded.words.to(self.device), encoded.mask.to(self.device), encoded.truncated[0])

    def _fuse_picture(
        self, pair: ImagePair, told: list[_Words], strength: int, notes: list[str]
    ) -> tuple[Tensor, np.ndarray, dict[str, Tensor]]:
        """Fused RGB (1, 3, h, w) at the working size, the picture (H, W, 3) at the pair's, and the gates."""
        visible = torch.from_numpy(pair.visible).permute(2, 0, 1)[None].to(self.device)
        infrared = torch.from_numpy(pair.infrared)[None, None].to(self.device)
        height, width = pair.shape
        scale = (_MAX_PIXELS / (height * width)) ** 0.5
        small = scale < 1
        if small:
            size = (max(8, round(height * scale)), max(8, round(width * scale)))
            visible, infrared = (
                F.interpolate(t, size=size, mode="bilinear", antialias=True) for t in (visible, infrared)
            )
            working, full = f"{size[1]}×{size[0]}", f"{width}×{height}"
            notes.append(f"The picture was fused at {working}, and the visible detail was put back at {full}.")
        net = self.model.prefusion_model.net
        y, *_ = rgb_to_ycbcr(*visible.split(1, dim=1))
        levels = net.encode(y, "y"), net.encode(infrared, "i")
        fused_y, gates = net.decode(*levels, *self._joined(told))
        if strength > 1 and told:
            plain, _ = net.decode(*levels, *self._joined([]))
            fused_y = (plain + strength * (fused_y - plain)).clamp(0, 1)
        if not bool(torch.isfinite(fused_y).all()):
            raise InputError("The fusion gave no finite picture for this pair: check that both pictures are intact.")
        change = (fused_y - y)[0, 0].cpu().numpy()
        if small:
            change = cv2.resize(change, (width, height), interpolation=cv2.INTER_LINEAR)
        image = with_luma(pair.visible, image_luma(pair.visible) + change)
        rgb = torch.from_numpy(image).permute(2, 0, 1)[None].to(self.device)
        return rgb, image, gates

    def _joined(self, told: list[_Words]) -> tuple[Tensor, Tensor]:
        if not told:
            dim = self.config.fusion.text_dim
            return torch.zeros(1, 1, dim, device=self.device), torch.zeros(1, 1, dtype=torch.bool, device=self.device)
        return torch.cat([w.features for w in told], dim=1), torch.cat([w.mask for w in told], dim=1)

    def _head_input(self, rgb: Tensor) -> Tensor:
        """The fused picture as the head was trained to see it: its aspect kept, its area that of the configuration."""
        height, width = rgb.shape[-2:]
        scale = (self.config.mask_size[0] * self.config.mask_size[1] / (height * width)) ** 0.5
        size = (max(64, round(height * scale / 4) * 4), max(64, round(width * scale / 4) * 4))
        seen = F.interpolate(rgb, size=size, mode="bilinear", antialias=True)
        return self.model.prefusion_model.normalise(seen)

    def _segment(self, seen: Tensor, phrase: str, words: _Words, shape: tuple[int, int]) -> Region:
        logits = self.model.model(seen, words.features, words.mask)
        margin = F.interpolate(logits[:, 1:] - logits[:, :1], size=shape, mode="bilinear", align_corners=False)
        mask = torch.sigmoid(margin)[0, 0].cpu().numpy()
        box = mask_box(mask)
        if box is None:
            return Region(phrase, np.zeros(shape, np.float32), float(mask.max()), None)
        return Region(phrase, mask, float(mask[mask >= INSIDE].mean()), box)

    def _to_map(self, gate: Tensor, shape: tuple[int, int]) -> np.ndarray:
        return F.interpolate(gate, size=shape, mode="bilinear", align_corners=False)[0, 0].cpu().numpy()
