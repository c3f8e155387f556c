"""Fetches one large file over HTTP and goes on where an earlier attempt ended."""

from __future__ import annotations

import http.client
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tqdm import tqdm

from engines.errors import CheckpointError

_BLOCK = 1 << 20
_PATIENCE_SECONDS = 30.0
_FAILURES = (OSError, http.client.HTTPException)


def fetch(url: str, partial: Path, size: int, title: str) -> None:
    """Complete the file `partial`, keeping the bytes that are already in it.

    A connection that breaks is taken up again for as long as every attempt brings more. On a terminal, a bar shows how
    far it is. What is in the file is not checked here.

    Args:
        url: Where it is.
        partial: Where it goes; what is there counts as the beginning of the same file.
        size: How many bytes the whole file must have; 0 where that is not known.
        title: Shown beside the bar.

    Raises:
        CheckpointError: The server offers a file of another size.
        OSError: No connection, or the server does not have the file; the bytes received so far are kept.
    """
    have = _size(partial)
    if size and have > size:
        partial.unlink()
        have = 0
    with tqdm(
        total=size or None, initial=have, desc=title, unit="B", unit_scale=True, file=sys.stderr, disable=None
    ) as bar:
        while not size or have < size:
            try:
                _append(url, partial, size, bar)
                return
            except HTTPError:
                raise
            except _FAILURES as error:
                had, have = have, _size(partial)
                if have <= had:
                    raise error if isinstance(error, OSError) else ConnectionError(str(error)) from error


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _append(url: str, partial: Path, size: int, bar: tqdm) -> None:
    """One request for what is still missing; a server that cannot begin in the middle sends the file from its start."""
    have = _size(partial)
    headers = {"User-Agent": "SayFuse", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    try:
        answer = urlopen(Request(url, headers=headers), timeout=_PATIENCE_SECONDS)
    except HTTPError as error:
        if error.code != http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        # Nothing follows what is here: of an unknown size, it is whole or of another file, which its digest will tell.
        return
    with answer:
        continued = answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
        start = have if have and continued else 0
        announced = answer.length
        if size and announced is not None and start + announced != size:
            raise CheckpointError(f"{url} offers {start + announced} bytes, but the file must have {size}.")
        bar.n = start
        bar.refresh()
        received = 0
        with partial.open("ab" if start else "wb") as file:
            while block := answer.read(_BLOCK):
                file.write(block)
                received += len(block)
                bar.update(len(block))
        if announced is not None and received < announced:
            raise ConnectionError("the connection ended early")
