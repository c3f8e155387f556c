"""Referring expressions with their masks, read from a data set in folder form.

The folder holds `visible/`, `infrared/` and `refs.jsonl`, one reference per line: `image` (file stem), `split`,
`sentences`, `kind` and `mask` (COCO RLE). `split` and `kind` may be left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engines.errors import InputError
from evaluation.picture_files import pictures_by_stem
from evaluation.run_length import decode_mask

UNKNOWN_KIND = "unknown"


@dataclass(frozen=True)
class Reference:
    """One sentence about one picture: the unit that is scored.

    Attributes:
        image: Name of the picture (file stem).
        sentence: The referring expression.
        kind: What sort of reference it is, e.g. thing, stuff, part, class, template.
        mask: bool (H, W), true on what the sentence means; shared between paraphrases.
        visible: The visible picture's file.
        infrared: The infrared picture's file.
    """

    image: str
    sentence: str
    kind: str
    mask: np.ndarray
    visible: Path
    infrared: Path


class ReferenceFolder:
    """The references of one split, in file order, grouped by picture.

    Attributes:
        n: How many sentences there are.
    """

    def __init__(self, root: Path, split: str | None = None) -> None:
        """Read and check the index; masks and pictures are read later.

        Args:
            root: The data set's folder.
            split: Which split, e.g. "val"; None for all.

        Raises:
            InputError: Not a data set in folder form, an unknown split, a damaged line, or a picture that is missing.
        """
        index = root / "refs.jsonl"
        if not index.is_file():
            raise InputError(f"The data must be a folder with visible/, infrared/ and refs.jsonl, but got {root}.")
        rows = _read_rows(index)
        splits = sorted({row["split"] for row in rows if "split" in row})
        if split is not None and split not in splits:
            raise InputError(
                f"The split must be one of {', '.join(splits) or 'none (no line has one)'}, but got {split!r}."
            )
        self._by_image: dict[str, list[dict]] = {}
        for row in rows:
            if row["sentences"] and split in (None, row.get("split")):
                self._by_image.setdefault(row["image"], []).append(row)
        self._visible = pictures_by_stem(root / "visible")
        self._infrared = pictures_by_stem(root / "infrared")
        for name in self._by_image:
            for kind, files in (("visible", self._visible), ("infrared", self._infrared)):
                if name not in files:
                    raise InputError(f"Every picture in refs.jsonl must have a {kind} file, but {name} has none.")
        self.n = sum(len(row["sentences"]) for group in self._by_image.values() for row in group)
        if self.n == 0:
            raise InputError(f"The data must hold at least one sentence, but {index} has none.")

    def by_image(self) -> Iterator[list[Reference]]:
        """All sentences of one picture after the other, each reference's sentences as separate items.

        Raises:
            InputError: A mask that cannot be decoded.
        """
        for name, rows in self._by_image.items():
            yield [reference for row in rows for reference in self._references(name, row)]

    def _references(self, name: str, row: dict) -> Iterator[Reference]:
        try:
            mask = decode_mask(row["mask"]["size"], row["mask"]["counts"])
        except InputError as error:
            raise InputError(f"A mask of {name} cannot be decoded: {error}") from error
        for sentence in row["sentences"]:
            yield Reference(
                name, sentence, row.get("kind", UNKNOWN_KIND), mask, self._visible[name], self._infrared[name]
            )


def _read_rows(index: Path) -> list[dict]:
    rows = []
    try:
        # Not splitlines(): a sentence may hold a line separator that JSON leaves as it is.
        lines = index.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{index} must be a text file in UTF-8 that can be read, but got: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"Line {number} of {index} must be JSON, but got: {error}.") from error
        if not _is_reference(row):
            raise InputError(
                f"Line {number} of {index} must have an image (text), sentences (list of text, none empty) and a mask "
                "(RLE with size and counts)."
            )
        rows.append(row)
    return rows


def _is_reference(row: object) -> bool:
    if not isinstance(row, dict) or not all(isinstance(row.get(key, ""), str) for key in ("split", "kind")):
        return False
    image, sentences, mask = row.get("image"), row.get("sentences"), row.get("mask")
    return isinstance(image, str) and _are_sentences(sentences) and _is_encoded_mask(mask)


def _are_sentences(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(sentence, str) and sentence.strip() for sentence in value)


def _is_encoded_mask(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    size, counts = value.get("size"), value.get("counts")
    return _are_whole(size) and len(size) == 2 and min(size) > 0 and (isinstance(counts, str) or _are_whole(counts))


def _are_whole(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(number, int) for number in value)
