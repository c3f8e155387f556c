"""One instruction after another on the same pair (TeRF, section 2.4.4): the later one is carried out on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engines import Edit, ImagePair, InputError, Instruction
from engines.types import STRENGTHS


def same_pair(a: ImagePair, b: ImagePair) -> bool:
    """Whether two pairs are the same pictures."""
    return np.array_equal(a.visible, b.visible) and np.array_equal(a.infrared, b.infrared)


def on_top(earlier: Instruction, later: Instruction) -> Instruction:
    """The later instruction with the earlier one's edits below its own.

    An empty sentence asks for plain fusion, so it stays as it is.
    """
    if not later.text.strip() and not later.edits:
        return later
    return replace(later, edits=merged((*earlier.edits, *later.edits)), regions=(*later.regions, *earlier.regions))


def merged(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Neighbours that do the same to the same region as one edit, as far as a strength can say it."""
    result: list[Edit] = []
    for edit in edits:
        last = result[-1] if result else None
        same = last is not None and _work(last) == _work(edit)
        if same and last.strength + edit.strength <= max(STRENGTHS):
            result[-1] = replace(last, strength=last.strength + edit.strength)
        else:
            result.append(edit)
    return tuple(result)


def still_latest(edits: Sequence[Edit], before: Sequence[Edit], latest: Sequence[Edit]) -> tuple[Edit, ...]:
    """What of the edits that a person set by hand is to be made again when asked for once more.

    That is what the latest sentence added, as far as it is still there, and what the person changed; not what earlier
    sentences asked for. Where neither is left, it is all there is.

    Args:
        edits: As the person set them.
        before: What was on display before.
        latest: What the latest sentence had added to it.
    """
    untouched = {_work(edit) for edit in edits if edit in before}
    kept = [edit for edit in latest if _work(edit) in untouched]
    changed = [edit for edit in edits if edit not in before]
    return (*kept, *changed) or tuple(edits)


def stronger(edits: Sequence[Edit], latest: Sequence[Edit]) -> tuple[Edit, ...]:
    """The same edits, each of the latest ones one strength up as far as there is one.

    Raises:
        InputError: There is nothing to do, or nothing can be done more strongly.
    """
    if not latest:
        raise InputError("There is no change to make again: say first what should change.")
    meant = {_work(edit) for edit in latest}
    raised = tuple(
        replace(edit, strength=min(edit.strength + 1, max(STRENGTHS))) if _work(edit) in meant else edit
        for edit in edits
    )
    if raised == tuple(edits):
        raise InputError("This is as strong as it gets: say what else should change.")
    return raised


def _work(edit: Edit) -> tuple[str | None, str]:
    """What is done where, however strongly."""
    return edit.region, edit.effect
