"""Small pictures and hand-written files for the tests of reading pairs."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

H, W = 24, 32


def ramp(dtype: type = np.uint8, top: int = 255) -> np.ndarray:
    """(H, W), from 0 to `top`, no symmetry."""
    return np.rint(np.linspace(0, top, H * W)).reshape(H, W).astype(dtype)


def photo() -> np.ndarray:
    """uint8 (H, W, 3): colours that are no function of luma."""
    return np.random.default_rng(3).integers(0, 256, (H, W, 3)).astype(np.uint8)


def tiff(pixels: np.ndarray, sample_format: int, big_endian: bool = False, **tags: int) -> bytes:
    """An uncompressed TIFF of one strip, written by hand because Pillow writes few of these layouts."""
    pixels = pixels[..., None] if pixels.ndim == 2 else pixels
    rows, columns, channels = pixels.shape
    order = ">" if big_endian else "<"
    data = pixels.astype(pixels.dtype.newbyteorder(order)).tobytes()
    bits = [pixels.dtype.itemsize * 8] * channels
    entries = {
        256: (4, [columns]),
        257: (4, [rows]),
        258: (3, bits),
        259: (3, [1]),
        262: (3, [tags.get("photometric", 2 if channels > 2 else 1)]),
        273: (4, [0]),
        277: (3, [channels]),
        278: (4, [rows]),
        279: (4, [len(data)]),
        339: (3, [sample_format] * channels),
    }
    if channels in (2, 4):
        entries[338] = (3, [2])
    if "orientation" in tags:
        entries[274] = (3, [tags["orientation"]])
    size, code = {3: 2, 4: 4}, {3: "H", 4: "I"}
    after = 8 + 2 + 12 * len(entries) + 4
    long_values = sum(len(v) * size[t] for t, v in entries.values() if len(v) * size[t] > 4)
    directory = extra = b""
    for number, (kind, values) in sorted(entries.items()):
        values = [after + long_values] if number == 273 else values
        packed = struct.pack(order + code[kind] * len(values), *values)
        if len(packed) > 4:
            directory += struct.pack(order + "HHII", number, kind, len(values), after + len(extra))
            extra += packed
        else:
            directory += struct.pack(order + "HHI", number, kind, len(values)) + packed.ljust(4, b"\0")
    head = (b"MM" if big_endian else b"II") + struct.pack(order + "HIH", 42, 8, len(entries))
    return head + directory + struct.pack(order + "I", 0) + extra + data


def png(width: int, height: int, bits: int, colour: int, rows: bytes) -> bytes:
    """A PNG written by hand."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def said(notes: tuple[str, ...], *words: str) -> bool:
    """Whether one note holds all the words."""
    return any(all(word in note for word in words) for note in notes)


class PictureFolder:
    """Writes arrays or bytes under a name in a folder and returns the path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, name: str, content: np.ndarray | bytes, **options: object) -> Path:
        path = self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            Image.fromarray(content).save(path, **options)
        return path
