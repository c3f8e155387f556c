"""Sentences that say which degradation is to be undone, in many wordings; some are held out for evaluation.

A sentence is put together from patterns; whole patterns are held out, not single sentences, so that the evaluation asks
in words that training has not used.
"""

from __future__ import annotations

from itertools import product

from engines.text_if.sentences import DEFAULT_SENTENCE

PLAIN = "plain"

_VISIBLE = ("photo", "visible image", "picture", "colour picture", "visible photo", "RGB image", "daylight image")
_INFRARED = ("thermal picture", "infrared image", "infrared picture", "thermal image", "IR frame", "heat picture")

# Task -> what stands for {x}, and the patterns.
_PATTERNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "low light": (
        _VISIBLE,
        (
            "the {x} is too dark",
            "brighten the {x}",
            "the {x} is underexposed, please correct it",
            "I can hardly see anything in the dark {x}",
            "make the {x} brighter",
            "it was taken at night and the {x} came out black",
            "there is not enough light in the {x}",
            "fuse the images and fix the low light of the {x}",
            "low light degradation in the {x}",
            "the {x} suffers from poor illumination, enhance it while fusing",
            "increase the brightness of the {x}",
            "raise the exposure of the {x}",
            "underexposed {x}",
            "lighten the dark {x}",
            "recover the details hidden in the shadows of the {x}",
            "low illumination",
            "too dark",
            "lighten up the scene",
        ),
    ),
    "over-exposure": (
        _VISIBLE,
        (
            "the {x} is too bright",
            "darken the {x}",
            "the {x} is overexposed, please correct it",
            "the {x} is washed out by too much light",
            "make the {x} less bright",
            "the highlights of the {x} are blown out",
            "there is too much light in the {x}",
            "fuse the images and fix the overexposure of the {x}",
            "over-exposure degradation in the {x}",
            "the {x} suffers from excessive exposure, restore it while fusing",
            "reduce the brightness of the {x}",
            "lower the exposure of the {x}",
            "overexposed {x}",
            "the {x} is glaring, tone it down",
            "recover the details in the burnt-out areas of the {x}",
            "excessive brightness",
            "too bright",
            "everything is nearly white in the {x}",
        ),
    ),
    "low contrast": (
        _INFRARED,
        (
            "the {x} has low contrast",
            "increase the contrast of the {x}",
            "the {x} looks flat and grey, please correct it",
            "everything in the {x} has nearly the same grey",
            "make warm things stand out more from cold ones in the {x}",
            "enhance the contrast of the {x} while fusing",
            "fuse the images and fix the poor contrast of the {x}",
            "low contrast degradation in the {x}",
            "the {x} is dull and hazy",
            "stretch the grey levels of the {x}",
            "the {x} is faded",
            "boost the {x}'s contrast",
            "weak contrast of the {x}",
            "the dynamic range of the {x} is too narrow",
            "low contrast",
            "more contrast please",
        ),
    ),
    "random noise": (
        _INFRARED,
        (
            "the {x} is noisy",
            "remove the noise from the {x}",
            "denoise the {x}",
            "the {x} is grainy, please clean it",
            "reduce the grain in the {x}",
            "there are random speckles all over the {x}",
            "fuse the images and suppress the noise of the {x}",
            "noise degradation in the {x}",
            "the {x} suffers from sensor noise, remove it while fusing",
            "clean up the grain of the {x}",
            "the {x} is covered in snow like an old television",
            "filter out the Gaussian noise of the {x}",
            "smooth out the random noise in the {x}",
            "noisy {x}",
            "too much noise",
            "remove the grain",
        ),
    ),
    "stripe noise": (
        _INFRARED,
        (
            "the {x} has stripes",
            "remove the stripes of the {x}",
            "destripe the {x}",
            "there are vertical lines in the {x}, please take them out",
            "the {x} is full of bars",
            "clean the {x} of its column lines",
            "fuse the images and suppress the stripe noise of the {x}",
            "stripe noise degradation in the {x}",
            "the {x} suffers from fixed pattern noise, remove it while fusing",
            "get rid of the line pattern in the {x}",
            "horizontal and vertical stripes disturb the {x}",
            "the detector leaves banding in the {x}",
            "striped {x}",
            "remove the streaks running through the {x}",
            "stripe noise",
            "remove the lines",
        ),
    ),
    PLAIN: (
        ("person", "people", "car", "cars", "cone", "building", "road", "trees", "bicycle", "sign"),
        (
            DEFAULT_SENTENCE,
            "fuse the two images",
            "merge the infrared and the visible image",
            "combine both pictures",
            "image fusion",
            "plain fusion without any change",
            "just fuse them",
            "make the {x} clear",
            "highlight the {x}",
            "show me the {x}",
            "make the {x} stand out",
            "focus on the {x}",
            "the {x} on the left",
            "bias the {x} towards infrared",
            "more texture for the {x}",
        ),
    ),
}

HELD_OUT: dict[str, tuple[str, ...]] = {
    "low light": (
        "This photo is far too dim, can you light it up?",
        "The camera picture is gloomy; give it more light.",
        "Please compensate for the weak lighting in the visible picture.",
        "It is so dark that I cannot make out the street.",
    ),
    "over-exposure": (
        "The photo got far too much light, can you tone down the glare?",
        "The sky and the walls are blown to white in the camera picture.",
        "Please compensate for the excessive exposure of the visible picture.",
        "It is so bright that I cannot make out the street.",
    ),
    "low contrast": (
        "Warm and cold things look almost alike in the thermal picture, pull them apart.",
        "The infrared view is a grey soup, give it more punch.",
        "Please compensate for the poor contrast of the thermal camera.",
        "The heat image lacks contrast.",
    ),
    "random noise": (
        "The thermal picture is full of grain, clean it.",
        "Get rid of the random speckle of the infrared camera.",
        "Please suppress the sensor noise in the heat image.",
        "The infrared view looks like sand was thrown over it, denoise it.",
    ),
    "stripe noise": (
        "Take the stripes out of the thermal picture.",
        "The infrared camera draws lines from top to bottom, remove them.",
        "Please suppress the banding and column pattern of the heat image.",
        "The thermal view looks as if seen through a striped curtain.",
    ),
}


def training_sentences() -> dict[str, list[str]]:
    """Task -> every sentence of its patterns, without repeats; the tasks are the degradations and `PLAIN`."""
    return {
        task: list(dict.fromkeys(pattern.format(x=x) for pattern, x in product(patterns, subjects)))
        for task, (subjects, patterns) in _PATTERNS.items()
    }
