"""What the page does when something is pressed. Values go in and come out by component name; no models, no layout."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

import engines
from app import pipeline
from app.examples_index import Example
from app.pipeline import Outcome
from app.region_draft import RegionDraft
from app.session import Session, SessionStore
from app.session_words import session_request
from app.ui import present, text
from app.ui.canvas import painted_on, to_canvas
from app.ui.events import Updates
from app.ui.history import thumbnails
from app.ui.jobs import StopFlags, watch
from app.ui.pair_panel import start_over
from app.ui.plan_strip import plan_rows, rows_of_fields
from app.ui.refusals import check_request, check_text, refuse
from app.ui.region_view import phrases_of, regions_html
from engines import Cancelled, Edit, InputError, SayFuseError
from engines.regions.options import RegionOptions
from engines.types import Progress


def show(session: Session, left: str) -> Updates:
    """Everything the page shows of the current outcome, apart from the files."""
    outcome = session.current
    slider, (_, left) = present.slider_pictures(session, left), present.left_picture(session, left)
    regions = regions_html(outcome, present.eight_bit(outcome.result.image))
    everywhere = bool((outcome.mask >= 0.5).all())
    maps = present.map_pictures(outcome.result.maps)
    return {
        "session": session,
        "plan": plan_rows(outcome),
        "reading": present.reading_html(outcome),
        "slider": slider,
        "left": left,
        "palette": session.palette,
        "tinted": session.tinted,
        "scale": present.scale_html(session, left),
        "regions": gr.update(value=regions, visible=bool(regions)),
        "overlay": gr.update(value=present.overlay_picture(outcome), visible=bool(regions) and not everywhere),
        "maps": maps,
        "maps_panel": gr.update(visible=bool(maps)),
        "facts": present.facts_html(outcome),
        "undo": gr.update(interactive=session.can_undo),
        "redo": gr.update(interactive=session.can_redo),
        "again": gr.update(interactive=bool(outcome.latest) and not outcome.preview),
        "history": gr.update(value=thumbnails(session), selected_index=session.position),
        "empty": gr.update(visible=False),
        "results": gr.update(visible=True),
        **show_draft(RegionDraft.of(outcome), outcome),
    }


def _shown_again(session: Session, left: str, files: tuple[str, str] | None = None) -> Updates:
    """Everything the page shows of a step that was made before, its own pictures where others are on display."""
    updates = show(session, left) | {"instruction": session.current.instruction.text}
    if session.files not in (None, files) and all(Path(file).is_file() for file in session.files):
        updates |= dict(zip(("visible", "infrared"), session.files, strict=True))
    return updates


def show_draft(draft: RegionDraft, outcome: Outcome, place: str | None = None) -> Updates:
    """The editor of the regions, with the mask of a place on the canvas; hidden where no region was asked for.

    Args:
        draft: The regions as they are now.
        outcome: Its picture lies under the mask.
        place: A key of the draft; None for its first one.
    """
    places = draft.places()
    place = place if place is not None or not places else places[0][1]
    canvas = to_canvas(present.eight_bit(outcome.result.image), draft.mask(place)) if places else None
    # The editor centres a layer on a canvas of another size than the layer's.
    size = {} if canvas is None else {"canvas_size": canvas["background"].shape[1::-1]}
    return {
        "draft": draft,
        "painting": place,
        "place": gr.update(choices=places, value=place),
        "canvas": gr.update(value=canvas, **size),
        "delete_region": gr.update(interactive=bool(places)),
        "region_editor": gr.update(visible=bool(places) or draft.edits != outcome.instruction.edits),
    }


def _with_strokes(draft: RegionDraft, painting: str | None, canvas: dict | None) -> RegionDraft:
    """The draft with what was painted on the canvas since a mask was put there."""
    return draft if painting is None else draft.painted(painting, *painted_on(canvas, draft.mask(painting)))


def _with_files(updates: Updates, outcome: Outcome) -> Iterator[Updates]:
    """Yield updates with the downloads; Gradio has copied the files when the generator goes on."""
    with tempfile.TemporaryDirectory(prefix="sayfuse-") as folder:
        files = present.write_files(outcome, Path(folder))
        yield updates | {f"download_{kind}": str(path) for kind, path in files.items()}


class PageHandlers:
    """The handlers of one page; every person's data lives in the `session` value they get and give back."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._examples = examples
        self._flags = StopFlags()
        self._sessions = SessionStore()

    def restore(self, token: str) -> Iterator[Updates]:
        """What the page shows when it is loaded: the session of its tab, where there is one."""
        session = self._sessions.recall(token)
        if session.current is None:
            yield {"session": session}
            return
        yield from _with_files(_shown_again(session, "Visible"), session.current)

    def begin(self, visible: str | None, infrared: str | None, instruction: str, request: gr.Request) -> Updates:
        """Check what can be checked at once, before a place in the queue is taken."""
        try:
            check_request(visible, infrared, instruction)
        except SayFuseError as error:
            refuse(error)
        self._flags.fresh(request.session_hash)
        return {
            "run": gr.update(interactive=False),
            "find": gr.update(interactive=False),
            "stop": gr.update(interactive=True),
            "status": present.status_html(text.WAITING, 0.0),
        }

    def end(self) -> Updates:
        """Give the buttons back; called by the page where a request failed."""
        free, off = gr.update(interactive=True), gr.update(interactive=False)
        return {"run": free, "find": free, "stop": off, "status": ""}

    def run(
        self,
        visible: str,
        infrared: str,
        instruction: str,
        engine: str,
        parser: str,
        preset: str,
        backend: str,
        source: str,
        sam: str,
        box_threshold: float,
        text_threshold: float,
        session: Session,
        left: str,
        request: gr.Request,
    ) -> Iterator[Updates]:
        """Parse, route and fuse; yields progress, then the result."""
        words = (visible, infrared, instruction, engine, parser, preset)
        looking = (backend, source, sam, box_threshold, text_threshold)
        return self._run(words, looking, session, left, request, preview=False)

    def find_regions(
        self,
        visible: str,
        infrared: str,
        instruction: str,
        engine: str,
        parser: str,
        preset: str,
        backend: str,
        source: str,
        sam: str,
        box_threshold: float,
        text_threshold: float,
        session: Session,
        left: str,
        request: gr.Request,
    ) -> Iterator[Updates]:
        """Parse and look for the regions, so that they can be painted on before anything is composed."""
        words = (visible, infrared, instruction, engine, parser, preset)
        looking = (backend, source, sam, box_threshold, text_threshold)
        return self._run(words, looking, session, left, request, preview=True)

    def _run(
        self,
        words: tuple[str, ...],
        looking: tuple[Any, ...],
        session: Session,
        left: str,
        request: gr.Request,
        preview: bool,
    ) -> Iterator[Updates]:
        files, sentence, chosen = words[:2], words[2], words[3:]
        asked = None if preview or session.files != files else session_request(sentence or "")
        if asked in ("undo", "redo"):
            return self._moved(session, session.undone() if asked == "undo" else session.redone(), left)

        def call(progress: Progress) -> Outcome:
            # Whoever speaks to the server without the page has not been through `begin`.
            check_text(sentence)
            if asked == "again" and not session.current.preview:
                return pipeline.again(session.current, chosen[-1], progress)
            return pipeline.run(
                *files,
                "" if asked == "start over" else sentence,
                *chosen,
                progress=progress,
                after=session.composed,
                regions=RegionOptions(*looking),
                preview=preview,
                reading=session.reading,
            )

        return self._watched(call, session, files, left, request)

    def run_plan(
        self,
        visible: str,
        infrared: str,
        instruction: str,
        engine: str,
        preset: str,
        backend: str,
        source: str,
        sam: str,
        box_threshold: float,
        text_threshold: float,
        session: Session,
        left: str,
        request: gr.Request,
        *fields: Any,
    ) -> Iterator[Updates]:
        """Fuse with the plan as the person set it, three fields per row."""

        def call(progress: Progress) -> Outcome:
            edits = [Edit(row.region or None, row.effect, row.strength) for row in rows_of_fields(fields)]
            return pipeline.run(
                visible,
                infrared,
                instruction,
                engine,
                preset=preset,
                edits=edits,
                progress=progress,
                regions=RegionOptions(backend, source, sam, box_threshold, text_threshold),
                keep=session.current,
                reading=session.reading,
            )

        return self._watched(call, session, (visible, infrared), left, request)

    def choose_region(
        self, session: Session, draft: RegionDraft, painting: str | None, canvas: dict | None, place: str
    ) -> Updates:
        """Put another mask on the canvas, and keep what was painted on the one before."""
        try:
            return show_draft(_with_strokes(draft, painting, canvas), session.current, place)
        except Exception as error:
            refuse(error)

    def delete_region(self, session: Session, draft: RegionDraft, painting: str | None, canvas: dict | None) -> Updates:
        """Take the region on the canvas, or the single thing, out of the draft."""
        try:
            return show_draft(_with_strokes(draft, painting, canvas).without(painting), session.current)
        except Exception as error:
            refuse(error)

    def compose(
        self,
        visible: str,
        infrared: str,
        preset: str,
        session: Session,
        draft: RegionDraft,
        painting: str | None,
        canvas: dict | None,
        left: str,
        request: gr.Request,
    ) -> Iterator[Updates]:
        """Fuse the pair on display again with the regions as they were painted."""
        outcome = session.current

        def call(progress: Progress) -> Outcome:
            instruction = _with_strokes(draft, painting, canvas).instruction
            return pipeline.anew(outcome, instruction, preset, progress)

        return self._watched(call, session, (visible, infrared), left, request)

    def _watched(
        self,
        call: Callable[[Progress], Outcome],
        session: Session,
        files: tuple[str, str],
        left: str,
        request: gr.Request,
    ) -> Iterator[Updates]:
        try:
            for step in watch(call, self._flags.current(request.session_hash)):
                if isinstance(step, Outcome):
                    session = session.with_step(step, files)
                    self._sessions.keep(session)
                    yield from _with_files(show(session, left) | self.end(), step)
                else:
                    fraction, message = step
                    yield {"status": present.status_html(message[:1].upper() + message[1:], fraction)}
        except Cancelled:
            gr.Info(text.STOPPED, duration=4)
            yield self.end()
        except Exception as error:
            refuse(error)

    def stop(self, request: gr.Request) -> Updates:
        """Ask the running request of this session to stop at its next step."""
        self._flags.stop(request.session_hash)
        return {"stop": gr.update(interactive=False), "status": present.status_html(text.STOPPING)}

    def leave(self, request: gr.Request) -> None:
        """The person closed or reloaded the page."""
        self._flags.forget(request.session_hash)

    def undo(self, session: Session, left: str) -> Iterator[Updates]:
        """Go back to the outcome before."""
        yield from self._move(session, session.undone(), left)

    def redo(self, session: Session, left: str) -> Iterator[Updates]:
        """Go forward to the outcome that was taken back."""
        yield from self._move(session, session.redone(), left)

    def go_to(self, session: Session, left: str, event: gr.SelectData) -> Iterator[Updates]:
        """Show the step whose thumbnail was chosen; what is done next grows from there."""
        yield from self._move(session, session.at(event.index), left)

    def _moved(self, before: Session, after: Session, left: str) -> Iterator[Updates]:
        """Another step on display because a sentence asked for it."""
        if after.position == before.position:
            gr.Info(text.NO_OTHER_STEP, duration=4)
            yield self.end()
        for updates in self._move(before, after, left):
            yield updates | self.end()

    def _move(self, before: Session, session: Session, left: str) -> Iterator[Updates]:
        # A thumbnail also counts as chosen when the page itself marks the step on display.
        if session.current is None or session.position == before.position:
            return
        self._sessions.keep(session)
        yield from _with_files(_shown_again(session, left, before.files), session.current)

    def again(
        self, visible: str, infrared: str, preset: str, session: Session, left: str, request: gr.Request
    ) -> Iterator[Updates]:
        """One more step of the same effect."""

        def call(progress: Progress) -> Outcome:
            return pipeline.again(session.current, preset, progress)

        return self._watched(call, session, session.files or (visible, infrared), left, request)

    def show_left(self, session: Session, left: str) -> Updates:
        """Compare the result with another picture."""
        if session.current is None:
            return {}
        served = present.left_picture(session, left)[1]
        slider = present.slider_pictures(session, left)
        return {"slider": slider, "left": served, "scale": present.scale_html(session, served)}

    def show_in_palette(self, session: Session, left: str, palette: str, tinted: bool) -> Updates:
        """Show infrared pictures in a palette; the infrared one comes up, so that its person sees what was chosen."""
        session = replace(session, palette=palette, tinted=tinted)
        if session.current is None:
            return {"session": session}
        self._sessions.keep(session)
        return {"session": session} | self.show_left(session, left if tinted else "Infrared")

    def show_attention(self, session: Session) -> Updates:
        """Add what each place of the picture listened to, word by word."""
        try:
            outcome = session.current
            engine = engines.build(outcome.engine, checkpoint=outcome.checkpoint)
            phrases = phrases_of(outcome.instruction.edits)
            if not phrases or not hasattr(engine, "attention"):
                raise InputError(text.NO_ATTENTION)
            return {"maps": present.map_pictures(outcome.result.maps | engine.attention(outcome.pair, phrases))}
        except Exception as error:
            refuse(error)

    def load_example(self, session: Session, event: gr.SelectData) -> Updates:
        """Load a pair and its sentences."""
        example = self._examples[event.index]
        return {
            "visible": str(example.visible),
            "infrared": str(example.infrared),
            **start_over(session),
            "instruction": example.sentences[0],
            "sentences": gr.Dataset(samples=[[sentence] for sentence in example.sentences]),
        }
