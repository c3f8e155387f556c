"""What a LLaMA answers: one line per edit, `effect strength` and then the region as its words; or `none`.

Lines instead of JSON: three tokens of framing per edit, no escapes inside a region, and a region that starts with a
space, hence with the same tokens as in the sentence. Every answer is checked again here, whatever grammar it came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.parser.units import Unit, find_span, shown, split_units
from engines.types import EFFECTS, STRENGTHS, Edit

NOTHING = "none"


class AnswerError(ValueError):
    """An answer that is no list of edits of its sentence."""


def write_answer(edits: Iterable[tuple[str | None, str, int]]) -> str:
    """The answer a model is trained to give.

    Args:
        edits: (region, effect, strength) in the order typed; a region is a span of the sentence, None the picture.
    """
    lines = [
        f"{effect} {strength}{'' if region is None else shown(split_units(region))}"
        for region, effect, strength in edits
    ]
    return "\n".join(lines) or NOTHING


def read_answer(answer: str, text: str, units: Sequence[Unit]) -> list[Edit]:
    """The edits of an answer, those of one region and effect merged at the higher strength.

    Args:
        answer: What the model wrote.
        text: The sentence as typed.
        units: The sentence's units.

    Raises:
        AnswerError: A line has no effect or strength, or its region is no run of the sentence's units.
    """
    if answer.strip() == NOTHING:
        return []
    merged: dict[tuple[str | None, str], Edit] = {}
    for line in answer.split("\n"):
        effect, _, rest = line.partition(" ")
        strength, _, phrase = rest.partition(" ")
        if effect not in EFFECTS or strength not in map(str, STRENGTHS):
            raise AnswerError(f"no edit: {line!r}")
        region = _region(phrase, text, units) if phrase else None
        key = (None if region is None else region.casefold(), effect)
        known = merged.get(key)
        level = max(int(strength), known.strength if known else 1)
        merged[key] = Edit(known.region if known else region, effect, level)
    return list(merged.values())


def _region(phrase: str, text: str, units: Sequence[Unit]) -> str:
    span = find_span(units, phrase.split(" "))
    if span is None:
        raise AnswerError(f"no span of the text: {phrase!r}")
    first, last = span
    # "the two men" is in the picture what "two men" is; "a few men" is not what "few men" is.
    if units[first].shown == "the" and last - first > 1:
        first += 1
    region = text[units[first].start : units[last - 1].end]
    if not any(unit.is_word for unit in units[first:last]):
        raise AnswerError(f"no words: {phrase!r}")
    return region
