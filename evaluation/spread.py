"""A part of many things that stands for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from engines.errors import InputError

Item = TypeVar("Item")


def check_count(option: str, count: int) -> None:
    """Refuse to take no items at all.

    Raises:
        InputError: A count below 1; the sentence names the option.
    """
    if count < 1:
        raise InputError(f"{option} must be 1 or more, but got {count}.")


def evenly_spaced(items: Sequence[Item], limit: int | None) -> list[Item]:
    """At most `limit` of the items, spread over all of them; None for all.

    Raises:
        InputError: A limit below 1.
    """
    if limit is None:
        return list(items)
    check_count("--limit", limit)
    kept = min(limit, len(items))
    return [items[index * len(items) // kept] for index in range(kept)]
