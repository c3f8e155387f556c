"""What a picture file says about itself before anything is decoded: format, size, depth, pages."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import BinaryIO

from engines.errors import InputError

_PNG = b"\x89PNG\r\n\x1a\n"
_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# Start-of-frame markers: 0xC4, 0xC8 and 0xCC are tables and extensions, not frames.
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Size, depth, layout, strips and tiles (TIFF 6.0, section 8), and the integer types their values come in.
_TIFF_TAGS = frozenset((256, 257, 258, 259, 262, 273, 274, 277, 278, 279, 284, 317, 322, 323, 324, 325, 338, 339))
_TIFF_TYPES = {1: "B", 3: "H", 4: "I", 16: "Q"}
_MOST_VALUES = 1 << 22
_OTHERS = (
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
    (b"\x93NUMPY", "a NumPy array"),
)


@dataclass(frozen=True)
class Header:
    """The facts of a picture file's header.

    Attributes:
        kind: "PNG", "JPEG", "WebP", "BMP" or "TIFF".
        width: Columns as stored, before any EXIF turn.
        height: Rows as stored.
        bits: Bits per channel.
        channels: Channels as stored; 1 for a palette.
        pages: 1, or 2 where the file holds more than one page or frame.
        tags: For TIFF, tag number -> tuple of values of the first page.
        big_endian: For TIFF, whether the samples are big-endian.
    """

    kind: str
    width: int
    height: int
    bits: int = 8
    channels: int = 3
    pages: int = 1
    tags: dict[int, tuple] = field(default_factory=dict)
    big_endian: bool = False

    @property
    def deep(self) -> bool:
        """Whether a sample is wider than 8 bits, signed or a float."""
        return self.bits > 8 or self.tags.get(339, (1,))[0] in (2, 3)


def read_header(file: BinaryIO) -> Header:
    """Read the header of a PNG, JPEG, WebP, BMP or TIFF file by its magic bytes; no pixel is decoded.

    Args:
        file: Opened for reading at any position; its position afterwards is undefined.

    Raises:
        InputError: The message is a predicate for the file, e.g. "is empty", to follow its name.
    """
    file.seek(0)
    start = file.read(64)
    try:
        if not start:
            raise InputError("is empty.")
        if start.startswith(_PNG):
            return _png(file, start)
        if start.startswith(b"\xff\xd8"):
            return _jpeg(file)
        if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
            return _webp(start)
        if start.startswith(b"BM"):
            return _bmp(start)
        if start.startswith(_TIFF):
            return _tiff(file, start)
    except (struct.error, ValueError, KeyError, IndexError, EOFError, OSError, OverflowError) as error:
        raise InputError("is damaged or truncated: its header cannot be read.") from error
    raise InputError(f"must be a PNG, JPEG, WebP, BMP or TIFF picture, but it is {_describe(start)}.")


def _describe(start: bytes) -> str:
    for magic, name in _OTHERS:
        if start.startswith(magic):
            return name
    if start[4:8] == b"ftyp":
        return "a HEIC, AVIF or video file"
    head = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(b"<svg") or (head.startswith(b"<?xml") and b"svg" in head):
        return "an SVG drawing"
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "an HTML page"
    if head.startswith(b"<"):
        return "an SVG, HTML or XML text"
    if not any(byte < 9 or 13 < byte < 32 for byte in start):
        return "a text file"
    return "something else"


def _png(file: BinaryIO, start: bytes) -> Header:
    if start[12:16] != b"IHDR":
        raise ValueError("no IHDR")
    width, height, bits, colour = struct.unpack(">IIBB", start[16:26])
    file.seek(8)
    pages = 1
    while True:
        length, name = struct.unpack(">I4s", file.read(8))
        if name == b"acTL":
            pages = 2
        if name in (b"IDAT", b"IEND"):
            break
        file.seek(length + 4, 1)
    return Header("PNG", width, height, bits, _PNG_CHANNELS[colour], pages)


def _jpeg(file: BinaryIO) -> Header:
    file.seek(2)
    while True:
        while (byte := file.read(1)) != b"\xff":
            if not byte:
                raise EOFError
        while (byte := file.read(1)) == b"\xff":
            pass
        marker = byte[0]
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            continue
        (length,) = struct.unpack(">H", file.read(2))
        if marker in _JPEG_FRAMES:
            bits, height, width, channels = struct.unpack(">BHHB", file.read(6))
            return Header("JPEG", width, height, bits, channels)
        file.seek(length - 2, 1)


def _webp(start: bytes) -> Header:
    chunk = start[12:16]
    if chunk == b"VP8X":
        width = 1 + int.from_bytes(start[24:27], "little")
        height = 1 + int.from_bytes(start[27:30], "little")
        return Header("WebP", width, height, pages=2 if start[20] & 2 else 1)
    if chunk == b"VP8L":
        (packed,) = struct.unpack("<I", start[21:25])
        return Header("WebP", 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF))
    if chunk == b"VP8 ":
        width, height = struct.unpack("<HH", start[26:30])
        return Header("WebP", width & 0x3FFF, height & 0x3FFF)
    raise ValueError("unknown WebP chunk")


def _bmp(start: bytes) -> Header:
    (size,) = struct.unpack("<I", start[14:18])
    if size == 12:
        width, height = struct.unpack("<HH", start[18:22])
    else:
        width, height = struct.unpack("<ii", start[18:26])
    return Header("BMP", abs(width), abs(height))


def _tiff(file: BinaryIO, start: bytes) -> Header:
    big_endian = start.startswith(b"MM")
    order = ">" if big_endian else "<"
    big = 43 in start[2:4]
    (where,) = struct.unpack(order + ("Q" if big else "I"), start[8:16] if big else start[4:8])
    file.seek(where)
    count_size, entry_size, inline = (8, 20, 8) if big else (2, 12, 4)
    (count,) = struct.unpack(order + ("Q" if big else "H"), file.read(count_size))
    if count > 4096:
        raise ValueError("too many entries")
    entries = file.read(count * entry_size)
    following = file.read(inline)
    tags = {}
    for i in range(count):
        entry = entries[i * entry_size : (i + 1) * entry_size]
        number, kind, length = struct.unpack(order + ("HHQ" if big else "HHI"), entry[:-inline])
        if number not in _TIFF_TAGS or kind not in _TIFF_TYPES:
            continue
        code = f"{order}{length}{_TIFF_TYPES[kind]}"
        data = entry[-inline:]
        if length > _MOST_VALUES:
            raise ValueError("too many values")
        if struct.calcsize(code) > inline:
            file.seek(struct.unpack(order + ("Q" if big else "I"), data)[0])
            data = file.read(struct.calcsize(code))
        tags[number] = struct.unpack(code, data[: struct.calcsize(code)])
    return Header(
        kind="TIFF",
        width=tags[256][0],
        height=tags[257][0],
        bits=tags.get(258, (1,))[0],
        channels=tags.get(277, (1,))[0],
        pages=2 if any(following) else 1,
        tags=tags,
        big_endian=big_endian,
    )
