"""What is said of a picture, said of its mirror image: left and right change places."""

from __future__ import annotations

import re

# "leftmost" has a side, "bright" and "cleft" have none.
_SIDE = re.compile(r"\b(?:left|right)(?=most\b|-hand\b|\b)", re.IGNORECASE)
# Where mirroring makes a sentence false in a way that swapping words cannot mend.
_UNMIRRORABLE = re.compile(r"\b(clockwise|letters?|text|number|word|arrow|turn(?:s|ing)?)\b", re.IGNORECASE)


def mirrored_sentence(sentence: str) -> str | None:
    """The sentence with left and right swapped, or None where mirroring cannot keep it true."""
    if _UNMIRRORABLE.search(sentence):
        return None
    return _SIDE.sub(lambda match: "right" if match[0].lower() == "left" else "left", sentence)
