"""What parsers say to the person about a text they could not, or not wholly, read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from app.parser.other_languages import is_other_language
from app.parser.scene_words import WHOLE_HEADS
from app.parser.tokens import MAX_LENGTH, tokenize
from engines.types import Edit

NOTHING_UNDERSTOOD = (
    "Nothing in the text asks for a change that could be understood, so the pictures are fused plainly; "
    'try for example "make the cones clear".'
)
NOT_ENGLISH = (
    "Sentences are read in English only, and this one does not look like it, so the pictures are fused plainly; "
    'try for example "make the cones clear".'
)
BEYOND = (
    "Regions can be made clear, more infrared or visible, brighter, darker or less noisy; nothing is removed, moved, "
    "cut, blurred or given other colours here, so the pictures are fused plainly."
)
# What people ask of picture editors.
_BEYOND = re.compile(
    r"\b(?:remove|erase|delete|hide|cover|replace|move|swap|crop|cut|zoom|rotate|turn|flip|mirror|resize|scale|stretch|"
    r"straighten|blur|pixelate|censor|anonymi[sz]e|recolou?r|colou?r|paint|tint|black and white|gr[ae]yscale|sepia|"
    r"monochrome|invert|cartoon|(?:make|turn|render)\b.*\b(?:red|green|blue|yellow|orange|purple|pink|white))\b",
    re.IGNORECASE,
)
# What is to be kept out of the picture: "except the sky", "all but the car".
_EXCEPTION = re.compile(
    r"\b(?:except|excluding|(?:apart|aside) from|other than|with the exception of|(?<=everything )but|(?<=\ball )but)\s"
    r"[^,.;:!?\n]+",
    re.IGNORECASE,
)


def nothing_understood(text: str) -> str:
    """The note on a text in which nothing was understood that can be done."""
    if is_other_language(text):
        return NOT_ENGLISH
    return BEYOND if _BEYOND.search(text) else NOTHING_UNDERSTOOD


def too_long(text: str) -> str:
    """That the end of a text was not read."""
    return f"The text has {len(text)} characters; only the first {MAX_LENGTH} were read."


def no_room() -> str:
    """That the language model could not take the text."""
    return "The text has too many signs for the language model, so the rules read it."


def left_out(words: str) -> str:
    """That a part of the text was not understood."""
    return f"Not understood and left out: “{words}”."


def spared(text: str, clauses: Sequence[str], edits: Sequence[Edit]) -> list[str]:
    """What became of the words that say what is to stay as it is.

    Args:
        text: The sentence as typed.
        clauses: Those words as the rules found them, such as "not the car".
        edits: What is done. Where it is done to the whole picture, what one of the clauses names is not spared; a
            clause that names what is edited ("don't make the sky so dark") was read as that edit.
    """
    notes = []
    unnoticed: Iterable[str] = ()
    if any(edit.region is None for edit in edits):
        excepted = (match.group().strip() for match in _EXCEPTION.finditer(text))
        unnoticed = (words for words in excepted if not any(words in clause for clause in clauses))
    for words in (*clauses, *unnoticed):
        if any(edit.region is not None and edit.region.casefold() in words.casefold() for edit in edits):
            continue
        if not any(edit.region is None for edit in edits):
            notes.append(f"Left as it is, as asked: “{words}”.")
        elif WHOLE_HEADS.isdisjoint(token.word for token in tokenize(words)):
            notes.append(f"The whole picture is edited: “{words}” cannot be kept out of it.")
    return notes
