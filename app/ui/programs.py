"""The named endpoints for programs: what the page does, with the command line's defaults and nothing to look at."""

from __future__ import annotations

import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np

import engines
from app import pipeline
from app.export import eight_bits, inside
from app.options import PARSERS, PRESETS
from app.pairs import read_pair
from app.parser import parse
from app.pipeline import Outcome
from app.report import parse_report, report
from app.router import route
from app.server_options import server_options
from app.session import Session
from app.session_file import write_session
from app.ui.jobs import last, watch
from app.ui.picture_input import PictureInput
from app.ui.refusals import check_request, check_text, refuse
from engines import InputError, checkpoints
from engines.types import Progress
from evaluation.fusion.grey import to_grey
from evaluation.metrics import fusion_metrics

NOTHING_YET = "There is no result yet: call /fuse first, from the same client."
NOTHING_BEFORE = "There is no earlier result to go back to."
_UPLOAD = {"type": "filepath", "image_mode": None, "format": "png"}

Result = tuple[np.ndarray, np.ndarray, dict[str, Any]]
Answer = tuple[np.ndarray, np.ndarray, dict[str, Any], Session]


class RunningCalls:
    """The calls of every client that are under way, so that one can be stopped; safe from several threads."""

    def __init__(self) -> None:
        self._flags: defaultdict[str, set[threading.Event]] = defaultdict(set)
        self._lock = threading.Lock()

    @contextmanager
    def flag(self, client: str) -> Iterator[threading.Event]:
        """A flag that is set when the client asks to stop."""
        flag = threading.Event()
        with self._lock:
            self._flags[client].add(flag)
        try:
            yield flag
        finally:
            with self._lock:
                self._flags[client].discard(flag)
                if not self._flags[client]:
                    del self._flags[client]

    def stop(self, client: str) -> int:
        """Ask every call of a client to stop; how many there are."""
        with self._lock:
            flags = self._flags.get(client, set())
            for flag in flags:
                flag.set()
            return len(flags)


class ProgramHandlers:
    """What the endpoints do; a client's steps live in the `session` value they get and give back."""

    def __init__(self) -> None:
        self._running = RunningCalls()

    def parse(self, instruction: str, parser: str = "auto") -> dict:
        """Tell how a sentence is understood, without any picture.

        Args:
            instruction: What should change, e.g. "make the cones clear".
            parser: "auto", "llama" or "rules".

        Returns:
            {"text", "edits": [{"region", "effect", "strength"}], "engine", "parser"}.
        """
        with _refusing():
            check_text(instruction)
            if parser not in PARSERS:
                raise InputError(f"The parser must be one of {', '.join(PARSERS)}, but got {parser!r}.")
            parsed = parse(instruction, parser=parser)
            return parse_report(parsed, route(parsed)[0])

    def engines(self) -> list:
        """List the fusion methods.

        Returns:
            One {"name", "title", "learned", "ready"} per method; "ready" tells whether its weights are here.
        """
        here = {entry.engine for entry in checkpoints.listed() if entry.default and entry.present}
        return [
            {"name": spec.name, "title": spec.title, "learned": spec.learned, "ready": not spec.learned or name in here}
            for name, spec in engines.registry.ENGINES.items()
        ]

    def fuse(
        self,
        visible: str | None,
        infrared: str | None,
        instruction: str,
        engine: str,
        parser: str,
        preset: str,
    ) -> Result:
        """Fuse a visible and an infrared picture of one view as a sentence says.

        Args:
            visible: The visible picture: PNG, JPEG, WebP, BMP or TIFF.
            infrared: The infrared picture of the same view, white is hot.
            instruction: What should change, e.g. "make the cones clear"; empty for plain fusion.
            engine: A fusion method; "auto" lets the sentence decide.
            parser: What reads the sentence: "auto", "llama" or "rules".
            preset: How long TeRF tunes the picture: "fast" or "paper".

        Returns:
            The fused picture, the mask (255 inside the regions) and the report.
        """
        with _refusing():
            call = _fusion(visible, infrared, instruction or "", engine, parser, preset)
            return _result(last(watch(call, threading.Event())))

    def fuse_and_keep(
        self,
        visible: str | None,
        infrared: str | None,
        instruction: str,
        engine: str,
        parser: str,
        preset: str,
        request: gr.Request,
    ) -> Answer:
        """Fuse a visible and an infrared picture of one view as a sentence says, and keep the step for /again, /undo
        and /session; the client's earlier steps are forgotten.

        Returns:
            The fused picture, the mask (255 inside the regions) and the report.
        """
        with _refusing():
            call = _fusion(visible, infrared, instruction or "", engine, parser, preset)
            return self._kept(call, Session(), request)

    def again(self, instruction: str, session: Session, request: gr.Request) -> Answer:
        """Take the client's latest result further.

        Args:
            instruction: What should change on top of it; empty for one more step of the same.

        Returns:
            The fused picture, the mask and the report.
        """

        def call(progress: Progress) -> Outcome:
            before = session.current
            if not instruction:
                return pipeline.again(before, before.preset, progress)
            said = pipeline.understand(instruction)
            return pipeline.fuse(
                before.pair, said, preset=before.preset, progress=progress, after=before, regions=before.looked
            )

        with _refusing():
            check_text(instruction or "")
            if session.current is None:
                raise InputError(NOTHING_YET)
            return self._kept(call, session, request)

    def undo(self, session: Session) -> Answer:
        """Go back to the client's result before the latest.

        Returns:
            Its fused picture, mask and report.
        """
        with _refusing():
            if not session.can_undo:
                raise InputError(NOTHING_YET if session.current is None else NOTHING_BEFORE)
            session = session.undone()
            return *_result(session.current), session

    def session(self, session: Session) -> Iterator[str]:
        """Save the client's steps since its latest /fuse as one ZIP, which `python -m app replay` makes again.

        Returns:
            The ZIP file.
        """
        with _refusing():
            if session.current is None:
                raise InputError(NOTHING_YET)
            # Gradio has copied the file when the generator goes on.
            with tempfile.TemporaryDirectory(prefix="sayfuse-") as folder:
                file = Path(folder) / "sayfuse-session.zip"
                write_session(session, file)
                yield str(file)

    def metrics(self, visible: str | None, infrared: str | None, fused: str | None) -> dict:
        """Measure a fused picture against its sources.

        Args:
            visible: The visible picture.
            infrared: The infrared picture.
            fused: The fused picture, of the visible one's size.

        Returns:
            One number per metric (EN, SD, SF, AG, MI, SCD, VIF, Qabf, SSIM, CC, PSNR), null where it has no value.
        """

        def call(progress: Progress) -> dict[str, float]:
            pair, result = read_pair(visible, infrared), read_pair(fused, infrared)
            if pair.shape != result.shape:
                raise InputError("The fused picture must have the visible one's size.")
            pictures = (pair.infrared, pair.visible, result.visible)
            return fusion_metrics(*(to_grey(eight_bits(picture)) for picture in pictures))

        with _refusing():
            check_request(visible, infrared, "")
            if not fused:
                raise InputError("Add the fused picture.")
            values = last(watch(call, threading.Event()))
            return {name: float(value) if np.isfinite(value) else None for name, value in values.items()}

    def stop(self, request: gr.Request) -> dict:
        """Stop the client's calls that wait or work.

        Returns:
            {"stopped": how many}.
        """
        return {"stopped": self._running.stop(request.session_hash)}

    def leave(self, request: gr.Request) -> None:
        """The client is gone."""
        self._running.stop(request.session_hash)

    def _kept(self, call: Callable[[Progress], Outcome], session: Session, request: gr.Request) -> Answer:
        with self._running.flag(request.session_hash) as flag:
            outcome = last(watch(call, flag))
        return *_result(outcome), session.with_step(outcome)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        refuse(error)


def _fusion(visible: str | None, infrared: str | None, instruction: str, *options: str) -> Callable[..., Outcome]:
    check_request(visible, infrared, instruction)
    return lambda progress: pipeline.run(visible, infrared, instruction, *options, progress=progress)


def _result(outcome: Outcome) -> Result:
    return eight_bits(outcome.result.image), inside(outcome.mask), report(outcome)


def add_endpoints(page: gr.Blocks) -> None:
    """Add the endpoints to the page that is being built; none of their components is ever seen."""
    programs = ProgramHandlers()
    gr.api(programs.parse, api_name="parse")
    gr.api(programs.engines, api_name="engines")
    with gr.Column(visible=False):
        session = gr.State(Session(), time_to_live=1800)
        visible = PictureInput(label="visible", **_UPLOAD)
        infrared = PictureInput(label="infrared", **_UPLOAD)
        fused = PictureInput(label="fused", **_UPLOAD)
        instruction = gr.Textbox("", label="instruction")
        engine = gr.Dropdown(["auto", *engines.names()], value="auto", label="engine")
        parser = gr.Dropdown(list(PARSERS), value="auto", label="parser")
        preset = gr.Dropdown(list(PRESETS), value="fast", label="preset")
        done = [
            gr.Image(format="png", label="fused"),
            gr.Image(format="png", image_mode="L", label="mask"),
            gr.JSON(label="report"),
        ]
        numbers = gr.JSON(label="metrics")
        unlimited = {"concurrency_limit": None}
        pictures = [visible, infrared, instruction, engine, parser, preset]
        gr.Button().click(programs.metrics, [visible, infrared, fused], numbers, api_name="metrics", **unlimited)
        if server_options().mcp:
            # Tools have no session of their own, and outside the queue a picture comes back as a picture.
            gr.Button().click(programs.fuse, pictures, done, api_name="fuse", queue=False)
            return
        saved, stopped = gr.File(label="session"), gr.JSON(label="stopped")
        done = [*done, session]
        gr.Button().click(programs.fuse_and_keep, pictures, done, api_name="fuse", **unlimited)
        gr.Button().click(programs.again, [instruction, session], done, api_name="again", **unlimited)
        gr.Button().click(programs.undo, [session], done, api_name="undo", **unlimited)
        gr.Button().click(programs.session, [session], saved, api_name="session", **unlimited)
        gr.Button().click(programs.stop, None, stopped, api_name="stop", queue=False)
    page.unload(programs.leave)
