"""How the programs of training end."""

from __future__ import annotations

import sys
from collections.abc import Callable

from engines.errors import SayFuseError


def exit_status(work: Callable[[], None]) -> int:
    """Do a program's work: 0, or 2 with one line on stderr where its input cannot be used."""
    try:
        work()
    except SayFuseError as error:
        print(error, file=sys.stderr)
        return 2
    return 0
