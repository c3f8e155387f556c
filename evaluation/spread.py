"""A part of many things that stands for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from engines.errors import InputError

Item = TypeVar("Item")


def evenly_spaced(items: Sequence[Item], limit: int | None) -> list[Item]:
    """At most `limit` of the items, spread over all of them; None for all.

    Raises:
        InputError: A limit below 1.
    """
    if limit is None:
        return list(items)
    if limit < 1:
        raise InputError(f"--limit must be 1 or more, but got {limit}.")
    kept = min(limit, len(items))
    return [items[index * len(items) // kept] for index in range(kept)]
