"""Where a phrase refers to, also where no region masker can tell: "all but the sky", "hot spots", "the left half".

A masker only sees what a phrase names; every engine that has one asks here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from engines.regions.collective import find_kinds, kinds_of
from engines.regions.levels import find_light, find_warmth
from engines.regions.light import read_light
from engines.regions.relative import read_relative
from engines.regions.remainder import read_remainder
from engines.regions.share_masks import find_relative, find_share
from engines.regions.shares import read_share
from engines.regions.vehicle_light_masks import find_vehicle_lights
from engines.regions.vehicle_lights import read_vehicle_lights
from engines.regions.warmth import read_warmth
from engines.regions.without import find_remainder
from engines.types import Effect, ImagePair, Region


def region_of(
    phrase: str,
    pair: ImagePair,
    masked: Callable[[str], Region],
    known: Iterable[Region] = (),
    effect: Effect | None = None,
) -> Region:
    """The region that a phrase means.

    Args:
        phrase: As typed, the region's label.
        pair: The pictures.
        masked: Finds what a phrase names, as a region masker does.
        known: Regions that need not be found, nor what a phrase leaves out, if it is among them.
        effect: What is to be done there: to be inclined towards infrared is what is dark in the visible picture.
    """
    given: dict[str, Region] = {}
    for region in known:
        given.setdefault(region.label, region)

    def located(said: str) -> Region:
        if said in given:
            return given[said]
        if warmth := read_warmth(said):
            return find_warmth(said, warmth, pair, located)
        if light := read_light(said):
            return find_light(said, light, pair, located, effect == "infrared")
        if kinds := kinds_of(said):
            return find_kinds(said, kinds, located)
        if lights := read_vehicle_lights(said):
            return find_vehicle_lights(said, lights, pair, located)
        if share := read_share(said):
            return find_share(said, share, pair.shape, located)
        if relative := read_relative(said):
            return find_relative(said, relative, pair.shape, located)
        return masked(said)

    remainder = None if phrase in given else read_remainder(phrase)
    return located(phrase) if remainder is None else find_remainder(phrase, remainder, pair.shape, located)


def names(phrase: str) -> list[str]:
    """What a masker is asked for to find what a phrase means."""
    left = read_remainder(phrase)
    said = [phrase] if left is None else [*([left.of] if left.of else []), *left.without]
    return [named for part in said for named in _things(part)]


def told_words(phrases: Sequence[str]) -> list[str]:
    """The phrases as a network is to hear them that lifts what it is told: only what is meant, not what is left out."""
    read = ((phrase, read_remainder(phrase)) for phrase in phrases)
    meant = [said for phrase, left in read if (said := phrase if left is None else left.of)]
    return [named for said in meant for named in _things(said)]


def _things(phrase: str) -> tuple[str, ...]:
    """The things a phrase is about that leaves nothing out; none where it is about warmth, light or a place alone."""
    if kinds := kinds_of(phrase):
        return tuple(dict.fromkeys(thing for kind in kinds for thing in _things(kind)))
    if (level := read_warmth(phrase) or read_light(phrase)) is not None:
        return () if level.things is None else _things(level.things)
    if (share := read_share(phrase)) is not None:
        return () if share.of is None else _things(share.of)
    if (relative := read_relative(phrase)) is not None:
        return _things(relative.thing)
    if (lights := read_vehicle_lights(phrase)) is not None:
        return _things(lights.things)
    return (phrase,)
