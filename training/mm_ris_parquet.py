"""MM-RIS in the form it is published in, parquet files (DESIGN.md, section 6), unpacked once into the folder form.

The published rows hold a picture pair each, the same pair again for every expression about it, and pandas writes all of
them as one row group: neither can be read at random. So the rows stream by, a few at a time, and what they hold goes
into the cache as files, each picture once, exactly as encoded. Everything else reads the folder form.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError
from tqdm import tqdm

from engines.cache import cache_folder, whole_or_not_at_all
from engines.errors import InputError
from evaluation.run_length import encode_mask

COLUMNS = ("image_name", "visible_image", "infrared_image", "question", "segmentation")
# Every expression of MM-RIS was written for one region (the paper, section 3.2).
KIND = "thing"
# The paper's split of training to validation, for files whose names say neither.
TRAIN_SHARE = 0.8
_ROWS_AT_ONCE = 8
_SUFFIXES = {"PNG": ".png", "JPEG": ".jpg", "BMP": ".bmp", "TIFF": ".tif", "WEBP": ".webp"}

logger = logging.getLogger(__name__)


def parquet_files(data: Path) -> list[Path]:
    """The parquet files that `data` is or directly holds, sorted by name."""
    if data.is_file():
        return [data] if data.suffix == ".parquet" else []
    return sorted(data.glob("*.parquet"))


def rows(file: Path) -> Iterator[dict[str, Any]]:
    """The rows of one file in order; of each column, a page is in memory at a time (1,024 rows as pandas writes it).

    Raises:
        InputError: pyarrow is not installed, it is no parquet file, or a column is missing.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise InputError(f"{file.name} is a parquet file: to read it, run `pip install pyarrow`.") from error
    try:
        # The map keeps a column chunk, which may be the whole file's, out of memory: its pages are read one by one.
        with pyarrow.parquet.ParquetFile(file, memory_map=True) as parquet:
            missing = [name for name in COLUMNS if name not in parquet.schema_arrow.names]
            if missing:
                raise InputError(f"{file.name} must have the columns {', '.join(COLUMNS)}, but lacks {missing[0]}.")
            for batch in parquet.iter_batches(batch_size=_ROWS_AT_ONCE, columns=list(COLUMNS), use_threads=False):
                yield from batch.to_pylist()
    except (OSError, pyarrow.ArrowInvalid) as error:
        raise InputError(f"{file.name} must be a parquet file that can be read, but got: {error}.") from error


def split_of(file: Path, image_name: str) -> str:
    """ "train", "val" or "test": what the file's name says, else 4 : 1 by picture, the same at every reading."""
    for split in ("train", "val", "test"):
        if split in file.stem.lower():
            return split
    return "train" if zlib.crc32(image_name.encode()) / 2**32 < TRAIN_SHARE else "val"


def unpacked(files: Sequence[Path]) -> Path:
    """The folder form of parquet files, made in the cache at the first call.

    Rows without one of the values are left out, as the published program does; a row that an earlier file had already
    is, too (the published instructions merge two parts into a third file beside them).

    Raises:
        InputError: A file or row cannot be used; the message names it.
    """
    stamps = [(str(file.resolve()), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    target = cache_folder("mm-ris") / hashlib.sha256(json.dumps(stamps).encode()).hexdigest()[:16]
    if target.is_dir():
        return target
    try:
        with whole_or_not_at_all(target) as folder:
            _unpack(files, folder)
    except OSError as error:
        raise InputError(f"The data cannot be unpacked into {target.parent}: {error.strerror or error}.") from error
    return target


def _unpack(files: Sequence[Path], folder: Path) -> None:
    pictures = _Pictures(folder)
    read: set[tuple[str, str, int]] = set()
    left_out = 0
    with (folder / "refs.jsonl").open("w", encoding="utf-8") as references:
        for file in files:
            of_this_file = set()
            told = tqdm(rows(file), desc=f"unpacking {file.name}", unit=" rows", leave=False, disable=None)
            for number, row in enumerate(told):
                if any(row[name] is None for name in COLUMNS) or not str(row["question"]).strip():
                    left_out += 1
                    continue
                try:
                    image = pictures.keep(str(row["image_name"]), row["visible_image"], row["infrared_image"])
                    mask = _mask(row["segmentation"], pictures.shapes[image])
                except InputError as error:
                    raise InputError(f"Row {number} of {file.name} ({row['image_name']}) {error}") from error
                key = (image, str(row["question"]), zlib.crc32(row["segmentation"]))
                of_this_file.add(key)
                if key in read:
                    continue
                line = {"image": image, "split": split_of(file, image), "sentences": [str(row["question"])]}
                line |= {"kind": KIND, "classes": [], "area": int(mask.sum()), "mask": encode_mask(mask)}
                references.write(json.dumps(line) + "\n")
            read |= of_this_file
    if left_out:
        logger.warning("%d rows lack a value and are left out.", left_out)


class _Pictures:
    """Writes each pair once and gives it a name.

    Attributes:
        shapes: Height and width of the visible picture by name.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shapes: dict[str, tuple[int, int]] = {}
        self._names: dict[bytes, str] = {}
        for slot in ("visible", "infrared"):
            (folder / slot).mkdir()

    def keep(self, image_name: str, visible: bytes, infrared: bytes) -> str:
        """The pair's name: the given one without folder and ending, numbered where other pictures have it already."""
        stem = PurePosixPath(image_name.replace("\\", "/")).stem or "picture"
        digest = hashlib.sha256(b"".join((stem.encode(), hashlib.sha256(visible).digest(), infrared))).digest()
        if digest not in self._names:
            name, number = stem, 1
            while name in self.shapes:
                number += 1
                name = f"{stem}~{number}"
            self.shapes[name] = self._write("visible", name, visible)
            self._write("infrared", name, infrared)
            self._names[digest] = name
        return self._names[digest]

    def _write(self, slot: str, name: str, encoded: bytes) -> tuple[int, int]:
        try:
            with Image.open(io.BytesIO(encoded)) as picture:
                suffix, (width, height) = _SUFFIXES.get(picture.format or ""), picture.size
        except (TypeError, UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
            raise InputError(f"must hold an encoded {slot} picture, but it cannot be read.") from error
        if suffix is None:
            raise InputError(f"must hold a {slot} picture as PNG, JPEG, BMP, TIFF or WebP.")
        (self.folder / slot / f"{name}{suffix}").write_bytes(encoded)
        return height, width


def _mask(encoded: bytes, shape: tuple[int, int]) -> np.ndarray:
    """bool (H, W) of a .npy file's bytes; whatever is above 0 is inside."""
    try:
        mask = np.load(io.BytesIO(encoded), allow_pickle=False)
    except (TypeError, ValueError, EOFError, OSError) as error:
        raise InputError("must hold a segmentation as the bytes of a .npy file, but it cannot be read.") from error
    if mask.shape != shape:
        raise InputError(f"must hold a mask of {shape} like its visible picture, but it is {mask.shape}.")
    return mask > 0
