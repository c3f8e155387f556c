"""Two hundred inputs that nobody means well with, made from a seed; bytes by name."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image

from tests.app.picture_files import H, W, photo, png, tiff

_TEXTS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}} ${7*7} <%= 7*7 %> #{7*7}",
    "../../../../etc/passwd",
    "file:///etc/passwd",
    "http://127.0.0.1:7860/gradio_api/file=/etc/passwd",
    "'; DROP TABLE sessions; --",
    "🚧🔥👩‍🚒🏳️‍🌈" * 20,
    "\u202eraelc senoc eht ekam\u202c",
    "make the \u200b\u200d\ufeff cones \u0000 clear",
    "اجعل الأقماع واضحة",
    "a̴̡̛͓" * 40,
    "make the cones clear\r\n\r\nHTTP/1.1 200 OK",
    "%s%s%s%n %x",
    "\ud83d alone",
    "brighten " * 1200,
    "x" * 10_000,
    "((((((((((" * 200,
    "and and and or or , , . ; : ! ? " * 30,
    "$(rm -rf /) `id` | cat > /tmp/x",
    "-" * 299,
    "NaN inf -1e999 0x41",
    "make the cones clear" + "\n" * 250,
    "\t\v\f\b\a\x1b[31mred",
)


def texts() -> list[str]:
    """Sentences that are none."""
    return list(_TEXTS)


def _encoded(picture: np.ndarray, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, format=kind, **options)
    return file.getvalue()


def _declared_png(width: int, height: int) -> bytes:
    """A small PNG whose header declares another size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    return b"\x89PNG\r\n\x1a\n" + chunk + png(W, H, 8, 2, bytes(H * (1 + 3 * W)))[33:]


def _declared_tiff(width: int, height: int) -> bytes:
    whole = bytearray(tiff(photo(), 1))
    for entry in range(10, 10 + 12 * struct.unpack("<H", whole[8:10])[0], 12):
        number = struct.unpack("<H", whole[entry : entry + 2])[0]
        if number in (256, 257):
            whole[entry + 8 : entry + 12] = struct.pack("<I", width if number == 256 else height)
    return bytes(whole)


def pictures() -> dict[str, bytes]:
    """File name -> bytes: truncated, damaged, bombs, wrong types, huge declared sizes, values that are no numbers."""
    good = {kind: _encoded(photo(), kind) for kind in ("PNG", "JPEG", "WEBP", "BMP", "TIFF")}
    deep = tiff(np.linspace(0, 1, H * W, dtype=np.float32).reshape(H, W), 3)
    made = {}
    for kind, whole in (*good.items(), ("DEEP", deep)):
        for percent in (0, 1, 5, 25, 50, 75, 90, 99):
            made[f"{kind} cut at {percent} %"] = whole[: len(whole) * percent // 100]
    dice = random.Random(8)
    for kind, whole in (*good.items(), ("DEEP", deep)):
        for number in range(12):
            flipped = bytearray(whole)
            for _ in range(1 + number):
                flipped[dice.randrange(len(flipped))] = dice.randrange(256)
            made[f"{kind} flipped {number}"] = bytes(flipped)
    for side in (0, 1, 65_535, 1 << 20, (1 << 31) - 1, (1 << 32) - 1):
        made[f"PNG of {side} x {side}"] = _declared_png(side, side)
        made[f"PNG of 24 x {side}"] = _declared_png(24, side)
        made[f"TIFF of {side} x {side}"] = _declared_tiff(side, side)
    made["PNG bomb"] = png(30_000, 30_000, 8, 0, bytes(1_000_000))
    for name, value in (("NaN", np.nan), ("inf", np.inf), ("huge", 3e38)):
        made[f"{name} TIFF"] = tiff(np.full((H, W), value, np.float32), 3)
        mixed = np.linspace(0, 1, H * W, dtype=np.float32).reshape(H, W).copy()
        mixed[::2] = value
        made[f"{name} in every other row"] = tiff(mixed, 3)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("../../evil.png", b"x")
    made |= {
        "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><image href="file:///etc/passwd"/></svg>',
        "SVG with an entity": b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
        "HTML": b"<!doctype html><script>alert(1)</script>",
        "ZIP": archive.getvalue(),
        "PDF": b"%PDF-1.7\n",
        "GIF": _encoded(photo()[..., 0], "GIF"),
        "ELF": b"\x7fELF" + bytes(100),
        "pickle": b"\x80\x04\x95cos\nsystem\n(S'id'\ntR.",
        "NumPy": b"\x93NUMPY\x01\x00v\x00{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
        "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (r) file\n",
        "text": b"make the cones clear",
        "zeros": bytes(4096),
        "ones": b"\xff" * 4096,
        "PNG signature only": b"\x89PNG\r\n\x1a\n",
        "JPEG marker only": b"\xff\xd8\xff",
        "TIFF whose directory is itself": b"II*\x00\x04\x00\x00\x00" + bytes(64),
        "BigTIFF far away": b"II+\x00\x08\x00\x00\x00" + b"\xff" * 8,
        "PNG and more": good["PNG"] + b"<script>alert(1)</script>" * 1000,
        "CMYK JPEG": _encoded(np.zeros((H, W, 3), np.uint8), "JPEG")[:20] + b"\xff" * 20,
        "1 x 1": _encoded(photo()[:1, :1], "PNG"),
        "7 x 7": _encoded(photo()[:7, :7], "PNG"),
        "one row": _encoded(photo()[:1], "PNG"),
    }
    for number in range(200 - len(made) - len(_TEXTS)):
        made[f"noise {number}"] = dice.randbytes(dice.randrange(1, 3000))
    return made


# Names of files, as an upload or an archive may carry them.
NAMES = (
    "../../etc/passwd.png",
    "..\\..\\windows.png",
    "<img src=x onerror=alert(1)>.png",
    "con.png",
    "a" * 200 + ".png",
    "🔥 \u202egnp.png",
    "%2e%2e%2fx.png",
    ";id;.png",
)
