"""Words for several kinds of things at once, or for one by a rarer name, that a referring head learnt nothing about."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engines.masks import mask_box
from engines.regions.remainder import FOREGROUND
from engines.types import Region

_GREEN = ("trees", "bushes", "grass")
_KINDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("vegetation", "greenery", "plants", "flora"), _GREEN),
    "traffic": ("vehicles", "bicycles"),
    **dict.fromkeys(("road users", "traffic participants"), ("people", "vehicles", "bicycles")),
    "vulnerable road users": ("people", "bicycles"),
    **dict.fromkeys(("living things", "living beings", "anything alive", "everything alive"), ("people", "animals")),
    "obstacles": ("people", "vehicles", "bicycles", "cones", "barriers", "bollards"),
    "ground": ("road", "sidewalk", "grass"),
    **dict.fromkeys(("passers-by", "passersby", "walkers"), ("pedestrians",)),
    "lights": ("street lamps", "traffic lights", "headlights", "tail lights"),
    "windows": ("window panes",),
    "carriageway": ("road",),
    "heavens": ("sky",),
    "foreground": FOREGROUND,
}
_ARTICLE = re.compile(r"(?:all\s+)?(?:of\s+)?(?:the\s+)?", re.IGNORECASE)


def kinds_of(phrase: str) -> tuple[str, ...]:
    """What a bare word for several kinds stands for, one phrase each; empty for any other phrase."""
    said = " ".join(phrase.lower().split())
    return _KINDS.get(said[_ARTICLE.match(said).end() :], ())


def find_kinds(phrase: str, kinds: tuple[str, ...], locate: Callable[[str], Region]) -> Region:
    """The region of a word for several kinds: all that is found of them.

    Args:
        phrase: As typed, the region's label.
        kinds: What it stands for.
        locate: Finds one phrase in the picture.
    """
    found = [locate(kind) for kind in kinds]
    mask = np.maximum.reduce([region.mask for region in found])
    named = " and ".join(", ".join(kinds).rsplit(", ", 1))
    notes = dict.fromkeys(note for region in found for note in region.notes)
    score = max(region.score for region in found)
    return replace(
        found[0],
        label=phrase,
        mask=mask,
        score=score,
        box=mask_box(mask),
        parts=tuple(part for region in found for part in region.parts),
        notes=(*notes, f"“{phrase}” was looked for as {named}."),
    )
