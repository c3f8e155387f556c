"""Picture files found by name and read for scoring."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from engines.errors import InputError
from evaluation.fusion.grey import to_grey

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"})


def pictures_by_stem(folder: Path) -> dict[str, Path]:
    """The pictures in a folder (not below it) by file name without suffix, sorted; other files are passed over.

    Raises:
        InputError: Not a folder, no picture in it, or two pictures of one stem.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} must be a folder of pictures, but there is no such folder.")
    files: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in SUFFIXES or path.name.startswith(".") or not path.is_file():
            continue
        if path.stem in files:
            raise InputError(f"Each name must occur once in {folder}, but got {files[path.stem].name} and {path.name}.")
        files[path.stem] = path
    if not files:
        raise InputError(f"{folder} must hold pictures (PNG, JPEG, BMP, TIFF or WebP), but has none.")
    return files


def read_grey(path: Path) -> np.ndarray:
    """The 8-bit grey picture of a file, uint8 (H, W): rounded luma of colour, grey levels as they are.

    Raises:
        InputError: Not a picture, damaged, or of more than 8 bits (scaling it down would be a guess).
    """
    try:
        with Image.open(path) as picture:
            if picture.mode.startswith(("I", "F")):
                raise InputError(f"{path} must be an 8-bit picture, but has the mode {picture.mode}.")
            return to_grey(np.asarray(picture if picture.mode == "L" else picture.convert("RGB")))
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise InputError(f"{path} must be a picture that can be read, but got: {error}.") from error
