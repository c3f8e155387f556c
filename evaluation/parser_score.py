"""How well a parser reads sentences whose intended readings are known."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.parser import parse
from app.parser.agreement import bare_region
from engines.errors import InputError
from engines.types import Edit
from evaluation.progress import Notify

_WITHOUT_CATEGORY = "all"


@dataclass(frozen=True)
class Case:
    """A sentence with its intended edits, and what kind of sentence it is."""

    text: str
    edits: tuple[Edit, ...]
    category: str = _WITHOUT_CATEGORY


def read_cases(path: Path) -> list[Case]:
    """Lines of {"text", "edits": [{"region", "effect", "strength"}]} and perhaps "category".

    Raises:
        InputError: The file is not readable, empty, or a line has another form.
    """
    cases = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The sentences must be a UTF-8 file of JSON lines, but {path} cannot be read.") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            edits = tuple(Edit(edit["region"], edit["effect"], edit["strength"]) for edit in entry["edits"])
            cases.append(Case(str(entry["text"]), edits, str(entry.get("category", _WITHOUT_CATEGORY))))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                f'Line {number} of {path} must be {{"text": …, "edits": [{{"region", "effect", "strength"}}]}}.'
            ) from error
    if not cases:
        raise InputError(f"The file {path} has no sentences.")
    return cases


def score_parser(cases: Sequence[Case], parser: str, notify: Notify | None = None) -> dict[str, Any]:
    """Read every sentence and compare.

    Returns:
        n; exact, the share of sentences all of whose edits are the intended ones, in order, regions in lower case and
        without articles; edit_f1, of the edits of all sentences together; seconds_per_text, once everything is loaded;
        parser, what served; per_category, exact and n of each kind of sentence.
    """
    served = parse(cases[0].text, parser=parser).parser
    right: dict[str, list[bool]] = defaultdict(list)
    found = intended = common = 0
    seconds = 0.0
    for done, case in enumerate(cases, 1):
        start = time.perf_counter()
        edits = parse(case.text, parser=parser).edits
        seconds += time.perf_counter() - start
        read, wanted = [_key(edit) for edit in edits], [_key(edit) for edit in case.edits]
        right[case.category].append(read == wanted)
        found, intended = found + len(read), intended + len(wanted)
        common += (Counter(read) & Counter(wanted)).total()
        if notify is not None:
            notify(done, len(cases), case.text[:40])
    return {
        "n": len(cases),
        "exact": sum(map(sum, right.values())) / len(cases),
        "edit_f1": 2 * common / (found + intended) if found + intended else 1.0,
        "seconds_per_text": seconds / len(cases),
        "parser": served,
        "per_category": {
            category: {"n": len(results), "exact": sum(results) / len(results)} for category, results in right.items()
        },
    }


def _key(edit: Edit) -> tuple[str | None, str, int]:
    return bare_region(edit.region), edit.effect, edit.strength
