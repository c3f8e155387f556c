"""What a fusion benchmark scores: pairs of pictures in folders or in a data set, with masks for scores of regions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from engines.errors import InputError
from engines.types import Instruction
from evaluation.picture_files import pictures_by_stem
from evaluation.run_length import decode_mask


@dataclass(frozen=True)
class FusionItem:
    """One pair to fuse and score.

    Attributes:
        name: The picture's, unique in the benchmark.
        visible: The visible picture's file.
        infrared: The infrared picture's file.
        fused: The fused picture's file, where it is there already.
        mask: The region to score beside the whole picture: a picture file, or COCO's run-length encoding.
        instruction: What to ask of the engine, where it differs from item to item.
    """

    name: str
    visible: Path
    infrared: Path
    fused: Path | None = None
    mask: Path | dict | None = None
    instruction: Instruction | None = None

    def region(self) -> np.ndarray | None:
        """The mask as bool (H, W), true inside; None without one.

        Raises:
            InputError: The mask cannot be read.
        """
        if self.mask is None:
            return None
        if isinstance(self.mask, dict):
            return decode_mask(self.mask["size"], self.mask["counts"])
        try:
            with Image.open(self.mask) as picture:
                return np.asarray(picture.convert("L")) >= 128
        except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
            raise InputError(f"{self.mask} must be a mask that can be read, but got: {error}.") from error


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
    """The pairs of referring data, each picture once.

    Args:
        data: A folder with refs.jsonl, a folder of such folders, or MM-RIS parquet.
        split: Which split, e.g. "val"; None for all.
        fused: Folder of fused pictures of the same names; others in it are passed over.

    Raises:
        InputError: No such data, an unknown split, or a picture without a fused one.
    """
    from training.references import read_scenes

    files = {} if fused is None else pictures_by_stem(fused)
    items = [
        FusionItem(scene.name, scene.visible_file, scene.infrared_file, files.get(scene.name))
        for scene in read_scenes(data, split)
    ]
    missing = [item.name for item in items if fused is not None and item.fused is None]
    if missing:
        raise InputError(f"Every picture must have a fused one of the same name, but {missing[0]} has none.")
    return _sorted_by_name(items)


def items_of_references(data: Path, split: str | None = None, ask: bool = False) -> list[FusionItem]:
    """One item per reference, with its mask: the same picture as often as something in it is referred to.

    Args:
        data: As for `items_of_data`.
        split: Which split, e.g. "val"; None for all.
        ask: Whether the reference's first sentence is the instruction, to highlight what it means.

    Raises:
        InputError: No such data, or an unknown split.
    """
    from evaluation.referring_masks import highlight
    from training.references import read_scenes

    return _sorted_by_name(
        [
            FusionItem(
                f"{scene.name}#{reference.number}",
                scene.visible_file,
                scene.infrared_file,
                mask=reference.rle,
                instruction=highlight(reference.sentences[0]) if ask else None,
            )
            for scene in read_scenes(data, split)
            for reference in scene.references
        ]
    )


def _sorted_by_name(items: list[FusionItem]) -> list[FusionItem]:
    ordered = sorted(items, key=lambda item: item.name)
    for item, following in zip(ordered, ordered[1:], strict=False):
        if item.name == following.name:
            raise InputError(f"Each picture must have a name of its own, but two are called {item.name}.")
    return ordered
