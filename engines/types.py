"""The types every part of SayFuse exchanges (DESIGN.md, section 3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

import numpy as np

from engines.errors import InputError

Effect = Literal["highlight", "infrared", "visible", "brighten", "darken", "denoise"]
EFFECTS: tuple[str, ...] = get_args(Effect)
STRENGTHS = (1, 2, 3)

# progress(fraction in [0, 1], what is being done); it may raise Cancelled to stop the work.
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class ImagePair:
    """An aligned visible and infrared picture.

    Attributes:
        visible: float32 (H, W, 3), RGB in [0, 1].
        infrared: float32 (H, W) in [0, 1], white is hot.
        notes: What was changed to make the pair usable, one sentence each.
        celsius: Temperatures in °C that the infrared values 0 and 1 stand for; None where the file carries none.
    """

    visible: np.ndarray
    infrared: np.ndarray
    notes: tuple[str, ...] = ()
    celsius: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.visible.ndim != 3 or self.visible.shape[2] != 3:
            raise InputError(f"The visible picture must be (H, W, 3), but got {self.visible.shape}.")
        if self.infrared.shape != self.visible.shape[:2]:
            raise InputError(
                f"The infrared picture must be {self.visible.shape[:2]} like the visible one, "
                f"but got {self.infrared.shape}."
            )

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.infrared.shape


@dataclass(frozen=True)
class Edit:
    """One change asked for.

    Attributes:
        region: A noun phrase of the instruction, or None for the whole picture.
        effect: One of EFFECTS.
        strength: 1, 2 or 3.
    """

    region: str | None
    effect: Effect
    strength: int = 1

    def __post_init__(self) -> None:
        if self.effect not in EFFECTS:
            raise InputError(f"An effect must be one of {', '.join(EFFECTS)}, but got {self.effect!r}.")
        if self.strength not in STRENGTHS:
            raise InputError(f"A strength must be 1, 2 or 3, but got {self.strength!r}.")


@dataclass(frozen=True)
class Instruction:
    """A sentence and how it was understood.

    Attributes:
        text: The sentence as typed.
        edits: The edits in the order typed; empty for plain fusion.
        parser: The name of the parser that read it; "edited" where a person set the edits or their regions.
        notes: Sentences for the person, e.g. that nothing was understood.
        regions: Regions that are known already, e.g. as the person painted them; no engine looks for their labels.
    """

    text: str = ""
    edits: tuple[Edit, ...] = ()
    parser: str = ""
    notes: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()

    def known_region(self, label: str | None) -> Region | None:
        """The region of that label among those known already; None where it is to be looked for."""
        return next((region for region in self.regions if region.label == label), None)


@dataclass(frozen=True)
class Region:
    """Where one edit applies.

    Attributes:
        label: The phrase of the edit, or "whole picture".
        mask: float32 (H, W) in [0, 1], 1 inside.
        score: Confidence in [0, 1].
        box: x0, y0, x1, y1 in pixels, right and bottom exclusive; None for an empty mask.
        parts: The single things the mask is the union of, where the masker tells them apart.
        notes: What the masker has to say to the person about it, one sentence each.
        graded: Whether the mask, from 0.5 at its rim to 1, says how much is to be done at every pixel, as for what is
            dark or bright by degrees; else it is as sure as the masker is, and all of it is meant.
    """

    label: str
    mask: np.ndarray
    score: float
    box: tuple[int, int, int, int] | None
    parts: tuple[Region, ...] = ()
    notes: tuple[str, ...] = ()
    graded: bool = False


@dataclass
class FusionResult:
    """What an engine returns.

    Attributes:
        image: float32 (H, W, 3), RGB in [0, 1], the visible picture's size.
        mask: float32 (H, W) in [0, 1], the union of the regions, or None without regions.
        regions: One Region per edit.
        maps: Named float32 (H, W) pictures for display, e.g. the gate of LangGatedFusion per level.
        seconds: Wall-clock seconds per stage.
        notes: Sentences for the person: what was substituted, what was not found.
    """

    image: np.ndarray
    mask: np.ndarray | None = None
    regions: list[Region] = field(default_factory=list)
    maps: dict[str, np.ndarray] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class Engine(Protocol):
    """A fusion method behind the common interface; safe to call from several threads."""

    name: str
    title: str
    paper: str

    def fuse(self, pair: ImagePair, instruction: Instruction, progress: Progress | None = None) -> FusionResult:
        """Fuse a pair as instructed.

        Args:
            pair: The aligned pictures.
            instruction: The parsed sentence; no edits means plain fusion.
            progress: Called with a fraction in [0, 1] and a short message.

        Returns:
            The fused picture at the visible picture's size, with its masks and maps.

        Raises:
            InputError: The pair cannot be fused.
            Cancelled: Raised by `progress`.
        """
        ...
