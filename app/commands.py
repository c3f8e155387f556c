"""What each command of `python -m app` does; each imports what it needs, so that `parse` starts at once."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engines.errors import InputError
from engines.regions.options import RegionOptions
from engines.types import Progress

if TYPE_CHECKING:
    from tqdm import tqdm

    from app.batch import Job, Settings


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _say_notes(notes: Iterable[str]) -> None:
    for note in notes:
        _say(f"note: {note}")


def _output_file(path: Path, suffixes: str, inputs: tuple[Path, ...]) -> None:
    """Refuse a path that cannot be written, before any work is done; several suffixes have spaces between."""
    if path.suffix.lower() not in suffixes.split():
        raise InputError(f"An output of this kind must be a {suffixes.replace(' ', ' or ')} file, but got {path}.")
    if path.is_dir():
        raise InputError(f"The output {path} is a folder: name a file.")
    _spare_inputs(path, inputs, "file")
    _output_folder(path.parent)


def _spare_inputs(path: Path, inputs: tuple[Path, ...], other: str) -> None:
    """Refuse an output that is one of the inputs; `other` is what the person can name instead."""
    if path.resolve() in {file.resolve() for file in inputs}:
        raise InputError(f"The output {path} would overwrite an input: name another {other}.")


def _output_folder(path: Path) -> None:
    """Make sure that a folder is there and can be written to."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The output folder {path} cannot be made: {error.strerror}.") from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise InputError(f"The output folder {path} cannot be written to.")


@contextmanager
def _progress_bar() -> Iterator[Progress | None]:
    """A bar on stderr where a person watches; None in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(total=100, leave=False, bar_format="{desc} {bar} {percentage:3.0f} %") as bar:

        def show(fraction: float, message: str) -> None:
            bar.set_description_str(message, refresh=False)
            bar.update(100 * min(max(fraction, 0.0), 1.0) - bar.n)

        yield show


def _region_options(options: argparse.Namespace) -> RegionOptions:
    return RegionOptions(
        options.regions, options.regions_source, options.sam, options.box_threshold, options.text_threshold
    )


def parse_command(options: argparse.Namespace) -> int:
    """Print how a sentence is understood."""
    from app.parser import parse
    from app.report import parse_report
    from app.router import route

    instruction = parse(options.text, parser=options.parser)
    engine, _ = route(instruction)
    print(json.dumps(parse_report(instruction, engine), ensure_ascii=False))
    _say_notes(instruction.notes)
    return 0


def fuse_command(options: argparse.Namespace) -> int:
    """Fuse one pair; write the picture and, where asked for, mask, overlay and report."""
    from app import pipeline
    from app.export import write_tiff
    from app.options import Reading
    from app.overlay import red_overlay
    from app.pairs import write_mask, write_png
    from app.report import report, write_json
    from app.session import Session
    from app.session_file import write_session

    inputs = (options.visible, options.infrared)
    outputs = [
        (options.output, ".png .tif .tiff"),
        (options.mask, ".png"),
        (options.overlay, ".png"),
        (options.report, ".json"),
        (options.session, ".zip"),
    ]
    for path, suffixes in outputs:
        if path is not None:
            _output_file(path, suffixes, inputs)
    named = [path.resolve() for path, _ in outputs if path is not None]
    if len(set(named)) < len(named):
        raise InputError("The outputs must be different files.")

    with _progress_bar() as progress:
        outcome = pipeline.run(
            *inputs,
            options.text,
            engine=options.engine,
            parser=options.parser,
            preset=options.preset,
            checkpoint=options.checkpoint,
            progress=progress,
            regions=_region_options(options),
            reading=Reading(options.polarity, options.align),
            semantics=options.semantics,
        )
    result = outcome.result
    write = write_png if options.output.suffix.lower() == ".png" else write_tiff
    write(options.output, result.image)
    if options.mask is not None:
        write_mask(options.mask, outcome.mask)
    if options.overlay is not None:
        write_png(options.overlay, red_overlay(result.image, outcome.mask))
    if options.report is not None:
        write_json(options.report, report(outcome))
    if options.session is not None:
        write_session(Session().with_step(outcome), options.session)
    _say_notes(outcome.notes)
    _say(f"{options.output}: {outcome.engine}, {sum(outcome.seconds.values()):.2f} s")
    return 0


def compare_command(options: argparse.Namespace) -> int:
    """Fuse one pair with several engines; write one picture each, a contact sheet and the metrics."""
    from app.comparison import compare
    from app.comparison.crop import AUTO, chosen_window, region_window
    from app.comparison.files import (
        difference_files,
        result_files,
        summary_files,
        write_differences,
        write_results,
        write_summary,
    )
    from app.comparison.results import INFRARED, VISIBLE, normal_name
    from app.comparison.runner import checked_names
    from app.options import Reading
    from app.pairs import read_pair
    from app.pipeline import understand

    names = checked_names(options.engines, checkpoints=True)
    regions = _region_options(options)
    differences = [(normal_name(a), normal_name(b)) for a, b in options.difference]
    for name in {name for two in differences for name in two} - {VISIBLE, INFRARED, *names}:
        raise InputError(f"A difference must be of {VISIBLE}, {INFRARED} or an engine compared, but got {name!r}.")
    inputs = (options.visible, options.infrared)
    for file in (*result_files(names).values(), *difference_files(differences).values(), *summary_files()):
        _spare_inputs(options.output / file, inputs, "folder")
    pair = read_pair(*inputs, reading=Reading(options.polarity, options.align))
    crop = chosen_window(options.crop, pair.shape)
    instruction = understand(options.text, options.parser)
    _output_folder(options.output)
    with _progress_bar() as progress:
        comparison = compare(pair, instruction, names, options.preset, progress, regions=regions, checkpoints=True)
    if not comparison.served:
        raise InputError(f"No engine could fuse the pair: {next(iter(comparison.failures.values()))}")
    for name, sentence in comparison.failures.items():
        _say(f"note: {name} is left out: {sentence}")
    write_differences(comparison, options.output, differences)
    write_results(comparison, options.output)
    if options.crop == AUTO:
        crop = region_window(comparison.region.mask)
    write_summary(comparison, options.output, crop)
    _say(f"note: {comparison.region.source}")
    _say(f"{options.output}: {len(comparison.served)} engines compared")
    return 0


def batch_command(options: argparse.Namespace) -> int:
    """Fuse every pair of two folders; exit 2 where no pair could be fused, or with --strict where any could not."""
    from app import batch, batch_journal
    from app.batch_shards import Shard
    from app.options import Reading
    from app.pipeline import check_engine, understand
    from app.registration import parse_alignment
    from app.router import route

    check_engine(options.engine)
    parse_alignment(options.align)
    files, alone = batch.matched(options.visible, options.infrared)
    _output_folder(options.output)
    if options.output.resolve() in {options.visible.resolve(), options.infrared.resolve()}:
        raise InputError("The output folder must not be one of the input folders.")
    instruction = understand(options.text, options.parser)
    engine, _ = route(instruction, options.engine)
    regions = _region_options(options)
    settings = batch.Settings(
        instruction=instruction,
        engine=engine,
        preset=options.preset,
        checkpoint=options.checkpoint,
        output=options.output.resolve(),
        weights=batch.weights_digest(options.checkpoint, engine, regions),
        reading=Reading(options.polarity, options.align),
        regions=regions,
    )
    shard = options.shard or Shard()
    jobs = [batch.Job(stem, *(path.resolve() for path in paths)) for stem, paths in shard.of(list(files.items()))]
    known = {} if options.redo else batch_journal.remembered(options.output)
    records = {job.stem: known[job.stem] for job in jobs if batch.is_done(job, settings, known.get(job.stem))}
    batch.remove_partial_files(settings.output, (job.stem for job in jobs))
    journal = batch_journal.Journal(settings.output, shard.label)
    for stem, record in records.items():
        journal.add(stem, record)
    done_before = len(records)
    start = time.perf_counter()
    try:
        with _pair_bar(len(jobs), done_before) as bar:
            for stem, record in _batch_work([job for job in jobs if job.stem not in records], settings, options):
                records[stem] = record
                journal.add(stem, record)
                bar.update()
    finally:
        journal.close()
    seconds = time.perf_counter() - start
    journal.finish(records)
    return _batch_summary(records, alone, done_before, seconds, options)


def _batch_work(jobs: list[Job], settings: Settings, options: argparse.Namespace) -> Iterator[tuple[str, dict]]:
    if options.ray is not None:
        from app.batch_ray import fuse_all_with_ray

        return fuse_all_with_ray(jobs, settings, options.ray, options.workers, options.threads)
    from app.batch_processes import fuse_all

    return fuse_all(jobs, settings, options.workers, options.threads)


def _pair_bar(total: int, done: int) -> tqdm:
    from tqdm import tqdm

    return tqdm(total=total, initial=done, unit="pair", file=sys.stderr, disable=None)


def _batch_summary(
    records: dict[str, dict[str, Any]], alone: list[str], done_before: int, seconds: float, options: argparse.Namespace
) -> int:
    failed = {stem: record["error"] for stem, record in sorted(records.items()) if "error" in record}
    if records and len(failed) == len(records):
        raise InputError(f"None of the {len(records)} pairs could be fused: {next(iter(failed.values()))}")
    for stem, sentence in failed.items():
        _say(f"note: {stem}: {sentence}")
    if alone:
        _say(f"note: {len(alone)} files have no partner and were left out, e.g. {alone[0]}")
    fused = len(records) - len(failed)
    made = fused - done_before
    said = f"{options.output}: {fused} of {len(records)} pairs fused"
    if done_before:
        said += f" ({done_before} by an earlier run)"
    if made:
        said += f"; {made} in {seconds:.1f} s, {made / seconds:.2f} pairs per second"
    _say(said)
    if failed and options.strict:
        raise InputError(f"{len(failed)} of {len(records)} pairs could not be fused; {options.output} says why.")
    return 0


def replay_command(options: argparse.Namespace) -> int:
    """Make a saved session again; exit 2 where any step comes out otherwise."""
    from app.pairs import write_mask, write_png
    from app.replay import read_session, replay
    from app.report import write_json

    steps, made_with = read_session(options.session)
    _output_folder(options.output)
    done = []
    with _progress_bar() as progress:
        for step in replay(steps, made_with, progress):
            done.append(step)
            if step.outcome is not None:
                write_png(options.output / f"step-{step.number}.png", step.outcome.result.image)
                write_mask(options.output / f"step-{step.number}-mask.png", step.outcome.mask)
    write_json(options.output / "replay.json", {"steps": [step.data for step in done]})
    for step in done:
        for reason in step.why:
            _say(f"note: step {step.number}: {reason}")
    others = [step for step in done if not step.same]
    if others:
        first = others[0]
        what = "could not be made" if first.outcome is None else f"differs in {first.differing} pixels"
        raise InputError(
            f"{len(others)} of {len(done)} steps did not come out as saved: step {first.number} {what}; "
            f"{options.output / 'replay.json'} says more."
        )
    _say(f"{options.output}: {len(done)} steps made again, every pixel as saved")
    return 0


def checkpoints_command(options: argparse.Namespace) -> int:
    """List the checkpoints, or fetch one."""
    from app import checkpoint_store

    if options.download is None:
        print(checkpoint_store.table())
    else:
        print(checkpoint_store.download(options.download))
    return 0
