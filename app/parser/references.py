"""Regions that refer to others: "brighten the people and darken everything else", "the left car, then the right one".

Parsers leave them as typed, since what else is named may stand in an earlier sentence; `app.pipeline` and
`app.comparison` ask here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from engines.regions.nouns import head_noun, plural, same_kind, singular
from engines.regions.remainder import is_rest, read_remainder
from engines.types import Edit

# "infrared for the people, visible elsewhere": the source is no part of the place.
_SOURCE = re.compile(r"(?:(?P<visible>visible|rgb)|(?P<infrared>infrared|thermal|ir))\s+(?P<place>.+)", re.IGNORECASE)
_OTHERS = re.compile(r"(?:all\s+)?(?:the\s+)?others?(?:\s+ones?)?", re.IGNORECASE)
_OTHER_THINGS = re.compile(r"(?:all\s+)?(?:the\s+)?(?:other|remaining)\s+(?P<things>.+)", re.IGNORECASE)
_ONE = re.compile(r"\bone(?P<several>s?)\b", re.IGNORECASE)
_WHICH = re.compile(
    r"first|second|third|fourth|fifth|last|left|right|middle|(?:left|right|top|bottom)most|nearest|closest|farthest|"
    r"largest|biggest|smallest|tallest",
    re.IGNORECASE,
)
_EVERYONE_ELSE = re.compile(r"(?:everyone|everybody)\s+else|(?:all\s+)?(?:the\s+)?other\s+people", re.IGNORECASE)


def with_references_resolved(
    edits: Sequence[Edit], kept: Sequence[str] = (), earlier: Sequence[Edit] = ()
) -> tuple[Edit, ...]:
    """The edits with "everything else" as "everything except the people", "the others" likewise, "one" as what it is.

    Args:
        edits: Of a sentence.
        kept: What it asks to leave as it is.
        earlier: Of the sentences before on the same pair.

    Returns:
        The same edits where nothing else is named; then `engines.regions.remainder` says what "the rest" is.
    """
    edits = _with_nouns(edits, earlier)
    regions = [edit.region for edit in (*earlier, *edits) if edit.region]
    named = [region for region in regions if not _is_open(region) and read_remainder(region) is None]
    others = list(dict.fromkeys([*kept, *named]))
    return tuple(_resolved(edit, others) if edit.region and others else edit for edit in edits)


def _with_nouns(edits: Sequence[Edit], earlier: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits with the noun of an earlier region in those regions that leave theirs unsaid: "right one", "second"."""
    noun, resolved = "", []
    for edit in (*earlier, *edits):
        region = edit.region or ""
        if _WHICH.fullmatch(region):
            region = f"{region} {singular(noun)}" if noun else region
        elif head_noun(region) in ("one", "ones") and not _is_open(region):
            one = _ONE.search(region)
            said = plural(noun) if one["several"] else singular(noun)
            region = f"{region[: one.start()]}{said}{region[one.end() :]}" if noun else region
        elif region and not _is_open(region) and read_remainder(region) is None:
            noun = head_noun(region)
        resolved.append(replace(edit, region=region or None))
    return tuple(resolved[len(earlier) :])


def _resolved(edit: Edit, others: Sequence[str]) -> Edit:
    rest = f"everything except {' and '.join(others)}"
    if is_rest(edit.region):
        return replace(edit, region=rest)
    if (source := _SOURCE.fullmatch(edit.region)) and is_rest(source["place"]):
        return replace(edit, region=rest, effect="visible" if source["visible"] else "infrared")
    return replace(edit, region=_besides(edit.region, others)) if _is_open(edit.region) else edit


def _besides(region: str, others: Sequence[str]) -> str:
    """People, or things of a kind, besides others of which some are of that kind; else the region as it is."""
    if _EVERYONE_ELSE.fullmatch(region):
        things = "people"
    elif _OTHERS.fullmatch(region):
        things = f"all {plural(head_noun(others[-1]))}"
    else:
        things = _OTHER_THINGS.fullmatch(region)["things"]
    alike = [other for other in others if same_kind(head_noun(other), head_noun(things))]
    return f"{things} except {' and '.join(alike)}" if alike else region


def _is_open(region: str) -> bool:
    source = _SOURCE.fullmatch(region)
    return is_rest(source["place"] if source else region) or any(
        pattern.fullmatch(region) for pattern in (_OTHERS, _EVERYONE_ELSE, _OTHER_THINGS)
    )
