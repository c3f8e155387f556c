"""A part of the results page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

# Blocks of the registry of weights, in TOML, are called so; all others are Markdown.
REGISTRY = "registry-"


@dataclass(frozen=True)
class Figure:
    """A plot and the numbers in it.

    Attributes:
        name: File name below docs/figures, without suffix.
        caption: What it shows, one sentence.
        values: Everything that is drawn, as JSON; tells whether a drawn file is up to date.
        draw: Draws the values on a matplotlib figure.
        size: Width and height in inches.
    """

    name: str
    caption: str
    values: Any
    draw: Callable[[Any, Any], None]
    size: tuple[float, float] = (9.0, 3.6)

    @property
    def digest(self) -> str:
        """Of the caption and the values."""
        text = json.dumps([self.caption, self.values], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def markdown(self) -> str:
        """How the page shows it."""
        return f"![{self.caption}](figures/{self.name}.png)\n\n*{self.caption}*"


@dataclass
class Section:
    """A heading with what follows it.

    Attributes:
        title: The heading.
        parts: Paragraphs, tables and figures in Markdown, in order.
        blocks: Parts that README and model cards show, too, by block name.
        figures: The plots among the parts.
    """

    title: str
    parts: list[str] = field(default_factory=list)
    blocks: dict[str, str] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)

    def say(self, part: str) -> None:
        """Add a part."""
        self.parts.append(part)

    def show(self, figure: Figure) -> None:
        """Add a plot."""
        self.figures.append(figure)
        self.parts.append(figure.markdown)

    def promise(self, *blocks: str) -> None:
        """Say in blocks that have nothing to show yet that it is not measured; in TOML leave them empty."""
        for block in blocks:
            in_toml = block.startswith(REGISTRY)
            self.blocks.setdefault(block, "" if in_toml else "Not measured yet: see docs/RESULTS.md.")

    def share(self, block: str, part: str) -> None:
        """Add a part that README or a card may show, too."""
        self.blocks[block] = part
        self.parts.append(part)

    @property
    def markdown(self) -> str:
        """Heading and parts."""
        return "\n\n".join([f"## {self.title}", *self.parts])
