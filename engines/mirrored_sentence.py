"""What is said of a picture, said of its mirror image: left and right change places."""

from __future__ import annotations

import re

# "leftmost" has a side, "bright" and "cleft" have none.
_SIDE = r"\b(?:left|right)(?=(?:most|wards?|side|hand(?:ed)?)?\b)"
# "right behind the van" and "a bag left behind" say nothing of a side, "on the far right behind the van" does.
_PLACED = "".join(
    rf"(?<!\b{word}[ -])"
    for word in (
        "the his her its their our far very extreme top bottom upper lower middle center centre and or to on at".split()
    )
)
_SIDELESS = (
    rf"{_PLACED}\b(?:right\s+(?:above|after|at|before|behind|below|beneath|beside|by|here|in|inside|near|next|on|"
    r"outside|over|there|under|underneath)|left\s+(?:alone|behind|open|over|unattended))\b|"
    r"\bright[- ](?:of[- ]way|angled?|angles|away)\b"
)
_WORDS = re.compile(rf"(?P<sideless>{_SIDELESS})|{_SIDE}", re.IGNORECASE)
# Where mirroring makes a sentence false in a way that swapping words cannot mend: directions of turning, and writing.
_UNMIRRORABLE = re.compile(
    r"\b(?:\w*clockwise|o'clock|turn(?:s|ings?)?|arrow(?:s|heads?)?|"
    r"letter(?:s|ed|ing)?|texts?|number(?:s|ed|ing|plates?)?|numerals?|digits?|words?|wordings?|\w*writings?|\w*written|"
    r"inscriptions?|reads?|reading|says|saying|spells?|spelling|spelled|spelt)\b",
    re.IGNORECASE,
)
# A sign's own words: “left”, or LEFT among small letters.
_QUOTED = re.compile(r"[\"“‘'](?i:left|right)\b|\b(?:LEFT|RIGHT)\b")


def mirrored_sentence(sentence: str) -> str | None:
    """The sentence with left and right swapped, or None where mirroring cannot keep it true."""
    if _UNMIRRORABLE.search(sentence) or (_QUOTED.search(sentence) and not sentence.isupper()):
        return None
    return _WORDS.sub(_swapped, sentence)


def _swapped(match: re.Match[str]) -> str:
    if match["sideless"]:
        return match[0]
    return "right" if match[0].lower() == "left" else "left"
