"""The controls that say how regions are looked for."""

from __future__ import annotations

from typing import Any

import gradio as gr

from app.ui import text
from engines.regions.options import SAM_SIZES, RegionOptions

# Names of the controls in the order of the fields of RegionOptions.
REGION_CONTROLS = ("backend", "source", "sam", "box_threshold", "text_threshold")


def region_controls() -> dict[str, Any]:
    """One component per name of REGION_CONTROLS."""
    shares = {"minimum": 0.05, "maximum": 0.95, "step": 0.05, "min_width": 120}
    components = (
        gr.Dropdown(
            list(text.BACKEND_CHOICES), value="auto", label="What finds the regions (not RIS-FUSION)", min_width=120
        ),
        gr.Dropdown(
            list(text.SOURCE_CHOICES), value="fused", label="GroundingDINO looks at the picture that is", min_width=120
        ),
        gr.Dropdown(list(SAM_SIZES), value=RegionOptions.sam, label="Size of SAM", min_width=120),
        gr.Slider(value=RegionOptions.box_threshold, label="How sure of a box (0 to 1)", **shares),
        gr.Slider(value=RegionOptions.text_threshold, label="How sure of its noun (0 to 1)", **shares),
    )
    return dict(zip(REGION_CONTROLS, components, strict=True))
