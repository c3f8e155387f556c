"""Sentences to instructions (DESIGN.md, section 4)."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.options import LLAMA_PREFIX, PARSERS
from app.parser.conditions import with_conditions
from app.parser.rules import RuleParser
from engines import checkpoints
from engines.errors import CheckpointError, InputError
from engines.types import Instruction

if TYPE_CHECKING:
    from app.parser.llama import LlamaParser

# The registry's name for what reads sentences, where fusion methods have theirs.
ENGINE = "parser"


class Parser(Protocol):
    """A way to read sentences; safe to call from several threads."""

    name: str

    def parse(self, text: str) -> Instruction:
        """Read a sentence; never fails on any text."""
        ...


_loaded: dict[tuple[Path, int], LlamaParser] = {}
_lock = threading.Lock()


def parse(text: str, parser: str = "auto") -> Instruction:
    """Read a sentence.

    Args:
        text: What the person typed; empty means plain fusion.
        parser: One of PARSERS, or "llama:" with the path of a GGUF file or a name of checkpoints/registry.toml. "auto"
            takes the embedded LLaMA and, where that cannot be had, the rules; in place of a published model that has
            not been fetched yet, the embedded one reads. A note then says so.

    Returns:
        The edits in the order typed. Every region is a span of `text`, or such spans with "except" between, as in
        "everything except sky" for a picture to be edited but for its sky; None for the whole picture.

    Raises:
        InputError: Unknown parser, or `text` is no string.
        CheckpointError: A LLaMA was asked for and cannot be had.
    """
    if not isinstance(text, str):
        raise InputError(f"The instruction must be text, but got {type(text).__name__}.")
    return with_conditions(text, lambda asked: _read(asked, parser))


def _read(text: str, parser: str) -> Instruction:
    if parser == "rules":
        return RuleParser().parse(text)
    if absence := _absence(parser):
        read = _llama("llama").parse(text)
        return replace(read, notes=(f"{absence} The embedded one served meanwhile.", *read.notes))
    if parser != "auto":
        return _llama(parser).parse(text)
    try:
        backend = _llama("llama")
    except CheckpointError as error:
        read = RuleParser().parse(text)
        return replace(read, notes=(f"Rules read the text instead of the LLaMA: {error}", *read.notes))
    return backend.parse(text)


def _llama(parser: str) -> Parser:
    """The LLaMA asked for, loaded once per file.

    Raises:
        InputError: `parser` names none.
        CheckpointError: It cannot be had.
    """
    path = model_file(parser).resolve()
    key = (path, path.stat().st_mtime_ns)
    with _lock:
        if key not in _loaded:
            from app.parser.llama import LlamaParser

            _loaded[key] = LlamaParser(path)
        return _loaded[key].called(parser)


def _absence(parser: str) -> str:
    """That the published model asked for has not been fetched yet, one sentence; empty for any other parser."""
    name = parser.removeprefix(LLAMA_PREFIX)
    if name == parser or Path(name).is_file():
        return ""
    for entry in checkpoints.listed():
        if (entry.engine, entry.name, entry.kind) == (ENGINE, name, "published") and not entry.present:
            return entry.absence
    return ""


def model_file(parser: str) -> Path:
    """The GGUF file of a LLaMA, `parser` as in `parse`.

    Raises:
        InputError: `parser` names none.
        CheckpointError: There is no such file.
    """
    if parser == "llama":
        return checkpoints.verify(checkpoints.find(ENGINE))
    name = parser.removeprefix(LLAMA_PREFIX)
    if name == parser or not name:
        raise InputError(
            f"The parser must be one of {', '.join(PARSERS)}, or {LLAMA_PREFIX} with a GGUF file or a checkpoint's "
            f"name, but got {parser!r}."
        )
    if Path(name).is_file():
        return Path(name)
    if Path(name).suffix == ".gguf" or "/" in name:
        raise CheckpointError(f"The parser's model {name} must be a GGUF file, but there is none.")
    return checkpoints.verify(checkpoints.find(ENGINE, name))
