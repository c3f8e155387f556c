"""Where a phrase refers to, also where no region masker can tell: what it leaves out, how warm it is, "vegetation".

A masker only sees what a phrase names; every engine that has one asks here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from engines.regions.collective import find_kinds, kinds_of
from engines.regions.remainder import read_remainder
from engines.regions.warmth import find_warmth, read_warmth
from engines.regions.without import find_remainder
from engines.types import ImagePair, Region


def region_of(phrase: str, pair: ImagePair, masked: Callable[[str], Region], known: Iterable[Region] = ()) -> Region:
    """The region that a phrase means.

    Args:
        phrase: As typed, the region's label.
        pair: The pictures.
        masked: Finds what a phrase names, as a region masker does.
        known: Regions that need not be found, nor what a phrase leaves out, if it is among them.
    """
    given: dict[str, Region] = {}
    for region in known:
        given.setdefault(region.label, region)

    def located(said: str) -> Region:
        if said in given:
            return given[said]
        if warmth := read_warmth(said):
            return find_warmth(said, warmth, pair, located)
        if kinds := kinds_of(said):
            return find_kinds(said, kinds, located)
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
    """The things a phrase is about that leaves nothing out; none where it is about warmth alone."""
    warmth = read_warmth(phrase)
    thing = phrase if warmth is None else warmth.things
    return () if thing is None else kinds_of(thing) or (thing,)
