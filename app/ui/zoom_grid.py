"""Pictures of one size in a grid whose zoom and place are the same in every cell. HTML, style and script; no Gradio.

Zoom and place are three variables of the style of the grid's root, so that one change moves all pictures, and new
pictures in it are born in place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

HINT = "Drag, pinch or Ctrl + wheel; double-click zooms in; with the keyboard + − 0 and the arrows. All move together."


@dataclass(frozen=True)
class GridCell:
    """One place of the grid.

    Attributes:
        title: What the picture is.
        source: The picture's address; empty where there is none.
        aside: Beside the title, e.g. the seconds.
        message: What stands in the picture's place.
        failed: Whether the message is a failure.
    """

    title: str
    source: str = ""
    aside: str = ""
    message: str = ""
    failed: bool = False


def grid_html(cells: Sequence[GridCell], size: tuple[int, int], columns: int) -> str:
    """The grid; every text in it is escaped.

    Args:
        cells: In reading order.
        size: Height and width of every picture in pixels.
        columns: Pictures per row where there is room.
    """
    height, width = size
    places = "".join(_cell_html(cell) for cell in cells)
    return (
        f'<div class="bar" role="toolbar" aria-label="Zoom of all pictures">'
        f'<button type="button" data-zoom="out" aria-label="Zoom out">−</button>'
        f'<output aria-live="polite">100 %</output>'
        f'<button type="button" data-zoom="in" aria-label="Zoom in">+</button>'
        f'<button type="button" data-zoom="fit">Fit</button><span class="hint">{escape(HINT)}</span></div>'
        f'<div class="cells" style="--columns: {columns}; --aspect: {width} / {height}">{places}</div>'
    )


def _cell_html(cell: GridCell) -> str:
    title, aside = escape(cell.title), escape(cell.aside)
    if cell.source:
        label = f"{title}; + and − zoom all pictures, arrows move them, 0 shows the whole"
        view = (
            f'<div class="view" tabindex="0" role="group" aria-label="{label}">'
            f'<img src="{escape(cell.source)}" alt="{title}" draggable="false"></div>'
        )
    else:
        kind = "failed" if cell.failed else "pending"
        view = f'<div class="view {kind}"><p>{escape(cell.message)}</p></div>'
    return f'<figure class="cell">{view}<figcaption><b>{title}</b><span>{aside}</span></figcaption></figure>'


STYLE = """
.bar { display: flex; align-items: center; gap: 6px; margin: 0 0 8px; font-size: .85rem; }
.bar button { min-width: 32px; height: 30px; padding: 0 8px; border: 1px solid var(--border-color-primary);
              border-radius: var(--radius-md); background: var(--button-secondary-background-fill); cursor: pointer;
              font: inherit; font-weight: 500; color: var(--button-secondary-text-color); }
.bar output { min-width: 4em; text-align: center; font-variant-numeric: tabular-nums; }
.bar .hint { color: var(--body-text-color-subdued); margin-left: 6px; }
.cells { display: grid; grid-template-columns: repeat(var(--columns), minmax(0, 1fr)); gap: 12px 10px; }
.cell { margin: 0; min-width: 0; }
.view { aspect-ratio: var(--aspect); overflow: hidden; border-radius: var(--radius-sm); position: relative;
        background: var(--background-fill-secondary); touch-action: pan-x pan-y; user-select: none; }
.view:focus-visible, .bar button:focus-visible { outline: 2px solid var(--primary-500); outline-offset: 1px; }
.view img { width: 100%; height: 100%; display: block; margin: 0; max-width: none; transform-origin: 0 0;
            transform: scale(var(--z, 1)) translate(calc(var(--x, 0) * -100%), calc(var(--y, 0) * -100%)); }
.zoomed .view { touch-action: none; cursor: grab; }
.zoomed .view:active { cursor: grabbing; }
.pixels .view img { image-rendering: pixelated; }
.view.pending, .view.failed { display: grid; place-content: center; overflow: visible; }
.view p { margin: 0; padding: 8px 14px; text-align: center; font-size: .85rem; color: var(--body-text-color-subdued); }
.view.failed { border: 1px dashed var(--error-border-color, #dc2626); }
.view.failed p { color: var(--error-text-color, #b91c1c); overflow-wrap: anywhere; }
figcaption { display: flex; justify-content: space-between; gap: 8px; padding: 4px 2px 0; font-size: .88rem; }
figcaption b { font-weight: 600; overflow-wrap: anywhere; }
figcaption span { color: var(--body-text-color-subdued); font-variant-numeric: tabular-nums; white-space: nowrap; }
@media (max-width: 640px) {
  .cells { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px 6px; }
  .bar .hint { display: none; }
  .view p { padding: 6px 8px; font-size: .75rem; }
  figcaption { flex-direction: column; gap: 0; font-size: .8rem; }
}
"""

SCRIPT = """
const view = {z: 1, x: 0, y: 0};
const MOST = 16, STEP = 1.25;
const pointers = new Map();
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function apply() {
    view.z = clamp(view.z, 1, MOST);
    view.x = clamp(view.x, 0, 1 - 1 / view.z);
    view.y = clamp(view.y, 0, 1 - 1 / view.z);
    for (const name of ['z', 'x', 'y']) element.style.setProperty('--' + name, view[name]);
    element.classList.toggle('zoomed', view.z > 1);
    element.classList.toggle('pixels', view.z >= 4);
    const readout = element.querySelector('output');
    if (readout) readout.textContent = Math.round(100 * view.z) + ' %';
}
function zoom(factor, across = 0.5, down = 0.5) {
    const before = view.z;
    view.z = clamp(before * factor, 1, MOST);
    view.x += across / before - across / view.z;
    view.y += down / before - down / view.z;
    apply();
}
function move(across, down) {
    view.x += across / view.z;
    view.y += down / view.z;
    apply();
}
function fit() { view.z = 1; apply(); }
function share(target, event) {
    const box = target.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height, box];
}
const under = (event) => event.target.closest ? event.target.closest('.view') : null;

element.addEventListener('click', (event) => {
    const button = event.target.closest('[data-zoom]');
    if (!button) return;
    if (button.dataset.zoom === 'fit') fit(); else zoom(button.dataset.zoom === 'in' ? STEP ** 2 : STEP ** -2);
});
element.addEventListener('dblclick', (event) => {
    const target = under(event);
    if (!target) return;
    const [across, down] = share(target, event);
    zoom(event.shiftKey ? 0.5 : 2, across, down);
});
element.addEventListener('wheel', (event) => {
    const target = under(event);
    if (!target || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    const [across, down] = share(target, event);
    zoom(Math.exp(-clamp(event.deltaY, -100, 100) / 200), across, down);
}, {passive: false});
element.addEventListener('pointerdown', (event) => {
    const target = under(event);
    if (!target || event.button !== 0) return;
    pointers.set(event.pointerId, event);
    if (view.z > 1 || pointers.size > 1) target.setPointerCapture(event.pointerId);
});
element.addEventListener('pointermove', (event) => {
    const before = pointers.get(event.pointerId);
    const target = under(event);
    if (!before || !target) return;
    const [across, down, box] = share(target, event);
    if (pointers.size === 1) {
        const dragged = [before.clientX - event.clientX, before.clientY - event.clientY];
        if (view.z > 1) move(dragged[0] / box.width, dragged[1] / box.height);
    } else {
        const other = [...pointers].find(([id]) => id !== event.pointerId)[1];
        const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
        zoom(apart(event) / Math.max(apart(before), 1), across, down);
    }
    pointers.set(event.pointerId, event);
});
for (const name of ['pointerup', 'pointercancel', 'lostpointercapture'])
    element.addEventListener(name, (event) => pointers.delete(event.pointerId));
element.addEventListener('keydown', (event) => {
    if (!under(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = {ArrowLeft: [-0.15, 0], ArrowRight: [0.15, 0], ArrowUp: [0, -0.15], ArrowDown: [0, 0.15]};
    if (event.key === '+' || event.key === '=') zoom(STEP);
    else if (event.key === '-' || event.key === '_') zoom(1 / STEP);
    else if (event.key === '0' || event.key === 'Home') fit();
    else if (steps[event.key] && view.z > 1) move(...steps[event.key]);
    else return;
    event.preventDefault();
});
watch('value', apply);
"""
