"""What a fusion benchmark scores: pairs of pictures in folders or in a data set, with masks for scores of regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from engines.errors import InputError
from engines.types import Instruction
from evaluation.picture_files import pictures_by_stem
from evaluation.references import ReferenceFolder


@dataclass(frozen=True)
class PackedMask:
    """A mask in an eighth of its size, so that those of a whole data set fit in memory.

    Attributes:
        shape: Height and width.
        bits: uint8, row by row.
    """

    shape: tuple[int, int]
    bits: np.ndarray

    @classmethod
    def of(cls, mask: np.ndarray) -> PackedMask:
        """Pack a bool mask (H, W)."""
        return cls(mask.shape, np.packbits(mask))

    def unpack(self) -> np.ndarray:
        """bool (H, W)."""
        height, width = self.shape
        return np.unpackbits(self.bits, count=height * width).astype(bool).reshape(height, width)


@dataclass(frozen=True)
class FusionItem:
    """One pair to fuse and score.

    Attributes:
        name: The picture's, unique in the benchmark.
        visible: The visible picture's file.
        infrared: The infrared picture's file.
        fused: The fused picture's file, where it is there already.
        mask: The region to score beside the whole picture.
        instruction: What to ask of the engine, where it differs from item to item.
    """

    name: str
    visible: Path
    infrared: Path
    fused: Path | None = None
    mask: Path | PackedMask | None = None
    instruction: Instruction | None = None

    def region(self) -> np.ndarray | None:
        """The mask as bool (H, W), true inside; None without one.

        Raises:
            InputError: The mask's file is not a picture.
        """
        if isinstance(self.mask, Path):
            try:
                with Image.open(self.mask) as picture:
                    return np.asarray(picture.convert("L")) >= 128
            except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
                raise InputError(f"{self.mask} must be a mask that can be read, but got: {error}.") from error
        return None if self.mask is None else self.mask.unpack()


def items_of_folders(
    visible: Path, infrared: Path, fused: Path | None = None, masks: Path | None = None
) -> list[FusionItem]:
    """The pairs of two folders, matched by file stem.

    Args:
        visible: Folder of visible pictures.
        infrared: Folder of infrared pictures of the same names.
        fused: Folder of fused pictures of the same names.
        masks: Folder of 8-bit masks of the same names, 255 inside.

    Raises:
        InputError: The folders do not hold the same names: a mean over fewer pictures would pass for one over all.
    """
    given = {"visible": visible, "infrared": infrared, "fused": fused, "mask": masks}
    files = {kind: pictures_by_stem(folder) for kind, folder in given.items() if folder is not None}
    every = sorted(set().union(*files.values()))
    for kind, of_kind in files.items():
        missing = [name for name in every if name not in of_kind]
        if missing:
            raise InputError(
                f"Every picture must have a {kind} one of the same name, but {len(missing)} of {len(every)} have none: "
                f"{', '.join(missing[:3])}{', …' if len(missing) > 3 else ''}."
            )
    return [FusionItem(name, **{kind: of_kind[name] for kind, of_kind in files.items()}) for name in every]


def items_of_data(data: Path, split: str | None = None, fused: Path | None = None) -> list[FusionItem]:
    """The pairs of a data set in folder form or MM-RIS parquet, each picture once.

    Args:
        data: The folder or parquet file.
        split: Which split, e.g. "val"; None for all.
        fused: Folder of fused pictures of the same names; others in it are passed over.

    Raises:
        InputError: No data set, an unknown split, or a picture without a fused one.
    """
    pairs = ReferenceFolder(data, split).pairs
    fused_files = {} if fused is None else pictures_by_stem(fused)
    missing = [name for name in pairs if fused is not None and name not in fused_files]
    if missing:
        raise InputError(f"Every picture must have a fused one of the same name, but {missing[0]} has none.")
    return [FusionItem(name, *pairs[name], fused_files.get(name)) for name in sorted(pairs)]


def items_of_references(data: Path, split: str | None = None, ask: bool = False) -> list[FusionItem]:
    """One item per reference of a data set, with its mask: the same picture as often as something in it is referred to.

    Args:
        data: The folder or parquet file.
        split: Which split, e.g. "val"; None for all.
        ask: Whether the reference's first sentence is the instruction, to highlight what it means.

    Raises:
        InputError: No data set, an unknown split, or a mask that cannot be decoded.
    """
    from evaluation.referring_benchmark import highlight

    items = []
    for group in ReferenceFolder(data, split).by_image():
        masks: list[np.ndarray] = []
        for reference in group:
            # The sentences of one reference share one mask object.
            if any(reference.mask is mask for mask in masks):
                continue
            masks.append(reference.mask)
            items.append(
                FusionItem(
                    f"{reference.image}#{len(masks)}",
                    reference.visible,
                    reference.infrared,
                    mask=PackedMask.of(reference.mask),
                    instruction=highlight(reference.sentence) if ask else None,
                )
            )
    return items


def evenly_spaced(items: Sequence[FusionItem], limit: int | None) -> list[FusionItem]:
    """At most `limit` of the items, spread over all of them; None for all.

    Raises:
        InputError: A limit below 1.
    """
    if limit is None or limit >= len(items):
        return list(items)
    if limit < 1:
        raise InputError(f"The limit must be at least 1, but got {limit}.")
    return [items[index * len(items) // limit] for index in range(limit)]
