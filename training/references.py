"""Reads the folder form of referring data (DESIGN.md, section 6): visible/, infrared/, refs.jsonl, scenes.jsonl."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

from engines.errors import InputError
from evaluation.run_length import decode_mask

OBJECT_CLASSES = (
    "person car truck bus bicycle motorcycle cone bollard barrier sign lamp pole bench bin box planter window door "
    "manhole bump"
).split()
STUFF_CLASSES = "road sidewalk grass trees bush building wall fence sky water".split()
CLASSES = (*OBJECT_CLASSES, *STUFF_CLASSES)
UNLABELLED = 255


@dataclass(frozen=True)
class Reference:
    """Sentences that refer to the same pixels of a picture.

    Attributes:
        image: Name of the picture.
        sentences: Paraphrases.
        kind: "thing", "stuff", "part", "class" or "template".
        classes: Classes referred to.
        rle: COCO run-length encoding of the mask.
    """

    image: str
    sentences: tuple[str, ...]
    kind: str
    classes: tuple[str, ...]
    rle: dict

    def mask(self) -> np.ndarray:
        """uint8 (H, W), 1 inside."""
        return _decode(self.rle).astype(np.uint8)


class Scene:
    """One picture pair with its references and, where there is one, its dense annotation."""

    def __init__(self, root: Path, name: str, references: list[Reference], annotation: dict | None) -> None:
        self.root = root
        self.name = name
        self.references = references
        self.annotation = annotation

    @cached_property
    def visible(self) -> np.ndarray:
        """uint8 (H, W, 3), RGB."""
        return np.ascontiguousarray(_read(self.root / "visible", self.name, cv2.IMREAD_COLOR)[..., ::-1])

    @cached_property
    def infrared(self) -> np.ndarray:
        """uint8 (H, W)."""
        return _read(self.root / "infrared", self.name, cv2.IMREAD_GRAYSCALE)

    @cached_property
    def labels(self) -> np.ndarray:
        """uint8 (H, W): index into CLASSES, UNLABELLED where nobody said."""
        labels = np.full(self.infrared.shape, UNLABELLED, np.uint8)
        if self.annotation is None:
            return labels
        for name, rle in self.annotation["stuff"].items():
            labels[_decode(rle)] = CLASSES.index(name)
        # Small objects last: a sign in front of a truck stays a sign.
        for item in sorted(self.annotation["objects"], key=lambda item: -item["area"]):
            labels[_decode(item["mask"])] = CLASSES.index(item["class"])
        return labels

    @cached_property
    def present(self) -> frozenset[str]:
        """Every class that is annotated in the picture or referred to."""
        classes = {name for reference in self.references for name in reference.classes}
        if self.annotation is not None:
            classes |= {item["class"] for item in self.annotation["objects"]} | set(self.annotation["stuff"])
        return frozenset(classes)


def _decode(rle: dict) -> np.ndarray:
    return decode_mask(rle["size"], rle["counts"])


def _read(folder: Path, name: str, flag: int) -> np.ndarray:
    for suffix in (".jpg", ".png"):
        picture = cv2.imread(str(folder / f"{name}{suffix}"), flag)
        if picture is not None:
            return picture
    raise InputError(
        f"The data folder {folder.parent.name} must hold {folder.name}/{name}.jpg or .png, but has neither."
    )


def dataset_folders(data: Path) -> list[Path]:
    """The folders of folder-form data under `data`: itself, or its direct children.

    Raises:
        InputError: There is none.
    """
    folders = [folder for folder in (data, *sorted(data.glob("*/"))) if (folder / "refs.jsonl").is_file()]
    if not folders:
        raise InputError(f"--data must be a folder with refs.jsonl in it or in a subfolder, but got {data.name!r}.")
    return folders


def read_scenes(data: Path, split: str) -> list[Scene]:
    """Every pair of a split, in file order.

    Args:
        data: A folder `dataset_folders` accepts.
        split: "train" or "val".

    Raises:
        InputError: No such data, or an empty split.
    """
    scenes = []
    for folder in dataset_folders(data):
        annotations = {}
        if (folder / "scenes.jsonl").is_file():
            for line in (folder / "scenes.jsonl").read_text().splitlines():
                entry = json.loads(line)
                annotations[entry["image"]] = entry
        by_image: dict[str, list[Reference]] = {}
        for line in (folder / "refs.jsonl").read_text().splitlines():
            entry = json.loads(line)
            if entry["split"] == split:
                reference = Reference(
                    entry["image"], tuple(entry["sentences"]), entry["kind"], tuple(entry["classes"]), entry["mask"]
                )
                by_image.setdefault(entry["image"], []).append(reference)
        scenes += [Scene(folder, name, references, annotations.get(name)) for name, references in by_image.items()]
    if not scenes:
        raise InputError(f"The data under {data.name!r} has no picture in the split {split!r}.")
    return scenes
