"""Command line: `python -m training.scenes --output DIR [--curated | --count N] [--workers N]`.

A run that was stopped is taken up by the same command: pictures that are complete are left as they are.
"""

from __future__ import annotations

import argparse
import importlib.util
import logging
import multiprocessing
import os
import signal
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from engines.errors import InputError
from training.scenes.curated import PLANS
from training.scenes.plan import Plan
from training.scenes.random_plan import random_plan
from training.scenes.writer import is_complete, read_index, write, write_index

log = logging.getLogger("training.scenes")


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) >= 16 and int(height) >= 16):
        raise argparse.ArgumentTypeError(f"The size must be WIDTHxHEIGHT, each at least 16, but got {text!r}.")
    return int(width), int(height)


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"This must be a whole number from 1, but got {text!r}.")
    return int(text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training.scenes", description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="folder for the pictures and examples.json")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--curated", action="store_true", help="the hand-composed scenes of app/examples")
    what.add_argument("--count", type=_positive, default=1, help="number of random scenes, for training 400")
    parser.add_argument(
        "--only", nargs="+", metavar="NAME", help="with --curated: render only these, anew, and update their entries"
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of the random scenes")
    parser.add_argument("--size", type=_size, default=(640, 480), help="WIDTHxHEIGHT in pixels")
    parser.add_argument("--samples", type=_positive, default=48, help="paths per pixel")
    parser.add_argument("--workers", type=_positive, default=1, help="processes that share the cores")
    return parser.parse_args()


def _plans(options: argparse.Namespace) -> list[Plan]:
    if not options.curated:
        return [random_plan(options.seed + k) for k in range(options.count)]
    names = [plan.name for plan in PLANS]
    for name in options.only or ():
        if name not in names:
            raise InputError(f"A curated scene must be one of {', '.join(names)}, but got {name!r}.")
    return [plan for plan in PLANS if not options.only or plan.name in options.only]


def main() -> int:
    """Render what was asked for; 2 if it cannot be."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options = _arguments()
    try:
        plans = _plans(options)
        if importlib.util.find_spec("bpy") is None:
            raise InputError("Rendering needs Blender's module: in a Python 3.11 venv, pip install bpy==5.0.1 pillow.")
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    _render_all(plans, options)
    return 0


def _render_all(plans: list[Plan], options: argparse.Namespace) -> None:
    """Render what is not complete; the index lists the pictures in the order of the plans, others before them."""
    folder = options.output
    folder.mkdir(parents=True, exist_ok=True)
    entries = {entry["name"]: entry for entry in read_index(folder)}
    open_plans = [
        plan for plan in plans if options.only or not is_complete(folder, entries.get(plan.name), options.size)
    ]
    log.info("%d of %d are there already", len(plans) - len(open_plans), len(plans))
    threads = max(1, (os.cpu_count() or 1) // options.workers)
    # Blender keeps one scene per process, so every worker is a process of its own.
    spawned = multiprocessing.get_context("spawn")
    started = time.monotonic()
    with ProcessPoolExecutor(options.workers, mp_context=spawned, initializer=_make_worker) as pool:
        jobs = [pool.submit(_render_one, folder, plan, options.size, options.samples, threads) for plan in open_plans]
        for done, job in enumerate(as_completed(jobs), start=1):
            entry = job.result()
            entries[entry["name"]] = entry
            write_index(folder, _ordered(entries, plans))
            each = (time.monotonic() - started) / done
            log.info("%d of %d: %s, %.0f s a picture", done, len(open_plans), entry["name"], each)


def _ordered(entries: dict[str, dict], plans: list[Plan]) -> list[dict]:
    mine = [plan.name for plan in plans if plan.name in entries]
    if {plan.name for plan in PLANS} >= set(entries):
        mine = [plan.name for plan in PLANS if plan.name in entries]
    return [entry for name, entry in entries.items() if name not in mine] + [entries[name] for name in mine]


def _make_worker() -> None:
    """A worker leaves an interrupt to the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _render_one(folder: Path, plan: Plan, size: tuple[int, int], samples: int, threads: int) -> dict:
    from training.scenes.render import render

    return write(folder, plan, render(plan, size, samples, threads))


if __name__ == "__main__":
    sys.exit(main())
