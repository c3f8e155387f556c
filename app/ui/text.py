"""Every word on the page that does not depend on a result."""

from __future__ import annotations

TITLE = "SayFuse"
TAGLINE = "Infrared and visible pictures, fused the way you say it."
PLACEHOLDER = "Say what should change, e.g. make the cones clear"
EMPTY_RESULT = "Add a visible and an infrared picture of the same view, or pick an example, and press Fuse."
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
)
MISSING_PICTURE = "Add a visible and an infrared picture first."
TEXT_TOO_LONG = "The instruction must be at most {limit} characters long, but got {length}."
WAITING = "Waiting for a free place"
STOPPING = "Stopping"
STOPPED = "Stopped. Nothing was changed."
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
PRESET_CHOICES = (("fast", "fast"), ("as in the paper (slow)", "paper"))
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
PARSER_TITLES = {"llama": "the LLaMA parser", "rules": "the rule parser", "edited": "you"}
DOWNLOADS = (
    ("fused", "Picture (PNG)"),
    ("mask", "Mask (PNG)"),
    ("overlay", "Overlay (PNG)"),
    ("report", "Report (JSON)"),
)
