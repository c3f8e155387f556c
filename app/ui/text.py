"""Every word on the page that does not depend on a result."""

from __future__ import annotations

from collections.abc import Iterable

TITLE = "SayFuse"
TAGLINE = "Infrared and visible pictures, fused the way you say it."
PLACEHOLDER = "Say what should change, e.g. make the cones clear"
EMPTY_RESULT = "Pick an example, or add a visible and an infrared picture of the same view, and press Fuse."
FOOTER = (
    "Uploaded pictures are deleted after about an hour and are seen by nobody else. "
    "Programs can call <code>/parse</code> and <code>/fuse</code>; the command line is <code>python -m app</code>."
)
SENTENCES = (
    "make the cones clear",
    "make the people stand out",
    "bias the road towards infrared",
    "raise the illumination of the trees",
    "reduce the noise in the sky",
    "highlight the hot spots",
    "darken everything except the people",
)
MISSING_PICTURE = "Add a visible and an infrared picture first."
TEXT_TOO_LONG = "The instruction must be at most {limit} characters long, but got {length}."
WAITING = "Waiting for a free place"
STOPPING = "Stopping"
STOPPED = "Stopped. Nothing was changed."
NO_OTHER_STEP = "There is no step to go to."
UNEXPECTED = "SayFuse could not finish because of a defect in it; the log of the server says more."

LEFT_CHOICES = ("Visible", "Infrared", "Mean of both", "Previous result")
LEAVE_OUT = "leave out"
EFFECT_CHOICES = (
    ("highlight", "highlight"),
    ("towards infrared", "infrared"),
    ("towards visible", "visible"),
    ("brighten", "brighten"),
    ("darken", "darken"),
    ("denoise", "denoise"),
    ("leave out", LEAVE_OUT),
)
STRENGTH_CHOICES = (("normal", 1), ("strong", 2), ("extreme", 3))
PARSER_CHOICES = (("automatic", "auto"), ("LLaMA", "llama"), ("rules", "rules"))
PRESET_CHOICES = (("fast", "fast"), ("thorough, as published (minutes)", "paper"))
BACKEND_CHOICES = (
    ("automatic", "auto"),
    ("embedded head", "embedded"),
    ("GroundingDINO + SAM", "grounded-sam"),
)
SOURCE_CHOICES = (
    ("fused", "fused"),
    ("visible", "visible"),
    ("infrared", "infrared"),
    ("visible and infrared", "both"),
)
REGION_EDITOR = "Edit the regions"
REGION_HINT = "Paint what belongs to the region, erase what does not, then compose."
SLIDER_ALT = "The result, and the picture it is compared with"
OVERLAY_ALT = "The result with its regions in red"
WHOLE = "whole picture"
MAX_REGION = 200
EFFECT_TITLES = {value: title for title, value in EFFECT_CHOICES}
DEGREES = {1: "", 2: " strongly", 3: " extremely"}
STEPS = (("undo", "Undo"), ("redo", "Redo"), ("again", "Again"))
PLAIN_FUSION = "plain fusion"
BRANCH = " (from {step})"
STAGES = {
    "read": "reading the pictures",
    "parse": "understanding the sentence",
    "load": "loading the model",
    "text": "encoding the words",
    "fuse": "fusing",
    "mask": "finding the regions",
    "tune": "changing the regions",
}
PAIR_PANEL = "Check how the two pictures fit"
PAIR_HINT = (
    "Edges of the visible picture are blue, those of the infrared one orange; where they lie on each other they turn "
    "white. Move the infrared picture, in pixels, until they do."
)
FIT = "The edges agree to {score:.0f} of 100."
FIT_MOVED = "The edges agree to {score:.0f} of 100; as they came, to {before:.0f}."
POLARITY_CHOICES = (("bright", "white-hot"), ("dark (black-hot)", "black-hot"))
PALETTE_CHOICES = (
    ("white-hot", "white-hot"),
    ("black-hot", "black-hot"),
    ("ironbow", "ironbow"),
    ("inferno", "inferno"),
)
WHOLE_PAIR = "This FLIR picture holds both, the photograph and the temperatures: it is used for the whole pair."
ATTENTION = "Show what each place listened to"
NO_ATTENTION = "Only RIS-FUSION listens to words while it fuses, and only where a region is named."
GLOSSARY_TITLE = "What do these words mean?"
GLOSSARY = (
    ("Visible picture", "The photograph an ordinary camera takes."),
    ("Infrared picture", "What a thermal camera sees: warm things are bright, or dark on a black-hot camera."),
    ("Fusing", "Making one picture that shows what either camera saw."),
    ("Region", "The part of the picture that words of your sentence name, such as “the cones on the left”."),
    ("Highlight", "Make a region easier to see."),
    ("Towards infrared, towards visible", "Let a region look more as the one camera saw it, or the other."),
    ("Denoise", "Take grain out of a region."),
    ("Sure", "How certain the search is that a region is what you named, from 0 to 100 %."),
    ("Regions first", "Look for the regions and show them, so that you can correct them before anything is changed."),
    ("Again", "Do the same once more, a step stronger."),
    ("Engine", "The method that fuses. Automatic picks the one that suits the sentence."),
    ("Parser", "What turns your sentence into the plan: a small language model, or fixed rules."),
    ("Gate α", "Per pixel, how much RIS-FUSION takes from the infrared picture: 0 is none, 1 is all."),
    ("Attention", "Per pixel, how much RIS-FUSION listens to a word while it fuses."),
    ("Palette", "The colours an infrared picture is shown in. They change what you see, never what is fused."),
)
PARSER_TITLES = {"llama": "the LLaMA parser", "rules": "the rule parser", "edited": "you"}
DOWNLOADS = (
    ("fused", "Picture (PNG)"),
    ("mask", "Mask (PNG)"),
    ("overlay", "Overlay (PNG)"),
    ("report", "Report (JSON)"),
)


def listed(parts: Iterable[str]) -> str:
    """Words in a row: "a", "a and b", "a, b and c"."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
