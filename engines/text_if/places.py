"""Which regions of an instruction are places in the scene.

Text-IF's sentences are about pictures and what is wrong with them: in "take the stripes out of the thermal picture", a
parser made for regions may find "stripes" or "thermal picture", where nothing in the scene is meant. What a phrase is
about is its head noun: "man with the camera" is a place, "noise of the camera" is none.
"""

from __future__ import annotations

import re

from engines.regions.phrases import head_span


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# "the car in the thermal picture" is about the car.
_WHICH_PICTURE = re.compile(
    r"\s+(?:of|in|on|from|through)\s+((?:[\w-]+\s+){0,3}(?:picture|image|photo|frame|camera|view)s?)$", re.IGNORECASE
)
# What a parser leaves in front of a noun, and words from which on more than a noun is said.
_BEFORE = re.compile(r"^(?:there (?:is|are)|(?:get )?rid of|compensate for)\s+", re.IGNORECASE)
_FROM_HERE = re.compile(
    r"(?:^|\s+)(?:is|are|was|were|has|have|had|got|came|looks?|lacks?|suffers?|draws?|running|hidden (?:in|by|behind)|"
    r"all over|from top|from left|from side)\b.*$",
    re.IGNORECASE,
)
# Pictures, what is wrong with them, and qualities and stand-ins that parsers took for things: never a place.
_ABOUT_PICTURE = _words(
    "picture pictures image images photo photos photograph photographs noise noises noisy grain grains grainy speckle "
    "speckles banding degradation contrast exposure overexposure underexposure over-exposure under-exposure "
    "illumination brightness lighting overexposed underexposed visible infrared thermal rgb ir color colors colour "
    "colours bright brighter dark darker darkness dim dimmer poor weak low flat dull hazy faded blown burnt burned "
    "hidden striped punch horizontal vertical random warm warmer cold colder grey greys gray grays it everything "
    "anything"
)
# About a picture when said with nothing but words of _WHICH; "security camera" and "glare on the road" are places.
_UNLESS_NAMED = _words(
    "frame frames camera cameras view views scene scenes sensor sensors detector detectors light heat daylight glare "
    "haze highlight highlights detail details pattern patterns range area areas curtain stripe stripes streak streaks"
)
# Things in the scene unless noise or a picture is spoken of: "remove the lines of the thermal picture".
_MARKS = _words("line lines bar bars column columns band bands shadow shadows")
_STRIPES = _words("stripe stripes streak streaks")
# Which picture, how much of something, what kind of noise: these name no thing.
_WHICH = _words(
    "a an the this that these those its my our your whole entire all some any thermal infrared ir heat visible rgb "
    "color colour daylight day low weak poor dim bad much little more less enough too very not bright dark noisy "
    "grainy striped excessive dynamic sensor noise stripe stripes line lines column row fixed random vertical "
    "horizontal fine thin faint burnt-out blown-out"
)
_GREYS = _words("white black grey gray")
_NOISE = _words("vertical horizontal random fixed noise stripe column row")


def is_place(phrase: str, effect: str = "highlight") -> bool:
    """Whether a noun phrase can be looked for in the scene, rather than being about a picture or what is wrong with it.

    Args:
        phrase: The region of an edit.
        effect: Of the edit; "lines" that are to be denoised are noise, others are on the road.
    """
    phrase = phrase.strip()
    which = _WHICH_PICTURE.search(phrase)
    of_picture = which is not None and not is_place(which.group(1))
    phrase = phrase[: which.start()] if of_picture else phrase
    phrase = _FROM_HERE.sub("", _BEFORE.sub("", phrase))
    begin, end = head_span(phrase)
    head = phrase[begin:end].lower()
    if not head or head in _ABOUT_PICTURE:
        return False
    if head not in _UNLESS_NAMED | _MARKS:
        return True
    before = frozenset(re.findall(r"[\w'-]+", phrase[:begin].lower()))
    noise = of_picture or effect == "denoise" or not before.isdisjoint(_NOISE)
    if head in _MARKS and not noise:
        return True
    # White stripes are on a road as long as nothing speaks of noise.
    unnamed = _WHICH if head in _STRIPES and not noise else _WHICH | _GREYS
    behind = phrase[end:].split()[1:]
    return not before <= unnamed or (bool(behind) and is_place(" ".join(behind)))
