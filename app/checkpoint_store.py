"""Shows the checkpoints of checkpoints/registry.toml and fetches the published ones."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError

from app.download import fetch
from engines import checkpoints
from engines.checkpoints import Checkpoint
from engines.errors import CheckpointError, InputError

_HEADINGS = ("NAME", "ENGINE", "KIND", "SIZE", "STATE", "HOW TO GET")


def _row(entry: Checkpoint) -> tuple[str, ...]:
    size = f"{entry.bytes / 1e6:.1f} MB" if entry.bytes else "unknown"
    if entry.present:
        how = "-"
    elif entry.kind == "published":
        how = f"python -m app checkpoints --download {entry.name}"
    else:
        how = f"git checkout -- checkpoints/{entry.file}"
    return entry.name, entry.engine, entry.kind, size, "here" if entry.present else "missing", how


def table() -> str:
    """Every checkpoint as aligned text: name, engine, kind, size, here or missing, and how to get it."""
    rows = [_HEADINGS, *(_row(entry) for entry in checkpoints.listed())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def download(name: str) -> str:
    """Fetch a published checkpoint, check its size and sha256 and put it beside the embedded ones.

    An interrupted download goes on where it ended. Where the registry knows no sha256, that of the first download is
    written beside the file and counts from then on.

    Returns:
        One sentence that says what happened.

    Raises:
        InputError: No such checkpoint.
        CheckpointError: It cannot be fetched, or what came is not the file of the registry.
    """
    entries = {entry.name: entry for entry in checkpoints.listed()}
    entry = entries.get(name)
    if entry is None:
        raise InputError(f"The checkpoint must be one of {', '.join(entries) or 'none'}, but got {name!r}.")
    if entry.present:
        checkpoints.verify(entry)
        return f"{entry.name} is already here: {entry.file}."
    if entry.kind != "published":
        raise CheckpointError(f"The checkpoint {name!r} comes with the repository: {entry.remedy}.")
    partial = entry.path.with_name(entry.path.name + ".partial")
    partial.parent.mkdir(parents=True, exist_ok=True)
    if not _from_hub_cache(entry, partial):
        _from_its_address(entry, partial)
    digest = _checked(entry, partial)
    partial.replace(entry.path)
    if not entry.sha256:
        entry.record.write_text(f"{digest}  {entry.path.name}\n", encoding="utf-8")
    return f"{entry.name} is here now: {entry.file} ({entry.path.stat().st_size / 1e6:.1f} MB)."


def _from_hub_cache(entry: Checkpoint, partial: Path) -> bool:
    """Whether another program had fetched the file already; then `partial` is it, without a copy where possible."""
    if not entry.repository:
        return False
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    with suppress(LocalEntryNotFoundError):
        cached = hf_hub_download(entry.repository, entry.file, revision=entry.revision, local_files_only=True)
        partial.unlink(missing_ok=True)
        try:
            os.link(Path(cached).resolve(), partial)
        except OSError:
            shutil.copyfile(cached, partial)
        return True
    return False


def _address(entry: Checkpoint) -> str:
    if entry.url:
        return entry.url
    from huggingface_hub import hf_hub_url

    return hf_hub_url(entry.repository, entry.file, revision=entry.revision)


def _from_its_address(entry: Checkpoint, partial: Path) -> None:
    address = _address(entry)
    missing = entry.bytes - (partial.stat().st_size if partial.is_file() else 0)
    free = shutil.disk_usage(partial.parent).free
    if missing > free:
        raise CheckpointError(
            f"The checkpoint {entry.name!r} needs {missing / 1e6:.0f} MB more, but only {free / 1e6:.0f} MB are free."
        )
    try:
        fetch(address, partial, entry.bytes, entry.name)
    except HTTPError as error:
        raise CheckpointError(
            f"The checkpoint {entry.name!r} could not be fetched: {address} answered {error.code} {error.reason}."
        ) from error
    except OSError as error:
        kept = f" (the {partial.stat().st_size / 1e6:.1f} MB received so far are kept)" if partial.is_file() else ""
        raise CheckpointError(
            f"The checkpoint {entry.name!r} could not be fetched from {address}{kept}: "
            f"check the connection, or put {entry.file} into checkpoints/ yourself."
        ) from error


def _checked(entry: Checkpoint, partial: Path) -> str:
    """The file's sha256, after it was compared with the registry; a wrong file is thrown away."""
    size, digest = partial.stat().st_size, checkpoints.file_sha256(partial)
    wrong = [
        what
        for what, is_wrong in (
            (f"{size} bytes instead of {entry.bytes}", bool(entry.bytes) and size != entry.bytes),
            ("wrong sha256", bool(entry.sha256) and digest != entry.sha256),
        )
        if is_wrong
    ]
    if wrong:
        partial.unlink()
        raise CheckpointError(
            f"The file fetched for {entry.name!r} is not the one of the registry: {', '.join(wrong)}."
        )
    return digest
