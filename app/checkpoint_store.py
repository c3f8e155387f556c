"""Shows the checkpoints of checkpoints/registry.toml and fetches the published ones."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

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
        raise CheckpointError(f"The checkpoint {name!r} comes with the repository: restore checkpoints/{entry.file}.")
    _place(_fetched(entry), entry)
    return f"{entry.name} is here now: {entry.file} ({entry.path.stat().st_size / 1e6:.1f} MB)."


def _fetched(entry: Checkpoint) -> Path:
    """The file in the hub's own cache, downloaded with a progress bar where it is not there yet."""
    from huggingface_hub import constants, hf_hub_download
    from huggingface_hub.errors import (
        HfHubHTTPError,
        LocalEntryNotFoundError,
        RemoteEntryNotFoundError,
        RepositoryNotFoundError,
    )
    from huggingface_hub.utils import get_session

    with suppress(LocalEntryNotFoundError):
        return Path(hf_hub_download(entry.repository, entry.file, local_files_only=True))
    try:
        # Without a connection, the download itself would retry for half a minute.
        get_session().head(constants.ENDPOINT, timeout=10)
    except Exception as error:
        # The library's HTTP client, and with it the type of this error, differs between its versions.
        raise CheckpointError(_offline(entry)) from error
    try:
        return Path(hf_hub_download(entry.repository, entry.file))
    except (RepositoryNotFoundError, RemoteEntryNotFoundError) as error:
        raise CheckpointError(f"The hub has no file {entry.file} in {entry.repository}.") from error
    except (HfHubHTTPError, OSError) as error:
        raise CheckpointError(_offline(entry)) from error


def _offline(entry: Checkpoint) -> str:
    return (
        f"The checkpoint {entry.name!r} could not be fetched from the hub repository {entry.repository}: "
        f"check the connection, or put {entry.file} into checkpoints/ yourself."
    )


def _place(fetched: Path, entry: Checkpoint) -> None:
    if entry.sha256 and checkpoints.file_sha256(fetched) != entry.sha256:
        raise CheckpointError(f"The file fetched for {entry.name!r} is not the one of the registry (wrong sha256).")
    entry.path.parent.mkdir(parents=True, exist_ok=True)
    partial = entry.path.with_name(entry.path.name + ".partial")
    try:
        os.link(fetched.resolve(), partial)
    except OSError:
        shutil.copyfile(fetched, partial)
    partial.replace(entry.path)
