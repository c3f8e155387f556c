"""The command line `python -m app` (DESIGN.md, section 5).

Exit codes: 0 done; 2 the input cannot be used, with one line on stderr; 1 a defect of SayFuse, with one line that says
how to see more (2 would tell a calling program to change its input, which would not help); 130 stopped by the person.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from app import commands
from app.batch_shards import Shard
from app.options import LLAMA_PREFIX, PARSERS, POLARITIES, PRESETS, SEMANTICS
from engines.errors import InputError, SayFuseError
from engines.regions.options import BACKENDS, SAM_SIZES, SOURCES, RegionOptions

DEBUG_VARIABLE = "SAYFUSE_DEBUG"

logger = logging.getLogger(__name__)


class _OneLineParser(argparse.ArgumentParser):
    """Reports a wrong command line as one sentence instead of usage and error."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message[:1].upper()}{message[1:]} (see `{self.prog} --help`).")


def _worker_count(text: str) -> int:
    try:
        count = int(text)
    except ValueError:
        count = 0
    if count < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, but got {text!r}")
    return count


def _shard(text: str) -> Shard:
    try:
        return Shard.parse(text, os.environ)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _two_names(text: str) -> tuple[str, str]:
    names = _names(text)
    if len(names) != 2:
        raise argparse.ArgumentTypeError(f"must be two names with a comma between, but got {text!r}")
    return names[0], names[1]


def _parser_name(text: str) -> str:
    if text in PARSERS or text.startswith(LLAMA_PREFIX):
        return text
    raise argparse.ArgumentTypeError(f"must be one of {', '.join(PARSERS)} or {LLAMA_PREFIX}FILE, but got {text!r}")


def _add_parser(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--parser",
        type=_parser_name,
        metavar="|".join(PARSERS),
        default="auto",
        help=f"what reads the sentence (default: auto); also {LLAMA_PREFIX} with a GGUF file or a checkpoint's name",
    )


def _add_reading(command: argparse.ArgumentParser, engine: bool = True) -> None:
    _add_parser(command)
    command.add_argument("--preset", choices=PRESETS, default="fast", help="how long TeRF tunes each picture")
    if engine:
        command.add_argument("--engine", default="auto", help="a fusion engine; auto lets the sentence decide")
        command.add_argument("--checkpoint", metavar="NAME", help="weights other than the engine's own")


def _add_fitting(command: argparse.ArgumentParser) -> None:
    command.add_argument("--polarity", choices=POLARITIES, default="white-hot", help="how the camera shows warm things")
    command.add_argument(
        "--align", metavar="none|ecc|DX,DY", default="none", help="move the infrared picture: found, or by these pixels"
    )


def _add_regions(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--regions", choices=BACKENDS, default="auto", help="what finds regions, except for RIS-FUSION (default: auto)"
    )
    command.add_argument(
        "--regions-source", choices=SOURCES, default="fused", help="what GroundingDINO looks at (default: fused)"
    )
    command.add_argument("--sam", choices=SAM_SIZES, default="vit-b", help="which SAM masks its boxes (default: vit-b)")
    for what, default, of in (
        ("box", RegionOptions.box_threshold, "of a box"),
        ("text", RegionOptions.text_threshold, "that a box is what the noun says"),
    ):
        told = f"how certain GroundingDINO must be {of}, from 0 to 1 (default: {default})"
        command.add_argument(f"--{what}-threshold", type=float, default=default, metavar="SHARE", help=told)


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command; wrong arguments raise InputError."""
    parser = _OneLineParser(prog="python -m app", description="Fuse infrared and visible pictures as a sentence says.")
    kinds = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, purpose: str) -> argparse.ArgumentParser:
        return kinds.add_parser(name, help=purpose, description=purpose, allow_abbrev=False)

    parse = command("parse", "Print how a sentence is understood, as JSON.")
    parse.add_argument("text", metavar="TEXT")
    _add_parser(parse)
    parse.set_defaults(run=commands.parse_command)

    fuse = command("fuse", "Fuse one pair.")
    fuse.add_argument("--visible", type=Path, required=True, metavar="FILE")
    fuse.add_argument("--infrared", type=Path, required=True, metavar="FILE")
    fuse.add_argument("--text", required=True, help='what to change; "" for plain fusion')
    fuse.add_argument("--output", type=Path, required=True, metavar="OUT.png", help="8 bits; OUT.tiff holds 16")
    fuse.add_argument("--mask", type=Path, metavar="MASK.png", help="also write the region, 255 inside")
    fuse.add_argument("--overlay", type=Path, metavar="OVERLAY.png", help="also write it with the region in red")
    fuse.add_argument("--report", type=Path, metavar="REPORT.json", help="also write what was done")
    fuse.add_argument("--session", type=Path, metavar="SESSION.zip", help="also write all that makes it again")
    _add_fitting(fuse)
    _add_reading(fuse)
    _add_regions(fuse)
    fuse.add_argument(
        "--semantics", choices=SEMANTICS, default="regions", help="what guides TeSG; paper: its captioner and diffusion"
    )
    fuse.set_defaults(run=commands.fuse_command)

    compare = command("compare", "Fuse one pair with several engines; write results, metrics and a sheet for a paper.")
    compare.add_argument("--visible", type=Path, required=True, metavar="FILE")
    compare.add_argument("--infrared", type=Path, required=True, metavar="FILE")
    compare.add_argument("--text", required=True)
    compare.add_argument(
        "--engines", type=_names, required=True, metavar="A,B,C", help="NAME, or NAME:CHECKPOINT for other weights"
    )
    compare.add_argument("--output", type=Path, required=True, metavar="DIR")
    compare.add_argument(
        "--crop", default="auto", metavar="auto|none|X0,Y0,X1,Y1", help="what the sheet enlarges (default: the region)"
    )
    compare.add_argument(
        "--difference",
        type=_two_names,
        action="append",
        default=[],
        metavar="A,B",
        help="also map A - B; engines compared, visible or infrared; may be given several times",
    )
    _add_fitting(compare)
    _add_reading(compare, engine=False)
    _add_regions(compare)
    compare.set_defaults(run=commands.compare_command)

    batch = command("batch", "Fuse every pair of two folders; files of one stem belong together.")
    batch.add_argument("--visible", type=Path, required=True, metavar="DIR")
    batch.add_argument("--infrared", type=Path, required=True, metavar="DIR")
    batch.add_argument("--text", required=True)
    batch.add_argument("--output", type=Path, required=True, metavar="DIR")
    batch.add_argument("--workers", type=_worker_count, default=1, metavar="N", help="processes (default: 1)")
    batch.add_argument("--threads", type=_worker_count, metavar="N", help="of each process (default: the cores shared)")
    batch.add_argument("--redo", action="store_true", help="do again what an earlier run has done")
    batch.add_argument("--strict", action="store_true", help="exit 2 where any pair could not be fused")
    batch.add_argument("--shard", type=_shard, metavar="I/N|auto", help="only every Nth pair from the Ith, from 0 on")
    batch.add_argument("--ray", nargs="?", const="local", metavar="ADDRESS", help="work on Ray, see docs/BATCH.md")
    _add_fitting(batch)
    _add_reading(batch)
    _add_regions(batch)
    batch.set_defaults(run=commands.batch_command)

    replay = command("replay", "Make every step of a saved session again and compare it with what was saved.")
    replay.add_argument("session", type=Path, metavar="SESSION.zip")
    replay.add_argument("--output", type=Path, required=True, metavar="DIR")
    replay.set_defaults(run=commands.replay_command)

    checkpoints = command("checkpoints", "List the weights that are here and those that can be had.")
    checkpoints.add_argument("--download", metavar="NAME", help="fetch a published checkpoint")
    checkpoints.set_defaults(run=commands.checkpoints_command)
    return parser


def _say(sentence: str) -> None:
    print(f"error: {' '.join(sentence.split())}", file=sys.stderr)


def _failure(error: Exception) -> int:
    if isinstance(error, SayFuseError):
        _say(str(error))
        return 2
    if isinstance(error, OSError) and error.filename is not None:
        _say(f"{error.filename} cannot be used: {error.strerror or error}.")
        return 2
    _say(f"SayFuse failed ({type(error).__name__}: {error}); set {DEBUG_VARIABLE}=1 to see where.")
    return 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: The words after `python -m app`; None takes those of this process.

    Returns:
        The exit code, see the module's docstring.
    """
    debug = os.environ.get(DEBUG_VARIABLE, "") not in ("", "0")
    logging.basicConfig(level=logging.DEBUG if debug else logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    if not debug:
        warnings.simplefilter("ignore")
    try:
        options = build_parser().parse_args(arguments)
        return options.run(options)
    except KeyboardInterrupt:
        _say("Stopped.")
        return 130
    except Exception as error:
        logger.debug("The command failed.", exc_info=True)
        return _failure(error)
