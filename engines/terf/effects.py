"""One effect on a piece of the picture, as often repeated as it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engines.color import image_luma, with_luma
from engines.terf.model import FusionBackbone
from engines.types import Effect
from finetune_units.denoising import Denoising
from finetune_units.head_starts import SOURCES, HeadStarts
from finetune_units.illumination import Illumination
from finetune_units.inclination import Inclination
from finetune_units.presets import Preset
from finetune_units.tuning import FineTuning, StepProgress, tune


@dataclass(frozen=True)
class Piece:
    """What one fine-tuning works on: the same window of every picture.

    Attributes:
        window: Where it is in the picture, rows and columns.
        visible: float32 (h, w, 3).
        infrared: float32 (h, w).
        current: float32 (h, w, 3), the fusion with the edits so far.
        weights: float32 (h, w) in [0, 1], how much of the result will be seen where.
        fused: float32 (h, w), the luma that the untuned network gives for these pictures, where it is known.
        whole: float32 (H, W, 3), what `current` is the window of; None where it is all there is.
    """

    window: tuple[slice, slice]
    visible: np.ndarray
    infrared: np.ndarray
    current: np.ndarray
    weights: np.ndarray
    fused: np.ndarray | None = None
    whole: np.ndarray | None = None

    def overlaps(self, other: Piece) -> bool:
        """Whether any pixel is changed by both."""
        shared = tuple(
            slice(max(a.start, b.start), min(a.stop, b.stop)) for a, b in zip(self.window, other.window, strict=True)
        )
        if any(side.start >= side.stop for side in shared):
            return False
        mine, its = (
            piece.weights[
                tuple(
                    slice(side.start - window.start, side.stop - window.start)
                    for side, window in zip(shared, piece.window, strict=True)
                )
            ]
            for piece in (self, other)
        )
        return bool(((mine > 0.0) & (its > 0.0)).any())

    def __deepcopy__(self, memo: dict[int, object]) -> Piece:
        """Itself, as its pictures are only read: what can be gone on from is copied before every repetition."""
        return self


def to_tensor(picture: np.ndarray, device: torch.device) -> Tensor:
    """(1, C, H, W) of a picture (H, W, 3) or (H, W)."""
    channels = picture[None] if picture.ndim == 2 else picture.transpose(2, 0, 1)
    return torch.from_numpy(np.ascontiguousarray(channels, dtype=np.float32))[None].to(device)


def to_array(picture: Tensor) -> np.ndarray:
    """float32 (H, W, 3) or (H, W) of (1, 3 or 1, H, W)."""
    array = picture[0].permute(1, 2, 0).cpu().numpy().astype(np.float32)
    return array[..., 0] if array.shape[2] == 1 else array


class Adjustment:
    """An effect on a piece that can be taken further: every repetition goes on from the state of the last.

    Illumination and denoising work on the RGB of the current picture: the Retinex ratio is one factor for all three
    channels, so hue stays, and noise in colour goes too. Inclination gives a new luma; its difference to the luma the
    untuned network gives for the same piece is added to the current one, so that earlier edits of the same pixels are
    not undone, and colour stays.
    """

    def __init__(
        self,
        network: FusionBackbone,
        piece: Piece,
        effect: Effect,
        preset: Preset,
        progress: StepProgress | None = None,
        head_starts: HeadStarts | None = None,
    ) -> None:
        """Prepare the fine-tuning; nothing is optimised yet.

        Args:
            network: The fusion backbone; inclination tunes a copy.
            piece: The pictures.
            effect: "infrared", "visible", "brighten", "darken" or "denoise".
            preset: Steps, learning rates, views.
            progress: Called with 0 meanwhile; it may raise Cancelled.
            head_starts: Of this fusion backbone, where there are any.
        """
        device = next(network.parameters()).device
        current = to_tensor(piece.current, device)
        self.piece, self.effect = piece, effect
        self._tuning: FineTuning
        if effect in SOURCES:
            visible, infrared = to_tensor(piece.visible, device), to_tensor(piece.infrared, device)
            fused = None if piece.fused is None else to_tensor(piece.fused, device)
            self._tuning = Inclination(
                network, visible, infrared, effect, preset.inclination, preset.seed, progress, fused, head_starts
            )
            self._start = self._tuned = self._tuning.picture()
            return
        if effect == "denoise":
            channels = preset.denoising_channels
            self._tuning = Denoising(current, preset.denoising, channels, preset.seed, head_starts)
        else:
            channels = preset.illumination_channels
            whole = current if piece.whole is None else to_tensor(piece.whole, device)
            self._tuning = Illumination(current, effect, preset.illumination, channels, preset.seed, whole)
        self._tuned = current

    def advance(self, progress: StepProgress | None = None) -> list[str]:
        """One repetition; a note says if it diverged.

        Raises:
            Cancelled: Raised by `progress`; the adjustment must not be used any more.
        """
        self._tuned, notes = tune(self._tuning, self._tuned, progress)
        return notes

    def picture(self) -> np.ndarray:
        """float32 (h, w, 3) in [0, 1], the piece after the repetitions so far."""
        if self.effect not in SOURCES:
            return to_array(self._tuned)
        change = to_array(self._tuned - self._start)
        return with_luma(self.piece.current, image_luma(self.piece.current) + change)

    def distance(self) -> float:
        """How far from its source on average what the inclined network makes is, where it will be seen.

        Without other edits, and before pixels are held back, so that a network gone astray is known by it; 0 for the
        other effects, which have no source.
        """
        if not isinstance(self._tuning, Inclination):
            return 0.0
        target = image_luma(self.piece.visible) if self.effect == "visible" else self.piece.infrared
        start, tuned = to_array(self._start), to_array(self._tuning.made())
        seen = start + self.piece.weights * (tuned - start)
        return float(np.abs(seen - target)[self.piece.weights > 0.0].mean())
