"""Weights of the quality measures from the command line: `--quality information=1.5 light=12`."""

from __future__ import annotations

import argparse
from dataclasses import fields, replace

from training.losses.fusion_quality import QualityWeights

_NAMES = tuple(field.name for field in fields(QualityWeights))


def add_quality_option(parser: argparse.ArgumentParser) -> None:
    """`--quality NAME=WEIGHT …`, as pairs in `args.quality`; what is not named keeps the recipe's weight."""
    parser.add_argument(
        "--quality",
        nargs="+",
        type=_weight,
        default=[],
        metavar="NAME=WEIGHT",
        help=f"other weights of the quality measures ({', '.join(_NAMES)})",
    )


def reweighted(weights: QualityWeights, args: argparse.Namespace) -> QualityWeights:
    """The recipe's weights with those of the command line in their places."""
    return replace(weights, **dict(args.quality))


def _weight(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        weight = float(value)
    except ValueError:
        weight = -1.0
    if name not in _NAMES or not 0.0 <= weight < float("inf"):
        raise argparse.ArgumentTypeError(f"must be NAME=WEIGHT with NAME of {', '.join(_NAMES)}, but got {text!r}")
    return name, weight
