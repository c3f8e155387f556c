"""Command line: `python -m training.scenes --output DIR [--curated | --count N] [--workers N]`.

A run that was stopped is taken up by the same command: pictures that are complete are left as they are.
"""

from __future__ import annotations

import argparse
import importlib.util
import logging
import sys
from pathlib import Path

from engines.errors import InputError
from training.scenes.curated import PLANS
from training.scenes.plan import Plan
from training.scenes.random_plan import random_plan
from training.scenes.workers import render_all


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
    try:
        render_all(options.output, plans, options.size, options.samples, options.workers, anew=bool(options.only))
    except KeyboardInterrupt:
        sys.stderr.write("Stopped: the same command goes on from here.\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
