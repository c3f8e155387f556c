"""What the comparison on the page does when something is pressed."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np

import engines
from app.comparison import Cell, Comparison, compare
from app.comparison.crop import AUTO, chosen_window, region_window
from app.comparison.files import KINDS, write_results, write_summary
from app.comparison.results import INFRARED, VISIBLE, title
from app.comparison.runner import checked_names
from app.comparison.scores import WHOLE
from app.comparison.tables import comparison_data
from app.continuation import same_pair
from app.pairs import read_pair
from app.pipeline import EDITED, understand
from app.session import Session
from app.ui import compare_view, present
from app.ui.compare_view import Serve
from app.ui.events import Updates
from app.ui.jobs import StopFlags, last, watch
from app.ui.refusals import check_request, refuse
from app.ui.text import STOPPING, WAITING
from engines import Cancelled, ImagePair, InputError, Instruction, SayFuseError
from engines.regions.options import RegionOptions
from engines.types import Progress

DEFAULT_COUNT = 4
# Fill the places that no learned engine takes.
_CLASSICAL = ("laplacian", "guided", "max", "mean")
NONE_CHOSEN = "Choose at least one method to compare."
STOPPED = "Stopped. What was done is kept: compare again to go on from there."
TOO_LARGE = "Pictures of {width} × {height} pixels can be compared with at most {most} methods at once: choose fewer."
# Of one person's comparison: 20 methods at 6 megapixels, 4 at 20.
_MOST_BYTES = 400_000_000


def default_names() -> list[str]:
    """The engines that are ticked at first: the learned ones in the registry's order, then classical ones."""
    known = engines.registry.ENGINES
    learned = [name for name, spec in known.items() if spec.learned]
    return [*learned, *(name for name in _CLASSICAL if name in known)][:DEFAULT_COUNT]


class CompareHandlers:
    """The handlers of the comparison; every person's results live in the `comparison` value they get and give back."""

    def __init__(self, serve: Serve) -> None:
        """Remember how pictures get to the browser."""
        self._serve = serve
        self._flags = StopFlags()

    def begin(
        self, visible: str | None, infrared: str | None, instruction: str, names: Sequence[str], request: gr.Request
    ) -> Updates:
        """Check what can be checked at once, before a place in the queue is taken."""
        try:
            check_request(visible, infrared, instruction)
            if not names:
                raise InputError(NONE_CHOSEN)
            checked_names(names)
        except SayFuseError as error:
            refuse(error)
        self._flags.fresh(request.session_hash)
        return {
            "go": gr.update(interactive=False),
            "halt": gr.update(interactive=True),
            "status": present.status_html(WAITING, 0.0),
            "comparison": None,
            "results": gr.update(visible=False),
        }

    def end(self) -> Updates:
        """Give the buttons back."""
        return {"go": gr.update(interactive=True), "halt": gr.update(interactive=False), "status": ""}

    def run(
        self,
        visible: str,
        infrared: str,
        instruction: str,
        names: list[str],
        parser: str,
        preset: str,
        backend: str,
        source: str,
        sam: str,
        box_threshold: float,
        text_threshold: float,
        session: Session,
        request: gr.Request,
    ) -> Iterator[Updates]:
        """Fuse with one engine after the other; yields progress and each result as soon as it is there."""
        pairs: list[ImagePair] = []
        cells: list[Cell] = []

        def call(progress: Progress) -> Comparison:
            pair = read_pair(visible, infrared, reading=session.reading)
            _check_size(pair, names)
            understood = _as_edited(session, pair, instruction) or understand(instruction, parser)
            pairs.append(pair)
            looked = RegionOptions(backend, source, sam, box_threshold, text_threshold)
            return compare(pair, understood, names, preset, progress, cells.append, regions=looked)

        grid = _Grid(self._serve, names)
        try:
            for step in watch(call, self._flags.current(request.session_hash)):
                if isinstance(step, Comparison):
                    yield {"grid": grid.html(pairs[0], step.cells), **_shown(step), **self.end()}
                else:
                    fraction, message = step
                    updates = {"status": present.status_html(message[:1].upper() + message[1:], fraction)}
                    if pairs and grid.lacks(cells):
                        updates["grid"] = grid.html(pairs[0], tuple(cells))
                    yield updates
        except Cancelled:
            gr.Info(STOPPED, duration=5)
            yield grid.ended(pairs, cells) | self.end()
        except Exception as error:
            yield grid.ended(pairs, cells)
            refuse(error)

    def stop(self, request: gr.Request) -> Updates:
        """Ask the running comparison of this session to stop at its next step, within an engine or between two."""
        self._flags.stop(request.session_hash)
        return {"halt": gr.update(interactive=False), "status": present.status_html(STOPPING)}

    def leave(self, request: gr.Request) -> None:
        """The person closed or reloaded the page."""
        self._flags.forget(request.session_hash)

    def files(self, comparison: Comparison | None, enlarge: bool) -> Iterator[Updates]:
        """Draw the contact sheet and write the tables behind the download buttons."""
        if comparison is None or not comparison.served:
            yield {}
            return
        crop = region_window(comparison.region.mask) if enlarge else None
        with tempfile.TemporaryDirectory(prefix="sayfuse-") as folder:
            paths = write_summary(comparison, Path(folder), crop)
            yield {f"save_{kind}": gr.update(value=str(paths[kind]), interactive=True) for kind in KINDS}

    def show_two(self, comparison: Comparison | None, a: str, b: str) -> Updates:
        """Put two pictures side by side, and map their difference."""
        if comparison is None or not comparison.pictures.keys() >= {a, b}:
            return {}
        return {
            "slide": (comparison.pictures[a], comparison.pictures[b]),
            "difference": compare_view.difference_picture(comparison, a, b),
            "difference_note": compare_view.difference_html(comparison, a, b),
        }

    def show_region(self, comparison: Comparison | None, region: str) -> Updates:
        """Show the metrics of another region."""
        return {} if comparison is None else {"table": compare_view.table_html(comparison, region)}

    def compare(
        self,
        visible: str | None,
        infrared: str | None,
        instruction: str,
        names: list[str],
        parser: str,
        preset: str,
        crop: str,
    ) -> Iterator[tuple[list, list[str], dict]]:
        """Fuse a pair with several engines: the results, the files of the comparison, and comparison.json as data."""
        try:
            check_request(visible, infrared, instruction)
            if not names:
                raise InputError(NONE_CHOSEN)
            pair = read_pair(visible, infrared)
            window = chosen_window(crop, pair.shape)

            def call(progress: Progress) -> Comparison:
                return compare(pair, understand(instruction, parser), names, preset, progress)

            comparison = last(watch(call, threading.Event()))
            if not comparison.served:
                raise InputError(f"No engine could fuse the pair: {next(iter(comparison.failures.values()))}")
            if crop == AUTO:
                window = region_window(comparison.region.mask)
            with tempfile.TemporaryDirectory(prefix="sayfuse-") as folder:
                write_results(comparison, Path(folder))
                paths = write_summary(comparison, Path(folder), window)
                gallery = [(cell.image, cell.engine) for cell in comparison.served]
                yield gallery, [str(path) for path in paths.values()], comparison_data(comparison)
        except Exception as error:
            refuse(error)


class _Grid:
    """The grid of one run; every picture is handed to the browser once."""

    def __init__(self, serve: Serve, names: Sequence[str]) -> None:
        self._serve = serve
        self._names = names
        self._sources: dict[str, str] = {}
        self._results: list[str] = []

    def lacks(self, cells: Sequence[Cell]) -> bool:
        """Whether the grid shows fewer cells than there are, or not even the sources."""
        return not self._sources or len(cells) > len(self._results)

    def html(self, pair: ImagePair, cells: Sequence[Cell], stopped: bool = False) -> str:
        """The grid with these cells."""
        if not self._sources:
            grey = np.repeat(pair.infrared[..., None], 3, axis=2)
            pictures = {VISIBLE: present.eight_bit(pair.visible), INFRARED: present.eight_bit(grey)}
            self._sources = {title(name): self._address(picture) for name, picture in pictures.items()}
        for cell in cells[len(self._results) :]:
            self._results.append("" if cell.error else self._address(cell.image))
        results = list(zip(cells, self._results, strict=True))
        return compare_view.cells_html(self._sources, results, self._names, pair.shape, stopped)

    def ended(self, pairs: Sequence[ImagePair], cells: Sequence[Cell]) -> Updates:
        """The update that tells that no more cells will come; none where no pair was read."""
        return {"grid": self.html(pairs[0], tuple(cells), stopped=True)} if pairs else {}

    def _address(self, picture: np.ndarray) -> str:
        return self._serve(compare_view.shown_size(picture))


def _check_size(pair: ImagePair, names: Sequence[str]) -> None:
    """Refuse a comparison that would take up too much of the memory that everybody shares."""
    height, width = pair.shape
    # A byte per channel, and both sources beside the results.
    most = max(1, _MOST_BYTES // pair.visible.size - 2)
    if len(names) > most:
        raise InputError(TOO_LARGE.format(width=width, height=height, most=most))


def _as_edited(session: Session, pair: ImagePair, text: str) -> Instruction | None:
    """The instruction on display where its edits or regions were set by hand for the same words and the same pair.

    Painted regions stay where the same words are fused once more, though a parser has then read them again.
    """
    outcome = session.current
    if outcome is None or outcome.instruction.text.strip() != text.strip():
        return None
    said = outcome.instruction
    by_hand = said.parser == EDITED or any(said.known_region(edit.region) for edit in outcome.latest)
    return said if by_hand and same_pair(outcome.pair, pair) else None


def _shown(comparison: Comparison) -> dict[str, Any]:
    """Everything below the grid."""
    if not comparison.served:
        return {"comparison": comparison, "results": gr.update(visible=False)}
    names = list(comparison.pictures)
    # The first two results, or the visible picture where there is one result only.
    a, b = (names[2], names[3]) if len(names) > 3 else (VISIBLE, names[2])
    choices = compare_view.picture_choices(comparison)
    regions = compare_view.region_choices(comparison)
    waiting = {f"save_{kind}": gr.update(interactive=False) for kind in KINDS}
    return {
        "comparison": comparison,
        "results": gr.update(visible=True),
        "left": gr.update(choices=choices, value=a),
        "right": gr.update(choices=choices, value=b),
        "slide": (comparison.pictures[a], comparison.pictures[b]),
        "difference": compare_view.difference_picture(comparison, a, b),
        "difference_note": compare_view.difference_html(comparison, a, b),
        "region": gr.update(choices=regions, value=WHOLE, visible=len(regions) > 1),
        "table": compare_view.table_html(comparison, WHOLE),
        "enlarge": gr.update(visible=region_window(comparison.region.mask) is not None),
        **waiting,
    }
