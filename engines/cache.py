"""Where files that can be made again are kept: converted checkpoints, unpacked data sets."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CACHE_VARIABLE = "SAYFUSE_CACHE"


def cache_folder(kind: str) -> Path:
    """The folder for one kind of files, e.g. "mm-ris"; not made yet.

    It lies in the folder that the environment variable SAYFUSE_CACHE names, else in `sayfuse` of the person's cache.
    """
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named) / kind
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sayfuse" / kind


@contextmanager
def whole_or_not_at_all(target: Path) -> Iterator[Path]:
    """A new folder to fill, which becomes `target` when the block ends and is removed where it fails.

    Two processes may fill the same target at once: the first to end wins.

    Raises:
        OSError: The folder cannot be made.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f"{target.name}.partial-", dir=target.parent))
    try:
        yield partial
        if not target.is_dir():
            partial.replace(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
