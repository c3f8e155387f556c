"""What a result can be saved as beside PNG: 16-bit TIFF, a mask per region, the plan."""

from __future__ import annotations

import io
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from PIL import Image

from app.report import edits_data
from engines import checkpoints, registry
from engines.errors import InputError
from engines.masks import INSIDE
from finetune_units.presets import PRESETS as TUNING

if TYPE_CHECKING:
    from app.pipeline import Outcome

_DEFLATE = 8


def write_tiff(path: str | os.PathLike[str], image: np.ndarray) -> None:
    """Write a 16-bit TIFF, compressed without loss.

    Args:
        path: The file to write; its folder must exist.
        image: float (H, W, 3) RGB or (H, W) grey in [0, 1]; clipped, then rounded to the nearest of 65536 steps.

    Raises:
        InputError: The file cannot be written.
    """
    deep = np.rint(np.clip(image, 0.0, 1.0) * 65535.0).astype(np.uint16)
    deep = deep if deep.ndim == 2 else np.ascontiguousarray(deep[..., ::-1])
    _, encoded = cv2.imencode(".tiff", deep, [cv2.IMWRITE_TIFF_COMPRESSION, _DEFLATE])
    try:
        Path(path).write_bytes(encoded.tobytes())
    except OSError as error:
        reason = (error.strerror or "write error").lower()
        raise InputError(f'The file "{Path(path).name}" cannot be written: {reason}.') from error


def eight_bits(image: np.ndarray) -> np.ndarray:
    """uint8 of a float picture in [0, 1], as a PNG of it holds."""
    return np.rint(np.clip(image, 0.0, 1.0) * 255.0).astype(np.uint8)


def inside(mask: np.ndarray) -> np.ndarray:
    """uint8 (H, W): 255 inside a mask, 0 elsewhere."""
    return np.where(mask >= INSIDE, 255, 0).astype(np.uint8)


def png_bytes(pixels: np.ndarray) -> bytes:
    """A PNG file of uint8 (H, W) or (H, W, 3)."""
    encoded = io.BytesIO()
    Image.fromarray(pixels).save(encoded, format="PNG", compress_level=2)
    return encoded.getvalue()


def exact_bytes(picture: np.ndarray) -> tuple[str, bytes]:
    """A float32 picture without any loss: as PNG where it holds whole steps of 1/255, as .npy elsewhere.

    Returns:
        The file name's suffix and the file.
    """
    steps = eight_bits(picture)
    if np.array_equal(steps.astype(np.float32) / np.float32(255), picture):
        return ".png", png_bytes(steps)
    encoded = io.BytesIO()
    np.lib.format.write_array(encoded, np.ascontiguousarray(picture, dtype=np.float32), allow_pickle=False)
    return ".npy", encoded.getvalue()


def float_array(data: bytes) -> np.ndarray:
    """The array of a .npy file as `exact_bytes` writes it; nothing is unpickled, nothing allocated on its word.

    Raises:
        InputError: It is another kind of array, or damaged; the message is a predicate to follow the file's name.
    """
    file = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(file)
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(file, max_header_size=1000)
    except ValueError as error:
        raise InputError("is damaged: its header cannot be read.") from error
    rest = len(data) - file.tell()
    if version != (1, 0) or dtype != np.float32 or fortran or min(shape, default=1) < 1 or 4 * math.prod(shape) != rest:
        raise InputError("must hold float32 values as SayFuse writes them.")
    return np.frombuffer(data, np.float32, offset=file.tell()).reshape(shape)


def weights_used(engine: str, checkpoint: str | None) -> dict[str, str]:
    """Checkpoint name -> sha256 of everything a fusion with an engine may have loaded; empty for the classical ones.

    Raises:
        CheckpointError: The engine's checkpoint is missing or damaged.
    """
    if not registry.ENGINES[engine].learned:
        return {}
    file = checkpoints.weight_file(engine, checkpoint)
    used = {checkpoint or checkpoints.find(engine).name: checkpoints.file_sha256(file)}
    # Engines without a head of their own look for regions with that of RIS-FUSION, or with what was fetched for it; an
    # engine's head starts are listed under its name.
    for entry in checkpoints.listed():
        helps = entry.engine in ("regions", f"{engine}-head-starts") or entry.engine == "ris-fusion" and entry.default
        if helps and entry.present:
            used.setdefault(entry.name, entry.sha256)
    return used


def plan(outcome: Outcome) -> dict[str, Any]:
    """What an outcome was made with, as plain data: enough to make it again from the same pair.

    Raises:
        CheckpointError: The engine's checkpoint is no longer here.
    """
    looked = outcome.looked
    return {
        "text": outcome.instruction.text,
        "edits": edits_data(outcome.instruction),
        "parser": outcome.instruction.parser,
        "engine": outcome.engine,
        "preset": outcome.preset,
        "seed": TUNING[outcome.preset].seed,
        "checkpoint": outcome.checkpoint,
        "weights": weights_used(outcome.engine, outcome.checkpoint),
        "looking": {
            "backend": looked.backend,
            "source": looked.source,
            "sam": looked.sam,
            "box_threshold": looked.box_threshold,
            "text_threshold": looked.text_threshold,
        },
        "semantics": outcome.semantics,
        "preview": outcome.preview,
    }
