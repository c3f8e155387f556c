"""How regions are found: which backend, what it looks at, how certain it must be."""

from __future__ import annotations

from dataclasses import dataclass

from engines.errors import InputError

BACKENDS = ("auto", "embedded", "grounded-sam")
SOURCES = ("fused", "visible", "infrared", "both")
SAM_SIZES = ("vit-b", "vit-l", "vit-h")


@dataclass(frozen=True)
class RegionOptions:
    """What a person can choose about regions.

    Attributes:
        backend: "grounded-sam", "embedded" or "auto": the first where its checkpoints are here, else the second.
        source: What GroundingDINO looks at: the fused picture (eq. 3 of TeRF), the visible one, the infrared one, or
            the visible and the infrared one, each by itself ("both").
        sam: Which SAM: "vit-b", "vit-l" or "vit-h".
        box_threshold: How certain GroundingDINO must be of a box, in (0, 1).
        text_threshold: How certain it must be that a box is what the phrase's noun says, in (0, 1).
    """

    backend: str = "auto"
    source: str = "fused"
    sam: str = "vit-b"
    box_threshold: float = 0.3
    text_threshold: float = 0.25

    def __post_init__(self) -> None:
        for what, value, known in (
            ("region backend", self.backend, BACKENDS),
            ("detector's source", self.source, SOURCES),
            ("size of SAM", self.sam, SAM_SIZES),
        ):
            if value not in known:
                raise InputError(f"The {what} must be one of {', '.join(known)}, but got {value!r}.")
        for what, value in (("box", self.box_threshold), ("text", self.text_threshold)):
            if not 0.0 < value < 1.0:
                raise InputError(f"The {what} threshold must lie between 0 and 1, but got {value}.")
