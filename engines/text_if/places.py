"""Which regions of an instruction are places in the scene.

Text-IF's sentences are about pictures and what is wrong with them: in "take the stripes out of the thermal picture", a
parser made for regions may find "stripes" or "thermal picture", where nothing in the scene is meant.
"""

from __future__ import annotations

import re

_PICTURE = r"(?:picture|image|photo|frame|camera|view)s?"
# "the car in the thermal picture" is about the car.
_WHICH_PICTURE = re.compile(rf"\s+(?:of|in|on|from)\s+(?:the\s+|this\s+|that\s+)?(?:\w+\s+)?{_PICTURE}$", re.IGNORECASE)
# Named anywhere, these make the whole phrase one about a picture.
_ABOUT_PICTURE = re.compile(
    rf"\b(?:{_PICTURE}|(?:low|weak|poor|dim|much|more|less|enough) light|noise|grain|stripes?|streaks?|"
    r"contrast|exposure|illumination|brightness|blown)\b",
    re.IGNORECASE,
)
# Beginnings of last words that are no things: pictures and defects again, and qualities that a parser took for things.
_NO_THING = re.compile(
    r"sensor|detector|scene|visible|infrared|thermal|rgb|ir$|heat|colou?r|daylight|nois|speckle|line|band|bars?$|column|"
    r"pattern|curtain|gr[ea]y|light(?:ing)?$|overexpos|underexpos|bright|dark|dim|glare|shadow|highlight|burn|detail|"
    r"poor|weak|low$|flat|dull|haz|faded|every|anything|horizontal|vertical|random|punch|warm|cold",
    re.IGNORECASE,
)
_LAMP = re.compile(r"\b(?:traffic|street|head|tail|brake|stop) ?lights?$", re.IGNORECASE)


def is_place(phrase: str) -> bool:
    """Whether a noun phrase can be looked for in the scene, rather than being about a picture or what is wrong with it.

    What a phrase is about is its last word: "dark car" is a place, "white glare" is none.
    """
    phrase = _WHICH_PICTURE.sub("", phrase.strip())
    words = re.findall(r"[\w-]+", phrase)
    if not words or _ABOUT_PICTURE.search(phrase):
        return False
    return bool(_LAMP.search(phrase)) or not _NO_THING.match(words[-1])
