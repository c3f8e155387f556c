"""What a server allows, from the environment: every knob is named in docs/SPACE.md."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache

from engines.errors import InputError

PREFIX = "SAYFUSE_"
# A Space's two cores and 16 GB.
_SPACE_PIXELS = 16_000_000


@dataclass(frozen=True)
class ServerOptions:
    """Limits of one server process. Each is set by SAYFUSE_ and its name in capitals, e.g. SAYFUSE_MAX_SECONDS.

    Attributes:
        max_pixels: Largest width x height of an uploaded picture.
        max_file_mb: Largest uploaded file in megabytes.
        max_seconds: How long one request may work, its wait for a turn not counted.
        at_once: Requests that work at a time.
        max_waiting: Requests that may wait; further ones are asked to come back later.
        max_sessions: Browser tabs and programs whose steps are remembered.
        session_mb: Megabytes of steps one of them may keep; the oldest are forgotten.
        mcp: 1 serves the endpoints as MCP tools, too.
    """

    max_pixels: int = 40_000_000
    max_file_mb: int = 40
    max_seconds: int = 600
    at_once: int = 1
    max_waiting: int = 20
    max_sessions: int = 32
    session_mb: int = 160
    mcp: int = 0

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> ServerOptions:
        """The options an environment asks for; on a Hugging Face Space pictures are smaller unless it says otherwise.

        Raises:
            InputError: A value is no whole number, or below the smallest that makes sense.
        """
        chosen = {"max_pixels": _SPACE_PIXELS} if "SPACE_ID" in environment else {}
        for field in fields(cls):
            name = PREFIX + field.name.upper()
            said = environment.get(name, "").strip()
            if not said:
                continue
            smallest = 0 if field.name in ("mcp", "max_waiting") else 1
            if not said.isdecimal() or int(said) < smallest:
                raise InputError(f"{name} must be a whole number from {smallest}, but got {said!r}.")
            chosen[field.name] = int(said)
        return cls(**chosen)


@lru_cache(maxsize=1)
def server_options() -> ServerOptions:
    """The options of this process, read once."""
    return ServerOptions.of(os.environ)
