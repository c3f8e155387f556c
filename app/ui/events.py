"""How the page's events run, and handlers that speak of components by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

Updates = dict[str, Any]

# They wait for the processor in a line of their own (app.ui.jobs), in which everybody sees their place.
MODEL = {"concurrency_limit": None, "api_visibility": "private"}
INSTANT = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
# Queued, as outside the queue Gradio shows no error and notices no changed state, but never waiting for a model.
QUICK = {"concurrency_limit": None, "show_progress": "hidden", "api_visibility": "private"}


def by_name(named: dict[str, Any], handler: Callable[..., Updates]) -> Callable[..., dict[Any, Any]]:
    """A handler whose updates, given by component name, become those of the components."""

    @wraps(handler)
    def translated(*values: Any, **others: Any) -> dict[Any, Any]:
        return {named[name]: value for name, value in handler(*values, **others).items()}

    return translated


def each_by_name(named: dict[str, Any], handler: Callable[..., Iterator[Updates]]) -> Callable[..., Iterator[dict]]:
    """The same for a handler that yields several updates."""

    @wraps(handler)
    def translated(*values: Any, **others: Any) -> Iterator[dict[Any, Any]]:
        for updates in handler(*values, **others):
            yield {named[name]: value for name, value in updates.items()}

    return translated
