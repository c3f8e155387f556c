"""Sentences to instructions (DESIGN.md, section 4)."""

from __future__ import annotations

from typing import Protocol

from app.parser.rules import RuleParser
from engines.errors import InputError
from engines.types import Instruction

PARSERS = ("auto", "llama", "rules")


class Parser(Protocol):
    """A way to read sentences; safe to call from several threads."""

    name: str

    def parse(self, text: str) -> Instruction:
        """Read a sentence; never fails on any text."""
        ...


def parse(text: str, parser: str = "auto") -> Instruction:
    """Read a sentence.

    Args:
        text: What the person typed; empty means plain fusion.
        parser: One of PARSERS; "auto" takes the best one that is installed.

    Returns:
        The edits in the order typed. Every region is a span of `text`, and None for the whole picture.

    Raises:
        InputError: Unknown or uninstalled parser, or `text` is no string.
    """
    if not isinstance(text, str):
        raise InputError(f"The instruction must be text, but got {type(text).__name__}.")
    if parser not in PARSERS:
        raise InputError(f"The parser must be one of {', '.join(PARSERS)}, but got {parser!r}.")
    if parser == "llama":
        raise InputError('The parser "llama" is not installed yet; use "auto" or "rules".')
    backend: Parser = RuleParser()
    return backend.parse(text)
