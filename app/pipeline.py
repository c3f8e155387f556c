"""One request from files and a sentence to a fused picture (DESIGN.md, section 1): read, parse, route, fuse."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

import engines
from app import zero_gpu
from app.continuation import on_top, same_pair, still_latest, stronger
from app.options import PRESETS, Reading
from app.pairs import read_pair
from app.parser import parse
from app.parser.follow_ups import with_earlier_effects
from app.parser.references import with_references_resolved
from app.router import route
from engines import Edit, Engine, FusionResult, ImagePair, InputError, Instruction, checkpoints
from engines.regions.composed import region_of
from engines.regions.embedded import EmbeddedMasker
from engines.regions.options import RegionOptions
from engines.types import Effect, Progress

EDITED = "edited"
# Those that carry out further edits on top of earlier ones; the others answer every sentence anew.
_ENGINES_THAT_GO_ON = frozenset({"terf"})


@dataclass(frozen=True)
class Outcome:
    """Everything one request gave.

    Attributes:
        pair: The aligned pictures that were fused.
        instruction: The sentence and how it was understood.
        engine: The name of the engine that fused.
        reason: Why that engine, one sentence.
        result: What the engine returned.
        seconds: Wall-clock seconds per stage, in order: read, parse, load, then the engine's own.
        notes: Every sentence for the person, in order of origin, without repeats.
        preview: Whether the regions were only looked for, and the picture shows none of the edits.
        preset: As in `fuse`.
        checkpoint: That of the weights that served, as in `fuse`.
        looked: How regions were looked for.
        semantics: As in `fuse`.
        latest: What the latest sentence or plan added to the edits of earlier ones: what one more step makes again.
    """

    pair: ImagePair
    instruction: Instruction
    engine: str
    reason: str
    result: FusionResult
    seconds: dict[str, float]
    notes: tuple[str, ...]
    preview: bool = False
    preset: str = "fast"
    checkpoint: str | None = None
    looked: RegionOptions = RegionOptions()
    semantics: str = "regions"
    latest: tuple[Edit, ...] = ()

    @property
    def mask(self) -> np.ndarray:
        """float32 (H, W) in [0, 1], the union of the regions; all zero where there is none."""
        mask = self.result.mask
        return np.zeros(self.pair.shape, dtype=np.float32) if mask is None else mask


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - start


def understand(text: str, parser: str = "auto", edits: Sequence[Edit] | None = None) -> Instruction:
    """Parse a sentence, or take the edits as the person set them.

    Args:
        text: The sentence; empty means plain fusion.
        parser: "auto", "llama" or "rules".
        edits: Override what the parser would find; the parser is then not asked and reads "edited".

    Raises:
        InputError: Unknown parser, or a text it refuses.
    """
    if edits is not None:
        return Instruction(text=text, edits=tuple(edits), parser=EDITED)
    return parse(text, parser=parser)


def check_engine(name: str) -> None:
    """Refuse an engine name before any work is done.

    Raises:
        InputError: Neither "auto" nor a registered engine.
    """
    route(Instruction(), name)


def fuse(
    pair: ImagePair,
    instruction: Instruction,
    engine: str = "auto",
    preset: str = "fast",
    checkpoint: str | None = None,
    progress: Progress | None = None,
    seconds: dict[str, float] | None = None,
    after: Outcome | None = None,
    regions: RegionOptions | None = None,
    preview: bool = False,
    semantics: str = "regions",
) -> Outcome:
    """Route an instruction to an engine and fuse.

    Args:
        pair: The aligned pictures.
        instruction: The parsed sentence.
        engine: A name of `engines.names()`, or "auto" to let the router choose.
        preset: "fast" or "paper": how long the per-image tuning of TeRF runs; other engines have no presets.
        checkpoint: A checkpoint's name or file, or None for the engine's own. For a published one that has not been
            fetched the engine's own serves, and a note says so.
        progress: Called with a fraction in [0, 1] and a message; may raise Cancelled.
        seconds: Stages already timed, put before those of this call.
        after: The outcome on display. Where it shows the same pair, "the rest" is what its regions and the new ones
            leave, and "the sky too" asks for what its sentence did; and the edits go on top of its own where one
            engine, which can go on, serves both: the outcome's instruction then holds them all, and its checkpoint
            serves where none is named.
        regions: How regions are looked for; None for the defaults. RIS-FUSION has a head of its own for that.
        preview: Only look for the regions, for a person who wants to see them before the edits are carried out.
        semantics: "regions", or "paper" for the captioner and the diffusion model of TeSG's paper.

    Raises:
        InputError: Unknown engine or preset, semantics that the engine has not, or a pair it cannot fuse.
        CheckpointError: The weights are missing, damaged or do not fit.
        Cancelled: Raised by `progress`.
    """
    if preset not in PRESETS:
        raise InputError(f"The preset must be one of {', '.join(PRESETS)}, but got {preset!r}.")
    check_engine(engine)
    seconds = dict(seconds or {})
    same = after is not None and same_pair(after.pair, pair)
    if same and instruction.parser != EDITED:
        instruction = with_earlier_effects(instruction, after.latest)
    latest = with_references_resolved(instruction.edits, earlier=after.instruction.edits if same else ())
    instruction = replace(instruction, edits=latest)
    if same and after.engine in _ENGINES_THAT_GO_ON:
        both = on_top(after.instruction, instruction)
        if route(both, engine)[0] == after.engine:
            pair, instruction, checkpoint = after.pair, both, checkpoint or after.checkpoint
    name, reason = route(instruction, engine)
    if progress is not None:
        progress(0.0, "Loading the model")
    options, asides = _engine_options(name, preset, regions, semantics)
    checkpoint, missing = _at_hand(name, checkpoint)
    with _timed(seconds, "load"):
        built = engines.build(name, checkpoint=checkpoint, **options)
    if preview:
        result = _with_regions_only(built, pair, instruction, progress)
    elif zero_gpu.here():
        result = zero_gpu.fuse(name, checkpoint, options, pair, instruction)
    else:
        result = built.fuse(pair, instruction, progress)
    seconds.update(result.seconds)
    notes = tuple(dict.fromkeys((*pair.notes, *instruction.notes, *missing, *asides, *result.notes)))
    looked = regions or RegionOptions()
    return Outcome(
        pair, instruction, name, reason, result, seconds, notes, preview, preset, checkpoint, looked, semantics, latest
    )


def _engine_options(
    name: str, preset: str, regions: RegionOptions | None, semantics: str
) -> tuple[dict[str, object], list[str]]:
    """What an engine is built with beside its checkpoint, and notes on choices that mean nothing to it."""
    spec = engines.registry.ENGINES[name]
    options: dict[str, object] = {"preset": preset} if "preset" in spec.options else {}
    notes = []
    if regions not in (None, RegionOptions()):
        if "regions" in spec.options:
            options["regions"] = regions
        elif regions.backend == "grounded-sam":
            finds = "finds regions with a head of its own" if spec.learned else "looks for no regions"
            notes.append(f"{spec.title} {finds}, so GroundingDINO and SAM were not asked.")
    if semantics != "regions":
        if "semantics" not in spec.options:
            raise InputError(f"Only the engine tesg can be asked for the {semantics} semantics, but got {name!r}.")
        options["semantics"] = semantics
    return options, notes


def _at_hand(engine: str, checkpoint: str | None) -> tuple[str | None, list[str]]:
    """The checkpoint, or None and a note where it is a published one that has not been fetched yet."""
    if checkpoint is None or Path(checkpoint).is_file():
        return checkpoint, []
    for entry in checkpoints.listed():
        if (entry.engine, entry.name, entry.kind) == (engine, checkpoint, "published") and not entry.present:
            return None, [f"{entry.absence} The embedded one served meanwhile."]
    return checkpoint, []


def _with_regions_only(
    engine: Engine, pair: ImagePair, instruction: Instruction, progress: Progress | None
) -> FusionResult:
    """Plain fusion, with the regions of the edits found by the engine's own masker, or by the embedded one."""
    from engines.interrupting import heard_within

    with heard_within(progress) as told:
        return _looked_for(engine, pair, instruction, told)


def _looked_for(engine: Engine, pair: ImagePair, instruction: Instruction, progress: Progress | None) -> FusionResult:
    result = engine.fuse(pair, replace(instruction, edits=()), _first_half(progress))
    masker = getattr(engine, "masker", None) or EmbeddedMasker()
    phrases: dict[str, Effect] = {}
    for edit in instruction.edits:
        if edit.region:
            phrases.setdefault(edit.region, edit.effect)
    with _timed(result.seconds, "mask"):
        for done, (phrase, effect) in enumerate(phrases.items()):
            if progress is not None:
                progress(0.5 + 0.5 * done / len(phrases), f"Looking for “{phrase}”")
            known = [*instruction.regions, *result.regions]
            region = region_of(phrase, pair, lambda named: masker.mask(named, pair, result.image), known, effect)
            result.regions.append(region)
            result.notes += region.notes if region.box else (*region.notes, f"“{phrase}” was not found in the picture.")
    result.notes.append("Only the regions were looked for so far: compose them to carry out the edits.")
    if result.regions:
        result.mask = np.maximum.reduce([region.mask for region in result.regions])
    return result


def _first_half(progress: Progress | None) -> Progress | None:
    return None if progress is None else lambda fraction, message: progress(0.5 * fraction, message)


def run(
    visible_path: Path | str,
    infrared_path: Path | str,
    text: str,
    engine: str = "auto",
    parser: str = "auto",
    preset: str = "fast",
    checkpoint: str | None = None,
    edits: Sequence[Edit] | None = None,
    progress: Progress | None = None,
    after: Outcome | None = None,
    regions: RegionOptions | None = None,
    keep: Outcome | None = None,
    preview: bool = False,
    reading: Reading = Reading(),  # noqa: B008 (immutable)
    semantics: str = "regions",
) -> Outcome:
    """Read a pair, understand the sentence and fuse; the other arguments are those of `understand` and `fuse`.

    Args:
        visible_path: The visible picture's file.
        infrared_path: The infrared picture's file.
        keep: An outcome whose painted regions are used again where it shows the same pair, and whose edits those of
            the person have grown from.
        reading: The camera's polarity, and how the pictures are aligned.

    Raises:
        InputError: A picture, the text or an option cannot be used; the message is for the person.
        CheckpointError: The weights are missing, damaged or do not fit.
        Cancelled: Raised by `progress`.
    """
    check_engine(engine)
    seconds: dict[str, float] = {}
    with _timed(seconds, "read"):
        pair = read_pair(visible_path, infrared_path, reading=reading)
    with _timed(seconds, "parse"):
        instruction = understand(text, parser, edits)
    kept = keep is not None and same_pair(keep.pair, pair)
    if kept:
        instruction = replace(instruction, regions=keep.instruction.regions)
    made = fuse(pair, instruction, engine, preset, checkpoint, progress, seconds, after, regions, preview, semantics)
    return _grown(made, keep) if kept else made


def again(outcome: Outcome, preset: str = "fast", progress: Progress | None = None) -> Outcome:
    """One more step of the same effect on the same pair, by the same weights and with the same way to find regions.

    An engine that carries out further edits on top of earlier ones gets the latest ones once more; of any other, their
    strengths go up by one. Painted regions stay as they are.

    Raises:
        InputError: There is nothing to do again, or it is as strong as it gets.
        Cancelled: Raised by `progress`.
    """
    said = outcome.instruction
    if outcome.engine in _ENGINES_THAT_GO_ON and outcome.latest:
        # The regions are those of the outcome below.
        made = _made_anew(outcome, replace(said, edits=outcome.latest, regions=()), preset, progress, after=outcome)
    else:
        made = anew(outcome, replace(said, edits=stronger(said.edits, outcome.latest)), preset, progress)
    return replace(made, reason=outcome.reason)


def anew(outcome: Outcome, instruction: Instruction, preset: str = "fast", progress: Progress | None = None) -> Outcome:
    """An outcome's instruction as the person changed it, for the same pair: same engine, weights and way to find
    regions; else as `fuse`.
    """
    return _grown(_made_anew(outcome, instruction, preset, progress), outcome)


def _grown(made: Outcome, before: Outcome) -> Outcome:
    """An outcome whose edits are those of another one as the person changed them."""
    return replace(made, latest=still_latest(made.instruction.edits, before.instruction.edits, before.latest))


def _made_anew(
    outcome: Outcome,
    instruction: Instruction,
    preset: str,
    progress: Progress | None,
    after: Outcome | None = None,
) -> Outcome:
    return fuse(
        outcome.pair,
        instruction,
        outcome.engine,
        preset,
        outcome.checkpoint,
        progress,
        after=after,
        regions=outcome.looked,
        semantics=outcome.semantics,
    )
