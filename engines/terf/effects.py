"""Runs one fine-tuning on a piece of the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from engines.color import image_luma, with_luma
from engines.types import Effect
from finetune_units.denoising import Denoising
from finetune_units.illumination import Illumination
from finetune_units.inclination import Inclination
from finetune_units.presets import Preset
from finetune_units.tuning import StepProgress, tune


@dataclass(frozen=True)
class Piece:
    """What one fine-tuning works on: the same window of four pictures.

    Attributes:
        visible: float32 (h, w, 3).
        infrared: float32 (h, w).
        base: float32 (h, w, 3), the base fusion.
        current: float32 (h, w, 3), the base fusion with the edits so far.
    """

    visible: np.ndarray
    infrared: np.ndarray
    base: np.ndarray
    current: np.ndarray


def to_tensor(picture: np.ndarray, device: torch.device) -> Tensor:
    """(1, C, H, W) of a picture (H, W, 3) or (H, W)."""
    channels = picture[None] if picture.ndim == 2 else picture.transpose(2, 0, 1)
    return torch.from_numpy(np.ascontiguousarray(channels, dtype=np.float32))[None].to(device)


def to_array(picture: Tensor) -> np.ndarray:
    """float32 (H, W, 3) or (H, W) of (1, 3 or 1, H, W)."""
    array = picture[0].permute(1, 2, 0).cpu().numpy().astype(np.float32)
    return array[..., 0] if array.shape[2] == 1 else array


def apply_effect(
    network: nn.Module,
    piece: Piece,
    effect: Effect,
    strength: int,
    preset: Preset,
    progress: StepProgress | None = None,
) -> tuple[np.ndarray, list[str]]:
    """The piece after a fine-tuning.

    Illumination and denoising work on the RGB of the current picture: the Retinex ratio is one factor for all three
    channels, so hue stays, and noise in colour goes too. Inclination gives a new luma; its difference to the base
    fusion is added to the current one, so that earlier edits of the same pixels are not undone, and colour stays.

    Args:
        network: The fusion backbone; inclination tunes a copy.
        piece: The pictures.
        effect: "infrared", "visible", "brighten", "darken" or "denoise".
        strength: Number of repetitions.
        preset: Steps, learning rates, sizes.
        progress: Called with the fraction done.

    Returns:
        float32 (h, w, 3) in [0, 1] and notes.

    Raises:
        Cancelled: Raised by `progress`.
    """
    device = next(network.parameters()).device
    if effect in ("visible", "infrared"):
        visible, infrared = to_tensor(piece.visible, device), to_tensor(piece.infrared, device)
        base_luma = image_luma(piece.base)
        tuning = Inclination(network, visible, infrared, effect, preset.inclination)
        tuned, notes = tune(tuning, to_tensor(base_luma, device), strength, progress)
        change = to_array(tuned) - base_luma
        return with_luma(piece.current, image_luma(piece.current) + change), notes
    current = to_tensor(piece.current, device)
    if effect == "denoise":
        denoising = Denoising(current, preset.denoising, preset.seed)
        tuned, notes = tune(denoising, current, strength, progress)
    else:
        illumination = Illumination(current, effect, preset.illumination, preset.seed)
        tuned, notes = tune(illumination, current, strength, progress)
    return to_array(tuned), notes
