"""Sentences about the session instead of the picture: "again", "too much", "start over"."""

from __future__ import annotations

import re
from typing import Literal

Request = Literal["again", "undo", "redo", "start over"]

_POLITE = re.compile(r"^(?:please|ok|okay|now|and|then|so|can you|could you)\s+|\s+(?:please|now|then|thanks)$")
_THAT = r"(?: (?:it|that|this|the (?:last|previous) (?:step|edit|change|one)))?"
_MORE = r"(?:(?:even|some|still|much|a (?:little|bit|lot)(?: bit)?) )?(?:more|stronger|further)(?: of (?:it|that))?"
_AGAIN = r"(?:(?:do|once|one) )?(?:(?:it|that|the same) )?(?:again|(?:more|another) time|once more)"
_FURTHER = r"(?:go|carry|keep) (?:on|going|further)|make (?:it|that) (?:even |a bit )?stronger|same again|one more"
_TOO_MUCH = (
    r"(?:(?:that is|that was|that's|it is|it's) )?(?:(?:way|far|a (?:little|bit)) )?too (?:much|strong)(?: now)?"
)
_LESS = (
    r"(?:(?:a (?:little|bit)|slightly|somewhat) )?(?:less|weaker)(?: of (?:it|that))?|"
    r"not (?:so|that|as) (?:much|strong)"
)
_REQUESTS: tuple[tuple[Request, str], ...] = (
    ("again", rf"{_AGAIN}|repeat{_THAT}|{_MORE}|{_FURTHER}"),
    ("undo", rf"(?:undo|revert){_THAT}|take (?:it|that) back|(?:(?:go|one step|step) )?back|{_TOO_MUCH}|{_LESS}"),
    ("redo", rf"redo{_THAT}"),
    ("start over", r"start (?:over|again|afresh|anew)|reset(?: (?:it|that|everything|the picture))?|clear all"),
)


def session_request(sentence: str) -> Request | None:
    """What a sentence asks of the session; None for one about the picture."""
    words = " ".join(re.sub(r"[^\w\s']", " ", sentence.lower()).split())
    while (bare := _POLITE.sub("", words)) != words:
        words = bare
    return next((request for request, pattern in _REQUESTS if re.fullmatch(pattern, words)), None)
