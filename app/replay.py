"""Makes every step of a saved session again and compares it, pixel for pixel, with what was saved."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from app import pipeline
from app.decode import read_raster
from app.export import eight_bits, float_array, inside, plan, weights_used
from app.pipeline import Outcome
from app.session_file import FORMAT, surroundings
from app.zip_reader import ZipReader
from engines import Edit, ImagePair, InputError, Instruction, Region, SayFuseError, checkpoints
from engines.masks import mask_box
from engines.regions.options import RegionOptions
from engines.types import Progress

MAX_STEPS = 100
MAX_PIXELS = 40_000_000
_MAX_TEXT = 10_000


@dataclass(frozen=True)
class Saved:
    """One step as the file holds it.

    Attributes:
        number: From 1, oldest first.
        pair: The pictures it was made of.
        instruction: Sentence, edits and the regions that were given.
        plan: As `app.export.plan` writes it.
        result: uint8 (H, W, 3), the saved picture.
        mask: uint8 (H, W), 255 inside.
    """

    number: int
    pair: ImagePair
    instruction: Instruction
    plan: dict[str, Any]
    result: np.ndarray
    mask: np.ndarray


@dataclass(frozen=True)
class Replayed:
    """How a step came out this time.

    Attributes:
        number: The step's.
        outcome: What was made; None where nothing could be.
        differing: How many pixels of the picture differ.
        largest: By how many of 255 steps at most.
        mask_differing: How many pixels of the mask differ.
        why: Sentences that may explain it; empty where picture and mask are the same.
    """

    number: int
    outcome: Outcome | None
    differing: int = 0
    largest: int = 0
    mask_differing: int = 0
    why: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether picture and mask are those saved."""
        return self.outcome is not None and self.differing == 0 and self.mask_differing == 0

    @property
    def data(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "step": self.number,
            "same": self.same,
            "pixels_that_differ": self.differing,
            "largest_difference": self.largest,
            "mask_pixels_that_differ": self.mask_differing,
            "why": list(self.why),
        }


def read_session(path: Path) -> tuple[list[Saved], dict[str, Any]]:
    """The steps of a session file and what it was made with (`app.session_file.surroundings`).

    Raises:
        InputError: It is no session of SayFuse, damaged, or larger than any.
    """
    with ZipReader(path) as archive, tempfile.TemporaryDirectory(prefix="sayfuse-") as folder:
        reader = _Reader(archive, path.name, Path(folder))
        try:
            head = reader.json("session.json")
            if head.get("format") != FORMAT:
                raise InputError(
                    f'The file "{path.name}" must be of format {FORMAT}, but it is {head.get("format")!r}.'
                )
            entries = head["steps"]
            if not 1 <= len(entries) <= MAX_STEPS:
                raise InputError(f'The file "{path.name}" must hold 1 to {MAX_STEPS} steps, but holds {len(entries)}.')
            steps = [reader.step(number, int(entry["pair"])) for number, entry in enumerate(entries, start=1)]
            made_with = head["made_with"]
            return steps, {name: made_with[name] for name in ("packages", "processor", "threads")}
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise InputError(f'The file "{path.name}" is no session of SayFuse: its plan cannot be read.') from error


class _Reader:
    def __init__(self, archive: ZipReader, name: str, folder: Path) -> None:
        self._archive = archive
        self._name = name
        self._folder = folder
        self._pairs: dict[int, ImagePair] = {}

    def json(self, name: str) -> dict[str, Any]:
        data = json.loads(self._archive.read(name))
        if not isinstance(data, dict):
            raise TypeError("no object")
        return data

    def _picture(self, name: str) -> np.ndarray:
        """float32 (H, W) or (H, W, 3) in [0, 1] of a .png or .npy member."""
        data = self._archive.read(name)
        if name.endswith(".npy"):
            try:
                values = float_array(data)
            except InputError as error:
                raise InputError(f'The file "{self._name}" cannot be used: "{name}" {error}') from error
            if not np.isfinite(values).all() or values.min() < 0.0 or values.max() > 1.0:
                raise ValueError("no picture")
            return values
        file = self._folder / "member.png"
        file.write_bytes(data)
        pixels = read_raster(file, "saved", MAX_PIXELS).pixels
        if pixels.dtype != np.uint8:
            raise ValueError("no 8-bit picture")
        pixels = pixels[..., 0] if pixels.shape[2] == 1 else pixels
        return pixels.astype(np.float32) / np.float32(255)

    def _either(self, stem: str) -> np.ndarray:
        suffix = ".png" if self._archive.holds(f"{stem}.png") else ".npy"
        return self._picture(stem + suffix)

    def pair(self, number: int) -> ImagePair:
        if number not in self._pairs:
            visible, infrared = (self._either(f"pairs/{number}/{slot}") for slot in ("visible", "infrared"))
            self._pairs[number] = ImagePair(visible, infrared)
        return self._pairs[number]

    def step(self, number: int, pair_number: int) -> Saved:
        pair, made = self.pair(pair_number), self.json(f"steps/{number}/plan.json")
        result, mask = (self._picture(f"steps/{number}/{kind}.png") for kind in ("result", "mask"))
        if result.shape != pair.visible.shape or mask.shape != pair.shape or len(made["text"]) > _MAX_TEXT:
            raise ValueError("sizes differ")
        edits = tuple(Edit(_words(edit["region"]), edit["effect"], edit["strength"]) for edit in made["edits"])
        regions = tuple(self._region(entry, pair) for entry in made["given"])
        instruction = Instruction(str(made["text"]), edits, str(made["parser"]), regions=regions)
        return Saved(number, pair, instruction, made, eight_bits(result), inside(mask))

    def _region(self, entry: dict[str, Any], pair: ImagePair) -> Region:
        mask = self._picture(entry["mask"])
        if mask.shape != pair.shape:
            raise ValueError("no mask of this pair")
        # Files of earlier versions say nothing of it.
        graded = bool(entry.get("graded", False))
        return Region(str(entry["label"]), mask, float(entry["score"]), mask_box(mask), graded=graded)


def _words(region: Any) -> str | None:
    if region is not None and not isinstance(region, str):
        raise TypeError("no phrase")
    return region


def replay(steps: list[Saved], made_with: dict[str, Any], progress: Progress | None = None) -> Iterator[Replayed]:
    """Make every step again, with as many threads as at its first time.

    Args:
        steps: From `read_session`.
        made_with: From `read_session`.
        progress: Called with the fraction of all steps.
    """
    threads = torch.get_num_threads()
    if isinstance(made_with["threads"], int) and 1 <= made_with["threads"] <= 256:
        torch.set_num_threads(made_with["threads"])
    try:
        for index, saved in enumerate(steps):

            def part(fraction: float, message: str, index: int = index) -> None:
                if progress is not None:
                    progress((index + fraction) / len(steps), message)

            yield _again(saved, made_with, part)
    finally:
        torch.set_num_threads(threads)


def _again(saved: Saved, made_with: dict[str, Any], progress: Progress) -> Replayed:
    made = saved.plan
    if made["checkpoint"] is not None and made["checkpoint"] not in {entry.name for entry in checkpoints.listed()}:
        # A file that somebody sends must not choose which file of this machine is loaded.
        return Replayed(saved.number, None, why=("It was made with a weight file that is in no registry.",))
    try:
        outcome = pipeline.fuse(
            saved.pair,
            saved.instruction,
            made["engine"],
            made["preset"],
            made["checkpoint"],
            progress,
            regions=RegionOptions(**made["looking"]),
            preview=bool(made["preview"]),
            semantics=str(made.get("semantics", "regions")),
        )
    except (SayFuseError, TypeError, KeyError) as error:
        sentence = str(error) if isinstance(error, SayFuseError) else "Its plan holds options that SayFuse lacks."
        return Replayed(saved.number, None, why=(sentence,))
    gap = np.abs(eight_bits(outcome.result.image).astype(int) - saved.result).max(axis=2)
    mask_gap = int(np.count_nonzero(inside(outcome.mask) != saved.mask))
    differing = int(np.count_nonzero(gap))
    why = _reasons(made, outcome, made_with) if differing or mask_gap else ()
    return Replayed(saved.number, outcome, differing, int(gap.max()), mask_gap, why)


def _reasons(made: dict[str, Any], outcome: Outcome, made_with: dict[str, Any]) -> tuple[str, ...]:
    """What is not as it was when the step was saved, one sentence each."""
    reasons = []
    then, now = made.get("weights", {}), weights_used(outcome.engine, outcome.checkpoint)
    for name in sorted(then.keys() | now.keys()):
        if name not in now:
            reasons.append(f"The checkpoint {name} took part then and is not here now.")
        elif name not in then:
            reasons.append(f"The checkpoint {name} is here now and was not then.")
        elif then[name] != now[name]:
            reasons.append(
                f"The checkpoint {name} is another one: sha256 {then[name][:12]} then, {now[name][:12]} now."
            )
    if made.get("seed") != plan(outcome)["seed"]:
        reasons.append(f"The seed was {made.get('seed')} and is {plan(outcome)['seed']} now.")
    here = surroundings()
    for name, found in here["packages"].items():
        if made_with["packages"].get(name) != found:
            reasons.append(f"{name} was {made_with['packages'].get(name)} and is {found} now.")
    if made_with["processor"] != here["processor"]:
        reasons.append(f"The processor was {made_with['processor']} and is {here['processor']} now.")
    if not reasons:
        reasons.append(
            "Weights, seed and packages are the same: the saved picture, the program or the processor is not."
        )
    return tuple(reasons)
