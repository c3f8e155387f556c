"""Pixels of one picture file in their stored depth, turned upright, with errors a person can act on."""

from __future__ import annotations

import os
import threading
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
from PIL import BmpImagePlugin, Image, ImageOps, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

from app.header import Header, read_header
from engines.errors import InputError

# The plugins are named one by one, not sniffed by Image.open: no other format can get in, and Pillow's own pixel limit,
# a process-wide setting, is left alone beside ours.
_PLUGINS = {
    "PNG": PngImagePlugin.PngImageFile,
    "JPEG": JpegImagePlugin.JpegImageFile,
    "WebP": WebPImagePlugin.WebPImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
    "TIFF": TiffImagePlugin.TiffImageFile,
}
_DAMAGED = "is damaged or truncated: its pixels cannot be decoded."
_NONE, _DEFLATE = 1, (8, 32946)
_cv2_log_lock = threading.Lock()


@dataclass(frozen=True)
class Raster:
    """Decoded pixels.

    Attributes:
        pixels: (H, W, C) with C 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGBA), in the stored depth: uint8, (u)int16,
            (u)int32 or float16/32/64.
        header: The header the pixels belong to.
    """

    pixels: np.ndarray
    header: Header


def read_raster(path: str | os.PathLike[str], slot: str, max_pixels: int) -> Raster:
    """Decode the first page of a picture file, upright.

    Args:
        path: A PNG, JPEG, WebP, BMP or TIFF file; told by its magic bytes, whatever its name.
        slot: "visible" or "infrared", for messages.
        max_pixels: Largest width x height, checked before decoding.

    Raises:
        InputError: One sentence with the slot and the file's base name: missing, a folder, no picture, too large,
            damaged.
    """
    path = Path(path)
    subject = f'The {slot} file "{path.name}"'
    try:
        if path.is_dir():
            raise InputError("must be a picture, but it is a folder.")
        if not path.is_file():
            raise InputError("was not found or is not a file.")
        with path.open("rb") as file:
            header = read_header(file)
            if header.width < 1 or header.height < 1:
                raise InputError("is empty: its header says it has no pixels.")
            if header.width * header.height > max_pixels:
                raise InputError(
                    f"must have at most {max_pixels:,} pixels, but its header says {header.width} x {header.height}."
                )
            return Raster(_decode(file, header, max_pixels), header)
    except InputError as error:
        raise InputError(f"{subject} {error}") from error
    except ValueError as error:
        raise InputError(f"{subject} was not found or is not a file.") from error
    except OSError as error:
        raise InputError(f"{subject} cannot be opened: {(error.strerror or 'read error').lower()}.") from error


def _decode(file: BinaryIO, header: Header, max_pixels: int) -> np.ndarray:
    try:
        if header.kind == "TIFF":
            _check_storage(file, header, max_pixels)
            if header.deep:
                return _deep_tiff(file, header)
        if header.kind == "PNG" and header.deep:
            return _deep_png(file)
        return _shallow(_open(file, header.kind))
    except InputError:
        raise
    except MemoryError as error:
        raise InputError("is too large for this machine's memory.") from error
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, zlib.error) as error:
        raise InputError(_DAMAGED) from error
    except (cv2.error, OverflowError) as error:
        raise InputError(_DAMAGED) from error
    except Image.DecompressionBombError as error:
        raise InputError("is too large to be decoded safely.") from error


def _open(file: BinaryIO, kind: str) -> Image.Image:
    file.seek(0)
    return _PLUGINS[kind](file)


def _shallow(picture: Image.Image) -> np.ndarray:
    picture.load()
    picture = ImageOps.exif_transpose(picture)
    if "transparency" in picture.info or picture.mode in ("PA", "RGBa", "La"):
        picture = picture.convert("RGBA")
    elif picture.mode == "1":
        picture = picture.convert("L")
    elif picture.mode not in ("L", "LA", "RGB", "RGBA"):
        picture = picture.convert("RGB")
    pixels = np.asarray(picture)
    return pixels[..., None] if pixels.ndim == 2 else pixels


def _deep_png(file: BinaryIO) -> np.ndarray:
    _open(file, "PNG").verify()
    return _turn(_opencv(file), _open(file, "PNG").getexif().get(274, 1))


def _deep_tiff(file: BinaryIO, header: Header) -> np.ndarray:
    photometric = header.tags.get(262, (1,))[0]
    if header.channels > 4 or photometric not in (0, 1, 2):
        raise InputError(
            f"must be grey, RGB or RGBA at {header.bits} bits, but it has {header.channels} channels (photometric "
            f"{photometric}); save it as grey or RGB."
        )
    half = header.bits == 16 and header.tags.get(339, (1,))[0] == 3
    plain = half or header.channels == 2 or header.bits == 8 and header.channels == 4
    pixels = _strips(file, header) if plain else _opencv(file)
    if photometric == 0 and pixels.dtype.kind == "u":
        pixels = np.iinfo(pixels.dtype).max - pixels
    return pixels


def _check_storage(file: BinaryIO, header: Header, max_pixels: int) -> None:
    """Refuse a TIFF whose tiles are larger than any picture, or whose pixel data would lie beyond the file's end."""
    if header.tags.get(322, (0,))[0] * header.tags.get(323, (0,))[0] > max(max_pixels, 1 << 16):
        raise ValueError("tiles too large")
    size = file.seek(0, os.SEEK_END)
    for where, length in ((273, 279), (324, 325)):
        for start, count in zip(header.tags.get(where, ()), header.tags.get(length, ()), strict=False):
            if start + count > size:
                raise EOFError("truncated")


def _opencv(file: BinaryIO) -> np.ndarray:
    """Decode at full depth with OpenCV: Pillow reads colour of more than 8 bits at 8."""
    file.seek(0)
    data = np.frombuffer(file.read(), np.uint8)
    with _cv2_log_lock:
        level = cv2.utils.logging.getLogLevel()
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
        try:
            pixels = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
        finally:
            cv2.utils.logging.setLogLevel(level)
    if pixels is None:
        raise ValueError("not decoded")
    if pixels.ndim == 2:
        return pixels[..., None]
    return pixels[..., [2, 1, 0, 3][: pixels.shape[2]]]


def _strips(file: BinaryIO, header: Header) -> np.ndarray:
    """Read a strip TIFF that neither Pillow nor OpenCV reads: deep grey with alpha, signed RGBA, half floats."""
    tags = header.tags
    compression = tags.get(259, (_NONE,))[0]
    predictor = tags.get(317, (1,))[0]
    known = compression == _NONE or compression in _DEFLATE
    if not known or predictor != 1 or tags.get(284, (1,))[0] != 1 or 273 not in tags:
        raise InputError(
            f"holds {header.bits}-bit samples in a form that cannot be read; save it without compression or as PNG."
        )
    rows = []
    for start, count in zip(tags[273], tags[279], strict=True):
        file.seek(start)
        data = file.read(count)
        rows.append(data if compression == _NONE else zlib.decompressobj().decompress(data, _strip_bytes(header)))
    kind = {1: "u", 2: "i", 3: "f"}[tags.get(339, (1,))[0]]
    stored = np.dtype(f"{'>' if header.big_endian else '<'}{kind}{header.bits // 8}")
    shape = (header.height, header.width, header.channels)
    pixels = np.frombuffer(b"".join(rows), stored, count=int(np.prod(shape))).reshape(shape)
    return _turn(pixels.astype(stored.newbyteorder("=")), tags.get(274, (1,))[0])


def _strip_bytes(header: Header) -> int:
    rows = min(header.tags.get(278, (header.height,))[0], header.height)
    return rows * header.width * header.channels * header.bits // 8


def _turn(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """Apply an EXIF orientation (1 to 8) to (H, W, C)."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)
