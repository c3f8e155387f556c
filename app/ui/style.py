"""Theme and style sheet of the page: system fonts only, so that it looks the same offline."""

from __future__ import annotations

import gradio as gr

REGION_COLORS = ("#1098c8", "#e4572e", "#f3a712", "#5b8e7d", "#8e6c8a", "#c44569")

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
#chips { gap: 8px; flex-wrap: wrap; align-items: stretch; }
#chips .chip { gap: 4px; flex: 0 1 310px; max-width: 100%; padding: 7px 8px 3px 11px; border-radius: 10px;
               background: var(--background-fill-secondary); border-left: 5px solid var(--neutral-400); }
#chips .fields { flex-wrap: nowrap; gap: 4px; align-items: center; }
#chips .fields > * { min-width: 0 !important; }
#chips .remove { flex: 0 0 28px; padding: 0; height: 28px; }
#chips input, #chips textarea { padding-block: 4px; font-size: .88rem; }
#chips .wrap-inner { padding: 2px 4px; }
#chips .wrap-inner input { padding-right: 14px; text-overflow: ellipsis; }
#chips .confidence { font-size: .78rem; color: var(--body-text-color-subdued); }
.regions { margin: 0; }
.regions svg { width: 100%; height: auto; display: block; border-radius: var(--radius-md); }
.regions ul { list-style: none; display: flex; flex-wrap: wrap; gap: 6px; margin: 8px 0 0; padding: 0;
              font-size: .85rem; }
.regions li { border-radius: 6px; padding: 2px 8px; margin: 0; }
.word { border-radius: 5px; padding: 0 3px; color: inherit; cursor: default; }
.shape path { fill-opacity: .28; stroke-width: 2; fill-rule: evenodd; vector-effect: non-scaling-stroke; }
.shape, .word { outline: none; transition: opacity .15s; }
.word:focus-visible, .shape:focus-visible path { outline: 2px solid var(--primary-500); outline-offset: 1px; }
#reading { flex: 1 1 240px; min-width: min(100%, 240px) !important; }
#regions { flex: 1 1 0; min-width: min(100%, 260px) !important; }
#exported { display: none !important; }
#steps { gap: 6px; flex-wrap: nowrap; }
#find { white-space: nowrap; }
#history .grid-wrap { min-height: 0; max-height: none; }
#history .grid-wrap, #examples .grid-wrap { padding-top: 30px; }
#history .grid-container { display: flex !important; overflow-x: auto; gap: 8px; padding: 4px; }
#history .grid-container > * { flex: 0 0 150px; }
#history .thumbnail-lg { aspect-ratio: 4 / 3; }
#history .caption-label, #maps .caption-label { font-size: .72rem; white-space: normal; max-width: 100%; }
.scale { display: flex; align-items: center; gap: .6rem; font-size: .82rem; font-variant-numeric: tabular-nums; }
.scale i { flex: 1; height: 10px; border-radius: 5px; border: 1px solid var(--border-color-primary); }
#glossary dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 14px; font-size: .88rem; margin: 0; }
#glossary dt { font-weight: 600; }
#glossary dd { margin: 0; color: var(--body-text-color-subdued); }
.fit { font-size: .88rem; }
.gradio-container :focus-visible { outline: 2px solid var(--primary-500); outline-offset: 1px; }
#examples .grid-wrap { min-height: 0; max-height: none; }
#examples .grid-container { grid-template-columns: repeat(3, minmax(0, 1fr)) !important; }
#examples .thumbnail-lg { aspect-ratio: 4 / 3; }
#examples .caption-label { font-size: .75rem; }
#downloads button { font-weight: 500; }
@media (max-width: 640px) {
  #empty { padding: 3rem 1rem; }
  #header span { display: block; }
  #chips .chip { flex-basis: 100%; }
  #glossary dl { grid-template-columns: 1fr; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
"""


def _region_rules() -> str:
    """Colours of the regions, and what lights up with what; one selector a rule, as Gradio scopes each of them."""
    rules = []
    for index, color in enumerate(REGION_COLORS):
        name = f"region-{index}"
        rules.append(f".shape.{name} path {{ fill: {color}; stroke: {color}; }}")
        rules.append(f".word.{name} {{ background: color-mix(in srgb, {color} 30%, transparent); }}")
        rules.append(f"#chips .chip.{name} {{ border-left-color: {color}; }}")
        for kind in ("hover", "focus-within"):
            lit = f"#results:has(.{name}:{kind})"
            rules.append(f"{lit} .shape.{name} path {{ fill-opacity: .55; stroke-width: 4; }}")
            rules.append(f"{lit} .shape:not(.{name}) {{ opacity: .25; }}")
            rules.append(f"{lit} .word.{name} {{ background: {color}; color: #fff; }}")
            rules.append(f"{lit} .chip.{name} {{ box-shadow: 0 0 0 2px {color}; }}")
    return "\n".join(rules)


CSS += _region_rules()

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
