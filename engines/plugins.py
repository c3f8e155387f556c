"""Engines from outside this repository: registered by hand, or found among the installed packages."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points

from engines.errors import InputError
from engines.registry import ENGINES, EngineSpec

GROUP = "sayfuse.engines"

log = logging.getLogger(__name__)


def register(spec: EngineSpec) -> None:
    """Let `engines.build`, the command line, the page and the evaluation find an engine by its name.

    Raises:
        InputError: Another engine has that name.
    """
    if ENGINES.setdefault(spec.name, spec) != spec:
        raise InputError(f"An engine called {spec.name!r} exists already: choose another name.")


def register_installed(found: Iterable[EntryPoint] | None = None) -> None:
    """Register what installed packages offer as entry points of the group "sayfuse.engines".

    Each entry point is an EngineSpec, so that the engine itself is imported only when it is built. One that cannot be
    imported or registered is left out with a warning: a broken package must not take the other engines with it.

    Args:
        found: Entry points; None looks among the installed packages.
    """
    for entry in entry_points(group=GROUP) if found is None else found:
        try:
            register(entry.load())
        except Exception as error:
            log.warning("The engine %s of another package is left out: %s", entry.name, error)
