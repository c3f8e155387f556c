"""What parsers say to the person about a text they could not, or not wholly, read."""

from __future__ import annotations

from app.parser.tokens import MAX_LENGTH

NOTHING_UNDERSTOOD = (
    "Nothing in the text asks for a change that could be understood, so the pictures are fused plainly; "
    'try for example "make the cones clear".'
)


def too_long(text: str) -> str:
    """That the end of a text was not read."""
    return f"The text has {len(text)} characters; only the first {MAX_LENGTH} were read."
