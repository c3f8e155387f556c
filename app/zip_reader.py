"""Reads members of a ZIP file that nobody vouches for: nothing is extracted, and sizes are checked before reading."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from types import TracebackType

from engines.errors import InputError

MAX_MEMBERS = 1000
MAX_BYTES = 1 << 30
# Beyond this, deflate holds little but zeros; pictures and masks of zeros are small enough to be let through.
_MAX_RATIO = 200
_SMALL = 1 << 24
_DAMAGED = "is damaged: it cannot be unpacked."
_ENCRYPTED = 1


class ZipReader:
    """The members of one ZIP file by name; a context manager.

    Args:
        path: The file.
        max_bytes: Largest sum of the unpacked members.

    Raises:
        InputError: No ZIP file, damaged, encrypted, too large unpacked, or with a name that leads out of a folder.
    """

    def __init__(self, path: Path, max_bytes: int = MAX_BYTES) -> None:
        self._subject = f'The file "{path.name}"'
        if not path.is_file():
            raise InputError(f"{self._subject} was not found or is not a file.")
        try:
            self._archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
            raise InputError(f"{self._subject} must be a ZIP file of a session, but it is none.") from error
        except OSError as error:
            raise InputError(
                f"{self._subject} cannot be opened: {(error.strerror or 'read error').lower()}."
            ) from error
        try:
            self._check(max_bytes)
        except InputError:
            self._archive.close()
            raise

    def _check(self, max_bytes: int) -> None:
        members = self._archive.infolist()
        if len(members) > MAX_MEMBERS:
            raise self._refusal(f"must hold at most {MAX_MEMBERS} files, but it holds {len(members)}.")
        if len({member.filename for member in members}) < len(members):
            raise self._refusal("holds two files of one name.")
        for member in members:
            parts = member.filename.replace("\\", "/").split("/")
            if ".." in parts or parts[0] == "" or ":" in parts[0]:
                raise self._refusal("holds a file whose name leads out of its folder.")
            if member.flag_bits & _ENCRYPTED:
                raise self._refusal("must not be encrypted.")
            if member.file_size > max(_SMALL, _MAX_RATIO * member.compress_size):
                raise self._refusal("unpacks to far more than a session holds.")
        total = sum(member.file_size for member in members)
        if total > max_bytes:
            raise self._refusal(f"must hold at most {max_bytes / 1e6:.0f} MB unpacked, but holds {total / 1e6:.0f} MB.")

    def _refusal(self, predicate: str) -> InputError:
        return InputError(f"{self._subject} {predicate}")

    def __enter__(self) -> ZipReader:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._archive.close()

    def holds(self, name: str) -> bool:
        """Whether there is a member of that name."""
        return name in self._archive.NameToInfo

    def read(self, name: str) -> bytes:
        """A member's bytes.

        Raises:
            InputError: There is none of that name, or it is damaged.
        """
        try:
            # zipfile reads no more than the size it declares, which was checked, and compares the checksum.
            return self._archive.read(name)
        except KeyError as error:
            raise self._refusal(f'is no session: "{name}" is missing.') from error
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
            raise self._refusal(_DAMAGED) from error
