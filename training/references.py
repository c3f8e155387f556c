"""Referring data as scenes, from either form of DESIGN.md, section 6.

The folder form is `visible/`, `infrared/`, `refs.jsonl` and, where there is one, the dense annotation `scenes.jsonl`;
parquet files are unpacked into it (`training.mm_ris_parquet`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import cv2
import numpy as np

from engines.errors import InputError
from evaluation.picture_files import pictures_by_stem
from evaluation.run_length import decode_mask
from training.mm_ris_parquet import parquet_files, unpacked

OBJECT_CLASSES = (
    "person car truck bus bicycle motorcycle cone bollard barrier sign lamp pole bench bin box planter window door "
    "manhole bump"
).split()
STUFF_CLASSES = "road sidewalk grass trees bush building wall fence sky water".split()
CLASSES = (*OBJECT_CLASSES, *STUFF_CLASSES)
UNLABELLED = 255
UNKNOWN_KIND = "unknown"

# Decoded pictures kept in memory, about 0.9 MB each at 640×480: data of this project's size stays, MM-RIS need not fit.
_PICTURES_KEPT = 1024


@dataclass(frozen=True)
class Reference:
    """Sentences that refer to the same pixels of a picture.

    Attributes:
        image: Name of the picture.
        sentences: Paraphrases.
        kind: "thing", "stuff", "part", "class" or "template"; UNKNOWN_KIND where the data does not say.
        classes: Classes referred to; empty where the data does not say.
        rle: COCO run-length encoding of the mask.
        number: Position among the picture's references of all splits, from 0.
    """

    image: str
    sentences: tuple[str, ...]
    kind: str
    classes: tuple[str, ...]
    rle: dict
    number: int = 0

    def mask(self) -> np.ndarray:
        """uint8 (H, W), 1 inside.

        Raises:
            InputError: The mask cannot be decoded.
        """
        try:
            return _decode(self.rle).astype(np.uint8)
        except InputError as error:
            raise InputError(f"A mask of {self.image} cannot be decoded: {error}") from error


class Scene:
    """One picture pair with its references and, where there is one, its dense annotation.

    Attributes:
        name: Name of the pair, unique in its data set.
        visible_file: The visible picture's file.
        infrared_file: The infrared picture's file.
        references: Those of the split that was read.
        annotation: The pair's line of scenes.jsonl, or None.
    """

    def __init__(
        self,
        name: str,
        visible_file: Path,
        infrared_file: Path,
        references: list[Reference],
        annotation: dict | None = None,
    ) -> None:
        self.name = name
        self.visible_file = visible_file
        self.infrared_file = infrared_file
        self.references = references
        self.annotation = annotation

    @property
    def visible(self) -> np.ndarray:
        """uint8 (H, W, 3), RGB; shared, so not to be written to."""
        return _read(self.visible_file, cv2.IMREAD_COLOR)

    @property
    def infrared(self) -> np.ndarray:
        """uint8 (H, W); shared, so not to be written to."""
        return _read(self.infrared_file, cv2.IMREAD_GRAYSCALE)

    @property
    def night(self) -> bool | None:
        """Whether it was taken at night; None where the data does not say."""
        return None if self.annotation is None else bool(self.annotation.get("night"))

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
        """Every class that may be in the picture: annotated or referred to; all of them without an annotation."""
        if self.annotation is None:
            return frozenset(CLASSES)
        classes = {name for reference in self.references for name in reference.classes}
        return frozenset(
            classes | {item["class"] for item in self.annotation["objects"]} | set(self.annotation["stuff"])
        )


def _decode(rle: dict) -> np.ndarray:
    return decode_mask(rle["size"], rle["counts"])


@lru_cache(maxsize=_PICTURES_KEPT)
def _read(file: Path, flag: int) -> np.ndarray:
    picture = cv2.imread(str(file), flag)
    if picture is None:
        raise InputError(f"{file.parent.name}/{file.name} must be a picture, but cannot be read.")
    return np.ascontiguousarray(picture[..., ::-1]) if picture.ndim == 3 else picture


def dataset_folders(data: Path) -> list[Path]:
    """The folders of folder-form data that `data` is or directly holds; parquet files are unpacked first.

    Raises:
        InputError: There is none.
    """
    files = parquet_files(data)
    if files and not (data / "refs.jsonl").is_file():
        return [unpacked(files)]
    candidates = [data, *sorted(path for path in data.glob("*") if path.is_dir())]
    folders = [path for path in candidates if (path / "refs.jsonl").is_file() and (path / "visible").is_dir()]
    if not folders:
        raise InputError(
            "The data must be a folder with visible/, infrared/ and refs.jsonl, a folder of such folders, or parquet "
            f"files, but got {data}."
        )
    return folders


def read_scenes(data: Path, split: str | None) -> list[Scene]:
    """Every pair of a split, in file order; pictures and masks are read when they are asked for.

    Args:
        data: What `dataset_folders` accepts.
        split: "train", "val", …; None for all.

    Raises:
        InputError: No such data or split, a damaged line, or a picture that is missing.
    """
    folders = dataset_folders(data)
    rows = {folder: list(index_rows(folder / "refs.jsonl")) for folder in folders}
    splits = sorted({row["split"] for lines in rows.values() for row in lines if "split" in row})
    if split is not None and split not in splits:
        raise InputError(
            f"The split must be one of {', '.join(splits) or 'none (no line has one)'}, but got {split!r}."
        )
    scenes = [scene for folder in folders for scene in _scenes(folder, rows[folder], split)]
    if not scenes:
        raise InputError(f"The data must hold at least one sentence, but {data} has none.")
    return scenes


def _scenes(folder: Path, rows: list[dict], split: str | None) -> Iterator[Scene]:
    by_image: dict[str, list[Reference]] = {}
    numbers: dict[str, int] = {}
    for row in rows:
        image = row["image"]
        number = numbers[image] = numbers.get(image, -1) + 1
        if row["sentences"] and split in (None, row.get("split")):
            reference = Reference(
                image=image,
                sentences=tuple(row["sentences"]),
                kind=row.get("kind", UNKNOWN_KIND),
                classes=tuple(row.get("classes", ())),
                rle=row["mask"],
                number=number,
            )
            by_image.setdefault(image, []).append(reference)
    if not by_image:
        return
    files = {slot: pictures_by_stem(folder / slot) for slot in ("visible", "infrared")}
    annotations = _annotations(folder / "scenes.jsonl")
    for name, references in by_image.items():
        for slot, found in files.items():
            if name not in found:
                raise InputError(f"Every picture in refs.jsonl must have a file in {slot}/, but {name} has none.")
        yield Scene(name, files["visible"][name], files["infrared"][name], references, annotations.get(name))


def _annotations(index: Path) -> dict[str, dict]:
    if not index.is_file():
        return {}
    annotations = {}
    for number, entry in _json_lines(index):
        if not isinstance(entry, dict) or not {"image", "objects", "stuff"} <= entry.keys():
            raise InputError(f"Line {number} of {index} must have an image, objects and stuff.")
        annotations[entry["image"]] = entry
    return annotations


def _json_lines(index: Path) -> Iterator[tuple[int, object]]:
    """The lines of a file with their numbers, from 1; empty ones are passed over."""
    try:
        # Not splitlines(): a sentence may hold a line separator that JSON leaves as it is.
        lines = index.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{index} must be a text file in UTF-8 that can be read, but got: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"Line {number} of {index} must be JSON, but got: {error}.") from error


def index_rows(index: Path) -> Iterator[dict]:
    """The lines of a refs.jsonl; "split", "kind" and "classes" may be missing.

    Raises:
        InputError: The file cannot be read, or a line is none of a reference.
    """
    for number, row in _json_lines(index):
        if not _is_reference(row):
            raise InputError(
                f"Line {number} of {index} must have an image (text), sentences (list of text, none empty) and a mask "
                "(RLE with size and counts)."
            )
        yield row


def _is_reference(row: object) -> bool:
    if not isinstance(row, dict) or not all(isinstance(row.get(key, ""), str) for key in ("split", "kind")):
        return False
    image, sentences, mask = row.get("image"), row.get("sentences"), row.get("mask")
    classes = row.get("classes", [])
    return (
        isinstance(image, str)
        and _are_sentences(sentences)
        and _is_encoded_mask(mask)
        and isinstance(classes, list)
        and all(isinstance(name, str) for name in classes)
    )


def _are_sentences(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(sentence, str) and sentence.strip() for sentence in value)


def _is_encoded_mask(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    size, counts = value.get("size"), value.get("counts")
    return _are_whole(size) and len(size) == 2 and min(size) > 0 and (isinstance(counts, str) or _are_whole(counts))


def _are_whole(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(number, int) for number in value)
