"""Theme and style sheet of the page: system fonts only, so that it looks the same offline."""

from __future__ import annotations

import gradio as gr

REGION_COLORS = ("#e4572e", "#2e86ab", "#f3a712", "#5b8e7d", "#8e6c8a", "#c44569")

CSS = """
.gradio-container { width: 100%; max-width: 1440px !important; margin: 0 auto; }
#header { padding: 4px 0 0; }
#header h1 { display: inline; font-size: 1.35rem; font-weight: 650; margin-right: .6rem; letter-spacing: -.01em; }
#header span { color: var(--body-text-color-subdued); }
#footer { color: var(--body-text-color-subdued); font-size: .82rem; text-align: center; padding: 4px 0 12px; }
#empty { border: 1px dashed var(--border-color-primary); border-radius: var(--radius-lg); padding: 200px 2rem;
         text-align: center; color: var(--body-text-color-subdued); }
.html-container { padding: 0 !important; }
#status { min-height: 24px; margin: -8px 0; }
.status { display: flex; align-items: center; gap: .75rem; font-size: .9rem; min-height: 24px; }
.status .bar { flex: 1; height: 6px; border-radius: 3px; overflow: hidden; background: var(--border-color-primary); }
.status .bar i { display: block; height: 100%; background: var(--primary-500); transition: width .2s; }
.reading { font-size: .9rem; line-height: 1.5; }
.reading b { font-weight: 600; }
.reading .hint { color: var(--body-text-color-subdued); font-style: italic; }
.reading .subdued, .facts .subdued { color: var(--body-text-color-subdued); }
.facts { font-size: .88rem; line-height: 1.5; }
.facts ul { margin: 0 0 .4rem; padding-left: 1.1rem; }
.facts .seconds { font-variant-numeric: tabular-nums; }
#plan { gap: 6px; }
#plan .row { align-items: center; gap: 6px; }
#examples .grid-wrap { min-height: 0; max-height: none; }
#examples .grid-container { grid-template-columns: repeat(3, minmax(0, 1fr)) !important; }
#examples .thumbnail-lg { aspect-ratio: 4 / 3; }
#examples .caption-label { font-size: .75rem; }
#downloads button { font-weight: 500; }
@media (max-width: 640px) {
  #empty { padding: 3rem 1rem; }
  #header span { display: block; }
}
"""

_FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


def theme() -> gr.themes.Base:
    """A quiet theme: slate surfaces, one teal accent, no fonts from the network."""
    return gr.themes.Default(
        primary_hue=gr.themes.colors.teal,
        secondary_hue=gr.themes.colors.slate,
        neutral_hue=gr.themes.colors.slate,
        spacing_size=gr.themes.sizes.spacing_md,
        radius_size=gr.themes.sizes.radius_md,
        font=_FONT,
        font_mono=_MONO,
    )
