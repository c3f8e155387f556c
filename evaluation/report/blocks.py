"""Marked blocks in README, model cards and the registry: numbers there are written by the report command only.

<!-- results:NAME -->          or, in TOML,    # results:NAME
…                                              …
<!-- /results:NAME -->                         # /results:NAME
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from engines.errors import InputError

_NAME = r"(?P<name>[\w-]+)"
_BLOCKS = (
    re.compile(rf"(?P<start><!-- results:{_NAME} -->\n)(?P<body>.*?)(?P<end><!-- /results:(?P=name) -->)", re.DOTALL),
    re.compile(rf"(?P<start># results:{_NAME}\n)(?P<body>.*?)(?P<end># /results:(?P=name)$)", re.DOTALL | re.MULTILINE),
)


def filled(text: str, blocks: Mapping[str, str], where: str) -> str:
    """The text with every marked block filled.

    Args:
        text: A file's text.
        blocks: Block name -> content.
        where: The file's name, for the message.

    Raises:
        InputError: A block nobody fills.
    """

    def fill(match: re.Match[str]) -> str:
        name = match["name"]
        if name not in blocks:
            raise InputError(f"A results block must be one of {', '.join(sorted(blocks))}, but {where} has {name!r}.")
        return f"{match['start']}{blocks[name]}\n{match['end']}"

    for pattern in _BLOCKS:
        text = pattern.sub(fill, text)
    return text


def files_with_blocks(root: Path) -> list[Path]:
    """README, the model cards and the registry of weights, where they are there."""
    checkpoints = root / "checkpoints"
    candidates = [root / "README.md", *checkpoints.glob("*.md"), checkpoints / "registry.toml"]
    return sorted(path for path in candidates if path.is_file())
