"""A progress bar for a person at a terminal; nothing in a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

# notify(items done, items in all, name of the one at hand)
Notify = Callable[[int, int, str], None]


@contextmanager
def progress_bar() -> Iterator[Notify | None]:
    """What a benchmark calls to tell how far it is; None where stderr is not a terminal.

    The bar comes with the first call and goes at the end.
    """
    if not sys.stderr.isatty():
        yield None
        return
    bar: tqdm | None = None

    def notify(done: int, total: int, name: str) -> None:
        nonlocal bar
        if bar is None:
            bar = tqdm(total=total, file=sys.stderr, leave=False, dynamic_ncols=True)
        bar.n, bar.total = done, total
        bar.set_postfix_str(name)

    try:
        yield notify
    finally:
        if bar is not None:
            bar.close()
