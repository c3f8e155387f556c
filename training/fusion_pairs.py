"""Aligned visible and infrared pictures of a data folder, for recipes that need no references."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from engines.errors import InputError
from training.references import dataset_folders

__all__ = ["Crops", "FusionPair", "dataset_folders", "load_pairs", "random_crops"]


@dataclass(frozen=True)
class FusionPair:
    """One pair as stored.

    Attributes:
        name: File name without ending.
        visible: uint8 (3, H, W), RGB.
        infrared: uint8 (1, H, W).
    """

    name: str
    visible: Tensor
    infrared: Tensor

    def picture(self, device: torch.device) -> tuple[Tensor, Tensor]:
        """Visible (1, 3, H, W) and infrared (1, 1, H, W), float32 in [0, 1]."""
        return self.visible.to(device)[None].float() / 255.0, self.infrared.to(device)[None].float() / 255.0


def _read(path: Path, mode: str) -> Tensor:
    with Image.open(path) as image:
        array = np.array(image.convert(mode))
    return torch.from_numpy(array[None] if mode == "L" else array.transpose(2, 0, 1).copy())


def load_pairs(folders: list[Path], split: str) -> list[FusionPair]:
    """Every picture whose references belong to `split`, once, in name order.

    Raises:
        InputError: No picture belongs to the split.
    """
    pairs = []
    for folder in folders:
        with (folder / "refs.jsonl").open(encoding="utf-8") as lines:
            references = [json.loads(line) for line in lines]
        for name in sorted({reference["image"] for reference in references if reference["split"] == split}):
            visible = next((folder / "visible").glob(f"{name}.*"))
            infrared = next((folder / "infrared").glob(f"{name}.*"))
            pairs.append(FusionPair(name, _read(visible, "RGB"), _read(infrared, "L")))
    if not pairs:
        raise InputError(f"The data must hold pictures of the split {split!r}, but there are none.")
    return pairs


class Crops(NamedTuple):
    """A batch of crops.

    Attributes:
        visible: (B, 3, S, S), float32 RGB in [0, 1].
        infrared: (B, 1, S, S), float32 in [0, 1].
        pairs: The B pairs they were cut from.
    """

    visible: Tensor
    infrared: Tensor
    pairs: list[FusionPair]


def random_crops(pairs: list[FusionPair], batch: int, size: int, generator: torch.Generator) -> Crops:
    """Mirrored-or-not crops of `size` pixels a side, less where the smallest picture drawn is smaller."""
    chosen = [pairs[int(torch.randint(len(pairs), (), generator=generator))] for _ in range(batch)]
    size = min(size, *(min(pair.infrared.shape[-2:]) for pair in chosen))
    visible, infrared = [], []
    for pair in chosen:
        height, width = pair.infrared.shape[-2:]
        top = int(torch.randint(height - size + 1, (), generator=generator))
        left = int(torch.randint(width - size + 1, (), generator=generator))
        both = torch.cat([pair.visible, pair.infrared])[:, top : top + size, left : left + size]
        if int(torch.randint(2, (), generator=generator)):
            both = both.flip(-1)
        visible.append(both[:3])
        infrared.append(both[3:])
    return Crops(torch.stack(visible).float() / 255.0, torch.stack(infrared).float() / 255.0, chosen)
